"""Relations: what the sentences say about two names, with the words that say it."""

import re

from kg.candidate.entity import propose_entities
from kg.model import Document, Mention, RelationCandidate, Span

_LED = re.compile(r"(?:等)?(?:企业|公司)?为(?P<basis>龙头|骨干|引领|主体)(?:企业)?的")


def propose_relations(document: Document, mentions: tuple[Mention, ...]) -> tuple[RelationCandidate, ...]:
    """Propose relations between the entities of a document, in the order of the text."""
    names = {
        (mention.start, mention.end): entity.name
        for entity in propose_entities(document, mentions)
        for mention in entity.mentions
    }
    ordered = sorted(mentions, key=lambda mention: (mention.start, -mention.end))
    found: dict[tuple[str, str, str], RelationCandidate] = {}
    for left, right in zip(ordered, ordered[1:], strict=False):
        relation = _led(document.text, left, right, names)
        if relation is not None:
            found.setdefault((relation.type, relation.subject, relation.object), relation)
    return tuple(found.values())


def _led(
    text: str, left: Mention, right: Mention, names: dict[tuple[int, int], str]
) -> RelationCandidate | None:
    if left.type != "Enterprise" or right.type != "Industry":
        return None
    match = _LED.fullmatch(text, left.end, right.start)
    if match is None:
        return None
    return RelationCandidate(
        type="anchors",
        subject=names[left.start, left.end],
        object=names[right.start, right.end],
        basis=match["basis"],
        modality="actual",
        evidence=Span(start=left.start, end=right.end, text=text[left.start : right.end]),
        confidence=0.8,
    )
