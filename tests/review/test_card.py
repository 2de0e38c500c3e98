"""What the card says of the quote: proved only where the program finds it in the text."""

from dataclasses import replace
from pathlib import Path

import pytest

from kg.command.desk import make_desk, make_office
from kg.review import read_review, review_path, write_review
from kg.review.page.board import Board
from kg.source import read_documents
from tests.review.sample import TEXT, find_numbers, make_data, propose, sample_document, sample_review

ID = "linchuan-2025"
SHORT, LONG = "云岭机械年产值达到12.5亿元", "装备制造产业加快壮大。云岭机械年产值达到12.5亿元"
MARKED = "<mark>云岭机械年产值达到</mark><mark><strong>12.5亿元</strong></mark>"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return make_data(tmp_path / "data")


@pytest.fixture
def board(data: Path) -> Board:
    documents = read_documents(data)
    desk = make_desk(data, documents, "甲", propose=propose, find_numbers=find_numbers, today=lambda: "")
    board = make_office(desk, documents).board(ID)
    assert board is not None
    return board


def card(board: Board, language: str = "zh") -> str:
    """Show the number of the sample."""
    board.session.refresh()
    state, fields = board.session.state, board.session.fields
    items = [item for item in state.order if fields(item).get("indicator") == "年产值"]
    items.sort(key=lambda item: state.rows.get(item.id) is None)  # the decided one, if there is one
    return board.view(language).card(items[0])


def place(card: str) -> str:
    """Give what the card marks in the text."""
    start, end = (card.split(f'data-{name}="')[1].split('"')[0] for name in ("start", "end"))
    return TEXT[int(start) : int(end)] if start else ""


def edit_quote(data: Path, quote: str) -> None:
    """Write the number with another quote into its table, as an editor would."""
    review = sample_review()
    row = replace(review.measures[0], quote=quote)
    write_review(review_path(data, ID), replace(review, measures=(row,)), sample_document())


def test_a_quote_that_stands_in_the_text_is_proved(board: Board) -> None:
    html = card(board)
    assert "✓ 机器已证" in html and "✗" not in html
    assert place(html) == SHORT and MARKED in html
    assert "✓ proved" in card(board, "en")


def test_a_quote_that_does_not_stand_in_the_text_is_shown_as_not_proved(board: Board, data: Path) -> None:
    edit_quote(data, "云岭机械年产值高达12.5亿元")
    for language, words in (("zh", "✗ 原文中没有"), ("en", "✗ not in the text")):
        html = card(board, language)
        assert words in html and "✓" not in html
        assert place(html) == ""
        assert "<blockquote>云岭机械年产值高达12.5亿元</blockquote>" in html


def test_an_occurrence_that_does_not_exist_proves_nothing(board: Board, data: Path) -> None:
    review = sample_review()
    row = replace(review.measures[0], where=(2,))  # the quote stands once
    write_review(review_path(data, ID), replace(review, measures=(row,)), sample_document())
    assert "✗ 原文中没有" in card(board)


def test_after_an_edit_the_card_shows_and_marks_the_edited_quote(board: Board, data: Path) -> None:
    session = board.session
    item = next(i for i in session.state.order if session.fields(i).get("indicator") == "年产值")
    session.decide(item.id, "accept", seen=session.seen(item), fields={"quote": LONG})
    assert read_review(review_path(data, ID), ID).measures[0].quote == LONG
    html = card(board)
    assert "✓ 机器已证" in html and place(html) == LONG
    assert "<mark>装备制造产业加快壮大。云岭机械年产值达到</mark>" in html
    session.undo()
    assert place(card(board)) == SHORT
