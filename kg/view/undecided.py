"""The verdicts that made no statement: what a person rejected, and what is still open."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg.model import Document, EntityVerdict, MeasureVerdict, RelationVerdict, Review, Span, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """A rejected or unsure row, with the words of the text it is about and their sentence."""

    verdict: str
    table: str
    claim: str
    document: str
    words: Span | None
    sentence: Span | None
    note: str
    reviewer: str
    reviewed: str


def find_undecided(documents: Sequence[Document], reviews: Iterable[Review]) -> tuple[Undecided, ...]:
    """List the rows of reviews that are not accepted, in the order of the tables."""
    texts = {document.id: document for document in documents}
    return tuple(
        _describe(verdict, table, texts[review.document])
        for review in reviews
        if review.document in texts
        for table, verdicts in _tables(review)
        for verdict in verdicts
        if verdict.verdict != "accept"
    )


def _tables(review: Review) -> Iterable[tuple[str, tuple[Verdict, ...]]]:
    return (("entity", review.entities), ("relation", review.relations), ("measure", review.measures))


def _describe(verdict: Verdict, table: str, document: Document) -> Undecided:
    words = _locate(document.text, verdict.quote or _name(verdict), verdict.where)
    sentence = next((s for s in document.sentences if words and s.start <= words.start < s.end), words)
    return Undecided(
        verdict=verdict.verdict,
        table=table,
        claim=_claim(verdict),
        document=document.id,
        words=words,
        sentence=sentence,
        note=verdict.note,
        reviewer=verdict.reviewer,
        reviewed=verdict.reviewed,
    )


def _name(verdict: Verdict) -> str:
    match verdict:
        case EntityVerdict():
            return verdict.name.partition("#")[0]
        case MeasureVerdict():
            return verdict.value
        case RelationVerdict():
            return verdict.subject.partition("#")[0]


def _claim(verdict: Verdict) -> str:
    match verdict:
        case EntityVerdict():
            return f"{verdict.name}（{verdict.type}）"
        case MeasureVerdict():
            return " · ".join(part for part in (verdict.subject, verdict.indicator, verdict.value) if part)
        case RelationVerdict():
            return f"{verdict.subject} {verdict.relation} {verdict.object}"


def _locate(text: str, words: str, where: tuple[int, ...]) -> Span | None:
    """Find the first occurrence meant: the text of a verdict is verbatim, its place an ordinal."""
    if not words:
        return None
    start = -1
    for _ in range(min(where, default=1)):
        start = text.find(words, start + 1)
        if start < 0:
            return None
    return Span(start=start, end=start + len(words), text=words)
