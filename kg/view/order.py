"""In what order things are shown: facts as a reader meets them, related chains side by side."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

import networkx as nx

from kg.model import Evidence, KnowledgeBase, Statement
from kg.view.role import ROLES, role_of

# What a name of an industry may end in without saying which industry.
_ENDING = re.compile(r"(?:产业链|产业集群|产业|集群|行业|经济|企业|项目|业|链)$")
_SHORTEST_CORE = 2


def order_by_text(kb: KnowledgeBase) -> KnowledgeBase:
    """Order entities and facts by where they first stand in the documents."""
    documents = {document.id: place for place, document in enumerate(kb.documents)}

    def first(pieces: Iterable[Evidence], key: str) -> tuple[int, int, str]:
        places = [(documents[p.document], p.start) for p in pieces if p.document in documents]
        return (*min(places, default=(len(documents), 0)), key)

    return replace(
        kb,
        entities=tuple(sorted(kb.entities, key=lambda e: first(e.mentions or e.evidence, e.key))),
        statements=tuple(sorted(kb.statements, key=lambda s: first(s.evidence, s.key))),
        measures=tuple(sorted(kb.measures, key=lambda m: first(m.evidence, m.key))),
    )


def order_industries(kb: KnowledgeBase) -> list[str]:
    """Return the keys of all industries in the order their bands are drawn.

    Industries belong together where one is part of another, one firm anchors both, or
    the name of one (less 产业, 集群…) stands within the other's. This decides only
    where a band stands, never that two are the same. Groups go by the strongest role
    that anchors one of theirs.
    """
    industries = {entity.key: entity.label for entity in kb.entities if "Industry" in entity.types}
    roles, links = _weigh(kb.statements, industries)
    place = {key: number for number, key in enumerate(industries)}

    def rank(key: str) -> tuple[int, int, int]:
        return roles[key], -links[key], place[key]

    groups = [sorted(group, key=rank) for group in _group(kb, industries)]
    return [key for group in sorted(groups, key=lambda group: rank(group[0])) for key in group]


def _weigh(
    statements: tuple[Statement, ...], industries: Mapping[str, str]
) -> tuple[dict[str, int], dict[str, int]]:
    """The rank of the strongest role that anchors an industry, and how much is said of it."""
    roles: dict[str, int] = dict.fromkeys(industries, len(ROLES))
    links: dict[str, int] = dict.fromkeys(industries, 0)
    for statement in statements:
        for end in (statement.subject, statement.object):
            if end in industries:
                links[end] += 1
        if statement.predicate == "anchors" and statement.object in industries:
            role = ROLES.index(role_of(statement.basis))
            roles[statement.object] = min(roles[statement.object], role)
    return roles, links


def _group(kb: KnowledgeBase, industries: dict[str, str]) -> list[set[str]]:
    network: nx.Graph[str] = nx.Graph()
    network.add_nodes_from(industries)
    anchored: dict[str, list[str]] = defaultdict(list)
    for statement in kb.statements:
        if statement.predicate == "partOf" and {statement.subject, statement.object} <= industries.keys():
            network.add_edge(statement.subject, statement.object)
        if statement.predicate == "anchors" and statement.object in industries:
            anchored[statement.subject].append(statement.object)
    for chains in anchored.values():
        nx.add_path(network, chains)
    network.add_edges_from(_pair_names(industries))
    return [set(component) for component in nx.connected_components(network)]


def _pair_names(industries: dict[str, str]) -> list[tuple[str, str]]:
    """Pair industries whose core names hold each other, through an index of substrings."""
    by_core: dict[str, str] = {}
    cores = {key: _core(label) for key, label in industries.items()}
    pairs = []
    for key, core in cores.items():
        if len(core) >= _SHORTEST_CORE:
            pairs.append((by_core.setdefault(core, key), key))
    for key, core in cores.items():
        for start in range(len(core)):
            for end in range(start + _SHORTEST_CORE, len(core) + 1):
                other = by_core.get(core[start:end])
                if other and other != key:
                    pairs.append((other, key))
    return pairs


def _core(label: str) -> str:
    previous = ""
    while previous != label and len(label) > _SHORTEST_CORE:
        previous, label = label, _ENDING.sub("", label) or label
    return label[:20]
