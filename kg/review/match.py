"""Which verdict answers which proposal: matched by claim and words, never by offset alone.

An entity is answered by a row of its name (or that has it as an alias), a rejection only
for its own type. A relation is answered by a row of the same claim: a rejection only where
the quotes overlap, for elsewhere the text may well state it. A measure is answered by a row
whose value is its span; where one number has several, each row answers one proposal, and a
dismissed number answers all.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from kg.model import (
    EntityCandidate,
    EntityVerdict,
    MeasureCandidate,
    MeasureVerdict,
    Proposal,
    RelationCandidate,
    RelationVerdict,
    Review,
    Verdict,
)
from kg.review.occurrence import find_quote_spans, find_value_spans, label_of, surface_forms

Candidate = EntityCandidate | RelationCandidate | MeasureCandidate
TABLES = ("entities", "relations", "measures")


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A proposal and the row that answers it, if any."""

    table: str
    candidate: Candidate
    row: Verdict | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """Every proposal with its answer, and the rows that answer none, with their table."""

    items: tuple[Match, ...]
    unproposed: tuple[tuple[str, Verdict], ...]


def table_of(record: Candidate | Verdict) -> str:
    """Name the table that a candidate or a row belongs to."""
    if isinstance(record, EntityCandidate | EntityVerdict):
        return "entities"
    return "relations" if isinstance(record, RelationCandidate | RelationVerdict) else "measures"


def match_proposal(proposal: Proposal, review: Review) -> Matching:
    """Match every part of a proposal to the row that decided it."""
    answers = Answers(proposal.document.text, review)
    items: list[Match] = []
    for table in TABLES:
        groups: dict[Hashable, list[Candidate]] = defaultdict(list)
        for candidate in getattr(proposal, table):
            groups[answers.group_of(candidate)].append(candidate)
        found = {id(c): row for group in groups.values() for c, row in answers.answer(group)}
        items += [Match(table=table, candidate=c, row=found[id(c)]) for c in getattr(proposal, table)]
    used = {id(item.row) for item in items if item.row is not None}
    rest = [(table, row) for table in TABLES for row in getattr(review, table) if id(row) not in used]
    return Matching(items=tuple(items), unproposed=tuple(rest))


