"""Spans: what in a document might be a name, whole-document evidence for each such string.

The tagger sees one sentence; a reader sees the document. So every string that the tagger
holds for likely somewhere, or that lists or rules find, becomes a candidate, and is judged
by all its occurrences together.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kg.mention.feature import CLAUSE, CLOSE, ITEM, OPEN, Sequence, is_alone
from kg.mention.lexicon import Lexicon, read_table
from kg.mention.word import tag_word

TYPES = ("Project", "Enterprise", "Park", "Industry")
NO_CHANCE = (0.0,) * len(TYPES)
_LIKELY, _INSIDE = 0.02, 0.25  # a name may begin here; it may go on here
_LONGEST_NAME = 24  # words
_MOST_ENDS = 3


@dataclass(slots=True)
class Scored:
    """A sequence with the probability of each label at each word."""

    sequence: Sequence
    begin: list[tuple[float, ...]]
    inside: list[tuple[float, ...]]
    labels: list[str]


@dataclass(slots=True)
class Surface:
    """A string that may be a name, with every place where it stands between two words."""

    text: str
    places: list[tuple[int, int, int]] = field(default_factory=list)  # sequence, first word, end word
    origins: set[str] = field(default_factory=set)


def score_sequence(tagger: Any, sequence: Sequence, features: Any) -> Scored:
    """Ask the tagger for labels and probabilities of one sequence."""
    labels = tagger.tag(features)
    begin: list[tuple[float, ...]] = []
    inside: list[tuple[float, ...]] = []
    known = set(tagger.labels())
    starts = [f"B-{kind}" if f"B-{kind}" in known else "" for kind in TYPES]
    inners = [f"I-{kind}" if f"I-{kind}" in known else "" for kind in TYPES]
    marginal = tagger.marginal
    for place, label in enumerate(labels):
        if label == "O" and "O" in known and marginal("O", place) > 0.98:
            begin.append(NO_CHANCE)
            inside.append(NO_CHANCE)
            continue
        begin.append(tuple(marginal(name, place) if name else 0.0 for name in starts))
        inside.append(tuple(marginal(name, place) if name else 0.0 for name in inners))
    return Scored(sequence=sequence, begin=begin, inside=inside, labels=labels)


def read_labels(labels: list[str]) -> list[tuple[int, int, str]]:
    """The spans of a label sequence, as word places with their type."""
    spans: list[tuple[int, int, str]] = []
    for place, label in enumerate(labels):
        kind = label[2:]
        if label[0] == "B" or (
            label[0] == "I" and not (spans and spans[-1][1] == place and spans[-1][2] == kind)
        ):
            spans.append((place, place + 1, kind))
        elif label[0] == "I":
            spans[-1] = (spans[-1][0], place + 1, kind)
    return spans


def likely_spans(scored: Scored) -> Iterable[tuple[int, int]]:
    """Spans that the tagger holds for possible, with other ends where it wavers."""
    count = len(scored.labels)
    for place in range(count):
        if scored.begin[place] is NO_CHANCE:
            continue
        for kind, chance in enumerate(scored.begin[place]):
            if chance < _LIKELY:
                continue
            end = place + 1
            ends = []
            while end < count and end - place < _LONGEST_NAME:
                going = scored.inside[end][kind]
                if going < 0.8:
                    ends.append(end)
                if going < _INSIDE:
                    break
                end += 1
            else:
                ends.append(end)
            for stop in ends[-_MOST_ENDS:]:
                yield place, stop


def span_chance(scored: Scored, first: int, end: int) -> tuple[float, ...]:
    """How likely the tagger holds exactly this span for each type: its weakest label."""
    if scored.begin[first] is NO_CHANCE:
        return NO_CHANCE
    chances: list[float] = []
    for kind in range(len(TYPES)):
        chance = scored.begin[first][kind]
        for place in range(first + 1, end):
            if chance == 0.0:
                break
            chance = min(chance, scored.inside[place][kind])
        if end < len(scored.labels):
            chance = min(chance, 1.0 - scored.inside[end][kind])
        chances.append(chance)
    return tuple(chances)


_BEFORE_NAMES = frozenset(
    [
        "v",
        "vn",
        "vd",
        "vg",
        "vi",
        "d",
        "p",
        "c",
        "u",
        "uj",
        "ul",
        "uz",
        "ud",
        "r",
        "m",
        "q",
        "f",
        "y",
        "zg",
        "ad",
        "a",
    ]
)
_MOST_BEGINNINGS = 4
_REACH = 18


def possible_spans(sequence: Sequence) -> Iterable[tuple[int, int, bool]]:
    """Every span that could be a name by its edges: a bounded number for each word that may end one.

    The flag marks the shortest span before a sure last word.
    """
    words = sequence.words
    closers, triggers = read_table("closer.tsv"), read_table("trigger.tsv")
    edges = [
        word in ITEM
        or word in triggers
        or word in closers
        or not word[0].isalnum()
        or (tag_word(word) in _BEFORE_NAMES and not is_alone(word))
        for word in words
    ]
    count = len(words)
    for end in range(1, count + 1):
        word = words[end - 1]
        following = words[end] if end < count else ""
        if not (word[0].isalnum() or word in CLOSE):
            continue
        if (
            following in closers
            or following in ITEM
            or following in CLOSE
            or word in CLOSE
            or sequence.suffixes[end - 1]
        ):
            yield from _beginnings(words, edges, end, sequence.suffixes[end - 1][-1:] == "2")


def _beginnings(words: list[str], edges: list[bool], end: int, sure: bool) -> Iterable[tuple[int, int, bool]]:
    """Where a name that ends at `end` may begin, the nearest first; brackets and quotes are passed whole."""
    found = 0
    first = end - 1
    while found < _MOST_BEGINNINGS and end - first <= _REACH:
        if words[first] in CLOSE:
            opening = first - 1
            while opening > 0 and first - opening < _REACH and words[opening] not in OPEN:
                opening -= 1
            if words[opening] not in OPEN:
                return
            first = opening
            if first < end - 1:
                yield first, end, False
                found += 1
        wall = first == 0 or words[first - 1] in CLAUSE or words[first - 1] in OPEN
        if wall or edges[first - 1]:
            yield first, end, sure and not found
            found += 1
        if wall:
            return
        first -= 1


def find_surfaces(
    view: str, scored: list[Scored], extra: Mapping[str, Iterable[tuple[int, int]]]
) -> dict[str, Surface]:
    """All candidate strings of a document with all their places; `extra` are spans of lists and rules."""
    surfaces: dict[str, Surface] = {}

    def add(start: int, end: int, origin: str) -> None:
        text = view[start:end]
        if 1 < len(text) <= 60 and "\n" not in text:
            surfaces.setdefault(text, Surface(text=text)).origins.add(origin)

    for item in scored:
        starts = item.sequence.starts
        words = item.sequence.words
        for first, end, _ in read_labels(item.labels):
            add(starts[first], starts[end - 1] + len(words[end - 1]), "tagger")
        for first, end in likely_spans(item):
            add(starts[first], starts[end - 1] + len(words[end - 1]), "likely")
    for origin, spans in extra.items():
        for start, end in spans:
            add(start, end, origin)
    _find_places(view, scored, surfaces)
    return {text: surface for text, surface in sorted(surfaces.items()) if surface.places}


def _find_places(view: str, scored: list[Scored], surfaces: Mapping[str, Surface]) -> None:
    begins: dict[int, tuple[int, int]] = {}
    ends: dict[int, int] = {}
    for number, item in enumerate(scored):
        for place, word in enumerate(item.sequence.words):
            start = item.sequence.starts[place]
            begins[start] = (number, place)
            ends[start + len(word)] = place + 1
    lexicon = Lexicon(surfaces)
    for start, end in lexicon.find_all(view):
        if start in begins and end in ends:
            number, first = begins[start]
            stop = ends[end]
            if first < stop and scored[number].sequence.starts[stop - 1] < end:
                surfaces[view[start:end]].places.append((number, first, stop))
