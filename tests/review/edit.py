"""Random edits of a text that remember where every character comes from."""

import random
import re
from collections.abc import Sequence

from kg.model import EntityVerdict, Review, Span, Verdict
from kg.review.occurrence import find_form_spans, find_quote_spans, find_strings, surface_forms

# A text whose every character has the offset it had in the old text, or None.
Traced = list[tuple[str, int | None]]


def edit_text(text: str, review: Review, seed: int, edits: int = 12) -> tuple[str, list[int | None]]:
    """Insert, delete, reword, move and copy paragraphs and sentences; give the text and its origins.

    What is inserted is made of the review's own quotes and names, the worst case for whoever
    looks for them afterwards.
    """
    chance = random.Random(seed)
    rows = (*review.entities, *review.relations, *review.measures)
    paragraphs: list[Traced] = []
    for match in re.finditer(r"[^\n]*\n|[^\n]+$", text):
        paragraphs.append([(c, match.start() + i) for i, c in enumerate(match.group())])
    for _ in range(edits):
        kind = chance.choice(("insert", "insert", "delete", "reword", "reword", "cut", "move", "copy"))
        place = chance.randrange(len(paragraphs))
        while not "".join(c for c, _ in paragraphs[place]).strip():
            place = chance.randrange(len(paragraphs))
        _edit(paragraphs, place, kind, rows, chance)
    traced = [pair for paragraph in paragraphs for pair in paragraph]
    return "".join(c for c, _ in traced), [origin for _, origin in traced]


def _edit(
    paragraphs: list[Traced], place: int, kind: str, rows: Sequence[Verdict], chance: random.Random
) -> None:
    paragraph = paragraphs[place]
    if kind == "insert":
        pieces = [chance.choice(rows).quote for _ in range(3)]
        words = chance.choice(("另据介绍,", "同时,", "此前,")) + ",并且".join(pieces) + "。\n"
        paragraphs.insert(place, [(c, None) for c in words])
    elif kind == "delete" and len(paragraphs) > 3:
        del paragraphs[place]
    elif kind == "move":
        paragraphs.insert(chance.randrange(len(paragraphs)), paragraphs.pop(place))
    elif kind == "copy":
        paragraphs.insert(chance.randrange(len(paragraphs)), list(paragraph))
    elif kind == "cut":
        start = chance.randrange(len(paragraph))
        end = next((i for i in range(start + 1, len(paragraph)) if paragraph[i][0] in "。,;"), len(paragraph))
        del paragraph[start : min(end, len(paragraph) - 1)]
    elif kind == "reword":
        for _ in range(1 + len(paragraph) // 60):
            start = chance.randrange(max(1, len(paragraph) - 1))
            length = chance.randrange(0, 4)
            words = chance.choice(("", "的", "进一步", "有关", "1", "不", "等"))
            paragraph[start : min(start + length, len(paragraph) - 1)] = [(c, None) for c in words]


def claimed_spans(text: str, row: Verdict) -> list[Span]:
    """List the stretches of a text that a row ties itself to.

    An entity without ordinals speaks of its name wherever it stands: that ties it to no place.
    """
    if not isinstance(row, EntityVerdict):
        return list(find_quote_spans(text, row.quote, row.where))
    return [*find_quote_spans(text, row.quote)[:1], *(find_form_spans(text, row) if row.where else ())]


def find_strays(
    old: str, new: str, origins: Sequence[int | None], before: Verdict, after: Verdict
) -> list[Span]:
    """List the stretches of the new text that a row is tied to and that do not come from its own."""
    own = {(span.start, span.end) for span in claimed_spans(old, before)}
    if isinstance(before, EntityVerdict):
        spans = find_strings(old, surface_forms(before))
        chosen = {ordinal - 1 for ordinal in before.where} or set(range(len(spans)))
        own |= {(span.start, span.end) for i, span in enumerate(spans) if i in chosen}
    return [span for span in claimed_spans(new, after) if not _holds_one(origins[span.start : span.end], own)]


def _holds_one(origins: Sequence[int | None], own: set[tuple[int, int]]) -> bool:
    """Tell whether a stretch holds, in one piece, one of the row's own old stretches."""
    places = {origin: index for index, origin in enumerate(origins) if origin is not None}
    return any(
        start in places
        and list(origins[places[start] : places[start] + end - start]) == list(range(start, end))
        for start, end in own
    )
