"""Other formats hold the same triples."""

from pathlib import Path

import pytest
import rdflib
from pyoxigraph import parse

from kg.errors import GraphInvalidError
from kg.graph.export import FORMATS, describe_dataset, export_graph, serialize_graph
from kg.graph.rdf import build_graph
from kg.graph.vocab import term
from tests.graph.base import make_base

TRIPLES = build_graph(make_base(), with_ontology=False)


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_every_format_gives_back_the_graph_and_the_same_bytes(form: str, tmp_path: Path) -> None:
    path = tmp_path / f"graph.{form}"
    export_graph(reversed(TRIPLES), path)
    assert {quad.triple for quad in parse(path=path, format=FORMATS[form])} == set(TRIPLES)
    assert path.read_bytes() == serialize_graph(TRIPLES, form)


@pytest.mark.parametrize(("form", "name"), [("jsonld", "json-ld"), ("rdf", "xml"), ("ttl", "turtle")])
def test_another_library_reads_it(form: str, name: str) -> None:
    assert len(rdflib.Graph().parse(data=serialize_graph(TRIPLES, form), format=name)) == len(TRIPLES)


def test_an_unknown_suffix_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(GraphInvalidError, match=r"\.jsonld"):
        export_graph(TRIPLES, tmp_path / "graph.xls")


def test_the_description_counts_the_triples() -> None:
    described = describe_dataset(TRIPLES)
    sizes = [
        t.object.value
        for t in described
        if t.predicate == term("void:triples") and "part" not in str(t.subject)
    ]  # type: ignore[union-attr]
    assert str(len(TRIPLES)) in sizes
