"""Anchors are ranked by what the text says; projections never change the knowledge base."""

from dataclasses import replace
from pathlib import Path

import pytest

from kg.model import KnowledgeBase
from kg.network import compare_years, project_network
from kg.pipeline import find_anchors, name_role, read_knowledge

TINY = Path(__file__).resolve().parents[1] / "golden" / "data"


@pytest.fixture(scope="module")
def tiny() -> KnowledgeBase:
    return read_knowledge(TINY)


@pytest.fixture(scope="module")
def nanyang() -> KnowledgeBase:
    return read_knowledge(Path(__file__).resolve().parents[2] / "data")


def test_the_words_of_the_basis_give_the_role() -> None:
    assert [name_role(b) for b in ("龙头", "行业领军企业", "围绕…招引", "“链主”", "骨干", "其他")] == [
        "龙头",
        "领军",
        "招商依托",
        "链主",
        "骨干",
        "",
    ]


def test_the_interviews_dragon_heads_come_first(nanyang: KnowledgeBase) -> None:
    industries = find_anchors(nanyang)
    first = [(i.entity.label, [a.entity.label for a in i.anchors]) for i in industries[:2]]
    assert first == [("医疗器械制造产业", ["久康", "九鼎"]), ("艾草产业", ["仙草艾业", "绿莹"])]


def test_no_enterprise_of_the_interview_is_a_chain_owner(nanyang: KnowledgeBase) -> None:
    roles = {role for i in find_anchors(nanyang) for a in i.anchors for role in a.roles}
    assert roles == {"龙头", "领军", "招商依托"}


def test_a_hope_counts_less_than_a_fact(tiny: KnowledgeBase) -> None:
    hoped = replace(
        tiny,
        statements=tuple(
            replace(s, modality="target") if s.predicate == "anchors" else s for s in tiny.statements
        ),
    )
    actual, target = find_anchors(tiny)[0].anchors[0], find_anchors(hoped)[0].anchors[0]
    assert target.score == actual.score / 2


def test_projection_has_an_edge_for_every_statement_between_entities(tiny: KnowledgeBase) -> None:
    network = project_network(tiny)
    assert network.number_of_nodes() == len(tiny.entities)
    assert network.number_of_edges() == sum(bool(s.subject and s.object) for s in tiny.statements)


def test_projection_filters_by_predicate_and_modality(tiny: KnowledgeBase) -> None:
    network = project_network(tiny, predicates={"anchors"}, modalities={"actual"})
    assert {d["predicate"] for *_, d in network.edges(data=True)} == {"anchors"}


def test_a_series_needs_two_periods(tiny: KnowledgeBase) -> None:
    assert compare_years(tiny) == ()
    later = tuple(
        replace(m, period="2024", key=m.key + "x") for m in tiny.measures if m.indicator == "工业总产值"
    )
    both = replace(tiny, measures=tiny.measures + later)
    assert [point.period for point in compare_years(both)[0].points] == ["2023", "2024"]
