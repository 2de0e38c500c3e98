"""Where in the text a row's name, quote and value stand.

`where` counts occurrences from 1. For an entity these are the occurrences of its name or
any alias (the longest form first where they overlap), in the order of the text; for a
relation or a measure those of its quote. Empty means all.
"""

import re
from collections.abc import Iterable

from kg.model import EntityVerdict, MeasureVerdict, RelationVerdict, Span, Verdict

_NUMBER_CHARACTERS = "0-9０-９.．"


def label_of(name: str) -> str:
    """Give the part of a name before its `#` qualifier."""
    return name.split("#", 1)[0]


def surface_forms(row: EntityVerdict) -> tuple[str, ...]:
    """Give the strings that stand for an entity in the text, longest first."""
    forms = {label_of(row.name), *row.aliases} - {""}
    return tuple(sorted(forms, key=lambda form: (-len(form), form)))


def find_form_spans(text: str, row: EntityVerdict) -> tuple[Span, ...]:
    """Find the occurrences of an entity's own forms that `where` admits."""
    return _admit(find_strings(text, surface_forms(row)), row.where)


def find_strings(text: str, forms: Iterable[str]) -> list[Span]:
    """Find where any of the strings stands: leftmost first, the longest at a place, without overlap."""
    places = []
    for form in forms:
        start = text.find(form)
        while start >= 0:
            places.append((start, -len(form)))
            start = text.find(form, start + 1)
    spans: list[Span] = []
    last = 0
    for start, length in sorted(places):
        if start >= last:
            last = start - length
            spans.append(Span(start=start, end=last, text=text[start:last]))
    return spans


def _admit(spans: list[Span], where: tuple[int, ...]) -> tuple[Span, ...]:
    if not where:
        return tuple(spans)
    return tuple(spans[ordinal - 1] for ordinal in where if ordinal <= len(spans))


def find_mention_spans(text: str, rows: Iterable[EntityVerdict]) -> dict[str, tuple[Span, ...]]:
    """Find the mentions of every accepted entity, by name.

    Where names nest or overlap the longest wins (`南阳` in `南阳站` is no mention), unless
    a person named the occurrence in `where`, or nothing else would be left of the entity.
    """
    accepted = [row for row in rows if row.verdict == "accept"]
    found = {row.name: find_form_spans(text, row) for row in accepted}
    named = {row.name for row in accepted if row.where}
    longest: list[tuple[int, int]] = []
    last = (0, 0)
    spans = sorted({(s.start, s.end) for own in found.values() for s in own}, key=lambda s: (s[0], -s[1]))
    for start, end in spans:
        if start >= last[1] or not longest:
            longest.append((start, end))
            last = (start, end)
        elif end - start > last[1] - last[0]:
            longest[-1] = last = (start, end)
    kept = set(longest)
    mentions = {}
    for name, own in found.items():
        free = tuple(s for s in own if name in named or (s.start, s.end) in kept)
        mentions[name] = free or own
    return mentions


def find_quote_spans(text: str, quote: str, where: tuple[int, ...] = ()) -> tuple[Span, ...]:
    """Find the occurrences of a quote that `where` admits."""
    if not quote:
        return ()
    spans = []
    start = text.find(quote)
    while start >= 0:
        spans.append(Span(start=start, end=start + len(quote), text=quote))
        start = text.find(quote, start + 1)
    return _admit(spans, where)


def find_value_spans(text: str, row: MeasureVerdict) -> tuple[Span, ...]:
    """Find where the numeric expression of a measure stands inside its quotes.

    A value that begins or ends with a digit is not found inside a longer number.
    """
    if not row.value:
        return ()
    pattern = re.escape(row.value)
    if row.value[0].isdecimal():
        pattern = f"(?<![{_NUMBER_CHARACTERS}])" + pattern
    if row.value[-1].isdecimal():
        pattern += f"(?![{_NUMBER_CHARACTERS}])"
    compiled = re.compile(pattern)
    return tuple(
        Span(start=m.start(), end=m.end(), text=row.value)
        for quote in find_quote_spans(text, row.quote, row.where)
        for m in compiled.finditer(text, quote.start, quote.end)
    )


def first_position(row: Verdict, text: str) -> int:
    """Give the place by which a row is sorted: its first occurrence, or the end of the text."""
    if isinstance(row, EntityVerdict):
        spans = find_form_spans(text, row) or find_quote_spans(text, row.quote)
    elif isinstance(row, MeasureVerdict):
        spans = find_value_spans(text, row) or find_quote_spans(text, row.quote, row.where)
    else:
        spans = find_relation_spans(text, row)
    return spans[0].start if spans else len(text)


def find_relation_spans(text: str, row: RelationVerdict) -> tuple[Span, ...]:
    """Find the evidence of a relation."""
    return find_quote_spans(text, row.quote, row.where)
