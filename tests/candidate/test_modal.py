"""The words before a number that settle its modality."""

import pytest

from kg.candidate.cue import describe_measures
from kg.candidate.draft import Draft, draft_measures
from kg.candidate.measure import propose_measures
from kg.candidate.modal import limit_modality
from kg.mention.period import find_periods
from kg.mention.quantity import find_quantities
from kg.model import Record
from kg.source.document import make_document


def drafts(text: str) -> tuple[Draft, ...]:
    document = make_document(Record(id="t"), text)
    return draft_measures(document, find_quantities(document), find_periods(document))


def limits(text: str) -> list[set[str]]:
    return [set(limit_modality(draft)) for draft in drafts(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("该项目总投资30亿元，已完成投资12亿元。", [{"planned"}, {"actual"}]),
        ("力争全年引进项目20个，确保完成投资50亿元。", [{"stretch", "target"}, {"target"}]),
        ("二期计划再建10万平方米。", [{"planned"}]),
        ("拟投资3亿元。", [{"planned"}]),
        ("将新建厂房5万平方米。", [{"planned", "target"}]),
        ("今年要完成投资5亿元。", [{"target"}]),
        ("已建成厂房5万平方米、计划再建10万平方米。", [{"actual"}, {"planned"}]),
    ],
)
def test_a_modal_word_of_the_clause_limits_the_modality(text: str, wanted: list[set[str]]) -> None:
    assert limits(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "已建成，厂房面积5万平方米。",  # the word stands in another clause
        "入选国家重点研发计划项目5个。",  # a plan by name
        "人均预期寿命80岁。",
        "争取到上级资金5亿元。",
        "将军路长5公里。",
        "已计划投资5亿元。",  # two words that speak against each other
        "厂房面积5万平方米。",
    ],
)
def test_words_that_do_not_decide_leave_it_to_the_model(text: str) -> None:
    assert limits(text) == [set()]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2024年，该项目总投资30亿元，已完成投资12亿元。", ["planned", "actual"]),
        ("2024年二期工厂计划再建厂房10万平方米。", ["planned"]),
    ],
)
def test_what_the_words_settle_is_proposed(text: str, wanted: list[str]) -> None:
    document = make_document(Record(id="t"), text)
    found = propose_measures(document, find_quantities(document), find_periods(document), ())
    assert [measure.modality for measure in found] == wanted


def test_what_is_hoped_for_or_must_be_reached_is_not_proposed_as_done() -> None:
    for text in ("力争全年引进项目20个，确保完成投资50亿元。", "到2025年力争产值达到20亿元。"):
        document = make_document(Record(id="t"), text)
        found = propose_measures(document, find_quantities(document), find_periods(document), ())
        assert found
        assert {measure.modality for measure in found} <= {"target", "stretch"}


def test_models_see_the_nearest_modal_word_or_that_of_the_sentence() -> None:
    first, second = describe_measures(drafts("力争全年引进项目20个，完成投资50亿元。"))
    assert "modal=hope" in first
    assert {"modal=none", "earlier-modal=hope"} <= set(second)
