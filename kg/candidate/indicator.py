"""Indicators: the words that name what a number counts, and the shortest stretch that shows it."""

import re
from collections.abc import Sequence

from kg.candidate.draft import Draft
from kg.model import Period, Span

_BOUNDARY = re.compile(r"[，。；！？,;!?\n：:（(）)]")


def find_indicators(drafts: Sequence[Draft], periods: Sequence[Period]) -> tuple[Span, ...]:
    """Find the indicator of every quantity, in order."""
    return tuple(_find(draft) for draft in drafts)


def _find(draft: Draft) -> Span:
    gap = _BOUNDARY.split(draft.gap)[-1]
    end = draft.quantity.start
    return Span(start=end - len(gap), end=end, text=gap)


def find_evidence(text: str, draft: Draft, indicator: Span) -> Span:
    """The stretch from the indicator to the number, with both."""
    start, end = min(indicator.start, draft.quantity.start), max(indicator.end, draft.quantity.end)
    return Span(start=start, end=end, text=text[start:end])
