"""How far two readings of one document agree: F1 of what they found, kappa and alpha of what they call it.

Things are paired before they are compared: entities by name, then by a shared form;
relations by what they join; measures by the span of their value. What is counted is
what both *accepted*, except that a number may also be rejected by both.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from kg.model import ENTITY_TYPES, Document, EntityVerdict, MeasureVerdict, RelationVerdict, Review, Verdict
from kg.review.occurrence import (
    find_mention_spans,
    find_quote_spans,
    find_value_spans,
    label_of,
    surface_forms,
)

Row = TypeVar("Row", EntityVerdict, RelationVerdict, MeasureVerdict)
Pair = tuple[Row, Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How many of a kind both readings have, and how many only one of them."""

    name: str
    both: int
    only_a: int
    only_b: int

    @property
    def f1(self) -> float:
        total = 2 * self.both + self.only_a + self.only_b
        return 2 * self.both / total if total else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Agreement on one field of the things both readings have.

    `kappa` (Cohen) and `alpha` (Krippendorff, nominal) are `None` where only one value
    was ever used: then there is nothing that chance could have got wrong.
    """

    name: str
    items: int
    equal: int
    kappa: float | None
    alpha: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing on which the readings differ. `a` and `b` say what each has, or are empty."""

    table: str
    kind: str
    a: str
    b: str
    quote: str
    start: int
    row_a: Verdict | None = None
    row_b: Verdict | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """The whole comparison, differences in the order of the text."""

    document: str
    scores: tuple[Score, ...]
    judgements: tuple[Judgement, ...]
    differences: tuple[Difference, ...]


def compare_reviews(document: Document, a: Review, b: Review) -> Agreement:
    """Compare two readings of one document."""
    entities = pair_entities(_accepted(a.entities), _accepted(b.entities))
    names = {right.name: left.name for left, right in entities if left and right}
    relations = pair_relations(_accepted(a.relations), _accepted(b.relations), names)
    measures = pair_measures(document.text, a.measures, b.measures, names)
    scores = (
        *_score_entities(document.text, entities, a, b),
        _score("relations", relations),
        *_score_types(relations, "relation"),
        *_score_measures(measures),
    )
    judgements = (
        _judge("entity type", entities, lambda row: row.type),
        _judge("relation modality", relations, lambda row: row.modality),
        _judge("relation period", relations, lambda row: row.period),
        _judge("number verdict", measures, lambda row: row.verdict),
        *(
            _judge(f"measure {field}", _both_accept(measures), partial(_cell_of, field))
            for field in ("modality", "comparator", "period", "kind", "unit")
        ),
        _judge("measure subject", _both_accept(measures), lambda row: names.get(row.subject, row.subject)),
    )
    differences = [
        *_list_differences(document.text, "entities", entities, ("type",)),
        *_list_differences(document.text, "relations", _rename_ends(relations, names), _RELATION_FIELDS),
        *_list_differences(
            document.text,
            "measures",
            [(_rename(left), _rename(right, names)) for left, right in measures],
            _MEASURE_FIELDS,
        ),
    ]
    differences.sort(key=lambda d: (d.start, d.table, d.kind, d.a, d.b))
    return Agreement(
        document=document.id, scores=scores, judgements=judgements, differences=tuple(differences)
    )


_RELATION_FIELDS = ("object", "modality", "period")
_MEASURE_FIELDS = (
    "verdict", "subject", "indicator", "low", "high", "unit", "comparator", "kind", "modality", "period"
)  # fmt: skip


def _accepted(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row.verdict == "accept"]


Paired = list[tuple[Row | None, Row | None]]


def _pair(
    left: Sequence[Row], right: Sequence[Row], *keys: Callable[[Row, bool], Iterable[Hashable]]
) -> Paired[Row]:
    """Pair rows one to one that share a key, trying the keys in turn; the rest stay alone.

    A key is told whether the row is of the second reading.
    """
    found: Paired[Row] = []
    free: list[Row] = list(left)
    others: list[Row] = list(right)
    for key in keys:
        places: dict[Hashable, list[Row]] = {}
        for row in others:
            for value in key(row, True):
                places.setdefault(value, []).append(row)
        rest: list[Row] = []
        taken: set[int] = set()
        for row in free:
            match = next((r for v in key(row, False) for r in places.get(v, ()) if id(r) not in taken), None)
            if match is None:
                rest.append(row)
            else:
                taken.add(id(match))
                found.append((row, match))
        free, others = rest, [row for row in others if id(row) not in taken]
    found.extend((row, None) for row in free)
    found.extend((None, row) for row in others)
    return found


