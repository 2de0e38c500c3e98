"""Names that may mean the same thing: asked, judged by a person, never merged by the program."""

from pathlib import Path

import pytest

from kg.command.desk import make_desk, make_office
from kg.errors import WriteConflictError
from kg.model import EntityVerdict, NamePair, Record, Review
from kg.pipeline import read_knowledge
from kg.review import review_path, write_review
from kg.review.names import JUDGEMENTS, read_pairs, write_pairs
from kg.review.page.board import Board
from kg.review.page.pair import PairQuestion
from kg.review.page.server import Office
from kg.source import add_document, read_documents
from tests.review.sample import find_numbers, make_data, propose

# Alike by letters: 云岭机械集团 / 云岭机器集团. One begins the other: 天穗农业 / 天穗农业科技.
NAMES = (
    ("Enterprise", "云岭机械集团"),
    ("Enterprise", "云岭机器集团"),
    ("Enterprise", "天穗农业"),
    ("Enterprise", "天穗农业科技"),
    ("Park", "天穗农业园"),
    ("Place", "云岭机械集团"),
)
TEXT = "云岭机械集团扩建。云岭机器集团搬迁。天穗农业投产。天穗农业科技上市。天穗农业园开园。\n"
OTHER = Record(id="other", title="另一份", issued="2025-03-01")
OTHER_TEXT = "云岭机械股份有限公司参展。临江航运年产值5亿元。\n"
ID = "linchuan-2025"


def accept(kind: str, name: str) -> EntityVerdict:
    return EntityVerdict(verdict="accept", type=kind, name=name, quote=name)


def write_names(data: Path, document: str, *names: tuple[str, str]) -> None:
    """Accept names of a document, as another page or an editor would."""
    own = next(d for d in read_documents(data) if d.id == document)
    rows = tuple(accept(kind, name) for kind, name in names)
    write_review(review_path(data, document), Review(document=document, entities=rows), own)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    data = make_data(tmp_path / "data", TEXT)
    add_document(data, OTHER, OTHER_TEXT)
    write_names(data, ID, *NAMES[:4])
    return data


def start(data: Path) -> Office:
    """Start the page's program anew."""
    documents = read_documents(data)
    desk = make_desk(
        data, documents, "甲", propose=propose, find_numbers=find_numbers, today=lambda: "2025-03-01"
    )
    return make_office(desk, documents)


def board_of(office: Office, document: str = ID) -> Board:
    board = office.board(document)
    assert board is not None
    board.session.refresh()
    return board


def asked(board: Board) -> set[tuple[str, str]]:
    """Give the pairs that are asked about: names of its own document without its id."""
    own = f"{board.session.document.id}:"
    return {
        (min(names), max(names))
        for pair in board.queue.pairs()
        for names in [[side.removeprefix(own) for side in (pair.left, pair.right)]]
    }


def find(board: Board, *names: str) -> PairQuestion:
    return next(p for p in board.queue.pairs() if {s.split(":")[1] for s in (p.left, p.right)} == set(names))


ALIKE = ("云岭机器集团", "云岭机械集团")
LONGER = ("天穗农业", "天穗农业科技")


def test_names_alike_by_letters_and_names_that_begin_one_another_are_asked_about(data: Path) -> None:
    assert asked(board_of(start(data))) == {ALIKE, LONGER}


def test_names_of_different_types_and_places_are_not_asked_about(data: Path) -> None:
    write_names(data, ID, ("Enterprise", "天穗农业"), ("Park", "天穗农业园"), ("Place", "天穗农业科技"))
    assert asked(board_of(start(data))) == set()


def test_a_name_that_is_not_accepted_is_not_asked_about(data: Path) -> None:
    (document, *_) = [d for d in read_documents(data) if d.id == ID]
    rejected = EntityVerdict(
        verdict="reject", type="Enterprise", name="天穗农业科技", quote="天穗农业科技", note="type"
    )
    rows = (accept("Enterprise", "天穗农业"), rejected)
    write_review(review_path(data, ID), Review(document=ID, entities=rows), document)
    assert asked(board_of(start(data))) == set()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_pair_is_asked_with_the_sentences_of_both(data: Path, language: str) -> None:
    html = board_of(start(data)).view(language).pair()
    assert "云岭机械集团扩建。" in html and "云岭机器集团搬迁。" in html
    assert all(f'data-judge="{judgement}"' in html for judgement in JUDGEMENTS)


@pytest.mark.parametrize("judgement", JUDGEMENTS)
def test_what_was_judged_is_not_asked_again_even_after_a_restart(data: Path, judgement: str) -> None:
    board = board_of(start(data))
    board.session.judge(find(board, *LONGER), judgement)
    assert asked(board) == {ALIKE}
    assert asked(board_of(start(data))) == {ALIKE}
    (pair,) = read_pairs(data)
    assert (pair.judgement, pair.reviewer, pair.reviewed) == (judgement, "甲", "2025-03-01")
    assert {pair.left, pair.right} == {f"{ID}:{name}" for name in LONGER}


