"""Where words of an old text stand in a new one: found only where nothing else could be meant.

Words are the same if they stand, in order, between the same words; or if they have moved
together with what stands around them. Anything less is doubtful, and a person decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from kg.model import Span
from kg.review.alignment import Alignment

CONTEXT = 32
SIMILAR = 90.0
# Words as long as this are themselves enough where the order of the text is kept.
_LONG = 16
# What must agree around shorter ones: some of it at either side.
_NEAR, _SIDE = 8, 2
# How many characters must agree of words that have moved (at most 16) and around them.
_MOVED = 48
# How much of the paragraph must be the old one: a new one may well cite some words of it.
_PARAGRAPH = 0.6
# Shorter words resemble too much.
_SHORT = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """A stretch of the new text that resembles words that are gone, from 0 to 100."""

    span: Span
    score: float


def context_of(text: str, start: int, end: int) -> tuple[str, str]:
    """Give the 32 characters before and after a stretch."""
    return text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]


def relocate(alignment: Alignment, old: Sequence[Span], new: Sequence[Span]) -> list[int | None]:
    """Find for each occurrence in the old text which of those in the new one it is, or none.

    `old` and `new` are all occurrences of the same words in either text. No two of the old
    are ever found in the same new one.
    """
    places = {(span.start, span.text): index for index, span in enumerate(new)}
    found: list[int | None] = [None] * len(old)
    taken: set[int] = set()
    for index, span in enumerate(old):
        start = alignment.place_of(span.start, span.end)
        place = None if start is None else places.get((start, span.text))
        if place is not None and _is_same(alignment, span, new[place]):
            found[index] = place
            taken.add(place)
    claims: dict[int, list[int]] = {}
    for index, span in enumerate(old):
        if found[index] is None:
            moved = [
                place
                for place, other in enumerate(new)
                if place not in taken and other.text == span.text and _has_moved(alignment, span, other)
            ]
            if len(moved) == 1:
                claims.setdefault(moved[0], []).append(index)
    for place, owners in claims.items():
        if len(owners) == 1:
            found[owners[0]] = place
    return found


def _shared(alignment: Alignment, old: Span, new: Span) -> tuple[int, int]:
    """Count the characters that agree before and after; at the edge of both texts all do."""
    before = _count_common(
        alignment.old[max(0, old.start - CONTEXT) : old.start][::-1],
        alignment.new[max(0, new.start - CONTEXT) : new.start][::-1],
    )
    after = _count_common(
        alignment.old[old.end : old.end + CONTEXT], alignment.new[new.end : new.end + CONTEXT]
    )
    return before, after


def _count_common(a: str, b: str) -> int:
    if a == b:
        return CONTEXT
    return next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def _is_same(alignment: Alignment, old: Span, new: Span) -> bool:
    if alignment.share_kept(*_line_around(alignment.new, new)) < _PARAGRAPH:
        return False
    before, after = _shared(alignment, old, new)
    if len(old.text) >= _LONG:
        return before + after >= _SIDE
    return min(before, after) >= _SIDE and before + after >= _NEAR


def _has_moved(alignment: Alignment, old: Span, new: Span) -> bool:
    before, after = _shared(alignment, old, new)
    if before + after + min(len(old.text), _LONG) < _MOVED or min(before, after) < _SIDE:
        return False
    (a, b), (c, d) = _line_around(alignment.old, old), _line_around(alignment.new, new)
    return fuzz.ratio(alignment.old[a:b], alignment.new[c:d]) >= 100 * _PARAGRAPH


def _line_around(text: str, span: Span) -> tuple[int, int]:
    end = text.find("\n", span.end)
    return text.rfind("\n", 0, span.start) + 1, len(text) if end < 0 else end


def find_similar(new_text: str, quote: str) -> Similar | None:
    """Find the stretch that most resembles a quote, if it does so by 90 of 100."""
    place = new_text.find(quote)
    if place >= 0 and (len(quote) >= _SHORT or new_text.count(quote) == 1):
        return Similar(span=Span(start=place, end=place + len(quote), text=quote), score=100.0)
    if len(quote) < _SHORT or not new_text:
        return None
    found = fuzz.partial_ratio_alignment(quote, new_text, score_cutoff=SIMILAR - 5)
    if found is None:
        return None
    best = max(
        (
            Span(start=start, end=end, text=new_text[start:end])
            for start in range(max(0, found.dest_start - 2), found.dest_start + 3)
            for end in range(found.dest_end - 2, min(len(new_text), found.dest_end + 2) + 1)
            if start < end
        ),
        key=lambda span: (fuzz.ratio(quote, span.text), -span.start, -span.end),
    )
    score = fuzz.ratio(quote, best.text)
    return Similar(span=best, score=round(score, 1)) if score >= SIMILAR else None


def lengthen_quote(text: str, span: Span) -> str:
    """Add words around a stretch until it is the first of its kind in the text."""
    start, end = span.start, span.end
    while text.find(text[start:end]) != start:
        if end < len(text) and text[end] not in "\n。" and end - span.end < CONTEXT:
            end += 1
        elif start > 0:
            start -= 1
        else:
            break
    return text[start:end]
