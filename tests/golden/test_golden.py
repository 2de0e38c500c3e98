"""The tiny corpus end to end, compared byte for byte."""

from pathlib import Path

from kg.graph.rdf import build_graph, write_ntriples
from kg.pipeline import read_knowledge

HERE = Path(__file__).parent


def test_the_tiny_corpus_gives_exactly_the_expected_graph(tmp_path: Path) -> None:
    written = tmp_path / "graph.nt"
    write_ntriples(build_graph(read_knowledge(HERE / "data"), with_ontology=False), written)
    assert written.read_bytes() == (HERE / "expected.nt").read_bytes()


def test_a_rejected_fact_never_becomes_a_statement() -> None:
    knowledge = read_knowledge(HERE / "data")
    labels = {entity.key: entity.label for entity in knowledge.entities}
    assert "配套企业" not in labels.values()
    anchors = {labels[s.subject] for s in knowledge.statements if s.predicate == "anchors"}
    assert anchors == {"恒岳电气", "白鹿重工"}


def test_a_target_gives_no_direct_triple() -> None:
    expected = (HERE / "expected.nt").read_text(encoding="utf-8")
    direct = [line for line in expected.splitlines() if "ontology#hasStatus>" in line.split(" ")[1]]
    assert direct == []
