"""Reviews in the files of other programs: what goes out, and what may come back.

A file carries every row with its hash as it went out. What comes back is a row changed, a
row added, or a row as it was; a row that the file lacks stays, for a decision is not
undone by leaving it out.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kg.errors import KgError, WriteConflictError
from kg.model import (
    ENTITY_TYPES,
    REASONS,
    VERDICTS,
    Document,
    EntityVerdict,
    RelationVerdict,
    Review,
    Verdict,
)
from kg.review.match import TABLES, table_of
from kg.review.occurrence import find_quote_spans
from kg.review.table import COLUMNS, parse_cells, render_cells

FORMATS = ("labelstudio", "doccano", "xlsx")


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A row that a file brings; `origin` is the hash of the row that went out, if it did."""

    table: str
    row: Verdict
    origin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What a file brings. `text` is its own copy of the text, `skipped` what could not be a row."""

    document: str
    sha256: str
    rows: tuple[Incoming, ...]
    text: str | None = None
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """A review with what a file brought, and how much that was."""

    review: Review
    added: tuple[Verdict, ...]
    changed: tuple[tuple[Verdict, Verdict], ...]
    absent: int


def hash_row(table: str, row: Verdict) -> str:
    """Hash a row as it is written."""
    cells = "\t".join((table, *render_cells(table, row)))
    return hashlib.sha256(cells.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def list_rows(review: Review) -> list[tuple[str, Verdict]]:
    """List the rows of a review with their tables, in order."""
    return [(table, row) for table in TABLES for row in getattr(review, table)]


def pack_rows(document: Document, review: Review) -> dict[str, object]:
    """Give the whole review as plain data, for programs that pass on what they don't know."""
    return {
        "document": document.id,
        "sha256": document.record.sha256,
        "rows": [[table, *render_cells(table, row)] for table, row in list_rows(review)],
    }


def unpack_rows(data: object, where: str) -> tuple[str, str, list[tuple[str, Verdict]]]:
    """Read what `pack_rows` gave: document, hash of its text, rows."""
    try:
        assert isinstance(data, Mapping)
        rows = []
        for table, *cells in data["rows"]:
            rows.append((table, parse_cells(table, dict(zip(COLUMNS[table], map(str, cells), strict=True)))))
        return str(data["document"]), str(data["sha256"]), rows
    except (AssertionError, KeyError, TypeError, ValueError) as error:
        raise unreadable(where, "kg") from error


def unreadable(where: str, what: str) -> KgError:
    """Say that a file is none of those that `kg review export` writes."""
    return KgError(
        f"这个文件读不懂({what})。请用 kg review export 导出、在对应软件里修改后再导入。",
        f"cannot read this file ({what}). Export with kg review export, edit it in its program, import that.",
        where=where,
    )


def check_delivery(delivery: Delivery, document: Document, path: Path) -> None:
    """Refuse a file that speaks of another document or another text."""
    if delivery.document and delivery.document != document.id:
        raise KgError(
            f"这个文件是文档 {delivery.document} 的,不是 {document.id} 的。",
            f"this file is of the document {delivery.document}, not of {document.id}.",
            where=str(path),
        )
    same = delivery.text in (None, document.text) and delivery.sha256 in ("", document.record.sha256)
    if not same:
        raise KgError(
            "这个文件所据的正文与现在的不同。请先 kg review sync,重新导出后再改。",
            "this file was made from another text than the present one. Export anew and repeat the changes.",
            where=str(path),
        )


def merge_delivery(review: Review, delivery: Delivery, reviewer: str, reviewed: str) -> Merged:
    """Put what a file brings into a review; the rows it changes get this reviewer and day.

    Raises `WriteConflictError` if a row that the file changed has been changed here too.
    """
    rows = {hash_row(table, row): (table, row) for table, row in list_rows(review)}
    present = {key: replace(row, line=0) for key, (_, row) in rows.items()}
    result = dict(present)
    added: list[Verdict] = []
    changed: list[tuple[Verdict, Verdict]] = []
    seen: set[str] = set()
    for item in delivery.rows:
        key = hash_row(item.table, item.row)
        seen |= {key, item.origin}
        if key in present:
            continue
        if item.origin == key:  # as it went out, but not here any more
            raise _conflict(item.row)
        row = _sign(item.row, present.get(item.origin), reviewer, reviewed)
        if item.origin in present and result[item.origin] is present[item.origin]:
            changed.append((present[item.origin], row))
            result[item.origin] = row
        elif item.origin and item.origin not in present:
            raise _conflict(item.row)
        else:
            added.append(row)  # a copied line is a line of its own
    tables: dict[str, list[Verdict]] = {table: [] for table in TABLES}
    for row in (*result.values(), *added):
        tables[table_of(row)].append(row)
    return Merged(
        review=Review(document=review.document, **{t: tuple(found) for t, found in tables.items()}),  # type: ignore[arg-type]
        added=tuple(added),
        changed=tuple(changed),
        absent=len(present.keys() - seen),
    )


