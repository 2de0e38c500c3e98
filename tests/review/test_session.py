"""What a decision on the page does to the tables, and that the page never shows other than they hold."""

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kg.command.desk import make_desk, require_own_folder
from kg.errors import FolderMissingError, KgError, TableInvalidError
from kg.model import Document, EntityVerdict, Proposal
from kg.review import read_review, review_path
from kg.review.page.item import Item
from kg.review.page.session import ItemConflictError, Session
from kg.review.page.state import State
from kg.review.table import COLUMNS
from kg.source import read_documents
from tests.review.sample import find_numbers, make_data, propose


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return make_data(tmp_path / "data")


@pytest.fixture
def session(data: Path) -> Session:
    return open_session(data)


def open_session(data: Path, proposer: Callable[[Document], Proposal] = propose) -> Session:
    documents = read_documents(data)
    desk = make_desk(
        data, documents, "甲", propose=proposer, find_numbers=find_numbers, today=lambda: "2025-03-01"
    )
    return Session(desk, documents[0])


def find(session: Session, **wanted: str) -> Item:
    """Find the one item whose fields are these."""
    items = [i for i in session.state.order if wanted.items() <= session.fields(i).items()]
    assert len(items) == 1, items
    return items[0]


def decide(session: Session, item: Item, verdict: str, **more: object) -> None:
    session.decide(item.id, verdict, seen=session.seen(item), **more)  # type: ignore[arg-type]


def test_a_corrected_proposal_is_kept_as_rejected_beside_what_it_became(session: Session) -> None:
    decide(session, find(session, name="松山冷链物流园"), "accept", fields={"type": "Project"})
    verdicts = {(row.verdict, row.type) for row in session.memory.review.entities}
    assert verdicts == {("accept", "Project"), ("reject", "Park")}


def test_a_rejection_is_not_asked_again_by_the_next_session(session: Session, data: Path) -> None:
    item = find(session, name="天穗农业")
    decide(session, item, "reject", reason="type")
    again = open_session(data)
    assert again.state.verdict_of(again.item(item.id)) == "reject"


def test_a_name_that_decided_facts_use_cannot_be_taken_away(session: Session) -> None:
    decide(session, find(session, indicator="年产值"), "accept")
    firm = find(session, name="云岭机械")
    with pytest.raises(KgError, match=r"1 decided facts use|1 条已定的事实"):
        decide(session, firm, "reject", reason="other")
    assert session.state.verdict_of(firm) == "accept"


def test_a_renamed_entity_takes_its_facts_along_in_one_change(session: Session) -> None:
    decide(session, find(session, indicator="年产值"), "accept")
    decide(session, find(session, name="云岭机械"), "accept", fields={"name": "云岭机械#企业"})
    assert {row.subject for row in session.memory.review.measures} == {"云岭机械#企业"}
    session.undo()
    assert {row.subject for row in session.memory.review.measures} == {"云岭机械"}


def test_a_decision_on_what_another_session_changed_is_a_conflict(session: Session, data: Path) -> None:
    other = open_session(data)
    item = find(session, name="云岭机械")
    seen = session.seen(item)
    decide(other, other.item(item.id), "unsure")
    with pytest.raises(ItemConflictError) as conflict:
        session.decide(item.id, "accept", seen=seen)
    assert conflict.value.theirs is not None and conflict.value.theirs.verdict == "unsure"
    assert [row.verdict for row in read_review(review_path(data, "linchuan-2025"), "x").entities] == [
        "unsure"
    ]


def test_a_field_in_a_wrong_form_writes_nothing(session: Session) -> None:
    item = find(session, indicator="年产值")
    for fields in ({"low": "很多"}, {"period": "去年"}, {"quote": "原文没有"}, {"subject": "无此企业"}):
        with pytest.raises((TableInvalidError, KgError)):
            decide(session, item, "accept", fields=fields)
    assert all(not getattr(session.memory.review, table) for table in COLUMNS)


def test_periods_follow_the_year_of_their_passage_unless_a_person_set_them(session: Session) -> None:
    decide(session, find(session, indicator="年产值"), "accept")
    decide(session, find(session, indicator="占地"), "accept", fields={"period": "2030"})
    session.set_anchor(0, len(session.document.text), 2026)
    periods = {row.indicator: row.period for row in session.memory.review.measures if row.verdict == "accept"}
    assert periods == {"年产值": "2026", "占地": "2030"}
    session.undo()
    assert {r.period for r in session.memory.review.measures if r.indicator == "年产值"} == {"2025"}


@pytest.mark.parametrize("seed", range(12))
def test_the_page_shows_after_any_decisions_what_a_new_start_would_show(data: Path, seed: int) -> None:
    session, dice = open_session(data), random.Random(seed)
    for _ in range(30):
        item = dice.choice(session.state.order)
        verdict = dice.choice(["accept", "reject", "unsure", "undo"])
        try:
            if verdict == "undo":
                session.undo()
            else:
                decide(session, item, verdict, reason=dice.choice(["type", "other", "unstated"]))
        except KgError:
            continue
        fresh = State(session.document, session.state.proposal, session.state.numbers, session.memory.review)
        assert [i.id for i in session.state.order] == [i.id for i in fresh.order]
        for each in fresh.order:
            assert session.state.verdict_of(each) == fresh.verdict_of(each), each
            assert session.state.rows[each.id] == fresh.rows[each.id], each
        assert session.state.names == fresh.names
        assert session.state.covers(0, 10**6) == fresh.covers(0, 10**6)
    kept = read_review(review_path(data, "linchuan-2025"), "linchuan-2025")
    assert kept == session.memory.review


def test_undo_of_everything_leaves_empty_tables(data: Path) -> None:
    session, dice = open_session(data), random.Random(5)
    for item in list(session.state.order):
        try:
            decide(session, item, dice.choice(["accept", "reject", "unsure"]), reason="other")
        except KgError:
            continue
    while session.undo() is not None:
        pass
    assert all(not getattr(session.memory.review, table) for table in COLUMNS)


def test_bulk_takes_names_before_the_facts_that_need_them(session: Session) -> None:
    everything = [item.id for item in session.state.order if item.candidate is not None]
    _, refused = session.bulk(everything)
    assert refused == []
    review = session.memory.review
    assert (len(review.entities), len(review.relations), len(review.measures)) == (4, 2, 3)
    session.undo()
    assert not session.memory.review.entities


def test_rows_without_a_proposal_are_things_one_can_decide_again(session: Session) -> None:
    fields = {"type": "Place", "name": "临川", "quote": "临川开发区2025年工作要点"}
    session.add("entities", fields)
    item = find(session, name="临川")
    decide(session, item, "unsure")
    (row,) = session.memory.review.entities
    assert row == replace(row, verdict="unsure") and isinstance(row, EntityVerdict)


def test_an_installed_folder_is_refused_with_the_cure(tmp_path: Path) -> None:
    installed = tmp_path / "kg" / "_packaged" / "data"
    installed.mkdir(parents=True)
    with pytest.raises(FolderMissingError) as refused:
        require_own_folder(installed, installed)
    assert "kg init" in refused.value.zh and "kg init" in refused.value.en
    require_own_folder(tmp_path, installed)