def pair_entities(a: Sequence[EntityVerdict], b: Sequence[EntityVerdict]) -> Paired[EntityVerdict]:
    """Pair the entities of two readings: by full name, by label and type, by any shared form."""
    return _pair(
        a,
        b,
        lambda row, _: [row.name],
        lambda row, _: [(label_of(row.name), row.type)],
        lambda row, _: [(form, row.type) for form in surface_forms(row)],
        lambda row, _: surface_forms(row),
    )


def pair_relations(
    a: Sequence[RelationVerdict], b: Sequence[RelationVerdict], names: dict[str, str]
) -> Paired[RelationVerdict]:
    """Pair the relations that join the same two things, the names of `b` read as those of `a`."""

    def claim(row: RelationVerdict, foreign: bool) -> tuple[str, str, str]:
        ends = (names.get(end, end) if foreign else end for end in (row.subject, row.object))
        subject, object_ = ends
        return row.relation, subject, object_

    return _pair(
        a,
        b,
        lambda row, foreign: [(*claim(row, foreign), row.quote, row.period)],
        lambda row, foreign: [(*claim(row, foreign), row.period)],
        lambda row, foreign: [claim(row, foreign)],
        lambda row, foreign: [(*claim(row, foreign)[:2], row.quote)],  # the object said in other words
    )


def pair_measures(
    text: str, a: Sequence[MeasureVerdict], b: Sequence[MeasureVerdict], names: dict[str, str]
) -> Paired[MeasureVerdict]:
    """Pair the rows whose value is the same span of the text."""

    def spans(row: MeasureVerdict) -> list[tuple[int, int]]:
        return [(span.start, span.end) for span in find_value_spans(text, row)]

    def about(row: MeasureVerdict, foreign: bool) -> list[Hashable]:
        subject = names.get(row.subject, row.subject) if foreign else row.subject
        return [(*span, row.verdict, subject, row.indicator) for span in spans(row)]

    return _pair(
        a,
        b,
        about,
        lambda row, _: [(*span, row.verdict, row.indicator) for span in spans(row)],
        lambda row, _: [(*span, row.verdict, row.low, row.high) for span in spans(row)],
        lambda row, _: spans(row),
    )


def _score(name: str, pairs: Paired[Row]) -> Score:
    return Score(
        name=name,
        both=sum(bool(left and right) for left, right in pairs),
        only_a=sum(right is None for _, right in pairs),
        only_b=sum(left is None for left, _ in pairs),
    )


def _score_types(pairs: Paired[Row], field: str) -> Iterator[Score]:
    used = sorted({getattr(row, field) for pair in pairs for row in pair if row})
    for value in used:
        both = only_a = only_b = 0
        for left, right in pairs:
            has = [row is not None and getattr(row, field) == value for row in (left, right)]
            both += has == [True, True]
            only_a += has == [True, False]
            only_b += has == [False, True]
        yield Score(name=f"{field}:{value}", both=both, only_a=only_a, only_b=only_b)


def _score_entities(text: str, pairs: Paired[EntityVerdict], a: Review, b: Review) -> Iterator[Score]:
    yield _score("entities (name)", pairs)
    typed: Counter[tuple[str, int]] = Counter()
    for left, right in pairs:
        kinds = [set(row.type.split("|")) if row else set() for row in (left, right)]
        for kind in kinds[0] | kinds[1]:
            typed[kind, 0 if kind in kinds[0] & kinds[1] else 1 if kind in kinds[0] else 2] += 1
    both, only_a, only_b = (sum(typed[kind, place] for kind in ENTITY_TYPES) for place in range(3))
    yield Score(name="entities (name and type)", both=both, only_a=only_a, only_b=only_b)
    for kind in ENTITY_TYPES:
        both, only_a, only_b = (typed[kind, place] for place in range(3))
        if both + only_a + only_b:
            yield Score(name=f"type:{kind}", both=both, only_a=only_a, only_b=only_b)
    spans = [
        {(s.start, s.end) for own in find_mention_spans(text, side.entities).values() for s in own}
        for side in (a, b)
    ]
    yield Score(
        name="mentions (span)",
        both=len(spans[0] & spans[1]),
        only_a=len(spans[0] - spans[1]),
        only_b=len(spans[1] - spans[0]),
    )


