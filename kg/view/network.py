"""The pyvis network of the page's first network view, with the page as its template."""

import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import networkx as nx
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pyvis.network import Network

from kg.model import KnowledgeBase
from kg.view.layout import place_nodes, shorten

_MOST_NODES = 120
_MOST_NEIGHBOURS = 12
_ENOUGH_NODES = 20
_FOLDER = Path(__file__).parent / "page"
_COLOURED = frozenset({"Industry", "Enterprise", "Park", "Project"})


class PageNetwork(Network):  # type: ignore[misc]
    """A directed pyvis network whose template is the whole page; nothing comes from a CDN.

    Node ids are the places of entities in the page's data, and edges carry the place of
    their statement. Physics is off: positions are computed beforehand.
    """

    def __init__(self) -> None:
        super().__init__(directed=True, cdn_resources="in_line")
        self.toggle_physics(False)
        self.templateEnv = Environment(
            loader=FileSystemLoader(_FOLDER, encoding="utf-8"), autoescape=True, undefined=StrictUndefined
        )
        self.path = "page.html.j2"

    def data(self) -> dict[str, Any]:
        """Return nodes and edges as plain records, for the page's data."""
        nodes, edges, *_ = self.get_network_data()
        return {
            "nodes": [{"id": n["id"], "label": n["label"], "x": n["x"], "y": n["y"]} for n in nodes],
            "edges": [{"id": e["id"], "from": e["from"], "to": e["to"]} for e in edges],
        }

    def render(self, **parts: object) -> str:
        """Fill the page's template."""
        template = self.templateEnv.get_template(self.path)
        return template.render(options=json.loads(self.options.to_json()), **parts)


def draw_network(kb: KnowledgeBase) -> PageNetwork:
    """Draw the anchors, their chains and what is nearest to them: at most some hundred nodes."""
    places = {entity.key: place for place, entity in enumerate(kb.entities)}
    drawable = _drawable(kb)
    links = [
        (number, places[s.subject], places[s.object])
        for number, s in enumerate(kb.statements)
        if s.subject in drawable and s.object in drawable and s.subject != s.object
    ]
    seeds = [
        end
        for number, subject, chain in links
        if kb.statements[number].predicate == "anchors" or _joins_firm(kb, subject, chain)
        for end in (chain, subject)
    ]
    chosen = _choose(links, seeds)
    kept = [(number, a, b) for number, a, b in links if a in chosen and b in chosen]
    network: nx.Graph[int] = nx.Graph()
    network.add_edges_from((a, b) for _, a, b in kept)
    labels = {node: kb.entities[node].label for node in network}
    return _make(network, labels, kept)


def _joins_firm(kb: KnowledgeBase, subject: int, chain: int) -> bool:
    return "Enterprise" in kb.entities[subject].types and "Industry" in kb.entities[chain].types


def _drawable(kb: KnowledgeBase) -> set[str]:
    """What the first network shows, if there is any: chains, firms, projects, parks.

    The place a document is of is linked to nearly everything, and would draw all into a ball.
    """
    coloured = {entity.key for entity in kb.entities if set(entity.types) & _COLOURED}
    own = {document.record.place for document in kb.documents}
    return coloured or {entity.key for entity in kb.entities if entity.label not in own}


def _make(
    network: "nx.Graph[int]", labels: Mapping[int, str], links: list[tuple[int, int, int]]
) -> PageNetwork:
    drawn = PageNetwork()
    for node, (x, y) in sorted(place_nodes(network, labels).items()):
        drawn.add_node(node, label=shorten(labels[node]), shape="box", x=x, y=y)
    for number, a, b in links:
        drawn.add_edge(a, b, id=number)
    return drawn


def _choose(links: list[tuple[int, int, int]], seeds: list[int]) -> set[int]:
    """Take the seeds, then rings of neighbours around them, busy ones only in part, then other links.

    With few seeds the busiest entities take their part too.
    """
    neighbours: dict[int, list[int]] = defaultdict(list)
    for _, a, b in links:
        neighbours[a].append(b)
        neighbours[b].append(a)
    busiest = sorted(neighbours, key=lambda node: (-len(neighbours[node]), node))
    chosen: dict[int, None] = {}
    for start in (seeds, busiest):
        ring = [] if len(chosen) > _ENOUGH_NODES else list(dict.fromkeys(start))
        while ring and len(chosen) < _MOST_NODES:
            chosen.update(dict.fromkeys(ring[: _MOST_NODES - len(chosen)]))
            ring = [
                other for node in ring for other in neighbours[node][:_MOST_NEIGHBOURS] if other not in chosen
            ]
    return set(chosen)
