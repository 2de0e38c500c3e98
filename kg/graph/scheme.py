"""The SKOS schemes as look-ups: from the words of a review table to concepts and units."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from kg.graph.vocab import kg, term

_LABELS = ("skos:prefLabel", "skos:altLabel", "skos:hiddenLabel")


@dataclass(frozen=True, slots=True, kw_only=True)
class Schemes:
    """Concepts by the words that stand for them; `roles` by rank, each with its words."""

    modalities: Mapping[str, NamedNode]
    comparators: Mapping[str, NamedNode]
    kinds: Mapping[str, NamedNode]
    judgements: Mapping[str, NamedNode]
    statuses: Mapping[str, NamedNode]
    industries: Mapping[str, NamedNode]
    units: Mapping[str, NamedNode]
    roles: tuple[tuple[NamedNode, tuple[str, ...]], ...]
    investments: frozenset[str]

    def find_role(self, basis: str) -> NamedNode | None:
        """Find the role that the words of a basis say; of several, the one of lowest rank."""
        return next((role for role, words in self.roles if any(word in basis for word in words)), None)


def read_schemes(triples: Iterable[Triple]) -> Schemes:
    """Read the look-ups from the ontology's triples."""
    index: dict[str, dict[NamedNode, list[str]]] = {}
    wanted = {term(name): name for name in (*_LABELS, "skos:inScheme", "skos:notation", "rdf:type")}
    wanted[kg("rank")] = "rank"
    for triple in triples:
        name = wanted.get(triple.predicate)
        if name is None or not isinstance(triple.subject, NamedNode):
            continue
        if name in _LABELS and isinstance(triple.object, Literal) and triple.object.language != "zh":
            continue
        if isinstance(triple.object, NamedNode | Literal):
            index.setdefault(name, {}).setdefault(triple.subject, []).append(triple.object.value)
    return Schemes(
        modalities=_notations(index, "modalities"),
        comparators=_notations(index, "comparators"),
        kinds=_notations(index, "kinds"),
        judgements=_notations(index, "judgements"),
        statuses=_labels(index, _members(index, "statuses")),
        industries=_labels(index, _members(index, "industries")),
        units=_labels(index, _typed(index, term("qudt:Unit").value)),
        roles=tuple(
            (node, tuple(index["skos:hiddenLabel"].get(node, ())))
            for node in sorted(_members(index, "anchorRoles"), key=lambda node: int(index["rank"][node][0]))
        ),
        investments=frozenset(index["skos:hiddenLabel"].get(kg("totalInvestment"), ())),
    )


def _members(index: Mapping[str, Mapping[NamedNode, list[str]]], scheme: str) -> list[NamedNode]:
    return [node for node, schemes in index["skos:inScheme"].items() if kg(scheme).value in schemes]


def _typed(index: Mapping[str, Mapping[NamedNode, list[str]]], kind: str) -> list[NamedNode]:
    return [node for node, kinds in index["rdf:type"].items() if kind in kinds]


def _notations(index: Mapping[str, Mapping[NamedNode, list[str]]], scheme: str) -> dict[str, NamedNode]:
    return {index["skos:notation"][node][0]: node for node in _members(index, scheme)}


def _labels(
    index: Mapping[str, Mapping[NamedNode, list[str]]], nodes: Iterable[NamedNode]
) -> dict[str, NamedNode]:
    labels: dict[str, NamedNode] = {}
    for node in nodes:
        for name in _LABELS:
            for label in index[name].get(node, ()):
                if labels.setdefault(label, node) != node:
                    raise ValueError(f"{label} stands for {labels[label]} and {node}")
    return labels
