"""Indicators: the words that name what a number counts, and the shortest stretch that shows it."""

import re
from collections.abc import Sequence
from functools import cache

from kg.candidate.draft import Draft
from kg.mention.context import context_words
from kg.mention.unit import match_unit
from kg.model import Period, Span

_BOUNDARY = re.compile(r"[，。；！？\n：（）“”]|其中")
_LONGEST = 24
# Words before a name of what is counted, and between it and its number.
_LEAD = re.compile(
    r"^(?:[、和及与的了在对以把将由从到使为]|并且?|[一二三四五六七八九]是|[一二三四五六七八九]要|各位代表|全年|当年|年内|今年|明年|去年|累计|共计?|已经?|"
    r"力争|争取|确保|计划|预计|要|继续|加快|推进|全力|着力|进一步|成功|实现|完成|达到|其中|首次|全部|均|总计|合计|同时|目前|现有|现|约)+"
)
_TAIL = re.compile(
    r"(?:达到?了?|为|是|有|到|至|约|近|超过?|突破|完成了?|实现了?|增至|分别|累计|首次|均|各|已|共计?|的|了|将|由|从|稳定在|保持在|控制在|提高到|提升到|"
    r"提升至|提高至|上升到|下降到|降至|增加到|发展到|扩大到|不低于|不少于|高达|仅|现有|拥有|高于|低于|合计|总计|年均)+$"
)
_NOUN = re.compile(r"(?:[以之]?[上下内]的?|左右的?|多|余)?([^，。；！？、\n：（）“”\d的]{2,12})")
_STOP = re.compile(r"[和与及并在被将已为获入列达建开完通全正]|$")
_COUNTED = frozenset({"count", "noun", "people"})
_LIST = re.compile(r"[、和与及]|以及")


def find_indicators(drafts: Sequence[Draft], periods: Sequence[Period]) -> tuple[Span, ...]:
    """Find the indicator of every quantity, in order."""
    times = {period.start: period.end for period in periods}
    found: list[Span] = []
    for place, draft in enumerate(drafts):
        last = found[-1] if place and drafts[place - 1].quantity.end >= draft.sentence.start else None
        found.append(_find(draft, times, last))
    return tuple(found)


def _find(draft: Draft, times: dict[int, int], last: Span | None) -> Span:
    """The words before the number in its clause; else what it counts; else what the last number was about."""
    before = _words_before(draft, times)
    unit = match_unit(draft.quantity.unit, 0)
    counted = unit is not None and unit.kind in _COUNTED
    if counted and (noun := _words_after(draft)):
        return noun
    if before.text:
        return before
    return last or _words_after(draft) or before


def _words_before(draft: Draft, times: dict[int, int]) -> Span:
    end = draft.quantity.start
    gap = draft.gap[-_LONGEST:] if len(draft.gap) > _LONGEST else draft.gap
    start = end - len(_BOUNDARY.split(gap)[-1])
    for begin, finish in times.items() if len(times) < 0 else _times_in(times, start, end):
        if begin >= start and finish <= end:
            start = finish
    words = draft.text[start:end]
    if lead := _LEAD.match(words):
        start += lead.end()
    words = draft.text[start:end]
    if tail := _TAIL.search(words):
        end = start + tail.start()
    return Span(start=start, end=end, text=draft.text[start:end])


def _times_in(times: dict[int, int], start: int, end: int) -> list[tuple[int, int]]:
    return [(place, times[place]) for place in range(start, end) if place in times]


def _words_after(draft: Draft) -> Span | None:
    match = _NOUN.match(draft.text, draft.quantity.end)
    if match is None or match.end() > draft.sentence.end:
        return None
    words = match[1]
    stop = _STOP.search(words, 2)
    if stop:
        words = words[: stop.start()]
    return Span(start=match.start(1), end=match.start(1) + len(words), text=words)


@cache
def _change_words() -> tuple[str, ...]:
    return context_words("change")


def find_evidence(text: str, draft: Draft, indicator: Span) -> Span:
    """The stretch from the indicator to the number, with both, inside the sentence."""
    start, end = draft.quantity.start, draft.quantity.end
    if draft.sentence.start <= indicator.start and indicator.end <= max(draft.sentence.end, end):
        start, end = min(indicator.start, start), max(indicator.end, end)
    return Span(start=start, end=end, text=text[start:end])
