"""Changes of a review and the journal that can undo them: one line of JSON a change, appended.

A line is written before the tables are. What a crash cut short is seen by comparing the
rows: a change that is not in the tables was never confirmed, and undo passes over it.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

from kg.model import NamePair, Verdict
from kg.review.stale import STALE_COLUMNS, StaleRow, parse_stale, stale_cells
from kg.review.table import COLUMNS, parse_cells, render_cells

TableRow = tuple[str, Verdict]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Rows that come and rows that go, by table; `anchors` is the record's
    field before and after, `pair` a judgement of names before and after, `stale` the rows that
    leave `stale.tsv` and those that come into it."""

    label: str
    add: tuple[TableRow, ...] = ()
    remove: tuple[TableRow, ...] = ()
    anchors: tuple[str, str] | None = None
    pair: tuple[NamePair | None, NamePair | None] | None = None
    stale: tuple[tuple[StaleRow, ...], tuple[StaleRow, ...]] | None = None

    def inverse(self) -> "Change":
        """Give the change that undoes this one."""
        return Change(
            label=f"undo: {self.label}",
            add=self.remove,
            remove=self.add,
            anchors=self.anchors and (self.anchors[1], self.anchors[0]),
            pair=self.pair and (self.pair[1], self.pair[0]),
            stale=self.stale and (self.stale[1], self.stale[0]),
        )

    @property
    def tables(self) -> tuple[str, ...]:
        """Name the tables it touches, entities first."""
        touched = {table for table, _ in (*self.add, *self.remove)}
        return tuple(table for table in COLUMNS if table in touched)


def encode_change(change: Change) -> dict[str, object]:
    """Give a change as plain data."""

    def rows(pairs: Iterable[TableRow]) -> list[list[object]]:
        return [[table, list(render_cells(table, row))] for table, row in pairs]

    return {
        "label": change.label,
        "add": rows(change.add),
        "remove": rows(change.remove),
        "anchors": change.anchors and list(change.anchors),
        "pair": change.pair and [side and _PAIR(side) for side in change.pair],
        "stale": change.stale and [[list(stale_cells(row)) for row in side] for side in change.stale],
    }


def decode_change(data: dict[str, object]) -> Change:
    """Read a change from plain data; raises `ValueError`, `KeyError` or `TypeError`."""

    def rows(pairs: object) -> tuple[TableRow, ...]:
        assert isinstance(pairs, list)
        return tuple(
            (table, parse_cells(table, dict(zip(COLUMNS[table], cells, strict=True))))
            for table, cells in pairs
        )

    anchors, pair, stale = data.get("anchors"), data.get("pair"), data.get("stale")
    return Change(
        label=str(data["label"]),
        add=rows(data["add"]),
        remove=rows(data["remove"]),
        anchors=(str(anchors[0]), str(anchors[1])) if isinstance(anchors, list) else None,
        pair=(_read_pair(pair[0]), _read_pair(pair[1])) if isinstance(pair, list) else None,
        stale=(_read_stale(stale[0]), _read_stale(stale[1])) if isinstance(stale, list) else None,
    )


_PAIR = attrgetter("judgement", "left", "right", "reviewer", "reviewed", "note")


def _read_pair(cells: list[str] | None) -> NamePair | None:
    if cells is None:
        return None
    judgement, left, right, reviewer, reviewed, note = cells
    return NamePair(
        judgement=judgement, left=left, right=right, reviewer=reviewer, reviewed=reviewed, note=note
    )


def _read_stale(side: list[list[str]]) -> tuple[StaleRow, ...]:
    return tuple(parse_stale(dict(zip(STALE_COLUMNS, cells, strict=True))) for cells in side)


class Journal:
    """The changes of one document that can still be undone."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.changes: list[Change] = []
        self._size = -1
        self.refresh()

    def refresh(self) -> None:
        """Read the file again if another process has written to it."""
        size = self.path.stat().st_size if self.path.is_file() else 0
        if size == self._size:
            return
        self.changes = []
        lines = self.path.read_bytes().split(b"\n") if size else []
        for line in lines:
            try:
                data = json.loads(line.decode("utf-8"))
                if data.get("undo"):
                    if self.changes:
                        self.changes.pop()
                else:
                    self.changes.append(decode_change(data))
            except (ValueError, KeyError, TypeError, AssertionError, AttributeError):
                continue  # a line that a crash cut short: its change was never confirmed
        self._size = size

    def append(self, change: Change) -> None:
        """Note a change."""
        self._write(encode_change(change))
        self.changes.append(change)

    def pop(self) -> None:
        """Note that the last change is undone."""
        self._write({"undo": True})
        self.changes.pop()

    def _write(self, data: dict[str, object]) -> None:
        line = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        with self.path.open("ab+") as file:
            if file.tell():
                file.seek(-1, os.SEEK_END)
                if file.read(1) != b"\n":
                    line = b"\n" + line
            file.write(line + b"\n")
            file.flush()
            os.fsync(file.fileno())
            self._size = file.seek(0, os.SEEK_END)
