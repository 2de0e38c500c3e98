"""What was confirmed is on disk, is never overwritten unseen, and can be undone."""

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from kg.errors import WriteConflictError
from kg.model import EntityVerdict
from kg.review import read_review, review_path, write_review
from kg.review.journal import Change
from kg.review.memory import Memory, replace_review, review_version
from kg.review.table import render_table
from kg.source import read_documents
from tests.review.kill import kill_once
from tests.review.sample import TEXT, make_data, sample_document, sample_review

FIRM = EntityVerdict(verdict="accept", type="Enterprise", name="云岭机械", quote="以云岭机械", reviewer="甲")
PARK = EntityVerdict(verdict="accept", type="Park", name="松山冷链物流园", quote="松山冷链物流园")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return make_data(tmp_path / "data")


def add(row: EntityVerdict) -> Change:
    return Change(label=row.name, add=(("entities", row),))


def test_a_change_is_on_disk_when_it_returns(data: Path) -> None:
    Memory(data, sample_document()).apply(add(FIRM))
    assert read_review(review_path(data, "linchuan-2025"), "linchuan-2025").entities == (FIRM,)


def test_the_memory_writes_the_bytes_of_the_one_writer(data: Path) -> None:
    document, memory = sample_document(), Memory(data, sample_document())
    review = sample_review()
    for table in ("measures", "relations", "entities"):
        for row in reversed(getattr(review, table)):
            memory.apply(Change(label="", add=((table, row),)))
    for table in ("entities", "relations", "measures"):
        written = (memory.folder / f"{table}.tsv").read_text(encoding="utf-8")
        assert written == render_table(table, getattr(review, table), document)


def test_undo_goes_back_to_the_beginning_even_after_a_restart(data: Path) -> None:
    memory = Memory(data, sample_document())
    for row in (FIRM, PARK):
        memory.apply(add(row))
    memory.apply(Change(label="x", add=(("entities", FIRM_UNSURE),), remove=(("entities", FIRM),)))
    again = Memory(data, sample_document())
    labels = []
    while change := again.undo():
        labels.append(change.label)
    assert labels == ["x", "松山冷链物流园", "云岭机械"]
    assert again.review.entities == ()


FIRM_UNSURE = EntityVerdict(verdict="unsure", type="Enterprise", name="云岭机械", quote="以云岭机械")


def test_the_second_of_two_writers_sees_the_conflict_and_writes_nothing(data: Path) -> None:
    first, second = Memory(data, sample_document()), Memory(data, sample_document())
    first.apply(add(FIRM))
    assert second.refresh() == () and second.holds("entities", FIRM)
    first.apply(Change(label="", add=(("entities", FIRM_UNSURE),), remove=(("entities", FIRM),)))
    with pytest.raises(WriteConflictError, match="云岭机械"):
        second.apply(Change(label="", remove=(("entities", FIRM),)))
    assert second.review.entities == (FIRM_UNSURE,)


def test_two_writers_of_different_rows_both_keep_theirs(data: Path) -> None:
    first, second = Memory(data, sample_document()), Memory(data, sample_document())
    first.apply(add(FIRM))
    second.apply(add(PARK))
    assert first.refresh() == ()
    assert first.review == second.review and len(first.review.entities) == 2


def test_rows_that_an_editor_removed_are_told(data: Path) -> None:
    memory = Memory(data, sample_document())
    memory.apply(add(FIRM))
    write_review(memory.folder, sample_review(), sample_document())
    assert memory.refresh() == (("entities", FIRM),)


def test_undo_of_a_row_that_an_editor_changed_is_a_conflict_and_changes_nothing(data: Path) -> None:
    memory = Memory(data, sample_document())
    memory.apply(add(PARK))
    memory.apply(Change(label="", add=(("entities", FIRM_UNSURE),)))
    text = (memory.folder / "entities.tsv").read_text(encoding="utf-8")
    (memory.folder / "entities.tsv").write_text(text.replace("unsure", "accept"), encoding="utf-8")
    with pytest.raises(WriteConflictError):
        memory.undo()
    assert len(memory.review.entities) == 2
    assert memory.undo() is not None  # the change before it


def test_a_whole_review_replaces_only_what_was_read(data: Path) -> None:
    document, folder = sample_document(), review_path(data, "linchuan-2025")
    version = review_version(folder)
    newer = replace_review(data, sample_review(), document, version)
    assert newer == review_version(folder) != version
    with pytest.raises(WriteConflictError):
        replace_review(data, sample_review(), document, version)


def test_a_change_cut_in_two_by_a_crash_is_finished_at_the_next_start(data: Path) -> None:
    from kg.review.journal import encode_change

    memory = Memory(data, sample_document())
    memory.apply(add(FIRM))
    number = sample_review().measures[0]
    change = Change(label="", add=(("entities", PARK), ("measures", number)))
    pending = data / ".desk" / "linchuan-2025.pending.json"
    pending.write_text(json.dumps(encode_change(change)), encoding="utf-8")
    again = Memory(data, sample_document())
    assert again.holds("entities", PARK) and again.holds("measures", number)
    assert not pending.exists()


def test_a_torn_last_line_of_the_journal_costs_nothing(data: Path) -> None:
    memory = Memory(data, sample_document())
    memory.apply(add(FIRM))
    with (data / ".desk" / "linchuan-2025.jsonl").open("ab") as file:
        file.write('{"label":"松'.encode()[:-1])
    again = Memory(data, sample_document())
    again.apply(add(PARK))
    assert [change.label for change in (again.undo(), again.undo()) if change] == [PARK.name, FIRM.name]


def test_twenty_kills_lose_nothing_confirmed(tmp_path: Path) -> None:
    assert sum(kill_once(tmp_path / str(seed), seed) for seed in range(20)) > 20


def test_the_text_of_the_sample_is_not_touched(data: Path) -> None:
    Memory(data, sample_document()).apply(add(FIRM))
    assert (data / "documents" / "linchuan-2025.txt").read_text(encoding="utf-8") == TEXT


@pytest.mark.soak
def test_five_hundred_kills_lose_nothing_confirmed(tmp_path: Path) -> None:
    assert sum(kill_once(tmp_path / str(seed), seed) for seed in range(1000, 1500)) > 500


def test_two_programs_that_write_at_once_lose_none_of_their_rows(data: Path) -> None:
    document = sample_document()
    children = []
    for writer in range(2):
        child = os.fork()
        if child == 0:
            code = 1
            try:
                memory = Memory(data, document)
                for number in range(25):
                    memory.apply(add(replace(PARK, verdict="unsure", note=f"{writer}-{number}")))
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]
    notes = {row.note for row in read_review(review_path(data, document.id), document.id).entities}
    assert notes == {f"{writer}-{number}" for writer in range(2) for number in range(25)}


def test_a_page_on_an_old_text_cannot_write(tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(Path(__file__).resolve().parents[1] / "golden" / "data", data)
    (document,) = read_documents(data)
    memory = Memory(data, document)
    row = memory.review.measures[0]
    path = data / "documents" / f"{document.id}.txt"
    path.write_text(document.text + "又一句。", encoding="utf-8")
    change = Change(label="note", remove=(("measures", row),), add=(("measures", replace(row, note="改")),))
    with pytest.raises(WriteConflictError, match="kg review open"):
        memory.apply(change)
