"""Spans: what in a document might be a name, whole-document evidence for each such string.

The tagger sees one sentence; a reader sees the document. So every string that the tagger
holds for likely somewhere, or that lists or rules find, becomes a candidate, and is judged
by all its occurrences together.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from collections.abc import Sequence as Sequences
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from kg.mention.crf import Field, Floats, Places
from kg.mention.emission import Emitter
from kg.mention.feature import CLAUSE, CLOSE, ITEM, OPEN, Sequence, is_alone
from kg.mention.lexicon import Lexicon, read_table
from kg.mention.word import tag_word

TYPES = ("Project", "Enterprise", "Park", "Industry")
NO_CHANCE = (0.0,) * len(TYPES)
_SURE = 0.98  # of a word that is no part of a name
_LIKELY, _INSIDE = 0.02, 0.25  # a name may begin here; it may go on here
_LONGEST_NAME = 24  # words
_MOST_ENDS = 3


@dataclass(slots=True)
class Scored:
    """A sequence with the probability of each label at each word.

    `spans` are the names that the likeliest labels make (`read_labels`); `quiet` says that no
    word has a chance to be part of one.
    """

    sequence: Sequence
    begin: list[tuple[float, ...]]
    inside: list[tuple[float, ...]]
    labels: list[str]
    quiet: bool = False
    spans: list[tuple[int, int, str]] = field(default_factory=list)


@dataclass(slots=True)
class Surface:
    """A string that may be a name, with every place where it stands between two words."""

    text: str
    places: list[tuple[int, int, int]] = field(default_factory=list)  # sequence, first word, end word
    origins: set[str] = field(default_factory=set)


def score_sequences(emitter: Emitter, sequences: list[Sequence]) -> list[Scored]:
    """The labels and chances that a word model gives to every word."""
    scored: list[Scored] = []
    for piece, scores, starts in emitter.emit(sequences):
        scored += _score_piece(emitter.field, piece, scores, starts)
    return scored


def _score_piece(
    model: Field, piece: Sequences[Sequence], scores: Floats, starts: Places
) -> Iterable[Scored]:
    outside = model.labels.index("O")
    chances = model.chances(scores, starts)
    lengths = np.diff(starts, append=len(scores))
    loud = np.logical_or.reduceat(chances[:, outside] <= _SURE, starts)
    # Only sequences in which some word may be part of a name are looked at further.
    kept = np.repeat(loud, lengths)
    chances, lengths = chances[kept], lengths[loud]
    ends = lengths.cumsum()
    likeliest = model.likeliest(scores[kept], ends - lengths)
    sure = (likeliest == outside) & (chances[:, outside] > _SURE)
    begin, inside = (_list_chances(chances, model, side, sure.tolist()) for side in "BI")
    labels = [model.labels[label] for label in likeliest.tolist()]
    places = zip((ends - lengths).tolist(), ends.tolist(), strict=True)
    for sequence, is_loud in zip(piece, loud.tolist(), strict=True):
        if is_loud:
            start, end = next(places)
            spans = read_labels(labels[start:end])
            yield Scored(sequence, begin[start:end], inside[start:end], labels[start:end], spans=spans)
        else:
            count = len(sequence.words)
            yield Scored(sequence, [NO_CHANCE] * count, [NO_CHANCE] * count, ["O"] * count, quiet=True)


def _list_chances(chances: Floats, model: Field, side: str, sure: list[bool]) -> list[tuple[float, ...]]:
    """The chances that a name of each type begins (`B`) or goes on (`I`), at words that may be in one."""
    padded = np.pad(chances, ((0, 0), (0, 1)))  # the last column stands for labels never seen
    known = {label: place for place, label in enumerate(model.labels)}
    columns = [known.get(f"{side}-{kind}", -1) for kind in TYPES]
    rows = padded[:, columns].tolist()
    return [NO_CHANCE if quiet else tuple(row) for row, quiet in zip(rows, sure, strict=True)]


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
    edges = [_is_edge(word) for word in words]
    followed = [_follows_names(word) for word in words[1:]]
    followed.append(False)
    for place, suffix in enumerate(sequence.suffixes):
        word = words[place]
        if (suffix or followed[place] or word in CLOSE) and (word[0].isalnum() or word in CLOSE):
            yield from _beginnings(words, edges, place + 1, suffix[-1:] == "2")


@lru_cache(maxsize=100_000)
def _is_edge(word: str) -> bool:
    """Whether a name may begin right behind a word."""
    return (
        word in ITEM
        or word in read_table("trigger.tsv")
        or word in read_table("closer.tsv")
        or not word[0].isalnum()
        or (tag_word(word) in _BEFORE_NAMES and not is_alone(word))
    )


@lru_cache(maxsize=100_000)
def _follows_names(word: str) -> bool:
    """Whether a name may end right before a word whatever its last word is."""
    return word in read_table("closer.tsv") or word in ITEM or word in CLOSE


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
        if item.quiet:
            continue
        starts = item.sequence.starts
        words = item.sequence.words
        for first, end, _ in item.spans:
            add(starts[first], starts[end - 1] + len(words[end - 1]), "tagger")
        for first, end in likely_spans(item):
            add(starts[first], starts[end - 1] + len(words[end - 1]), "likely")
    for origin, spans in extra.items():
        for start, end in spans:
            add(start, end, origin)
    _find_places(view, scored, surfaces)
    return {text: surface for text, surface in sorted(surfaces.items()) if surface.places}


def _find_places(view: str, scored: list[Scored], surfaces: Mapping[str, Surface]) -> None:
    heads = [item.sequence.starts[0] for item in scored]
    for start, end in Lexicon(surfaces).find_all(view):
        number = bisect_right(heads, start) - 1
        if number < 0:
            continue
        starts = scored[number].sequence.starts
        first, stop = bisect_left(starts, start), bisect_left(starts, end)
        if first < stop and starts[first] == start and _ends_at(scored[number].sequence, stop, end):
            places = surfaces[view[start:end]].places
            if not places or places[-1] < (number, first - (stop - first) + 1, 0):  # overlaps none of itself
                places.append((number, first, stop))


def _ends_at(sequence: Sequence, stop: int, end: int) -> bool:
    """Whether the word before place `stop` ends at offset `end`."""
    return stop <= len(sequence.words) and sequence.starts[stop - 1] + len(sequence.words[stop - 1]) == end
