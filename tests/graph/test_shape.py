"""The nets: every shape and violation query passes what is good and catches what is bad."""

import re
from pathlib import Path

import pytest

from kg.errors import GraphInvalidError
from kg.graph.ontology import find_ontology, read_triples
from kg.graph.query import run_query
from kg.graph.question import list_questions
from kg.graph.rdf import build_graph
from kg.graph.shape import (
    check_counts,
    check_shapes,
    check_violations,
    count_graph,
    load_memory,
    read_counts,
    validate_graph,
)
from kg.pipeline import packaged_data, read_knowledge
from tests.graph.base import make_base

HERE = Path(__file__).parent
SHAPES = find_ontology() / "shapes.ttl"
VIOLATIONS = find_ontology() / "queries" / "violations"


def test_a_well_made_graph_has_no_finding() -> None:
    assert validate_graph(build_graph(make_base())) == ()


@pytest.mark.parametrize("file", sorted((HERE / "shapes").glob("*-good.ttl")), ids=lambda file: file.stem)
def test_a_good_example_passes_every_shape(file: Path) -> None:
    assert check_shapes(load_memory(read_triples(file)), SHAPES) == ()


@pytest.mark.parametrize("file", sorted((HERE / "shapes").glob("*-bad.ttl")), ids=lambda file: file.stem)
def test_a_bad_example_is_caught_by_its_rule_alone(file: Path) -> None:
    rule = re.match(r"# rule: (.*)", file.read_text("utf-8"))
    assert rule
    findings = check_shapes(load_memory(read_triples(file)), SHAPES)
    assert {finding.rule for finding in findings} == {rule[1]}
    assert all(finding.zh != finding.en for finding in findings)


def test_every_shape_has_a_good_and_a_bad_example() -> None:
    shapes = set(re.findall(r"^kg:(\w+) a sh:NodeShape", SHAPES.read_text("utf-8"), re.MULTILINE))
    for kind in ("good", "bad"):
        assert {
            file.stem.removesuffix(f"-{kind}") for file in (HERE / "shapes").glob(f"*-{kind}.ttl")
        } == shapes


@pytest.mark.parametrize("question", list_questions(VIOLATIONS), ids=lambda question: question.name)
def test_a_violation_query_finds_its_violation(question) -> None:  # type: ignore[no-untyped-def]
    store = load_memory(read_triples(HERE / "violations" / f"{question.name}.ttl"))
    assert len(run_query(store, question.text).rows) > 0


def test_a_violation_is_a_finding_in_both_languages() -> None:
    findings = check_violations(
        load_memory(read_triples(HERE / "violations" / "evidence-length.ttl")), VIOLATIONS
    )
    assert [finding.node for finding in findings] == ["id:evidence-d-0-4"]
    assert findings[0].zh.startswith("引文长度") and findings[0].en.startswith("Evidence whose length")


def test_the_shapes_are_not_satisfied_by_an_empty_ontology() -> None:
    triples = [t for t in build_graph(make_base()) if "about" not in t.predicate.value]
    assert {finding.rule for finding in validate_graph(triples)} >= {"shacl kg:about"}


def test_a_file_that_is_no_turtle_is_named_with_the_place(tmp_path: Path) -> None:
    file = tmp_path / "broken.ttl"
    file.write_text("@prefix kg: <urn:x> .\nkg:a kg:b ", encoding="utf-8")
    with pytest.raises(GraphInvalidError, match=r"broken\.ttl:2"):
        read_triples(file)


def test_the_interview_gives_what_it_gave() -> None:
    """Silent loss fails here; the ranges are wide enough for a corrected row."""
    counts = count_graph(load_memory(build_graph(read_knowledge(packaged_data()))))
    assert check_counts(counts, read_counts(HERE / "counts.tsv")) == ()


def test_counts_that_fall_are_findings(tmp_path: Path) -> None:
    counts = count_graph(load_memory(build_graph(make_base())))
    assert counts["yunxi-2024", "Enterprise"] == 2
    file = tmp_path / "counts.tsv"
    file.write_text(
        "document\tkind\tleast\tmost\nyunxi-2024\tEnterprise\t2\t4\nyunxi-2024\tMeasure\t9\t12\n",
        encoding="utf-8",
    )
    findings = check_counts(counts, read_counts(file))
    assert [finding.en for finding in findings] == ["there are 3 Measure, expected 9 to 12."]
    file.write_text("document\tkind\tleast\tmost\nyunxi-2024\tEnterprise\n", encoding="utf-8")
    with pytest.raises(GraphInvalidError, match=":2"):
        read_counts(file)
