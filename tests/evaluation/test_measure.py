"""Measures: which proposal is set against which gold row, and which of its fields are right."""

from decimal import Decimal

import pytest

from kg.evaluation import Gold, find_errors, format_report, report_as_json, score_proposals
from kg.evaluation.gold import GoldEntity, GoldMeasure
from kg.evaluation.score import canonical_names, match_measures
from kg.model import MeasureCandidate, Proposal, Record, Span
from kg.source import make_document

TEXT = "海川集团投资5亿元。云杉生物投资5亿元。海川集团产值约5亿元。"
DOCUMENT = make_document(Record(id="a"), TEXT)
ENTITIES = {
    "海川集团": GoldEntity(type="Enterprise", names=("海川集团", "海川")),
    "云杉生物": GoldEntity(type="Enterprise", names=("云杉生物",)),
}


def gold_measure(subject: str, quote: str, **changes: object) -> GoldMeasure:
    fields: dict[str, object] = {
        "subject": subject, "indicator": "投资", "low": 5e8, "high": None, "unit": "CNY",
        "comparator": "eq", "modality": "actual", "period": "2024", "quote": quote,
    }  # fmt: skip
    return GoldMeasure(**(fields | changes))  # type: ignore[arg-type]


def candidate(subject: str | None, evidence: str, **changes: object) -> MeasureCandidate:
    start = TEXT.index(evidence)
    place = TEXT.index("5亿元", start)
    fields: dict[str, object] = {
        "subject": subject, "indicator": "投资额", "low": Decimal("5E8"), "high": None, "unit": "CNY",
        "comparator": "eq", "modality": "actual", "period": "2024",
        "value": Span(start=place, end=place + 3, text="5亿元"),
        "evidence": Span(start=start, end=start + len(evidence), text=evidence), "confidence": 0.72,
    }  # fmt: skip
    return MeasureCandidate(**(fields | changes))  # type: ignore[arg-type]


def make_pair(
    measures: tuple[GoldMeasure, ...], candidates: tuple[MeasureCandidate, ...]
) -> tuple[Gold, Proposal]:
    gold = Gold(document=DOCUMENT, entities=ENTITIES, mentions=(), relations=(), measures=measures)
    return gold, Proposal(document=DOCUMENT, measures=candidates)


def match(measures: tuple[GoldMeasure, ...], candidates: tuple[MeasureCandidate, ...]):  # type: ignore[no-untyped-def]
    gold, proposal = make_pair(measures, candidates)
    return match_measures(gold, proposal, canonical_names(gold))


FIRST = gold_measure("海川集团", "海川集团投资5亿元")
SECOND = gold_measure("云杉生物", "云杉生物投资5亿元")
THIRD = gold_measure("海川集团", "海川集团产值约5亿元", indicator="产值", comparator="approx")


def test_a_value_that_stands_twice_is_set_against_the_proposal_of_its_own_words() -> None:
    first, second = candidate("海川集团", "海川集团投资5亿元"), candidate("云杉生物", "云杉生物投资5亿元")
    pairs = match((FIRST, SECOND), (second, first))
    assert [(measure, found) for measure, found, _ in pairs] == [(FIRST, first), (SECOND, second)]
    assert all(all(flags) for _, _, flags in pairs)


def test_among_the_same_words_the_proposal_with_most_fields_right_is_taken() -> None:
    worse = candidate(None, "海川集团投资5亿元", period="2023")
    better = candidate("海川集团", "海川集团投资5亿元")
    ((_, found, flags),) = match((FIRST,), (worse, better))
    assert found is better and flags == (True, True, True, True)


def test_a_proposal_is_used_up_by_one_gold_row() -> None:
    pair = make_pair((FIRST, SECOND), (candidate("海川集团", "海川集团投资5亿元"),))
    count = score_proposals([pair]).counts["measure", "value+unit"]
    assert (count.right, count.wrong, count.missed) == (1, 0, 1)
    twice = (candidate("海川集团", "海川集团投资5亿元"), candidate(None, "海川集团产值约5亿元"))
    pair = make_pair((FIRST,), twice)
    count = score_proposals([pair]).counts["measure", "value+unit"]
    assert (count.right, count.wrong, count.missed) == (1, 1, 0)