def _sign(row: Verdict, before: Verdict | None, reviewer: str, reviewed: str) -> Verdict:
    """Say who changed a row, unless the file says it already."""
    old = (before.reviewer, before.reviewed) if before else ("", "")
    return row if (row.reviewer, row.reviewed) != old else replace(row, reviewer=reviewer, reviewed=reviewed)


def _conflict(row: Verdict) -> WriteConflictError:
    shown = " ".join(filter(None, render_cells(table_of(row), row)[:5]))
    return WriteConflictError(
        f"导出之后,这一行在这里也改过或删过,什么也没有写:{shown}",
        f"this row was changed or removed here too since the export; nothing was written: {shown}",
    )


# ---------------------------------------------------------------- what annotation programs change


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A stretch that an annotation program shows: of the row of this index, or new (`None`)."""

    start: int
    end: int
    labels: tuple[str, ...]
    index: int | None = None
    verdict: str = ""
    modality: str = ""
    comparator: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A relation that an annotation program shows between two marks, by their places in the list."""

    relation: str
    source: int
    target: int


def apply_marks(
    document: Document,
    rows: Sequence[tuple[str, Verdict]],
    marks: Sequence[Mark],
    links: Iterable[Link],
) -> tuple[tuple[Incoming, ...], tuple[str, ...]]:
    """Make rows of what was changed and added; the second part lists what could not be a row."""
    changed = [Incoming(table=table, row=row, origin=hash_row(table, row)) for table, row in rows]
    skipped: list[str] = []
    names: dict[int, str] = {}
    fresh: dict[str, Incoming] = {}
    for place, mark in enumerate(marks):
        words = document.text[mark.start : mark.end]
        if mark.index is not None:
            item = changed[mark.index]
            changed[mark.index] = replace(item, row=_change(item.row, rows[mark.index][1], mark))
            if isinstance(item.row, EntityVerdict):
                names[place] = item.row.name
        elif mark.labels and set(mark.labels) <= set(ENTITY_TYPES) and words.strip():
            names[place] = words
            fresh.setdefault(words, _new_entity(words, mark))
        else:
            skipped.append(f"{mark.start}-{mark.end} {'|'.join(mark.labels)} {words[:40]}")
    known = {row.name for _, row in rows if isinstance(row, EntityVerdict)}
    added = [item for name, item in fresh.items() if name not in known]
    for link in links:
        if link.source in names and link.target in names:
            made = _new_relation(document, names, marks, link)
            if not _is_known(made.row, rows):
                added.append(made)
        else:
            skipped.append(f"{link.relation} {names.get(link.source, '?')} → {names.get(link.target, '?')}")
    return (*changed, *added), tuple(skipped)


def _change(row: Verdict, sent: Verdict, mark: Mark) -> Verdict:
    """Change a row where a mark is not as it was sent: one of many marks is enough."""
    values: dict[str, str] = {}
    if isinstance(sent, EntityVerdict) and mark.labels and set(mark.labels) != set(sent.type.split("|")):
        values["type"] = "|".join(mark.labels)
    for field in ("verdict", "modality", "comparator"):
        value = getattr(mark, field)
        if value and value != getattr(sent, field, value):
            values[field] = value
    if values.get("verdict") == "reject" and not row.note.startswith(REASONS):
        values["note"] = f"other: {row.note}" if row.note else "other"
    changed: Verdict = replace(row, **values)  # type: ignore[arg-type]
    return changed


def _new_entity(words: str, mark: Mark) -> Incoming:
    verdict = mark.verdict if mark.verdict in VERDICTS else "accept"
    note = "other" if verdict == "reject" else ""
    row = EntityVerdict(verdict=verdict, type="|".join(mark.labels), name=words, quote=words, note=note)
    return Incoming(table="entities", row=row)


def _new_relation(
    document: Document, names: Mapping[int, str], marks: Sequence[Mark], link: Link
) -> Incoming:
    ends = marks[link.source], marks[link.target]
    start, end = min(mark.start for mark in ends), max(mark.end for mark in ends)
    quote = document.text[start:end]
    where: tuple[int, ...] = ()
    starts = [span.start for span in find_quote_spans(document.text, quote)]
    if len(starts) > 1:
        where = (starts.index(start) + 1,)
    row = RelationVerdict(
        verdict="accept", relation=link.relation, subject=names[link.source], object=names[link.target],
        modality="actual", quote=quote, where=where,
    )  # fmt: skip
    return Incoming(table="relations", row=row)


def _is_known(row: Verdict, rows: Iterable[tuple[str, Verdict]]) -> bool:
    assert isinstance(row, RelationVerdict)
    claim = row.relation, row.subject, row.object
    return any(
        isinstance(other, RelationVerdict) and claim == (other.relation, other.subject, other.object)
        for _, other in rows
    )
