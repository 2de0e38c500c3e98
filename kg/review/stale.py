"""`stale.tsv`: verdicts whose words a changed text no longer has, kept until they stand again.

`state` is `fuzzy` (a person must say whether `suggestion` is the same), `waiting` (its
entity did not come over) or `stale`. `before` is the row on the text that is gone, `after`
what is proposed for the present one: both as JSON, cells by column.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from kg.errors import KgError, TableInvalidError
from kg.model import EntityVerdict, Verdict
from kg.review.anchoring import Anchored, Anchoring
from kg.review.cell import read_rows, render_rows
from kg.review.drift import context_of
from kg.review.occurrence import find_quote_spans, find_value_spans
from kg.review.table import COLUMNS, parse_cells, render_cells

STALE_COLUMNS = (
    "state",
    "table",
    "reason",
    "quote",
    "suggestion",
    "score",
    "prefix",
    "suffix",
    "before",
    "after",
)
# Why a row stands nowhere, in both languages.
STALE_REASONS = {
    "gone": ("引文已不在正文中", "the quote is gone"),
    "place": ("正文中还有同样的字句,但不能确定就是原处", "the words stand elsewhere, perhaps not these"),
    "value": ("引文里的数值变了", "the number in the quote has changed"),
    "basis": ("依据的字句变了", "the words it rests on have changed"),
    "name": ("名称已不在正文中", "the name is gone"),
    "waiting": ("所涉实体未能保留", "its entity did not come over"),
    "rule": ("在新正文上违反核对表规则", "it breaks a rule on the new text"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleRow:
    """A verdict that stands nowhere at present, with the 32 characters that stood around its quote."""

    state: str
    table: str
    reason: str
    before: Verdict
    after: Verdict | None = None
    score: float = 0.0
    prefix: str = ""
    suffix: str = ""

    @property
    def suggestion(self) -> str:
        return self.after.quote if self.after is not None else ""


def keep_stale(item: Anchored, old_text: str) -> StaleRow:
    """Make the row of `stale.tsv` of a verdict that did not come over."""
    spans = find_quote_spans(old_text, item.before.quote)
    where = () if isinstance(item.before, EntityVerdict) else item.before.where
    spans = (find_quote_spans(old_text, item.before.quote, where) or spans)[:1]
    prefix, suffix = context_of(old_text, spans[0].start, spans[0].end) if spans else ("", "")
    return StaleRow(
        state="waiting" if item.reason == "waiting" else item.state,
        table=item.table,
        reason=item.reason,
        before=replace(item.before, line=0),
        after=None if item.after is None else replace(item.after, line=0),
        score=item.score,
        prefix=prefix,
        suffix=suffix,
    )


def read_stale(folder: Path) -> tuple[StaleRow, ...]:
    """Read `stale.tsv`; without the file there are none."""
    path = folder / "stale.tsv"
    if not path.is_file():
        return ()
    rows = []
    for line, cells in read_rows(path, STALE_COLUMNS):
        try:
            rows.append(parse_stale(cells))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise TableInvalidError([_unreadable(f"{path}:{line}")]) from error
    return tuple(rows)


def parse_stale(cells: Mapping[str, str]) -> StaleRow:
    """Make a row of its cells by column; raises `ValueError`, `KeyError`, `TypeError`, `AttributeError`."""
    table = cells["table"]
    before, after = (json.loads(cells[side] or "{}") for side in ("before", "after"))
    return StaleRow(
        state=cells["state"],
        table=table,
        reason=cells["reason"],
        before=parse_cells(table, before),
        after=parse_cells(table, after) if after else None,
        score=float(cells["score"] or 0),
        prefix=cells["prefix"],
        suffix=cells["suffix"],
    )


def _unreadable(where: str) -> KgError:
    return KgError(
        "这一行读不懂。stale.tsv 由 kg review sync 写,不要手工改;从 git 取回上一版。",
        "cannot read this row. stale.tsv is written by kg review sync, not by hand; take it back from git.",
        where=where,
    )


def render_stale(rows: Iterable[StaleRow]) -> str:
    """Render `stale.tsv`, sorted, each row once."""
    cells = {stale_cells(row) for row in rows}
    return render_rows(STALE_COLUMNS, sorted(cells, key=lambda row: (row[1], row[0], *row[2:])))


def stale_cells(row: StaleRow) -> tuple[str, ...]:
    """Give the cells of a row, by `STALE_COLUMNS`."""
    return (
        row.state, row.table, row.reason, row.before.quote, row.suggestion,
        f"{row.score:g}" if row.score else "", row.prefix, row.suffix,
        _as_json(row.table, row.before), _as_json(row.table, row.after) if row.after else "",
    )  # fmt: skip


def _as_json(table: str, row: Verdict) -> str:
    return json.dumps(dict(zip(COLUMNS[table], render_cells(table, row), strict=True)), ensure_ascii=False)


def revive(row: StaleRow, text: str) -> Verdict | None:
    """Give the verdict on a text that has its words again in the old place, else `None`.

    The quote must stand, once, between the same 32 characters before and after.
    """
    if row.before.where or not row.before.quote:
        return None
    place = text.find(row.prefix + row.before.quote + row.suffix)
    if place < 0 or text.find(row.prefix + row.before.quote + row.suffix, place + 1) >= 0:
        return None
    starts = [span.start for span in find_quote_spans(text, row.before.quote)]
    ordinal = starts.index(place + len(row.prefix)) + 1
    if isinstance(row.before, EntityVerdict):
        return row.before if ordinal == 1 else None
    found = replace(row.before, where=(ordinal,) if len(starts) > 1 else ())
    return None if row.table == "measures" and not find_value_spans(text, found) else found  # type: ignore[arg-type]


def carry_stale(rows: Iterable[StaleRow], anchoring: Anchoring) -> list[StaleRow]:
    """Carry what is proposed for rows over to a new text; a proposal that is gone is dropped."""
    carried = []
    for row in rows:
        if row.after is not None and row.state != "stale":
            found = anchoring.anchor(row.after)
            after = found.after if found.state in ("kept", "moved") else None
            row = replace(row, after=after, state=row.state if after else "stale")
        carried.append(row)
    return carried
