"""What 今年 means in a passage: passages laid over each other, and two pages that both set years."""

from dataclasses import replace
from pathlib import Path

import pytest

from kg.errors import WriteConflictError
from kg.model import Document, MeasureCandidate, Proposal
from kg.review.journal import Change
from kg.review.page.anchor import merge_anchors
from kg.source import make_document, read_index, write_index
from tests.review.sample import TEXT, make_data, propose, sample_document
from tests.review.test_session import decide, find, open_session

LENGTH = len(TEXT)
HEADING = TEXT.index("二、项目")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return make_data(tmp_path / "data")


def anchors_of(data: Path) -> str:
    (record,) = read_index(data)
    return record.anchors


# ---------------------------------------------------------------- one field


@pytest.mark.parametrize(
    ("before", "passage", "after"),
    [
        ("", (0, 30, 2025), "0-30=2025"),
        ("", (0, LENGTH, 2025), "2025"),
        ("", (-5, LENGTH + 5, 2025), "2025"),
        ("2024", (0, LENGTH, 2025), "2025"),
        ("0-30=2025", (20, 50, 2024), "0-20=2025;20-50=2024"),  # overlapping at the end
        ("20-50=2025", (0, 30, 2024), "0-30=2024;30-50=2025"),  # overlapping at the start
        ("0-30=2025", (30, 60, 2025), "0-60=2025"),  # adjoining, the same year
        ("0-30=2025", (30, 60, 2024), "0-30=2025;30-60=2024"),  # adjoining, another
        ("0-60=2025", (20, 40, 2024), "0-20=2025;20-40=2024;40-60=2025"),  # splitting
        ("0-20=2025;20-40=2024;40-60=2025", (20, 40, 2025), "0-60=2025"),  # the split closed again
        ("10-20=2025;30-40=2024", (5, 50, 2023), "5-50=2023"),  # covering both
        ("0-30=2025", (40, 60, 2024), "0-30=2025;40-60=2024"),  # apart
    ],
)
def test_a_passage_laid_over_others_takes_their_place_and_leaves_the_rest(
    before: str, passage: tuple[int, int, int], after: str
) -> None:
    assert merge_anchors(_with(before), *passage) == after


def _with(anchors: str) -> Document:
    return make_document(replace(sample_document().record, anchors=anchors), TEXT)


def propose_by_place(document: Document) -> Proposal:
    """Propose as the sample, each measure with the year of its own passage."""

    def dated(measure: MeasureCandidate) -> MeasureCandidate:
        years = [a.year for a in document.anchors if a.start <= measure.value.start < a.end]
        return replace(measure, period=str(years[-1] if years else 2020))

    proposal = propose(document)
    return replace(proposal, measures=tuple(map(dated, proposal.measures)))


def test_only_the_measures_of_the_passage_follow(data: Path) -> None:
    session = open_session(data, propose_by_place)
    for indicator in ("年产值", "总投资", "占地"):
        decide(session, find(session, indicator=indicator), "accept")
    session.set_anchor(HEADING, LENGTH, 2026)
    periods = {row.indicator: row.period for row in session.memory.review.measures}
    assert periods == {"年产值": "2020", "总投资": "2026", "占地": "2026"}
    session.set_anchor(0, HEADING, 2025)
    periods = {row.indicator: row.period for row in session.memory.review.measures}
    assert periods == {"年产值": "2025", "总投资": "2026", "占地": "2026"}
    session.undo()
    periods = {row.indicator: row.period for row in session.memory.review.measures}
    assert periods == {"年产值": "2020", "总投资": "2026", "占地": "2026"}


# ---------------------------------------------------------------- two pages


def test_years_of_different_passages_set_by_two_sessions_both_stand(data: Path) -> None:
    first, second = open_session(data), open_session(data)
    first.set_anchor(0, 30, 2025)
    second.set_anchor(40, 60, 2024)
    assert anchors_of(data) == "0-30=2025;40-60=2024"
    first.refresh()
    assert first.document.anchors == second.document.anchors
    assert first.document.record.anchors == "0-30=2025;40-60=2024"


def test_two_years_of_one_passage_are_a_conflict_that_names_both_and_writes_nothing(data: Path) -> None:
    first, second = open_session(data), open_session(data)
    first.set_anchor(0, 30, 2025)
    with pytest.raises(WriteConflictError) as refused:
        second.set_anchor(20, 60, 2024)
    assert "0-30=2025" in refused.value.zh and "20-60=2024" in refused.value.zh
    assert "0-30=2025" in refused.value.en and "20-60=2024" in refused.value.en
    assert anchors_of(data) == "0-30=2025"
    assert second.document.record.anchors == "0-30=2025"  # seen now: asked again, it is a decision
    second.set_anchor(20, 60, 2024)
    assert anchors_of(data) == "0-20=2025;20-60=2024"


def test_a_year_set_between_the_look_and_the_lock_is_a_conflict(data: Path) -> None:
    """The tables and the index are compared again under the lock."""
    first, second = open_session(data), open_session(data)
    change = Change(label="anchor", anchors=("", "40-60=2024"))
    first.set_anchor(0, 30, 2025)
    with pytest.raises(WriteConflictError, match="0-30=2025"):
        second.memory.apply(change)
    assert anchors_of(data) == "0-30=2025"
    assert second.undo() is not None  # the journal holds the first session's change and no other
    assert (anchors_of(data), second.undo()) == ("", None)


def test_two_tabs_of_one_program_do_not_overwrite_each_other(data: Path) -> None:
    session = open_session(data)
    session.set_anchor(0, 30, 2025, seen="")
    with pytest.raises(WriteConflictError):
        session.set_anchor(0, 30, 2024, seen="")
    session.set_anchor(0, 30, 2024, seen="0-30=2025")
    assert anchors_of(data) == "0-30=2024"


def test_undo_of_a_year_that_someone_changed_since_is_a_conflict(data: Path) -> None:
    session = open_session(data)
    session.set_anchor(0, 30, 2025)
    write_index(data, [replace(record, anchors="2024") for record in read_index(data)])
    with pytest.raises(WriteConflictError):
        session.undo()
    assert anchors_of(data) == "2024"


def test_a_session_takes_in_years_that_another_program_wrote(data: Path) -> None:
    first, second = open_session(data), open_session(data)
    second.set_anchor(0, LENGTH, 2027)
    edition = first.memory.edition
    assert first.refresh().rebuilt
    assert first.memory.edition > edition
    assert first.document.record.anchors == "2027"
    assert find(first, indicator="年产值").candidate.period == "2027"  # type: ignore[union-attr]
    assert not first.refresh().rebuilt


def test_a_row_of_another_and_a_year_of_ours_are_both_kept(data: Path) -> None:
    first, second = open_session(data), open_session(data)
    decide(first, find(first, name="云岭机械"), "accept")
    second.set_anchor(0, 30, 2025)
    assert anchors_of(data) == "0-30=2025"
    assert second.memory.review == first.memory.review and second.memory.review.entities