@pytest.mark.parametrize(
    ("changes", "flags"),
    [
        ({"comparator": "ge"}, (False, True, True, True)),
        ({"modality": "planned"}, (True, False, True, True)),
        ({"period": "2023"}, (True, True, False, True)),
        ({"subject": "云杉生物"}, (True, True, True, False)),
        ({"subject": None}, (True, True, True, False)),
        ({"subject": "海川"}, (True, True, True, True)),
        ({"subject": "“海川”"}, (True, True, True, True)),
        ({"indicator": "总投资"}, (True, True, True, True)),
    ],
)
def test_each_wrong_field_is_told_by_itself(changes: dict[str, object], flags: tuple[bool, ...]) -> None:
    fields = {"subject": "海川集团", "evidence": "海川集团投资5亿元"} | changes
    ((_, _, found),) = match((FIRST,), (candidate(**fields),))  # type: ignore[arg-type]
    assert found == flags


@pytest.mark.parametrize(
    "changes", [{"low": Decimal("5.1E8")}, {"unit": "USD"}, {"low": None, "high": Decimal("5E8")}]
)
def test_another_value_end_or_unit_is_no_match(changes: dict[str, object]) -> None:
    assert match((FIRST,), (candidate("海川集团", "海川集团投资5亿元", **changes),)) == []


def test_no_subject_is_the_place() -> None:
    ((_, _, flags),) = match((gold_measure("-", "投资5亿元"),), (candidate(None, "海川集团投资5亿元"),))
    assert flags[-1]


def test_the_shares_of_attributes_are_of_matched_measures_only() -> None:
    pair = make_pair(
        (FIRST, SECOND, THIRD),
        (
            candidate("海川", "海川集团投资5亿元"),
            candidate(None, "云杉生物投资5亿元", period="2023"),
            candidate("海川集团", "海川集团产值约5亿元", low=Decimal(7)),
        ),
    )
    evaluation = score_proposals([pair])
    assert report_as_json(evaluation)["attributes"] == {
        "matched": 2, "comparator": 1.0, "modality": 1.0, "period": 0.5, "subject": 0.5,
    }  # fmt: skip
    assert "measure attributes of 2 matched: comparator 1.000" in format_report(evaluation)


def test_a_row_is_right_only_with_all_its_fields_and_its_reliability_is_apart() -> None:
    pair = make_pair(
        (FIRST, SECOND, THIRD),
        (
            candidate("海川", "海川集团投资5亿元"),
            candidate("云杉生物", "云杉生物投资5亿元", modality="target"),
            candidate("海川集团", "海川集团产值约5亿元", low=Decimal(7)),
        ),
    )
    evaluation = score_proposals([pair])
    values, rows = evaluation.bins["measure", 7], evaluation.bins["measure row", 7]
    assert (values.count, values.right) == (3, 2) and (rows.count, rows.right) == (3, 1)
    assert "measure row 0.7-0.8" in format_report(evaluation)


def test_nothing_matched_has_no_shares() -> None:
    evaluation = score_proposals([make_pair((FIRST,), ())])
    assert report_as_json(evaluation)["attributes"] == {"matched": 0}
    assert "measure attributes" not in format_report(evaluation)


def test_a_wrong_field_is_listed_with_both_values_and_its_sentence() -> None:
    pair = make_pair((FIRST,), (candidate("云杉生物", "海川集团投资5亿元", comparator="ge"),))
    errors = {error.which: error for error in find_errors([pair])}
    assert errors["subject"].item == "5亿元: 云杉生物 ≠ 海川集团"
    assert errors["comparator"].item == "5亿元: ge ≠ eq"
    assert errors["subject"].sentence == "海川集团投资【5亿元】。"
