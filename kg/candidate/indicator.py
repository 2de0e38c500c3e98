"""Indicators: the words that name what a number counts, and the shortest stretch that shows it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from kg.candidate.draft import Draft
from kg.candidate.respective import Share
from kg.mention.unit import match_unit
from kg.model import Mention, Period, Span

_BOUNDARY = re.compile(r"[，。；！？\n：（）]|其中")
_BASE = re.compile(
    r"分别|(?:同比|环比)(?:分别|[均各又再])*|"
    r"[比较][^比较分]{1,12}?(?:分别|[均各又再])*(?=增|减|下|上|提|降|年均|净|扩|缩|改)"
)
_NOUN = re.compile(r"[^，。；！？、\n：（）“”的]{2,14}")
_STOP = re.compile(r"[和与及并在被将已为获入列达建开完通由全总]|分别")
_CLASS_NOUN = re.compile(r"[0-9.]+[十百千万亿]+元?(?:级|以上)")
_LONGEST = 26
_MEASURED = frozenset("率额量数")
_COUNTED = frozenset({"count", "noun", "people"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """The words of an indicator and the stretch of the text they were taken from."""

    words: str
    span: Span


@cache
def _words(place: str) -> tuple[str, ...]:
    text = (files("kg.candidate") / "rules" / "indicator.tsv").read_text(encoding="utf-8")
    rows = dict(line.split("\t") for line in text.split("\n") if line and not line.startswith("#"))
    return tuple(sorted(rows[place].split(), key=lambda word: (-len(word), word)))


@cache
def _edges() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    lead, tail, before = ("|".join(_words(place)) for place in ("lead", "tail", "before-noun"))
    return re.compile(rf"(?:{lead})+"), re.compile(rf"(?:{tail})+$"), re.compile(rf"(?:{before})?")


def find_indicators(
    drafts: Sequence[Draft],
    periods: Sequence[Period],
    shares: Mapping[int, Share] | None = None,
    names: Mapping[int, Mention] | None = None,
) -> tuple[Indicator, ...]:
    """Find the indicator of every quantity, in order.

    `shares` are the numbers of rows that are told one by one of a list, `names` those of them that
    are about a name.
    """
    times = {period.start: period.end for period in periods}
    found: list[Indicator] = []
    for place, draft in enumerate(drafts):
        last = found[-1] if place and drafts[place - 1].quantity.end > draft.sentence.start else None
        indicator = _find(draft, times, last)
        if shares and place in shares:
            indicator = _find_shared(shares[place], place, indicator, found, names or {})
        found.append(indicator)
    return tuple(found)


def _find_shared(
    share: Share,
    place: int,
    indicator: Indicator,
    found: Sequence[Indicator],
    names: Mapping[int, Mention],
) -> Indicator:
    """The item of the list, without the name that the number is about, with what is said of all items."""
    lead, tail, _ = _edges()
    verb = _BASE.sub("", share.verb or share.rest)
    verb = tail.sub("", lead.sub("", verb, count=1))
    if share.echo is not None:
        return replace(indicator, words=f"{found[share.echo].words}{verb}"[:_LONGEST])
    item = share.item
    assert item is not None
    if place in names:
        own = _after(item.text, names[place]) or _after(share.last, names[share.first + share.count - 1])
    else:
        own = item.text[opening.end() :] if (opening := lead.match(item.text)) else item.text
        own += _tell_shared(own, share.last)
    return Indicator(words=_BASE.sub("", f"{own}{verb}")[:_LONGEST] or indicator.words, span=item)


def _find(draft: Draft, times: dict[int, int], last: Indicator | None) -> Indicator:
    """The noun a count stands before; else the words before the number; else what the last one was about."""
    quantity = draft.quantity
    unit = match_unit(quantity.unit, 0)
    floor = last.span.end if last is not None else 0
    before, after = _words_before(draft, times, floor), _words_after(draft)
    if after is not None and ((unit is not None and unit.kind in _COUNTED) or quantity.kind == "class"):
        return _indicator(after)
    words = _BASE.sub("", before.text)
    bare = before.text in _words("verb") or words in _words("verb")
    if words and not bare:
        return Indicator(words=words, span=before)
    if last is not None and (quantity.kind == "change" or not words):
        return Indicator(words=f"{last.words}{words}"[:_LONGEST], span=before)
    if after is not None and (bare or not words):
        return _indicator(after)
    return Indicator(words=words, span=before)


def _tell_shared(own: str, last: str) -> str:
    """What the last item of a list names of all and this one leaves out (`煤炭、钢铁产量`)."""
    shared = _words("shared")
    if own[-1:] in _MEASURED or own.endswith(shared):
        return ""
    return next((word for word in shared if last.endswith(word) and not own.endswith(word[:2])), "")


def _after(item: str, name: Mention) -> str:
    return item.rpartition(name.text)[2].strip("“”")


def _indicator(span: Span) -> Indicator:
    return Indicator(words=span.text, span=span)


def _words_before(draft: Draft, times: dict[int, int], floor: int) -> Span:
    """The words between the last mark and the number, without time, verbs and comparing words at the ends."""
    lead, tail, _ = _edges()
    text, end = draft.text, draft.quantity.start
    gap = draft.gap[-_LONGEST:]
    start = min(end, max(floor, end - len(_BOUNDARY.split(gap)[-1])))
    for _ in range(3):
        if match := lead.match(text, start, end):
            start = match.end()
        if start in times and times[start] <= end:
            start = times[start]
    if match := tail.search(text, start, end):
        end = match.start()
    return Span(start=start, end=end, text=text[start:end])


def _words_after(draft: Draft) -> Span | None:
    """The noun behind the number: up to a mark, a 的 or a word that begins the verb."""
    _, _, before = _edges()
    text = draft.text
    opening = before.match(text, draft.quantity.end)
    start = opening.end() if opening else draft.quantity.end
    match = _NOUN.match(text, start, draft.sentence.end)
    if match is None:
        return None
    if match.group()[0].isdigit() and not _CLASS_NOUN.match(match.group()):
        return None
    stop = _STOP.search(text, start + 2, match.end())
    end = stop.start() if stop else match.end()
    return Span(start=start, end=end, text=text[start:end])


def find_evidence(text: str, draft: Draft, indicator: Indicator) -> Span:
    """The stretch from the indicator to the number, with both, inside the sentence."""
    start, end, words = draft.quantity.start, draft.quantity.end, indicator.span
    if draft.sentence.start <= words.start and words.end <= max(draft.sentence.end, end):
        start, end = min(words.start, start), max(words.end, end)
    return Span(start=start, end=end, text=text[start:end])
