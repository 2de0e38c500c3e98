"""Agreement of two readings: hand-counted figures, and the real ones."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Review
from kg.review import read_review
from kg.review.agreement import Agreement, compare_reviews, measure_alpha, measure_kappa
from kg.source import read_documents
from tests.review.sample import sample_document, sample_review

DATA = Path(__file__).resolve().parents[2] / "data"


def figures(result: Agreement) -> dict[str, tuple[int, int, int]]:
    return {score.name: (score.both, score.only_a, score.only_b) for score in result.scores}


def test_a_reading_agrees_with_itself_in_everything() -> None:
    result = compare_reviews(sample_document(), sample_review(), sample_review())
    assert all(score.f1 == 1 for score in result.scores)
    assert all(judgement.items == judgement.equal for judgement in result.judgements)
    assert result.differences == ()


def test_what_only_one_has_is_counted_on_its_side_and_listed_with_its_quote() -> None:
    review = sample_review()
    result = compare_reviews(sample_document(), review, replace(review, relations=()))
    assert figures(result)["relations"] == (0, 1, 0)
    assert [(d.table, d.kind, d.b) for d in result.differences] == [("relations", "only in A", "")]
    assert result.differences[0].quote in sample_document().text


def test_another_type_is_found_by_name_and_missed_by_type() -> None:
    review = sample_review()
    other = replace(review.entities[1], type="Organization")
    result = compare_reviews(
        sample_document(), review, replace(review, entities=(review.entities[0], other, review.entities[2]))
    )
    counted = figures(result)
    assert counted["entities (name)"] == (3, 0, 0)
    assert counted["entities (name and type)"] == (2, 1, 1)
    assert counted["type:Enterprise"] == (1, 1, 0) and counted["type:Organization"] == (0, 0, 1)
    assert [d.kind for d in result.differences] == ["type"]


def test_a_fact_about_an_alias_is_the_same_fact() -> None:
    review = sample_review()
    renamed = replace(review.entities[0], name="云岭", aliases=("云岭机械",))
    relation = replace(review.relations[0], subject="云岭")
    measure = replace(review.measures[0], subject="云岭")
    other = replace(
        review,
        entities=(renamed, *review.entities[1:]),
        relations=(relation,),
        measures=(measure, review.measures[1]),
    )
    counted = figures(compare_reviews(sample_document(), review, other))
    assert counted["relations"] == (1, 0, 0) and counted["measures (span)"] == (1, 0, 0)


def test_a_number_that_one_dismisses_is_a_difference_of_verdict() -> None:
    review = sample_review()
    dismissed = replace(review.measures[0], verdict="reject", note="other: 不计")
    result = compare_reviews(
        sample_document(), review, replace(review, measures=(dismissed, review.measures[1]))
    )
    verdict = next(j for j in result.judgements if j.name == "number verdict")
    assert (verdict.items, verdict.equal) == (2, 1)
    assert [d.kind.split(",")[0] for d in result.differences] == ["verdict"]


def test_kappa_and_alpha_of_a_table_counted_by_hand() -> None:
    # 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: p = 0.7, chance 0.5, kappa 0.4.
    values = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    assert measure_kappa(values) == pytest.approx(0.4)
    # 55 yes, 45 no of 100: expected disagreement 2·55·45 / (100·99) = 0.5; observed 0.3.
    assert measure_alpha(values) == pytest.approx(1 - 0.3 / 0.5)


def test_where_only_one_value_was_used_chance_says_nothing() -> None:
    assert measure_kappa([("a", "a")] * 3) is None and measure_alpha([("a", "a")] * 3) is None
    assert measure_kappa([]) is None and measure_alpha([]) is None


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1, max_size=40))
def test_kappa_and_alpha_do_not_depend_on_who_is_first(values: list[tuple[str, str]]) -> None:
    turned = [(b, a) for a, b in values]
    for measure in (measure_kappa, measure_alpha):
        first, second = measure(values), measure(turned)
        assert (first is None) == (second is None)
        assert first is None or second is None or first == pytest.approx(second)


def test_the_figures_of_the_two_readings_of_the_interview_are_those_that_are_told() -> None:
    document = next(d for d in read_documents(DATA) if d.id == "nanyang-2024-interview")
    folder = DATA / "reviews" / document.id / "readings"
    a, b = (read_review(folder / name, document.id) for name in ("a", "b"))
    result = compare_reviews(document, a, b)
    told = (DATA / "README.md").read_text(encoding="utf-8")
    for name in ("entities (name)", "relations", "measures (span)"):
        f1 = next(score.f1 for score in result.scores if score.name == name)
        assert f"{f1:.3f}" in told, f"{name} {f1:.3f} is not in data/README.md"


def test_comparing_the_other_way_round_turns_the_sides() -> None:
    a, b = sample_review(), Review(document="linchuan-2025", entities=sample_review().entities[:1])
    document = sample_document()
    there, back = figures(compare_reviews(document, a, b)), figures(compare_reviews(document, b, a))
    assert {n: (both, y, x) for n, (both, x, y) in there.items()} == back
