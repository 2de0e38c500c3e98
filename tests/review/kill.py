"""Kill a writer at a random moment and look at what it left."""

import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from kg.model import EntityVerdict, MeasureVerdict, Verdict
from kg.pipeline import review_terms
from kg.review import check_review, read_review, review_path
from kg.review.journal import Change
from kg.review.memory import Memory
from kg.review.table import render_cells
from tests.review.sample import make_data, sample_document

TEXT = "".join(f"第{n}号企业甲{n}乙年产值{n + 10}万元。\n" for n in range(200))


def _changes() -> Iterator[Change]:
    """Each change adds a firm and a number about it: two tables, so that it could be cut in two."""
    for n in range(200):
        name, value = f"甲{n}乙", f"{n + 10}万元"
        quote = f"{name}年产值{value}"
        firm = EntityVerdict(verdict="accept", type="Enterprise", name=name, quote=quote)
        amount = MeasureVerdict(
            verdict="reject", subject="", indicator="", value=value, quote=quote, note="other: 试"
        )
        yield Change(label=name, add=(("entities", firm), ("measures", amount)))


def write_until_killed(data: Path, pipe: int) -> None:
    """Apply change after change and undo every fifth; say so only when it is done."""
    memory = Memory(data, sample_document(TEXT))
    for number, change in enumerate(_changes()):
        os.write(pipe, f"begin {number}\n".encode())
        memory.apply(change)
        os.write(pipe, f"done {number}\n".encode())
        if number % 5 == 4:
            os.write(pipe, f"undoing {number}\n".encode())
            memory.undo()
            os.write(pipe, f"undone {number}\n".encode())
    os._exit(0)


def kill_once(path: Path, seed: int) -> int:
    """Kill a writer after a random time; return how many confirmed changes were found again."""
    data = make_data(path, TEXT)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            write_until_killed(data, writer)
        finally:
            os._exit(1)
    os.close(writer)
    time.sleep(random.Random(seed).uniform(0.0, 0.25))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    told = b""
    while block := os.read(reader, 65536):
        told += block
    os.close(reader)
    return check_remains(data, told.decode().split("\n"))


def check_remains(data: Path, told: list[str]) -> int:
    """Assert that all that was confirmed is there, nothing is half, and the tables are whole."""
    document = sample_document(TEXT)
    folder = review_path(data, document.id)
    terms = review_terms()
    assert not check_review(folder, read_review(folder, document.id), document, terms)
    memory = Memory(data, document)
    assert not check_review(folder, memory.review, document, terms)
    present: set[int] = set()
    changes = list(_changes())

    def stands(rows: tuple[tuple[str, Verdict], ...]) -> list[bool]:
        return [memory.holds(table, row) for table, row in rows]

    for number, change in enumerate(changes):
        found = stands(change.add)
        assert len(set(found)) == 1, f"change {number} is half there: {found}"
        if found[0]:
            present.add(number)
    wanted: set[int] = set()
    doubtful: set[int] = set()
    for line in told:
        what, _, text = line.partition(" ")
        if not text.isdecimal():
            continue
        number = int(text)
        if what in ("begin", "undoing"):
            doubtful = {number}
        else:
            doubtful = set()
            (wanted.add if what == "done" else wanted.discard)(number)
    assert wanted - doubtful <= present <= wanted | doubtful
    cells = [render_cells("entities", row) for row in memory.review.entities]
    assert len(cells) == len(set(cells))
    return len(wanted)
