"""Stale verdicts on the page: one comes back only as sync would take it, and undo reverses it."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.command.desk import make_desk
from kg.command.review import review_command
from kg.errors import KgError, TableInvalidError, WriteConflictError
from kg.model import EntityVerdict, MeasureVerdict, Review, Verdict
from kg.review import read_review, review_path, write_review
from kg.review.page.session import Session
from kg.review.page.stale import list_stale, stale_id
from kg.review.stale import StaleRow, read_stale
from kg.source import read_documents
from tests.review.running import TOKEN, Running, run_page
from tests.review.sample import TEXT, find_numbers, make_data, propose, sample_document, sample_review

ID = "linchuan-2025"
# One quote reworded; the quote of every name, of the relation, and a number's, are gone.
REWORDED = TEXT.replace("云岭机械年产值达到12.5亿元", "云岭机械年产值已达到12.5亿元")
CHANGED = REWORDED.replace("2025年", "二〇二五年")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = make_data(tmp_path / "data")
    write_review(review_path(path, ID), sample_review(), sample_document())
    return path


def sync(data: Path, text: str, *options: str, answers: str = "") -> None:
    new = data.parent / "new.txt"
    new.write_text(text, encoding="utf-8")
    arguments = ["sync", ID, "--data", str(data), "--text", str(new), *options]
    CliRunner().invoke(review_command, arguments, input=answers, catch_exceptions=False)


def open_session(data: Path) -> Session:
    documents = read_documents(data)
    desk = make_desk(
        data, documents, "乙", propose=propose, find_numbers=find_numbers, today=lambda: "2025-04-01"
    )
    return Session(desk, documents[0])


def stale_of(data: Path) -> tuple[StaleRow, ...]:
    return read_stale(review_path(data, ID))


def rows_of(data: Path) -> set[Verdict]:
    review = read_review(review_path(data, ID), ID)
    return {*review.entities, *review.relations, *review.measures}


def fuzzy_id(data: Path) -> str:
    (row,) = (row for row in stale_of(data) if row.state == "fuzzy")
    return stale_id(row)


def tables(data: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in review_path(data, ID).glob("*.tsv")}


# ---------------------------------------------------------------- taking one back


def test_a_confirmed_row_is_written_as_the_command_line_writes_it(data: Path, tmp_path: Path) -> None:
    twin = make_data(tmp_path / "twin" / "data")
    write_review(review_path(twin, ID), sample_review(), sample_document())
    sync(data, CHANGED)
    sync(twin, CHANGED)
    open_session(data).confirm(fuzzy_id(data))
    sync(twin, CHANGED, "--confirm", answers="y\n" * 9)
    assert tables(data) == tables(twin)
    assert "云岭机械年产值已达到12.5亿元" in {row.quote for row in rows_of(data)}


def test_undo_puts_a_confirmed_row_back_among_the_stale(data: Path) -> None:
    sync(data, CHANGED)
    before = tables(data)
    session = open_session(data)
    session.confirm(fuzzy_id(data))
    assert tables(data) != before
    again = open_session(data)
    assert again.undo() is not None
    assert tables(data) == before
    assert again.undo() is None


def test_a_row_that_only_lost_its_words_cannot_be_confirmed(data: Path) -> None:
    sync(data, CHANGED)
    before = tables(data)
    session = open_session(data)
    (gone,) = (row for row in session.memory.stale if row.state == "stale")
    for row_id in (stale_id(gone), "no-such-row", ""):
        with pytest.raises(KgError, match="gone"):
            session.confirm(row_id)
    assert tables(data) == before


def test_a_fact_whose_name_is_not_accepted_stays_stale_and_the_reason_is_told(data: Path) -> None:
    sync(data, CHANGED)
    session = open_session(data)
    review = read_review(review_path(data, ID), ID)
    kept = tuple(row for row in review.entities if row.name != "云岭机械")
    bare = Review(document=ID, entities=kept, measures=review.measures)
    write_review(review_path(data, ID), bare, session.document)
    before = tables(data)
    with pytest.raises(TableInvalidError) as refused:
        session.confirm(fuzzy_id(data))
    assert any("云岭机械" in finding.zh for finding in refused.value.findings)
    assert tables(data) == before


def test_confirming_never_drops_a_row_that_breaks_a_rule_already(data: Path) -> None:
    sync(data, CHANGED)
    path = review_path(data, ID) / "relations.tsv"
    path.write_text(path.read_text("utf-8").replace("装备制造产业\t", "装备制造业\t"), encoding="utf-8")
    entities = review_path(data, ID) / "entities.tsv"
    entities.write_text(
        entities.read_text("utf-8").replace("以云岭机械、天穗农业", "以云岭机械和天穗农业"), encoding="utf-8"
    )
    before = tables(data)
    with pytest.raises(KgError, match="lint"):
        open_session(data).confirm(fuzzy_id(data))
    assert tables(data) == before


def test_facts_that_wait_for_a_name_come_back_with_it(data: Path) -> None:
    park = EntityVerdict(
        verdict="accept",
        type="Park",
        name="松山冷链物流园",
        quote="明年建设松山冷链物流园,总投资3亿元,占地200亩以上",
    )
    cost = MeasureVerdict(
        verdict="accept", subject="松山冷链物流园", indicator="总投资", value="3亿元",
        low=Decimal(300_000_000), high=Decimal(300_000_000), unit="CNY", comparator="eq",
        modality="planned", quote="总投资3亿元",
    )  # fmt: skip
    review = Review(document=ID, entities=(park,), measures=(cost,))
    write_review(review_path(data, ID), review, sample_document())
    sync(data, TEXT.replace("建设松山", "建好松山"))
    assert {row.table: row.state for row in stale_of(data)} == {"entities": "fuzzy", "measures": "waiting"}
    open_session(data).confirm(fuzzy_id(data))
    assert stale_of(data) == ()
    assert cost in rows_of(data)


def test_two_pages_cannot_take_the_same_row_back_twice(data: Path) -> None:
    sync(data, CHANGED)
    first, second = open_session(data), open_session(data)
    row_id = fuzzy_id(data)
    first.confirm(row_id)
    with pytest.raises(KgError, match="gone"):
        second.confirm(row_id)
    assert [row.quote for row in second.memory.review.measures].count("云岭机械年产值已达到12.5亿元") == 1


def test_a_page_on_a_replaced_text_confirms_nothing(data: Path) -> None:
    sync(data, CHANGED)
    session = open_session(data)
    sync(data, CHANGED + "后记\n")
    before = tables(data)
    with pytest.raises(WriteConflictError, match="text has changed"):
        session.confirm(fuzzy_id(data))
    assert tables(data) == before


@pytest.mark.parametrize("writes", range(4))
def test_a_crash_in_the_middle_leaves_the_row_in_one_place_alone(
    data: Path, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    import kg.review.memory as module

    sync(data, CHANGED)
    session, row_id, real, left = open_session(data), fuzzy_id(data), module.replace_file, [writes]

    def die_after(path: Path, content: bytes) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        real(path, content)

    monkeypatch.setattr(module, "replace_file", die_after)
    if writes < 3:
        with pytest.raises(KeyboardInterrupt):
            session.confirm(row_id)
    else:
        session.confirm(row_id)
    monkeypatch.setattr(module, "replace_file", real)
    again = open_session(data)
    stands = "云岭机械年产值已达到12.5亿元" in {row.quote for row in rows_of(data)}
    waits = row_id in {stale_id(row) for row in stale_of(data)}
    assert stands != waits and stands == (writes > 0)
    assert (again.undo() is not None) == stands


# ---------------------------------------------------------------- what is shown


def test_every_stale_row_is_listed_those_to_confirm_first(data: Path) -> None:
    sync(data, CHANGED)
    items = list_stale(stale_of(data), CHANGED)
    assert {item.row for item in items} == set(stale_of(data)) and len(items) == 2
    assert [item.now is not None for item in items] == [True, False]
    first = items[0]
    assert first.now is not None and "".join(first.now) in CHANGED and "".join(first.was) in TEXT
    assert (first.fields["value"], first.was[1]) == ("12.5亿元", "云岭机械年产值达到12.5亿元")


@pytest.fixture
def running(data: Path) -> Iterator[Running]:
    sync(data, CHANGED)
    with run_page(data, propose=propose, find_numbers=find_numbers) as page:
        yield page


def enter(page: Running) -> tuple[dict[str, str], str]:
    """Give the headers of a person who opened the page, and the page."""
    _, headers, _ = page.send("GET", f"/?token={TOKEN}")
    cookie = {"Cookie": headers["set-cookie"].split(";")[0]}
    _, _, body = page.send("GET", f"/d/{ID}", headers=cookie)
    key = re.search(r'name="token" content="([^"]+)"', body)
    assert key is not None
    return {**cookie, "X-Token": key[1]}, body


def test_the_head_tells_their_number_until_none_is_left(running: Running) -> None:
    own, body = enter(running)
    assert "失效 2" in body
    status, _, reply = running.send("POST", f"/d/{ID}/confirm", {"row": fuzzy_id(running.data)}, own)
    assert status == 200
    told = json.loads(reply)
    assert ("失效 1" in told["stale"], told["message"]) == (True, "已放回 1 条")
    assert "data-row" in told["list"] and "data-confirm" not in told["list"]
    (review_path(running.data, ID) / "stale.tsv").unlink()
    _, _, reply = running.send("GET", f"/d/{ID}/progress", headers=own)
    assert json.loads(reply)["stale"] == ""


def test_only_the_page_itself_can_confirm(running: Running) -> None:
    own, _ = enter(running)
    cookie = {"Cookie": own["Cookie"]}
    asked, where = {"row": fuzzy_id(running.data)}, f"/d/{ID}/confirm"
    before = tables(running.data)
    assert running.send("GET", f"/d/{ID}/stale")[0] == 403
    assert running.send("POST", where, asked)[0] == 403
    assert running.send("POST", where, asked, cookie)[0] == 403
    assert running.send("POST", where, asked, {**own, "Origin": "http://elsewhere.example"})[0] == 403
    assert running.send("POST", where, asked, {**own, "Host": "elsewhere.example"})[0] == 403
    assert running.send("GET", where, headers=own)[0] == 404
    assert running.send("POST", where, {"row": ["x"]}, own)[0] == 422
    assert tables(running.data) == before


def test_a_stale_row_of_markup_is_shown_as_text(running: Running) -> None:
    own, _ = enter(running)
    path = review_path(running.data, ID) / "stale.tsv"
    hostile = path.read_text("utf-8").replace("other: 年份", "<img src=x onerror=alert(1)>")
    path.write_text(hostile, encoding="utf-8")
    _, _, reply = running.send("GET", f"/d/{ID}/stale", headers=own)
    shown = json.loads(reply)["list"]
    assert "&lt;img src=x" in shown and "<img" not in shown


def test_a_broken_file_is_told_with_its_line_and_nothing_is_written(running: Running) -> None:
    own, _ = enter(running)
    path = review_path(running.data, ID) / "stale.tsv"
    row_id = fuzzy_id(running.data)
    path.write_text(path.read_text("utf-8").replace("{", "{{", 1), encoding="utf-8")
    before = tables(running.data)
    status, _, reply = running.send("POST", f"/d/{ID}/confirm", {"row": row_id}, own)
    assert status == 422 and "stale.tsv:2" in reply
    assert tables(running.data) == before
