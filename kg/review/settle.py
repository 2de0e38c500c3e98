"""Two reviewers' tables of one document made into a third, which a person settles.

What both say alike is taken over at once; what they say differently, or only one of them,
is put to the person like any other proposal. The two originals are not touched.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from kg.errors import KgError
from kg.model import (
    Document,
    EntityCandidate,
    EntityVerdict,
    MeasureCandidate,
    MeasureVerdict,
    Mention,
    Proposal,
    RelationCandidate,
    RelationVerdict,
    Review,
    Verdict,
)
from kg.review.agreement import (
    Difference,
    compare_reviews,
    describe_row,
    pair_entities,
    pair_measures,
    pair_relations,
)
from kg.review.journal import Change
from kg.review.match import TABLES, Candidate, match_proposal, table_of
from kg.review.occurrence import find_form_spans, find_quote_spans, find_value_spans, label_of
from kg.review.rule import Terms, check_row
from kg.review.table import COLUMNS, render_cells

# Who wrote a row, why, and by which words: two rows that differ in nothing else say the same.
_SIGNED = frozenset({"reviewer", "reviewed", "note"})
_UNSAID = _SIGNED | {"quote", "where", "basis"}
BOTH, ONE = 0.5, 0.3
Row = TypeVar("Row", EntityVerdict, RelationVerdict, MeasureVerdict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What is settled already, and what a person is asked: the versions of the two readings."""

    agreed: Change
    proposal: Proposal
    differences: tuple[Difference, ...]


def prepare_settlement(
    document: Document, a: Review, b: Review, third: Review, terms: Terms, *, reviewer: str, reviewed: str
) -> Settlement:
    """Find what both readings say and the third table lacks, and what is left to decide.

    Rows that the third table answers already are neither added nor asked again.
    """
    pairs = list(_find_agreed(document.text, a, b))
    signed = [(pair, replace(_choose(*pair), reviewer=reviewer, reviewed=reviewed, line=0)) for pair in pairs]
    taken = _keep_valid([row for _, row in signed], third, document, terms)
    same = {id(row) for pair in pairs for row in pair}
    candidates = [
        _make_candidate(row, document.text, BOTH if id(row) in same else ONE)
        for side in (a, b)
        for row in _accepted(side)
        if id(row) not in same or side is a
    ]
    proposal = _make_proposal(document, candidates)
    after = _join(third, taken)
    waiting = [m.candidate for m in match_proposal(proposal, after).items if m.row is None]
    return Settlement(
        agreed=Change(label="settle", add=tuple((table_of(row), row) for row in taken)),
        proposal=_make_proposal(document, waiting),
        differences=compare_reviews(document, a, b).differences,
    )


def _accepted(review: Review) -> Iterator[Verdict]:
    return (row for table in TABLES for row in getattr(review, table) if row.verdict == "accept")


def _claim(row: Verdict) -> tuple[str, ...]:
    table = table_of(row)
    cells = zip(COLUMNS[table], render_cells(table, row), strict=True)
    return (table, *(cell for column, cell in cells if column not in _SIGNED))


def _find_agreed(text: str, a: Review, b: Review) -> Iterator[tuple[Verdict, Verdict]]:
    """Find the rows that say the same of the same place, whatever stretch they quote for it."""
    accepted = [[row for row in side.entities if row.verdict == "accept"] for side in (a, b)]
    named = pair_entities(accepted[0], accepted[1])
    names = {right.name: left.name for left, right in named if left and right}
    pairs: list[tuple[Verdict | None, Verdict | None]] = [*named]
    facts = [[row for row in side.relations if row.verdict == "accept"] for side in (a, b)]
    pairs += pair_relations(facts[0], facts[1], names)
    pairs += pair_measures(text, a.measures, b.measures, names)
    for left, right in pairs:
        if left is None or right is None or left.verdict == "unsure":
            continue
        near = isinstance(left, EntityVerdict) or _overlap(text, left, right)
        if near and _says(left, {}) == _says(right, names):
            yield left, right


def _says(row: Verdict, names: Mapping[str, str]) -> tuple[str, ...]:
    """Give what a row says, its ends by the first reading's names; of a dismissed number its value alone."""
    if isinstance(row, MeasureVerdict) and row.verdict == "reject":
        return (row.verdict, row.value)
    table = table_of(row)
    cells = dict(zip(COLUMNS[table], render_cells(table, row), strict=True))
    cells |= {end: names.get(cells[end], cells[end]) for end in ("subject", "object") if end in cells}
    if isinstance(row, EntityVerdict):
        cells["name"] = names.get(row.name, row.name) if row.name == label_of(row.name) else row.name
    return tuple(cell for column, cell in cells.items() if column not in _UNSAID)


