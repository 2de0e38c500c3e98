"""Errors: every false and every missed item with its sentence, the fastest way to improve."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.evaluation.gold import RELATIONS, Gold
from kg.evaluation.score import ATTRIBUTES, canonical_names, first_type, match_measures, resolve_relation
from kg.model import Document, Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class Error:
    """A proposal that is wrong (`false`) or a fact that was not proposed (`missed`)."""

    document: str
    what: str
    which: str
    verdict: str
    item: str
    sentence: str
    confidence: float | None = None


def find_errors(pairs: Iterable[tuple[Gold, Proposal]]) -> Iterator[Error]:
    """List the errors of mentions, relations, measures and their attributes, document by document."""
    for gold, proposal in pairs:
        yield from _mention_errors(gold, proposal)
        yield from _relation_errors(gold, proposal)
        yield from _measure_errors(gold, proposal)


def quote_sentence(document: Document, start: int, end: int) -> str:
    """The sentence around a span, the span in 【】."""
    sentences = document.sentences
    place = bisect_right([sentence.start for sentence in sentences], start) - 1
    left, right = max(0, start - 60), min(len(document.text), end + 60)
    if place >= 0:
        left, right = max(left, sentences[place].start), min(right, max(end, sentences[place].end))
    text = document.text
    return re.sub(r"\s+", " ", f"{text[left:start]}【{text[start:end]}】{text[end:right]}")


def _mention_errors(gold: Gold, proposal: Proposal) -> Iterator[Error]:
    document = gold.document
    wanted = {(m.start, m.end, m.type) for m in gold.mentions}
    found = {
        (m.start, m.end, kind): m.confidence
        for entity in proposal.entities
        if (kind := first_type(entity.type)) is not None
        for m in entity.mentions
    }
    for verdict, spans in (("false", found.keys() - wanted), ("missed", wanted - found.keys())):
        for start, end, kind in sorted(spans):
            yield Error(
                document=document.id,
                what="mention",
                which=kind,
                verdict=verdict,
                item=document.text[start:end],
                sentence=quote_sentence(document, start, end),
                confidence=found.get((start, end, kind)),
            )


def _relation_errors(gold: Gold, proposal: Proposal) -> Iterator[Error]:
    names = canonical_names(gold)
    document = gold.document
    wanted = {(r.type, r.subject, r.object): r.quote for r in gold.relations}
    found = {resolve_relation(r, names): r for r in proposal.relations if r.type in RELATIONS}
    for key in sorted(found.keys() - wanted.keys()):
        relation = found[key]
        sentence = quote_sentence(document, relation.evidence.start, relation.evidence.end)
        yield Error(
            document=document.id, what="relation", which=key[0], verdict="false",
            item=f"{key[1]} → {key[2]}", sentence=sentence, confidence=relation.confidence,
        )  # fmt: skip
    for key in sorted(wanted.keys() - found.keys()):
        yield Error(
            document=document.id, what="relation", which=key[0], verdict="missed",
            item=f"{key[1]} → {key[2]}", sentence=wanted[key],
        )  # fmt: skip


def _measure_errors(gold: Gold, proposal: Proposal) -> Iterator[Error]:
    document = gold.document
    pairs = match_measures(gold, proposal, canonical_names(gold))
    matched = {id(measure) for measure, _, _ in pairs}, {id(candidate) for _, candidate, _ in pairs}
    for candidate in proposal.measures:
        if id(candidate) not in matched[1]:
            yield Error(
                document=document.id, what="measure", which="value", verdict="false",
                item=f"{candidate.value.text} = {candidate.low} {candidate.high} {candidate.unit}",
                sentence=quote_sentence(document, candidate.value.start, candidate.value.end),
                confidence=candidate.confidence,
            )  # fmt: skip
    for measure in gold.measures:
        if id(measure) not in matched[0]:
            yield Error(
                document=document.id, what="measure", which="value", verdict="missed",
                item=f"{measure.indicator} = {measure.low} {measure.high} {measure.unit}",
                sentence=measure.quote,
            )  # fmt: skip
    for measure, candidate, flags in pairs:
        for name, flag in zip(ATTRIBUTES, flags, strict=True):
            if not flag:
                yield Error(
                    document=document.id, what="measure", which=name, verdict="false",
                    item=f"{candidate.value.text}: {getattr(candidate, name)} ≠ {getattr(measure, name)}",
                    sentence=quote_sentence(document, candidate.value.start, candidate.value.end),
                    confidence=candidate.confidence,
                )  # fmt: skip
