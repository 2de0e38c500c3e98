"""What people decided, kept: every change whole or not at all, on disk before anyone is told.

The tables are the truth; the memory holds them sorted and rendered, so that a change of
one row among thousands costs one file write. A writer that finds rows other than those
it saw gets a `WriteConflictError` and changes nothing.
"""

import hashlib
import json
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from kg.errors import WriteConflictError
from kg.file import replace_file, sync_folder
from kg.model import Document, NamePair, Review, Verdict
from kg.review.cell import render_rows
from kg.review.journal import Change, Journal, TableRow, decode_change, encode_change
from kg.review.lock import desk_path, hold_lock
from kg.review.names import read_pairs, write_pairs
from kg.review.occurrence import first_position
from kg.review.stale import StaleRow, read_stale, render_stale
from kg.review.stamp import Stamp, keep_fresh, stamp_file
from kg.review.table import COLUMNS, read_review, render_cells, render_table, review_path

Cells = tuple[str, ...]
# Sort key, rendered line, row; the key alone decides the order.
Entry = tuple[int, Cells, str, Verdict]
AnchorWriter = Callable[[str], None]
AnchorReader = Callable[[], str]


def review_version(folder: Path) -> str:
    """Hash the three tables of a folder: what a reader saw."""
    digest = hashlib.sha256()
    for table in COLUMNS:
        path = folder / f"{table}.tsv"
        data = path.read_bytes() if path.is_file() else b""
        digest.update(f"{table} {len(data)}\n".encode() + data)
    return digest.hexdigest()


def replace_review(data_path: Path, review: Review, document: Document, version: str) -> str:
    """Write all tables of a document if they are still those of `version`; give the new version.

    Raises `WriteConflictError` and writes nothing if anyone changed them since.
    """
    folder = review_path(data_path, document.id)
    with hold_lock(data_path):
        if review_version(folder) != version:
            raise WriteConflictError(
                "读取之后,核对表被别人改过,什么也没有写。请重新读取后再做。",
                "the tables were changed by someone else since they were read; nothing was written. "
                "Read them anew and repeat.",
                where=str(folder),
            )
        for table in COLUMNS:
            data = render_table(table, getattr(review, table), document).encode("utf-8")
            path = folder / f"{table}.tsv"
            if not path.is_file() or path.read_bytes() != data:
                replace_file(path, data)
        return review_version(folder)


