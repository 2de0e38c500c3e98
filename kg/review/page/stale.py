"""Stale verdicts on the page: what each said, where it may be now, and taking one back as sync does."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from kg.errors import KgError, TableInvalidError
from kg.model import Document, EntityVerdict, Review, Verdict
from kg.review.drift import context_of
from kg.review.journal import Change
from kg.review.match import table_of
from kg.review.occurrence import find_quote_spans
from kg.review.page.item import Fields, row_fields
from kg.review.rule import Terms, check_row
from kg.review.stale import STALE_REASONS, StaleRow, stale_cells
from kg.review.sync import sync_review

_STATES = ("fuzzy", "waiting", "stale")
# A quote with what stands before and after it.
Passage = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleItem:
    """A stale row as the page shows it; `now` is the passage that a person may confirm."""

    id: str
    row: StaleRow
    fields: Fields
    reason: tuple[str, str]
    was: Passage
    now: Passage | None = None


def list_stale(rows: Iterable[StaleRow], text: str) -> tuple[StaleItem, ...]:
    """List stale rows, those that a person can confirm first."""
    items = [
        StaleItem(
            id=stale_id(row),
            row=row,
            fields={c: v for c, v in row_fields(row.before).items() if v and c != "quote"},
            reason=STALE_REASONS.get(row.reason, (row.reason, row.reason)),
            was=(row.prefix, row.before.quote, row.suffix),
            now=_passage_of(row.after, text) if row.state == "fuzzy" and row.after is not None else None,
        )
        for row in rows
    ]
    return tuple(sorted(items, key=lambda item: (item.now is None, _STATES.index(_state_of(item.row)))))


def _state_of(row: StaleRow) -> str:
    return row.state if row.state in _STATES else "stale"


def stale_id(row: StaleRow) -> str:
    """Name a stale row by what it says."""
    text = "\x1f".join(stale_cells(row))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _passage_of(row: Verdict, text: str) -> Passage | None:
    spans = find_quote_spans(text, row.quote, () if isinstance(row, EntityVerdict) else row.where)
    if not spans:
        return None
    before, after = context_of(text, spans[0].start, spans[0].end)
    return before, row.quote, after


def plan_return(
    document: Document, review: Review, stale: tuple[StaleRow, ...], wanted: StaleRow, terms: Terms
) -> Change:
    """Work out what comes back when a person confirms a row: itself, and what waited for it.

    It is a sync of the text with itself in which this one row is confirmed. Raises `KgError`
    if the row would break a rule, or any row of the tables would have to go.
    """

    def is_wanted(table: str, before: Verdict, after: Verdict, score: float) -> bool:
        return (table, before, after) == (wanted.table, wanted.before, wanted.after)

    synced = sync_review(document, document, review, stale, terms, is_wanted)
    if wanted in synced.stale:
        findings = () if wanted.after is None else check_row(wanted.after, review, document, terms)
        raise TableInvalidError(findings or [_unfit()])
    if any(item.state != "kept" for item in synced.items):
        raise _unfit()
    going = tuple(row for row in stale if row not in synced.stale)
    coming = tuple(row for row in synced.stale if row not in stale)
    added = dict.fromkeys((table_of(row), row) for row in synced.revived)
    return Change(label="confirm", add=tuple(added), stale=(going, coming))


def _unfit() -> KgError:
    return KgError(
        "这一行与现有的核对表合不来(名称重复,或表里另有不合规则的行),什么也没有写。请先运行 kg review lint。",
        "this row does not go with the tables as they are (a name twice, or other rows that break a rule); "
        "nothing was written. Run kg review lint first.",
    )
