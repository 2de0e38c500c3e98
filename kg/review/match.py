"""Which verdict answers which proposal: matched by claim and words, never by offset alone.

An entity is answered by a row of its name (or that has it as an alias), a rejection only
for its own type. A relation is answered by a row of the same claim: a rejection only where
the quotes overlap, for elsewhere the text may well state it. A measure is answered by a row
whose value is its span; where one number has several, each row answers one proposal, and a
dismissed number answers all.
"""

from collections import defaultdict
from collections.abc import Iterator
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


def match_proposal(proposal: Proposal, review: Review) -> Matching:
    """Match every part of a proposal to the row that decided it."""
    text = proposal.document.text
    items = (
        *_match_entities(proposal, review),
        *_match_relations(proposal, review, text),
        *_match_measures(proposal, review, text),
    )
    used = {id(item.row) for item in items if item.row is not None}
    rest = [
        (table, row)
        for table in ("entities", "relations", "measures")
        for row in getattr(review, table)
        if id(row) not in used
    ]
    return Matching(items=items, unproposed=tuple(rest))


def _match_entities(proposal: Proposal, review: Review) -> Iterator[Match]:
    accepted: dict[str, list[EntityVerdict]] = defaultdict(list)
    other: dict[tuple[str, str], EntityVerdict] = {}
    for row in review.entities:
        if row.verdict == "accept":
            for form in {row.name, *surface_forms(row)}:
                accepted[form].append(row)
        else:
            other[label_of(row.name), row.type] = row
    for candidate in proposal.entities:
        rows = accepted.get(candidate.name) or accepted.get(label_of(candidate.name)) or []
        same = [row for row in rows if set(row.type.split("|")) & set(candidate.type.split("|"))]
        rejected = other.get((label_of(candidate.name), candidate.type))
        answer = next(iter(same), rejected or next(iter(rows), None))
        yield Match(table="entities", candidate=candidate, row=answer)


def _match_relations(proposal: Proposal, review: Review, text: str) -> Iterator[Match]:
    names = canonical_names(review)
    claims: dict[tuple[str, str, str], list[RelationVerdict]] = defaultdict(list)
    for row in review.relations:
        claims[claim_of(row.relation, row.subject, row.object, names)].append(row)
    for candidate in proposal.relations:
        rows = claims.get(claim_of(candidate.type, candidate.subject, candidate.object, names), [])
        start, end = candidate.evidence.start, candidate.evidence.end
        here = [
            row
            for row in rows
            if any(s.start < end and start < s.end for s in find_quote_spans(text, row.quote, row.where))
        ]
        here.sort(key=lambda row: row.verdict != "accept")
        stated = [row for row in rows if row.verdict == "accept"]
        yield Match(table="relations", candidate=candidate, row=next(iter(here or stated), None))


def canonical_names(review: Review) -> dict[str, str]:
    """Map every form of an accepted entity that only one has to the entity's name."""
    owners: dict[str, set[str]] = defaultdict(set)
    for row in review.entities:
        if row.verdict == "accept":
            for form in {row.name, *surface_forms(row)}:
                owners[form].add(row.name)
    return {form: next(iter(names)) for form, names in owners.items() if len(names) == 1}


def claim_of(relation: str, subject: str, object_: str, names: dict[str, str]) -> tuple[str, str, str]:
    """Give what a relation claims, its ends by their canonical names and without qualifiers."""
    ends = [label_of(names.get(end, names.get(label_of(end), end))) for end in (subject, object_)]
    return relation, ends[0], ends[1]


def _match_measures(proposal: Proposal, review: Review, text: str) -> Iterator[Match]:
    rows_at: dict[tuple[int, int], list[MeasureVerdict]] = defaultdict(list)
    for row in review.measures:
        for span in find_value_spans(text, row):
            rows_at[span.start, span.end].append(row)
    at: dict[tuple[int, int], list[MeasureCandidate]] = defaultdict(list)
    for candidate in proposal.measures:
        at[candidate.value.start, candidate.value.end].append(candidate)
    answers: dict[int, MeasureVerdict] = {}
    for place, candidates in at.items():
        answers.update(_answer_number(candidates, rows_at.get(place, [])))
    for candidate in proposal.measures:
        yield Match(table="measures", candidate=candidate, row=answers.get(id(candidate)))


def _answer_number(
    candidates: list[MeasureCandidate], rows: list[MeasureVerdict]
) -> dict[int, MeasureVerdict]:
    answers: dict[int, MeasureVerdict] = {}
    free = list(rows)
    tests = (
        lambda c, r: (r.indicator, r.subject) == (c.indicator, c.subject or "-"),
        lambda c, r: r.indicator == c.indicator,
        lambda c, r: r.verdict == "accept",
        lambda c, r: True,
    )
    for test in tests:
        for candidate in candidates:
            row = next((r for r in free if id(candidate) not in answers and test(candidate, r)), None)
            if row is not None:
                answers[id(candidate)] = row
                free.remove(row)
    dismissed = next((row for row in rows if row.verdict == "reject" and not row.indicator), None)
    for candidate in candidates:
        if dismissed is not None:
            answers.setdefault(id(candidate), dismissed)
    return answers