def _score_measures(pairs: Paired[MeasureVerdict]) -> Iterator[Score]:
    stated: Paired[MeasureVerdict] = []
    for left, right in pairs:
        sides = [row if row and row.verdict == "accept" else None for row in (left, right)]
        if any(sides):
            stated.append((sides[0], sides[1]))
    yield _score("measures (span)", stated)
    amounts: Paired[MeasureVerdict] = []
    for left, right in stated:
        if left and right and _amount(left) != _amount(right):
            amounts.extend(((left, None), (None, right)))
        else:
            amounts.append((left, right))
    yield _score("measures (span and amount)", amounts)


def _amount(row: MeasureVerdict) -> tuple[object, ...]:
    return row.low, row.high, row.unit


def _both_accept(pairs: Paired[MeasureVerdict]) -> Paired[MeasureVerdict]:
    return [(a, b) for a, b in pairs if a and b and a.verdict == b.verdict == "accept"]


def _cell(row: Verdict, field: str) -> str:
    value = getattr(row, field)
    return "level" if field == "kind" and not value else "" if value is None else str(value)


def _cell_of(field: str, row: Verdict) -> str:
    return _cell(row, field)


def _judge(name: str, pairs: Paired[Row], value: Callable[[Row], str]) -> Judgement:
    values = [(value(left), value(right)) for left, right in pairs if left and right]
    return Judgement(
        name=name,
        items=len(values),
        equal=sum(a == b for a, b in values),
        kappa=measure_kappa(values),
        alpha=measure_alpha(values),
    )


def measure_kappa(values: Sequence[tuple[str, str]]) -> float | None:
    """Measure Cohen's kappa of two raters; `None` where chance alone explains everything."""
    if not values:
        return None
    count = len(values)
    observed = sum(a == b for a, b in values) / count
    left, right = Counter(a for a, _ in values), Counter(b for _, b in values)
    expected = sum(left[value] * right[value] for value in left) / count**2
    return None if expected == 1 else (observed - expected) / (1 - expected)


def measure_alpha(values: Sequence[tuple[str, str]]) -> float | None:
    """Measure Krippendorff's alpha (nominal, two raters, no gaps)."""
    if not values:
        return None
    pooled = Counter(value for pair in values for value in pair)
    count = sum(pooled.values())
    disagreed = 2 * sum(a != b for a, b in values) / count
    expected = 1 - sum(n * (n - 1) for n in pooled.values()) / (count * (count - 1))
    return None if expected == 0 else 1 - disagreed / expected


def _rename(row: MeasureVerdict | None, names: dict[str, str] | None = None) -> MeasureVerdict | None:
    if row is None:
        return None
    return replace(row, subject=(names or {}).get(row.subject, row.subject), kind=row.kind or "level")


def _rename_ends(pairs: Paired[RelationVerdict], names: dict[str, str]) -> Paired[RelationVerdict]:
    return [
        (left, right and replace(right, object=names.get(right.object, right.object)))
        for left, right in pairs
    ]


def describe_row(row: Verdict) -> str:
    """Put a row into a few words."""
    if isinstance(row, EntityVerdict):
        return f"{row.name} [{row.type}]"
    if isinstance(row, RelationVerdict):
        return f"{row.subject} —{row.relation}→ {row.object}"
    if row.verdict == "reject":
        return f"{row.value} ✗ {row.note}"
    return f"{row.subject} · {row.indicator} · {row.value}"


def _list_differences(
    text: str, table: str, pairs: Paired[Row], fields: Iterable[str]
) -> Iterator[Difference]:
    fields = tuple(fields)
    for left, right in pairs:
        row = left or right
        assert row is not None
        spans = find_quote_spans(text, row.quote, () if isinstance(row, EntityVerdict) else row.where)
        start = spans[0].start if spans else len(text)
        if left is None or right is None:
            kind = "only in A" if left else "only in B"
            yield Difference(
                table=table, kind=kind, a=describe_row(left) if left else "",
                b=describe_row(right) if right else "", quote=row.quote, start=start,
                row_a=left, row_b=right,
            )  # fmt: skip
            continue
        if table == "measures" and left.verdict == right.verdict == "reject":
            continue
        unequal = [field for field in fields if _cell(left, field) != _cell(right, field)]
        if unequal:
            told = [" · ".join(f"{f}={_cell(side, f)}" for f in unequal) for side in (left, right)]
            yield Difference(
                table=table, kind=",".join(unequal), a=f"{describe_row(left)} ({told[0]})",
                b=f"{describe_row(right)} ({told[1]})", quote=row.quote, start=start,
                row_a=left, row_b=right,
            )  # fmt: skip