def _overlap(text: str, left: Verdict, right: Verdict) -> bool:
    spans = [find_quote_spans(text, row.quote, row.where) for row in (left, right)]
    return any(x.start < y.end and y.start < x.end for x in spans[0] for y in spans[1])


def _choose(left: Verdict, right: Verdict) -> Verdict:
    """Take the row with the shorter quote (the first reading's of two equally short), with both notes."""
    row = min((left, right), key=lambda side: len(side.quote))
    ends = {end: getattr(left, end) for end in ("name", "subject", "object") if hasattr(left, end)}
    return replace(row, **ends, note=_join_notes(left, right))


def _join_notes(a: Verdict, b: Verdict) -> str:
    return "; ".join(dict.fromkeys(filter(None, (a.note, b.note))))


def _keep_valid(rows: Iterable[Verdict], third: Review, document: Document, terms: Terms) -> list[Verdict]:
    """Take the rows that the third table lacks and that break no rule beside those taken before."""
    kept: list[Verdict] = []
    review = third
    held = {_claim(row) for table in TABLES for row in getattr(third, table)}
    named = {row.name for row in third.entities if row.verdict == "accept"}
    for row in rows:
        known = isinstance(row, EntityVerdict) and row.name in named
        if _claim(row) in held or known or check_row(row, review, document, terms):
            continue
        kept.append(row)
        if isinstance(row, EntityVerdict):
            review = _join(review, [row])
    return kept


def _join(review: Review, rows: Iterable[Verdict]) -> Review:
    tables: dict[str, tuple[Verdict, ...]] = {table: getattr(review, table) for table in TABLES}
    for row in rows:
        tables[table_of(row)] += (row,)
    return replace(review, **tables)  # type: ignore[arg-type]


def _make_candidate(row: Verdict, text: str, confidence: float) -> Candidate | None:
    """Put a row as a proposal; `None` if its words do not stand in the text."""
    if isinstance(row, EntityVerdict):
        mentions = tuple(
            Mention(start=s.start, end=s.end, text=s.text, type=row.type.split("|")[0], confidence=confidence)
            for s in find_form_spans(text, row)
        )
        return (mentions and EntityCandidate(
            type=row.type, name=row.name, mentions=mentions, confidence=confidence
        )) or None  # fmt: skip
    quotes = find_quote_spans(text, row.quote, row.where)
    if not quotes:
        return None
    if isinstance(row, RelationVerdict):
        return RelationCandidate(
            type=row.relation, subject=row.subject, object=row.object, basis=row.basis,
            modality=row.modality, period=row.period, evidence=quotes[0], confidence=confidence,
        )  # fmt: skip
    values = find_value_spans(text, row)
    return MeasureCandidate(
        subject=None if row.subject == "-" else row.subject, indicator=row.indicator, low=row.low,
        high=row.high, unit=row.unit, comparator=row.comparator, modality=row.modality, period=row.period,
        value=values[0], evidence=quotes[0], kind=row.kind or "level", base=row.base, confidence=confidence,
    ) if values else None  # fmt: skip


def _make_proposal(document: Document, candidates: Iterable[Candidate | None]) -> Proposal:
    every = list(dict.fromkeys(candidate for candidate in candidates if candidate is not None))
    return Proposal(
        document=document,
        entities=tuple(c for c in every if isinstance(c, EntityCandidate)),
        relations=tuple(c for c in every if isinstance(c, RelationCandidate)),
        measures=tuple(c for c in every if isinstance(c, MeasureCandidate)),
    )


def tell_sides(differences: Iterable[Difference], name: str, labels: tuple[str, str]) -> Iterator[str]:
    """Say what each reading has about a name where they differ."""
    for difference in differences:
        for label, row in zip(labels, (difference.row_a, difference.row_b), strict=True):
            names = [getattr(row, column, "") for column in ("name", "subject", "object")]
            if row is not None and name in names:
                yield f"{label}: {_describe(row)}"


def _describe(row: Verdict) -> str:
    if isinstance(row, EntityVerdict):
        return describe_row(row)
    parts = [describe_row(row), row.modality, row.period]
    return " · ".join(filter(None, parts))


def check_sides(a: Review, b: Review) -> None:
    """Refuse a reading without rows: it agrees with nothing, most likely a wrong folder."""
    for name, side in (("A", a), ("B", b)):
        if not any(getattr(side, table) for table in TABLES):
            raise KgError(
                f"{name} 里没有核对表(entities.tsv relations.tsv measures.tsv)。",
                f"{name} holds no review tables (entities.tsv relations.tsv measures.tsv).",
            )
