"""Assemble what accepted verdicts state: entities, statements and measures, in a fixed order.

Rejected and unsure rows never become anything here. Entities that a person judged
`same` are one; its key is the smallest of theirs.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from kg.model import (
    Document,
    Entity,
    EntityVerdict,
    Evidence,
    KnowledgeBase,
    Measure,
    MeasureVerdict,
    NamePair,
    RelationVerdict,
    Review,
    Span,
    Statement,
)
from kg.statement.evidence import Witness
from kg.statement.identity import claim_key, entity_key

NOT_STATED = "notStated"
OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A document, its verdicts, and where in the text each row stands.

    `mentions` are keyed by entity name; `quotes` give the evidence of a row, `values`
    the numeric expressions of a measure.
    """

    document: Document
    review: Review
    mentions: Mapping[str, tuple[Span, ...]]
    quotes: Callable[[EntityVerdict | RelationVerdict | MeasureVerdict], tuple[Span, ...]]
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def assemble_statements(readings: Iterable[Reading], pairs: Iterable[NamePair]) -> KnowledgeBase:
    """Assemble the knowledge base of all documents."""
    readings = tuple(readings)
    pairs = tuple(pairs)
    keys = {f"{r.document.id}:{name}": key for r in readings for name, key in _keys_of(r).items()}
    canon = _unite(keys, pairs)
    entities: list[Entity] = []
    statements: list[Statement] = []
    measures: list[Measure] = []
    for reading in readings:
        own = _keys_of(reading)
        witness = Witness(reading.document)
        entities.extend(_assemble_entities(reading, own, witness))
        statements.extend(_assemble_relations(reading, own, witness, canon))
        measures.extend(_assemble_measures(reading, own, witness, canon))
    return KnowledgeBase(
        documents=tuple(sorted((r.document for r in readings), key=lambda d: d.id)),
        entities=_merge_entities(entities, canon),
        statements=_merge_claims(statements),
        measures=_merge_claims(measures),
        pairs=_resolve_pairs(pairs, keys, canon),
    )


def _place_name(document: Document) -> str:
    return document.record.place or document.record.title or document.id


def _keys_of(reading: Reading) -> dict[str, str]:
    """Map each accepted name of a document, and `-` for its place, to an entity key."""
    division = reading.document.record.division
    keys = {
        row.name: entity_key(division, row.type, row.name)
        for row in reading.review.entities
        if row.verdict == "accept"
    }
    place = _place_name(reading.document)
    keys["-"] = next(
        (keys[row.name] for row in _accepted(reading) if place in (row.name, *row.aliases)),
        entity_key(division, "Place", place),
    )
    return keys


def _accepted(reading: Reading) -> Iterator[EntityVerdict]:
    return (row for row in reading.review.entities if row.verdict == "accept")


def _assemble_entities(reading: Reading, keys: Mapping[str, str], witness: Witness) -> Iterator[Entity]:
    record = reading.document.record
    for row in _accepted(reading):
        label = row.name.split("#", 1)[0]
        aliases = {*row.aliases, *reading.aliases.get(row.name, ())} - {label}
        yield Entity(
            key=keys[row.name],
            types=tuple(row.type.split("|")),
            label=label,
            name=row.name,
            aliases=tuple(sorted(aliases)),
            division=record.division,
            documents=(record.id,),
            mentions=tuple(witness.cite(span) for span in reading.mentions.get(row.name, ())),
            evidence=tuple(witness.cite(span) for span in reading.quotes(row)),
            **_signature(row),
            open=row.note.startswith(OPEN),
        )
    if keys["-"] not in {keys[row.name] for row in _accepted(reading)} and _needs_place(reading):
        place = _place_name(reading.document)
        yield Entity(
            key=keys["-"], types=("Place",), label=place, name=place, division=record.division,
            documents=(record.id,),
        )  # fmt: skip


def _needs_place(reading: Reading) -> bool:
    return bool(reading.document.record.place) or any(
        row.subject == "-" and row.verdict == "accept" for row in reading.review.measures
    )


def _signature(row: EntityVerdict | RelationVerdict | MeasureVerdict) -> dict[str, Any]:
    """Who decided a row, when, and what he noted: the same fields in every record."""
    return {
        "notes": (row.note,) if row.note else (),
        "reviewers": (row.reviewer,) if row.reviewer else (),
        "reviewed_on": row.reviewed,
    }


