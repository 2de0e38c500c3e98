"""What there is to decide: proposals, numbers nothing proposes, and rows that a person added."""

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.model import (
    Document,
    EntityCandidate,
    EntityVerdict,
    MeasureCandidate,
    MeasureVerdict,
    Proposal,
    RelationCandidate,
    Span,
    Verdict,
)
from kg.review.cell import render_decimal
from kg.review.match import TABLES, Candidate, table_of
from kg.review.occurrence import find_form_spans, find_quote_spans, find_strings, find_value_spans, label_of
from kg.review.table import COLUMNS, parse_cells, render_cells

# Who decided, when and how is not typed into a field.
STAMPS = ("verdict", "reviewer", "reviewed")
_CLAUSE = re.compile(r"[^,，。；;!?！？:：\n]+")
Fields = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to decide. Without a candidate it is a number alone, or a row a person added."""

    id: str
    table: str
    start: int
    end: int
    quote: Span
    confidence: float = 1.0
    candidate: Candidate | None = None
    number: Span | None = None
    row: Verdict | None = None


def hash_id(prefix: str, *parts: object) -> str:
    """Make an id that stays the same over restarts."""
    text = "\x1f".join(map(str, parts))
    return prefix + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def make_items(proposal: Proposal, numbers: Iterable[Span]) -> list[Item]:
    """Make the items of a proposal and of the numbers that no proposed value covers."""
    text = proposal.document.text
    items: dict[str, Item] = {}
    for table in TABLES:
        for candidate in getattr(proposal, table):
            item = candidate_item(candidate, text)
            items.setdefault(item.id, item)
    covered = {(item.start, item.end) for item in items.values() if item.table == "measures"}
    ends = sorted(covered)
    for number in numbers:
        place = bisect_right(ends, (number.start, len(text)))
        if not any(s <= number.start and number.end <= e for s, e in ends[max(0, place - 2) : place]):
            items[f"n{number.start}"] = Item(
                id=f"n{number.start}", table="measures", start=number.start, end=number.end,
                quote=number, confidence=0.0, number=number,
            )  # fmt: skip
    return list(items.values())


def candidate_item(candidate: Candidate, text: str) -> Item:
    """Make the item of a candidate."""
    if isinstance(candidate, EntityCandidate):
        first = candidate.mentions[0]
        quote = find_clause(text, first.start, first.end)
        key: tuple[object, ...] = ("e", candidate.type, candidate.name)
        start, end = first.start, first.end
    elif isinstance(candidate, RelationCandidate):
        quote = candidate.evidence
        claim = (candidate.type, candidate.subject, candidate.object)
        key = ("r", *claim, quote.start, candidate.modality, candidate.period)
        start, end = quote.start, quote.end
    else:
        quote = candidate.evidence
        start, end = candidate.value.start, candidate.value.end
        # All that is said: two readings may differ in any of it, and each is asked.
        said = (candidate.kind, candidate.modality, candidate.period, candidate.low, candidate.high)
        key = ("m", candidate.subject, candidate.indicator, start, end, *said, candidate.comparator)
    return Item(
        id=hash_id(*map(str, key)), table=table_of(candidate), start=start, end=end,
        quote=Span(start=quote.start, end=quote.end, text=quote.text),
        confidence=candidate.confidence, candidate=candidate,
    )  # fmt: skip


def row_item(row: Verdict, text: str) -> Item:
    """Make the item of a row that answers no proposal."""
    table = table_of(row)
    where = () if isinstance(row, EntityVerdict) else row.where
    quotes = find_quote_spans(text, row.quote, where) or (Span(start=len(text), end=len(text), text=""),)
    places: tuple[Span, ...] = quotes
    if isinstance(row, EntityVerdict):
        places = find_form_spans(text, row) or quotes
    elif isinstance(row, MeasureVerdict):
        places = find_value_spans(text, row) or quotes
    return Item(
        id=hash_id("w", table, *render_cells(table, row)), table=table, start=places[0].start,
        end=places[0].end, quote=quotes[0], row=row,
    )  # fmt: skip


def stated_quote(item: Item, row: Verdict | None, text: str) -> Span | None:
    """Find where the quote of an item, as its row has it now, stands; `None` if nowhere."""
    quote = item.quote.text if row is None else row.quote
    where = () if row is None or isinstance(row, EntityVerdict) else row.where
    spans = find_quote_spans(text, quote, where)
    return next((span for span in spans if span == item.quote), next(iter(spans), None))


def find_clause(text: str, start: int, end: int) -> Span:
    """Find the clause around a mention; longer if the same clause stands before it."""
    line = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", end)
    stop = len(text) if stop < 0 else stop
    left, right = start, end
    for match in _CLAUSE.finditer(text, line, stop):
        if match.start() <= start < match.end():
            left = match.start()
        if match.start() < end <= match.end():
            right = match.end()
    for begin, finish in ((left, right), (line, stop)):
        quote = text[begin:finish].strip()
        place = text.find(quote, begin)
        if text.find(quote) == place:
            return Span(start=place, end=place + len(quote), text=quote)
    return Span(start=start, end=end, text=text[start:end])


def ordinal_of(text: str, quote: str, start: int) -> str:
    """Give the `where` of a quote: empty if it stands once, else its ordinal at `start`."""
    spans = find_quote_spans(text, quote)
    places = [span.start for span in spans]
    return str(places.index(start) + 1) if len(places) > 1 and start in places else ""


def fields_of(item: Item, document: Document, names: Mapping[str, str], forms: Iterable[str] = ()) -> Fields:
    """Give the fields of an item as a person sees and edits them.

    `names` maps forms to accepted names; `forms` are longer names, inside which an
    occurrence of this one is no mention.
    """
    text = document.text
    fields = dict.fromkeys((c for c in COLUMNS[item.table] if c not in STAMPS), "")
    candidate = item.candidate
    if item.row is not None:
        return row_fields(item.row)
    fields["quote"] = item.quote.text
    if isinstance(candidate, EntityCandidate):
        fields |= {"type": candidate.type, "name": candidate.name}
        fields["where"] = _mention_ordinals(candidate, text, forms)
    elif isinstance(candidate, RelationCandidate):
        fields |= {
            "relation": candidate.type,
            "subject": names.get(candidate.subject, candidate.subject),
            "object": names.get(candidate.object, candidate.object),
            "basis": candidate.basis,
            "modality": candidate.modality,
            "period": candidate.period,
        }
    elif isinstance(candidate, MeasureCandidate):
        subject = candidate.subject or "-"
        fields |= {
            "subject": names.get(subject, subject),
            "indicator": candidate.indicator,
            "value": candidate.value.text,
            "low": render_decimal(candidate.low),
            "high": render_decimal(candidate.high),
            "kind": "" if candidate.kind == "level" else candidate.kind,
        }
        fields |= {c: getattr(candidate, c) for c in ("unit", "comparator", "base", "modality", "period")}
    else:
        fields |= {"value": item.quote.text}
    if item.table != "entities":
        fields["where"] = ordinal_of(text, item.quote.text, item.quote.start)
    return fields


def row_fields(row: Verdict) -> Fields:
    """Give the fields of a row."""
    table = table_of(row)
    cells = zip(COLUMNS[table], render_cells(table, row), strict=True)
    return {column: cell for column, cell in cells if column not in STAMPS}


def _mention_ordinals(candidate: EntityCandidate, text: str, forms: Iterable[str]) -> str:
    """Give `where`: empty unless an occurrence outside longer names is no mention."""
    name = label_of(candidate.name)
    spans = find_strings(text, [name])
    own = {mention.start for mention in candidate.mentions if mention.text == name}
    missing = [span for span in spans if span.start not in own]
    if missing:
        longer = [form for form in forms if name in form and form != name]
        inside = find_strings(text, longer)
        missing = [s for s in missing if not any(i.start <= s.start and s.end <= i.end for i in inside)]
    if not missing or not own:
        return ""
    return ",".join(str(place) for place, span in enumerate(spans, 1) if span.start in own)


def make_row(table: str, fields: Mapping[str, str], verdict: str, reviewer: str, reviewed: str) -> Verdict:
    """Make a row of fields; raises `ValueError` for a number or ordinals in a wrong form."""
    cells = {column: fields.get(column, "") for column in COLUMNS[table]}
    cells |= {"verdict": verdict, "reviewer": reviewer, "reviewed": reviewed}
    return parse_cells(table, cells)


def with_reason(reason: str, note: str) -> str:
    """Put the reason of a rejection before its note, once."""
    return f"{reason}: {note}" if note and not note.startswith(reason) else note or reason


def reason_of_edit(item: Item, fields: Fields) -> str:
    """Name what was wrong with a proposal that a person corrected."""
    candidate = item.candidate
    if item.table == "entities":
        return "type" if getattr(candidate, "name", "") == fields.get("name") else "span"
    if item.table == "relations":
        return "type" if getattr(candidate, "type", "") != fields.get("relation") else "span"
    return "number"
