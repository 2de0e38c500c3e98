"""Project a knowledge base onto a networkx graph."""

from collections.abc import Collection

import networkx as nx

from kg.model import MODALITIES, KnowledgeBase


def project_network(
    knowledge: KnowledgeBase,
    *,
    predicates: Collection[str] = (),
    modalities: Collection[str] = MODALITIES,
) -> "nx.MultiDiGraph[str]":
    """Make a directed multigraph: entities are nodes, relations between them edges.

    Nodes are entity keys with `label` and `types`; edges have the statement's key as
    edge key and `predicate`, `basis`, `modality`, `period`. Relations whose object is in
    words only have no edge. Empty `predicates` means all.
    """
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for entity in knowledge.entities:
        network.add_node(entity.key, label=entity.label, types=entity.types)
    for statement in knowledge.statements:
        if not (statement.subject and statement.object) or statement.modality not in modalities:
            continue
        if predicates and statement.predicate not in predicates:
            continue
        network.add_edge(
            statement.subject,
            statement.object,
            key=statement.key,
            predicate=statement.predicate,
            basis=statement.basis,
            modality=statement.modality,
            period=statement.period,
        )
    return network