def _assemble_relations(
    reading: Reading, keys: Mapping[str, str], witness: Witness, canon: Mapping[str, str]
) -> Iterator[Statement]:
    for row in reading.review.relations:
        if row.verdict != "accept":
            continue
        subject, object_ = keys.get(row.subject, ""), keys.get(row.object, "")
        raw = (
            row.relation,
            subject or row.subject,
            object_ or row.object,
            row.basis,
            row.modality,
            row.period,
        )
        yield Statement(
            key=claim_key(*raw),
            predicate=row.relation,
            subject=canon.get(subject, subject),
            object=canon.get(object_, object_),
            subject_text="" if subject else row.subject,
            object_text="" if object_ else row.object,
            basis=row.basis,
            modality=row.modality,
            period=row.period,
            evidence=tuple(witness.cite(span) for span in reading.quotes(row)),
            **_signature(row),
        )


def _assemble_measures(
    reading: Reading, keys: Mapping[str, str], witness: Witness, canon: Mapping[str, str]
) -> Iterator[Measure]:
    for row in reading.review.measures:
        if row.verdict != "accept":
            continue
        subject = keys[row.subject]
        kind = row.kind or "level"
        raw = (
            subject, row.indicator, row.value, str(row.low), str(row.high), row.unit, row.comparator,
            kind, row.base, row.modality, row.period,
        )  # fmt: skip
        yield Measure(
            key=claim_key(*raw),
            subject=canon.get(subject, subject),
            indicator=row.indicator,
            value_text=row.value,
            low=row.low,
            high=row.high,
            unit=row.unit,
            comparator=row.comparator,
            kind=kind,
            base=row.base,
            modality=row.modality,
            period=row.period,
            evidence=tuple(witness.cite(span) for span in reading.quotes(row)),
            **_signature(row),
        )


def _unite(keys: Mapping[str, str], pairs: Iterable[NamePair]) -> dict[str, str]:
    """Map every key that a `same` verdict joins to the smallest key of its group."""
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        while parent.get(key, key) != key:
            key = parent[key]
        return key

    for pair in pairs:
        if pair.judgement == "same" and pair.left in keys and pair.right in keys:
            first, second = sorted((root(keys[pair.left]), root(keys[pair.right])))
            parent[second] = first
    return {key: root(key) for key in set(parent) | set(parent.values())}


def _resolve_pairs(
    pairs: Iterable[NamePair], keys: Mapping[str, str], canon: Mapping[str, str]
) -> tuple[NamePair, ...]:
    """Give the pairs by entity key; a pair whose side is in no table (yet) says nothing."""
    resolved = []
    for pair in pairs:
        if pair.left in keys and pair.right in keys:
            left, right = (canon.get(keys[side], keys[side]) for side in (pair.left, pair.right))
            if left != right:
                resolved.append(replace(pair, left=left, right=right))
    return tuple(sorted(resolved, key=lambda p: (p.left, p.right, p.judgement)))


def _merge_entities(entities: Iterable[Entity], canon: Mapping[str, str]) -> tuple[Entity, ...]:
    groups: dict[str, list[Entity]] = defaultdict(list)
    for entity in entities:
        groups[canon.get(entity.key, entity.key)].append(entity)
    return tuple(_merge_group(key, groups[key]) for key in sorted(groups))


def _merge_group(key: str, group: list[Entity]) -> Entity:
    head = next((entity for entity in group if entity.key == key), group[0])
    names = {name for entity in group for name in (entity.label, *entity.aliases)} - {head.label}
    return replace(
        head,
        key=key,
        types=_join(entity.types for entity in group),
        aliases=tuple(sorted(names)),
        documents=tuple(sorted({d for entity in group for d in entity.documents})),
        mentions=_order_evidence(entity.mentions for entity in group),
        evidence=_order_evidence(entity.evidence for entity in group),
        notes=_join(entity.notes for entity in group),
        reviewers=_join(entity.reviewers for entity in group),
        reviewed_on=max(entity.reviewed_on for entity in group),
        open=any(entity.open for entity in group),
    )


Claim = TypeVar("Claim", Statement, Measure)


def _merge_claims(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Make one claim of those that say the same; its key is the smallest of theirs."""
    groups: dict[object, list[Claim]] = defaultdict(list)
    for claim in claims:
        said = replace(claim, key="", evidence=(), notes=(), reviewers=(), reviewed_on="")
        groups[said].append(claim)
    merged = [
        replace(
            group[0],
            key=min(claim.key for claim in group),
            evidence=_order_evidence(claim.evidence for claim in group),
            notes=_join(claim.notes for claim in group),
            reviewers=_join(claim.reviewers for claim in group),
            reviewed_on=max(claim.reviewed_on for claim in group),
        )
        for group in groups.values()
    ]
    return tuple(sorted(merged, key=lambda claim: claim.key))


def _join(values: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for group in values for value in group))


def _order_evidence(groups: Iterable[Iterable[Evidence]]) -> tuple[Evidence, ...]:
    every = {(e.document, e.start, e.end): e for group in groups for e in group}
    return tuple(every[place] for place in sorted(every))