class Answers:
    """The rows of a review, found by what they claim; rows can come and go."""

    def __init__(self, text: str, review: Review) -> None:
        self.text = text
        self._names: dict[str, set[str]] = defaultdict(set)
        self._entities: dict[str, list[EntityVerdict]] = defaultdict(list)
        self._relations: dict[Hashable, list[RelationVerdict]] = defaultdict(list)
        self._measures: dict[Hashable, list[MeasureVerdict]] = defaultdict(list)
        for table in TABLES:
            for row in getattr(review, table):
                self.add(row)

    def add(self, row: Verdict) -> None:
        """Take up a row."""
        for rows in self._places(row):
            rows.append(row)
        if isinstance(row, EntityVerdict) and row.verdict == "accept":
            for form in {row.name, *surface_forms(row)}:
                self._names[form].add(row.name)

    def remove(self, row: Verdict) -> None:
        """Forget a row."""
        for rows in self._places(row):
            if row in rows:
                rows.remove(row)  # equal rows say the same
        if isinstance(row, EntityVerdict) and row.verdict == "accept":
            for form in {row.name, *surface_forms(row)}:
                self._names[form].discard(row.name)

    def _places(self, row: Verdict) -> Iterator[list]:  # type: ignore[type-arg]
        if isinstance(row, EntityVerdict):
            for form in {row.name, *surface_forms(row)}:
                yield self._entities[form]
        elif isinstance(row, RelationVerdict):
            yield self._relations[self.claim_of(row.relation, row.subject, row.object)]
        else:
            for span in find_value_spans(self.text, row):
                yield self._measures[span.start, span.end]

    def rows_at(self, start: int, end: int) -> Sequence[MeasureVerdict]:
        """Give the rows whose value is this span."""
        return self._measures.get((start, end), ())

    def names(self) -> dict[str, str]:
        """Map every form that only one accepted entity has to its name."""
        return {form: next(iter(names)) for form, names in self._names.items() if len(names) == 1}

    def claim_of(self, relation: str, subject: str, object_: str) -> tuple[str, str, str]:
        """Give what a relation claims, its ends by their canonical names and without qualifiers."""
        ends = []
        for end in (subject, object_):
            names = self._names.get(end) or self._names.get(label_of(end)) or ()
            ends.append(label_of(next(iter(names)) if len(names) == 1 else end))
        return relation, ends[0], ends[1]

    def group_of(self, record: Candidate | Verdict) -> Hashable:
        """Give what the candidates have in common that the same rows may answer."""
        if isinstance(record, EntityCandidate | EntityVerdict):
            return label_of(record.name)
        if isinstance(record, RelationCandidate):
            return self.claim_of(record.type, record.subject, record.object)
        if isinstance(record, RelationVerdict):
            return self.claim_of(record.relation, record.subject, record.object)
        if isinstance(record, MeasureCandidate):
            return record.value.start, record.value.end
        spans = find_value_spans(self.text, record)
        return (spans[0].start, spans[0].end) if spans else None

    def answer(self, group: Sequence[Candidate]) -> Iterator[tuple[Candidate, Verdict | None]]:
        """Answer the candidates of one group."""
        measures = [c for c in group if isinstance(c, MeasureCandidate)]
        if measures:
            place = measures[0].value.start, measures[0].value.end
            yield from answer_number(measures, self._measures.get(place, ()))
        for candidate in group:
            if isinstance(candidate, EntityCandidate):
                yield candidate, self._answer_entity(candidate)
            elif isinstance(candidate, RelationCandidate):
                yield candidate, self._answer_relation(candidate)

    def _answer_entity(self, candidate: EntityCandidate) -> EntityVerdict | None:
        rows = self._entities.get(candidate.name) or self._entities.get(label_of(candidate.name)) or []
        accepted = [row for row in rows if row.verdict == "accept"]
        kinds = set(candidate.type.split("|"))
        same = next((row for row in accepted if kinds & set(row.type.split("|"))), None)
        if same is not None:
            return same
        # An unsure or rejected row speaks of the name and type it has, not of its aliases.
        label = label_of(candidate.name)
        decided = (
            row
            for row in rows
            if row.verdict != "accept" and label_of(row.name) == label and row.type == candidate.type
        )
        return next(decided, next(iter(accepted), None))

    def _answer_relation(self, candidate: RelationCandidate) -> RelationVerdict | None:
        claim = self.claim_of(candidate.type, candidate.subject, candidate.object)
        rows = self._relations.get(claim, [])
        here = [row for row in rows if self._overlaps(row, candidate)]
        here.sort(key=lambda row: row.verdict != "accept")
        stated = (row for row in rows if row.verdict == "accept")
        return next(iter(here), next(stated, None))

    def _overlaps(self, row: RelationVerdict, candidate: RelationCandidate) -> bool:
        spans = find_quote_spans(self.text, row.quote, row.where)
        start, end = candidate.evidence.start, candidate.evidence.end
        return any(span.start < end and start < span.end for span in spans)


# What two proposals about one number may differ in though they speak of the same thing.
_SAID = ("modality", "period", "comparator", "low", "high", "unit")


def answer_number(
    candidates: Sequence[MeasureCandidate], rows: Iterable[MeasureVerdict]
) -> Iterator[tuple[MeasureCandidate, MeasureVerdict | None]]:
    """Answer the proposals about one number, the most alike first, each row once."""

    def about(candidate: MeasureCandidate, row: MeasureVerdict) -> bool:
        return (row.indicator, row.subject) == (candidate.indicator, candidate.subject or "-")

    rows = list(rows)
    free = list(rows)
    answers: dict[int, MeasureVerdict] = {}
    tests = (
        lambda c, r: all(getattr(r, column) == getattr(c, column) for column in _SAID) and about(c, r),
        about,
        lambda c, r: r.indicator == c.indicator,
        lambda c, r: r.verdict == "accept",
        lambda c, r: bool(r.indicator),
    )
    for test in tests:
        for candidate in candidates:
            row = next((r for r in free if id(candidate) not in answers and test(candidate, r)), None)
            if row is not None:
                answers[id(candidate)] = row
                free.remove(row)
    dismissed = next((row for row in rows if not row.indicator), None)
    for candidate in candidates:
        yield candidate, answers.get(id(candidate), dismissed)