class Memory:
    """The verdicts of one document, in memory and on disk, with undo."""

    def __init__(
        self,
        data_path: Path,
        document: Document,
        write_anchors: AnchorWriter | None = None,
        read_anchors: AnchorReader | None = None,
    ) -> None:
        self.data_path, self.document = data_path, document
        self.folder = review_path(data_path, document.id)
        self._write_anchors = write_anchors
        index = data_path / "documents" / "index.tsv"
        self._read_anchors = keep_fresh([index], read_anchors or (lambda: document.record.anchors))
        self.anchors = document.record.anchors  # the record's field as it stands on disk
        self._pending = desk_path(data_path) / f"{document.id}.pending.json"
        self._tables: dict[str, list[Entry]] = {table: [] for table in COLUMNS}
        self._stamps: dict[str, Stamp] = {}
        self.stale: tuple[StaleRow, ...] = ()  # what `kg review sync` could not carry over
        self.edition = 0
        with hold_lock(data_path):
            self._recover()
            self._read()
            self.journal = Journal(desk_path(data_path) / f"{document.id}.jsonl")
            self._forget_unwritten()

    # ---------------------------------------------------------------- reading

    @property
    def review(self) -> Review:
        """Give the verdicts as they stand."""
        rows = {table: tuple(entry[3] for entry in entries) for table, entries in self._tables.items()}
        return Review(document=self.document.id, **rows)  # type: ignore[arg-type]

    def holds(self, table: str, row: Verdict) -> bool:
        """Tell whether a row stands in a table exactly so."""
        return self._find(table, row) is not None

    def refresh(self) -> tuple[TableRow, ...]:
        """Read again what others wrote; give the rows of ours that they removed or changed."""
        anchors = self._read_anchors()
        if anchors != self.anchors:
            self.anchors = anchors
            self.edition += 1
        if self._stamps == self._stat():
            return ()
        before = {(table, entry[1]): entry[3] for table, rows in self._tables.items() for entry in rows}
        self._read()
        after = {(table, entry[1]) for table, rows in self._tables.items() for entry in rows}
        self.journal.refresh()
        return tuple((table, row) for (table, cells), row in before.items() if (table, cells) not in after)

    def _stat(self) -> dict[str, Stamp]:
        return {table: stamp_file(self.folder / f"{table}.tsv") for table in (*COLUMNS, "stale")}

    def _read(self) -> None:
        stamps = self._stat()
        review, self.stale = read_review(self.folder, self.document.id), read_stale(self.folder)
        for table in COLUMNS:
            entries = [self._entry(table, row) for row in getattr(review, table)]
            entries.sort(key=_key)
            self._tables[table] = entries
        self._stamps = stamps
        self.edition += 1

    def _entry(self, table: str, row: Verdict) -> Entry:
        cells = render_cells(table, row)
        line = render_rows(cells, ())
        return first_position(row, self.document.text), cells, line, replace(row, line=0)

    def _find(self, table: str, row: Verdict) -> int | None:
        entries = self._tables[table]
        key = (first_position(row, self.document.text), render_cells(table, row))
        place = bisect_left(entries, key, key=_key)
        return place if place < len(entries) and _key(entries[place]) == key else None

    # ---------------------------------------------------------------- writing

    def apply(self, change: Change) -> None:
        """Make a change: on disk when this returns, or not at all.

        Raises `WriteConflictError` if a row that should go is not there any more, or one
        that should come stands already.
        """
        with hold_lock(self.data_path):
            self.refresh()
            self._check(change)
            self.journal.refresh()
            self.journal.append(change)
            try:
                self._commit(change)
            except OSError:
                self.journal.pop()
                raise

    def undo(self) -> Change | None:
        """Undo the last change that is still in the tables; `None` if there is none.

        Raises `WriteConflictError` if someone has changed its rows since; the change is
        then forgotten, so that the next undo reaches the one before it.
        """
        with hold_lock(self.data_path):
            self.refresh()
            self.journal.refresh()
            if not self.journal.changes:
                return None
            change = self.journal.changes[-1]
            inverse = change.inverse()
            try:
                self._check(inverse)
            except WriteConflictError:
                self.journal.pop()
                raise
            self._commit(inverse)
            self.journal.pop()
            return change

    def check_text(self) -> None:
        """Refuse to write against a text that `kg review sync` has replaced since it was read."""
        path = self.data_path / "documents" / f"{self.document.id}.txt"
        known = self.document.record.sha256
        if known and path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() != known:
            raise WriteConflictError(
                "正文已改动,这一页还是旧的。请关闭后重新运行 kg review open。",
                "the text has changed since this page was opened. Close it and run kg review open again.",
                where=str(path),
            )

    def _check(self, change: Change) -> None:
        self.check_text()
        going = {(table, render_cells(table, row)) for table, row in change.remove}
        gone = [row for table, row in change.remove if not self.holds(table, row)]
        double = [
            row
            for table, row in change.add
            if self.holds(table, row) and (table, render_cells(table, row)) not in going
        ]
        self._check_anchors(change)
        self._check_pair(change)
        if change.stale is not None and not set(change.stale[0]) <= set(self.stale):
            raise WriteConflictError(
                "失效的判断已被别人改动。", "someone else has changed the stale verdicts meanwhile."
            )
        for rows, zh, en in (
            (gone, "这一行已被别人改动或删去", "this row was changed or removed by someone else"),
            (double, "这一行已经有了", "this row stands already"),
        ):
            if rows:
                shown = " ".join(filter(None, render_cells(_table_of(rows[0]), rows[0])))
                raise WriteConflictError(f"{zh}:{shown}", f"{en}: {shown}", where=str(self.folder))

    def _check_anchors(self, change: Change) -> None:
        if change.anchors is not None and self._read_anchors() != change.anchors[0]:
            refuse_anchors(self._read_anchors(), change.anchors[1])

    def _check_pair(self, change: Change) -> None:
        if change.pair is None:
            return
        before, after = change.pair
        names = {frozenset((pair.left, pair.right)) for pair in change.pair if pair is not None}
        standing = [p for p in read_pairs(self.data_path) if frozenset((p.left, p.right)) in names]
        if standing != ([] if before is None else [before]):
            here, wanted = _word_pair(next(iter(standing), None)), _word_pair(after)
            raise WriteConflictError(
                f"这一对名称已被别人判过:表里是 {here},要写的是 {wanted}。什么也没有写。",
                f"someone else has judged this pair meanwhile: {here} stands, {wanted} was to be written. "
                "Nothing was written.",
            )

    def _commit(self, change: Change) -> None:
        files = len(change.tables) + bool(change.anchors) + 2 * bool(change.pair) + bool(change.stale)
        if files > 1:
            replace_file(self._pending, json.dumps(encode_change(change), ensure_ascii=False).encode("utf-8"))
        for table, row in change.remove:
            place = self._find(table, row)
            if place is not None:
                del self._tables[table][place]
        for table, row in change.add:
            insort(self._tables[table], self._entry(table, row), key=_key)
        try:
            self._write(change)
        except BaseException:
            self._stamps = {}  # what is on disk is read again before anything else
            raise
        if files > 1:
            self._pending.unlink()
            sync_folder(self._pending.parent)
        self.edition += 1

    def _write(self, change: Change) -> None:
        # A relation never stands on disk before its entities, nor they go before it.
        tables = change.tables if change.add else tuple(reversed(change.tables))
        for table in tables:
            head = render_rows(COLUMNS[table], ())
            data = head + "".join(entry[2] for entry in self._tables[table])
            replace_file(self.folder / f"{table}.tsv", data.encode("utf-8"))
        if change.pair is not None:
            before, after = change.pair
            kept = [pair for pair in read_pairs(self.data_path) if pair not in (before, after)]
            write_pairs(self.data_path, [*kept, *filter(None, [after])])
        if change.anchors is not None and self._write_anchors is not None:
            self._write_anchors(change.anchors[1])
            self.anchors = self._read_anchors()
        if change.stale is not None:
            going, coming = change.stale
            self.stale = tuple(dict.fromkeys([*(row for row in self.stale if row not in going), *coming]))
            replace_file(self.folder / "stale.tsv", render_stale(self.stale).encode("utf-8"))
        self._stamps = self._stat()

    def _forget_unwritten(self) -> None:
        """Drop the last change of the journal if a crash came before it reached the tables."""
        if self.journal.changes:
            change = self.journal.changes[-1]
            reached = [self.holds(table, row) for table, row in change.add]
            reached += [not self.holds(table, row) for table, row in change.remove]
            reached += [row not in self.stale for row in change.stale[0]] if change.stale else []
            reached += [self._read_anchors() == change.anchors[1]] if change.anchors else []
            reached += [change.pair[1] in read_pairs(self.data_path)] if change.pair else []
            if reached and not any(reached):
                self.journal.pop()

    def _recover(self) -> None:
        """Finish a change of several tables that a crash cut in two."""
        if not self._pending.is_file():
            return
        change = decode_change(json.loads(self._pending.read_text(encoding="utf-8")))
        self._read()
        for table, row in change.remove:
            place = self._find(table, row)
            if place is not None:
                del self._tables[table][place]
        for table, row in change.add:
            if not self.holds(table, row):
                insort(self._tables[table], self._entry(table, row), key=_key)
        self._write(change)
        self._pending.unlink()


def _key(entry: Entry) -> tuple[int, Cells]:
    return entry[0], entry[1]


def refuse_anchors(standing: str, wanted: str) -> NoReturn:
    """Raise `WriteConflictError` that names both readings of 今年."""
    raise WriteConflictError(
        f"“今年”已被别人设为 {standing or '(空)'},你要写的是 {wanted or '(空)'}。什么也没有写,请再看一遍。",
        f"someone else has set what 今年 means: {standing or '(empty)'} stands, "
        f"{wanted or '(empty)'} was to be written. Nothing was written; look again.",
        where="documents/index.tsv",
    )


def _word_pair(pair: NamePair | None) -> str:
    return f"{pair.left} / {pair.right} = {pair.judgement}" if pair is not None else "—"


def _table_of(row: Verdict) -> str:
    return {"EntityVerdict": "entities", "RelationVerdict": "relations"}.get(type(row).__name__, "measures")


def digest_rows(rows: Iterable[TableRow]) -> str:
    """Hash rows: what a page saw of an item when it asked for a change."""
    text = "\n".join(sorted("\t".join((table, *render_cells(table, row))) for table, row in rows))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16] if text else ""
