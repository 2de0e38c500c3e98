"""A verdict answers a proposal by what it claims and the words it stands on."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from kg.model import EntityVerdict, MeasureVerdict, Review
from kg.review.match import match_proposal
from kg.review.status import summarise_review
from tests.review.sample import find_numbers, propose, sample_document, sample_review


def answers(review: Review) -> list[tuple[str, str]]:
    items = match_proposal(propose(sample_document()), review).items
    return [(item.table, item.row.verdict if item.row else "open") for item in items]


def test_rows_of_the_same_claim_answer_and_the_rest_is_open() -> None:
    assert answers(sample_review()) == [
        ("entities", "accept"),
        ("entities", "accept"),
        ("entities", "accept"),
        ("entities", "open"),
        ("relations", "accept"),
        ("relations", "open"),
        ("measures", "accept"),
        ("measures", "open"),
        ("measures", "open"),
    ]


def test_a_proposal_equal_to_a_rejected_one_is_not_asked_again() -> None:
    review = sample_review()
    rejected = replace(review.relations[0], verdict="reject", subject="天穗农业", note="unstated")
    assert answers(replace(review, relations=(rejected,)))[4:6] == [
        ("relations", "open"),
        ("relations", "reject"),
    ]


def test_a_rejection_of_other_words_says_nothing_about_these() -> None:
    review = sample_review()
    elsewhere = replace(
        review.relations[0], verdict="reject", quote="云岭机械年产值达到12.5亿元", note="unstated"
    )
    assert answers(replace(review, relations=(elsewhere,)))[4] == ("relations", "open")


def test_a_name_rejected_as_one_type_may_be_asked_as_another() -> None:
    park = EntityVerdict(
        verdict="reject", type="Project", name="松山冷链物流园", quote="松山冷链物流园", note="type"
    )
    assert answers(Review(document="", entities=(park,)))[3] == ("entities", "open")
    assert answers(Review(document="", entities=(replace(park, type="Park"),)))[3] == ("entities", "reject")


def test_a_proposed_alias_is_answered_by_the_entity_that_has_it() -> None:
    row = EntityVerdict(
        verdict="accept", type="Park", name="冷链物流园", aliases=("松山冷链物流园",), quote="松山冷链物流园"
    )
    assert answers(Review(document="", entities=(row,)))[3] == ("entities", "accept")


def measure(**columns: Any) -> MeasureVerdict:
    given: dict[str, Any] = {
        "verdict": "accept", "subject": "-", "indicator": "总投资", "value": "3亿元", "low": Decimal(3),
        "quote": "总投资3亿元",
    }  # fmt: skip
    return MeasureVerdict(**(given | columns))


def test_one_row_answers_one_of_two_proposals_about_a_number() -> None:
    proposal = propose(sample_document())
    first = proposal.measures[1]
    both = replace(proposal, measures=(first, replace(first, indicator="年度投资")))
    matched = match_proposal(both, Review(document="", measures=(measure(indicator="年度投资"),)))
    assert [item.row is not None for item in matched.items if item.table == "measures"] == [False, True]


def test_of_two_versions_of_a_number_the_rejected_one_leaves_the_other_open() -> None:
    proposal = propose(sample_document())
    first = proposal.measures[1]
    both = replace(proposal, measures=(first, replace(first, modality="target")))
    row = measure(
        verdict="reject", subject="松山冷链物流园", low=first.low, high=first.high, unit="CNY",
        comparator="eq", modality="target", note="number",
    )  # fmt: skip
    matched = match_proposal(both, Review(document="", measures=(row,)))
    assert [item.row for item in matched.items if item.table == "measures"] == [None, row]


def test_a_dismissed_number_answers_every_proposal_about_it() -> None:
    proposal = propose(sample_document())
    first = proposal.measures[1]
    both = replace(proposal, measures=(first, replace(first, indicator="年度投资")))
    row = measure(verdict="reject", subject="", indicator="", low=None, note="other: 试")
    matched = match_proposal(both, Review(document="", measures=(row,)))
    assert [item.row for item in matched.items if item.table == "measures"] == [row, row]


def test_rows_that_answer_nothing_are_those_a_person_added() -> None:
    matched = match_proposal(propose(sample_document()), sample_review())
    assert [(table, row.quote) for table, row in matched.unproposed] == [("measures", "2025年")]


def test_status_counts_what_became_of_the_proposals_and_is_finished_only_when_all_is_decided() -> None:
    document, review = sample_document(), sample_review()
    numbers = find_numbers(document.text)
    status = summarise_review(document, review, numbers, propose(document))
    assert status.proposals[("entities", "open")] == 1 and status.proposals[("measures", "open")] == 2
    assert status.reasons == {("measures", "other"): 1}
    assert [span.text for span in status.open_numbers] == ["3亿元", "200亩以上", "5亿元"]
    assert not status.is_finished


def test_a_document_with_an_unsure_row_is_not_finished() -> None:
    document = sample_document("云岭机械在建。\n")
    row = EntityVerdict(verdict="accept", type="Enterprise", name="云岭机械", quote="云岭机械在建")
    for verdict, finished in (("accept", True), ("reject", True), ("unsure", False)):
        review = Review(document="", entities=(replace(row, verdict=verdict, note="other"),))
        assert summarise_review(document, review, ()).is_finished is finished
