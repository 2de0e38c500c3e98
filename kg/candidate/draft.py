"""Drafts: a quantity with everything around it that decides what it measures."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from kg.candidate.passage import Passage, find_passages, holds
from kg.mention.numeral import narrow_text
from kg.mention.period import suggest_anchor_year
from kg.model import Document, Period, Quantity

_CLAUSE = re.compile(r"[，。；！？,;!?\n：]")
_RANGE = re.compile(r"(\d{4})-(\d{4})$")
_LONGEST_SENTENCE = 400
_LONGEST_HEADLINE = 40
_LONGEST_CLAUSE = 80
_LONGEST_GAP = 120
_AHEAD = re.compile(
    r"[，。；：、](?:要|力争|确保|争取|全力|加快|深入|着力)|[一二三四五六]要|必须|预计|有望|到20[0-9]{2}年"
    r"|计划|将(?![军领士])|拟|概算|(?:建成|投产|达产|完工)后|给予"
)
_BACK = re.compile(r"已|同比|了|完成|实现|达到|增长|荣获|位居|累计|成功")
# Half-width marks of a Chinese text as full-width ones, so that the models know them.
_MARKS = str.maketrans(",;:()!?", "，；：（）！？")
# What the labels of the period model stand for: where the value is taken from.
SOURCES = (
    *("sentence", "sentence-end", "sentence-year", "previous"),
    *("passage", "passage-end", "passage-before", "anchor", "last", "recent"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch of the text, without a copy of it."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A quantity in its place.

    `text` is the document's text with half-width digits and full-width marks; `clause` and
    `gap` are the words before the quantity, back to the last comma and to the last quantity.
    `sources` gives for each label of the period model the value it would mean, where there is one.
    """

    quantity: Quantity
    text: str
    sentence: Stretch
    clause: str
    gap: str
    passage: Passage
    sources: dict[str, str]
    year: int | None
    relative: str
    tone: str
    headline: bool


def draft_measures(
    document: Document, quantities: Sequence[Quantity], periods: Sequence[Period]
) -> tuple[Draft, ...]:
    """Put every quantity in its sentence, its passage and its time."""
    text = narrow_text(document.text).translate(_MARKS)
    year = suggest_anchor_year(document)
    passages = find_passages(document, periods, year)
    tones = _Tones(text)
    holding = tuple(period for period in periods if holds(text, period))
    timeline = _Timeline(text=text, periods=holding)
    sentence_starts = [sentence.start for sentence in document.sentences]
    drafts = []
    last_end = 0
    for quantity in quantities:
        place = max(0, bisect_right(sentence_starts, quantity.start) - 1)
        sentence = _around(document, place, quantity)
        passage = passages.at(quantity.start)
        anchored = next((a.year for a in document.anchors if a.start <= quantity.start < a.end), year)
        begin = max(sentence.start, last_end)
        before = text[max(sentence.start, quantity.start - _LONGEST_CLAUSE) : quantity.start]
        sources, relative = timeline.sources(quantity, sentence, passage, anchored)
        drafts.append(
            Draft(
                quantity=quantity,
                text=text,
                sentence=sentence,
                clause=_CLAUSE.split(before)[-1],
                gap=text[max(begin, quantity.start - _LONGEST_GAP) : quantity.start],
                passage=passage,
                sources=sources,
                year=anchored,
                relative=relative,
                tone=tones.of(passage),
                headline=_is_headline(text, passage),
            )
        )
        last_end = quantity.end
    return tuple(drafts)


def _around(document: Document, place: int, quantity: Quantity) -> Stretch:
    """The sentence of a quantity, cut to its surroundings where it is endless."""
    sentences = document.sentences
    start, end = quantity.start, quantity.end
    if sentences and sentences[place].start <= quantity.start:
        start, end = sentences[place].start, max(sentences[place].end, quantity.end)
    start, end = max(start, quantity.start - _LONGEST_SENTENCE), min(end, quantity.end + _LONGEST_SENTENCE)
    return Stretch(start=start, end=end)


def _is_headline(text: str, passage: Passage) -> bool:
    short = passage.end - passage.start <= _LONGEST_HEADLINE
    return short and text[passage.end - 1] not in "。；！？，"


class _Tones:
    """Whether paragraphs, and the whole document, tell what was done or what is to be done."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.whole = _tone(text)
        self._known: dict[int, str] = {}

    def of(self, passage: Passage) -> str:
        if passage.start not in self._known:
            self._known[passage.start] = _tone(self.text[passage.start : passage.end])
        return f"{self._known[passage.start]}/{self.whole}"


def _tone(text: str) -> str:
    ahead, back = len(_AHEAD.findall(text)), len(_BACK.findall(text))
    if ahead + back == 0:
        return "none"
    share = ahead / (ahead + back)
    return "ahead" if share > 0.75 else "mixed" if share > 0.35 else "back"


class _Timeline:
    """The periods of a text in order, asked for what governs a place."""

    def __init__(self, *, text: str, periods: tuple[Period, ...]) -> None:
        self.text, self.periods = text, periods
        self.starts = [period.start for period in periods]

    def sources(
        self, quantity: Quantity, sentence: Stretch, passage: Passage, year: int | None
    ) -> tuple[dict[str, str], str]:
        """The values each label would mean, and how the sentence's own period is worded."""
        sources: dict[str, str] = {}
        if passage.period:
            sources["passage"] = passage.period
            _add_end(sources, "passage", passage.period)
        if year is not None:
            sources["anchor"], sources["last"] = str(year), str(year - 1)
        place = bisect_right(self.starts, quantity.start - 1) - 1
        relative = ""
        if place >= 0 and self.starts[place] >= sentence.start:
            period = self.periods[place]
            relative = period.text
            value = period.value or (passage.period if period.text in _CONTEXTUAL else "")
            if value:
                sources["sentence"] = value
                _add_end(sources, "sentence", value)
        elif place >= 0 and self.starts[place] >= passage.start and self.periods[place].value:
            sources["previous"] = self.periods[place].value
        recent = self._recent(place)
        if recent:
            sources["recent"] = recent
        return sources, relative

    def _recent(self, place: int) -> str:
        """The last year named before, not too far away."""
        for period in self.periods[max(0, place - 5) : place + 1][::-1]:
            if re.fullmatch(r"\d{4}(?:H\d|Q\d)?", period.value):
                return period.value
        return ""


_CONTEXTUAL = frozenset({"全年", "年内", "年底", "年末", "当年", "年度", "一年来"})


def _add_end(sources: dict[str, str], label: str, value: str) -> None:
    if match := _RANGE.match(value):
        sources[f"{label}-end"] = match[2]
        if label == "passage":
            sources["passage-before"] = str(int(match[1]) - 1)
    elif len(value) > 4 and label == "sentence":
        sources["sentence-year"] = value[:4]