def test_undo_asks_a_pair_again_also_after_a_restart(data: Path) -> None:
    board = board_of(start(data))
    board.session.judge(find(board, *LONGER), "different")
    again = board_of(start(data))
    assert again.session.undo() is not None
    assert read_pairs(data) == () and asked(again) == {ALIKE, LONGER}


def test_a_pair_across_documents_is_asked_with_the_title_of_the_other(data: Path) -> None:
    write_names(data, "other", ("Enterprise", "云岭机械股份有限公司"))
    write_names(data, ID, ("Enterprise", "云岭机械"))
    board = board_of(start(data))
    (pair,) = board.queue.pairs()
    assert {pair.left, pair.right} == {f"{ID}:云岭机械", "other:云岭机械股份有限公司"}
    assert "云岭机械股份有限公司(另一份)" in board.view("zh").pair()
    board.session.judge(pair, "same")
    assert asked(board_of(start(data))) == set()
    assert asked(board_of(start(data), "other")) == set()


def test_a_name_accepted_meanwhile_in_another_document_is_asked_about_without_a_restart(data: Path) -> None:
    write_names(data, ID, ("Enterprise", "云岭机械"))
    office = start(data)
    board = board_of(office)
    assert asked(board) == set()
    other = board_of(office, "other").session
    fields = {"type": "Enterprise", "name": "云岭机械股份有限公司", "quote": "云岭机械股份有限公司参展"}
    other.add("entities", fields)
    assert asked(board) == {("other:云岭机械股份有限公司", "云岭机械")}
    other.undo()
    assert asked(board) == set()


def test_what_another_document_says_is_known_without_a_restart(data: Path) -> None:
    office = start(data)
    known = board_of(office).session.desk.known
    assert known(ID, "临江航运") == ()
    other = board_of(office, "other").session
    other.add("entities", {"type": "Enterprise", "name": "临江航运", "quote": "临江航运年产值5亿元"})
    amount = {"value": "5亿元", "low": "500000000", "high": "500000000", "unit": "CNY", "comparator": "eq"}
    said = {"subject": "临江航运", "indicator": "年产值", "modality": "actual"}
    other.add("measures", {**said, **amount, "quote": "临江航运年产值5亿元"})
    assert known(ID, "临江航运") == ("临江航运 年产值 5亿元(另一份)",)
    assert known("other", "临江航运") == ()
    other.undo()
    assert known(ID, "临江航运") == ()


def test_two_sessions_that_judge_one_pair_differently_are_a_conflict_that_names_both(data: Path) -> None:
    first, second = board_of(start(data)), board_of(start(data))
    question = find(second, *LONGER)
    first.session.judge(find(first, *LONGER), "different")
    with pytest.raises(WriteConflictError) as refused:
        second.session.judge(question, "same")
    for words in (refused.value.zh, refused.value.en):
        assert "= different" in words and "= same" in words and "天穗农业科技" in words
    assert [pair.judgement for pair in read_pairs(data)] == ["different"]


def test_a_pair_written_the_other_way_round_is_the_same_pair(data: Path) -> None:
    board = board_of(start(data))
    question = find(board, *LONGER)
    write_pairs(data, [NamePair(judgement="possible", left=question.right, right=question.left)])
    with pytest.raises(WriteConflictError):
        board.session.judge(question, "same")
    assert [pair.judgement for pair in read_pairs(data)] == ["possible"]


def test_undo_of_a_judgement_that_someone_changed_since_is_a_conflict(data: Path) -> None:
    board = board_of(start(data))
    question = find(board, *LONGER)
    board.session.judge(question, "same")
    write_pairs(data, [NamePair(judgement="different", left=question.left, right=question.right)])
    with pytest.raises(WriteConflictError):
        board.session.undo()
    assert [pair.judgement for pair in read_pairs(data)] == ["different"]


def test_judgements_of_different_pairs_by_two_sessions_both_stand(data: Path) -> None:
    first, second = board_of(start(data)), board_of(start(data))
    alike = find(second, *ALIKE)
    first.session.judge(find(first, *LONGER), "different")
    second.session.judge(alike, "same")
    assert sorted(pair.judgement for pair in read_pairs(data)) == ["different", "same"]


def test_nothing_is_merged_by_likeness_and_a_verdict_leaves_the_rows_as_they_are(data: Path) -> None:
    board = board_of(start(data))
    before = board.session.memory.review
    board.queue.pairs()
    assert read_pairs(data) == ()
    board.session.judge(find(board, *ALIKE), "same")
    assert board.session.memory.review == before
    assert {row.name for row in before.entities} == {name for _, name in NAMES[:4]}


def test_only_the_verdict_same_makes_one_entity_of_two_names(data: Path) -> None:
    every = len(read_knowledge(data).entities)
    board = board_of(start(data))
    board.session.judge(find(board, *LONGER), "different")
    assert len(read_knowledge(data).entities) == every
    board.session.judge(find(board, *ALIKE), "same")
    assert len(read_knowledge(data).entities) == every - 1
