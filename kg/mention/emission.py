"""Emissions: how well each label suits each word, the weights of `describe_words` added up by table.

What depends on one word, one neighbourhood or one pair of words alone is added up once and kept.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Generic, TypeVar

import numpy as np

from kg.mention.crf import Field, Floats, Places
from kg.mention.feature import (
    FIRST,
    LAST,
    PAIR_AFTER,
    PAIR_BEFORE,
    TAGS_AFTER,
    TAGS_BEFORE,
    Surroundings,
    describe_word,
    name_run,
    name_surroundings,
    see_runs,
    see_surroundings,
)
from kg.mention.feature import Sequence as Words

_MOST = 50_000  # rows of a table; then it begins anew
_PIECE = 20_000  # words at once
Key = TypeVar("Key", bound=Hashable)


class _Rows(Generic[Key]):
    """Rows of scores, made when their keys are first seen."""

    def __init__(self, make: Callable[[Sequence[Key]], Floats]) -> None:
        self._make = make
        self._places: dict[Key, int] = {}
        self._table: Floats = np.zeros((0,))

    def find(self, keys: Sequence[Key]) -> Floats:
        """The rows of these keys."""
        if len(self._places) > _MOST:
            self._places = {}
        places = self._places
        new = [key for key in dict.fromkeys(keys) if key not in places]
        if new:
            rows = self._make(new)
            first = len(places)
            if first + len(rows) > len(self._table):
                larger = np.zeros((2 * (first + len(rows)), *rows.shape[1:]))
                larger[:first] = self._table[:first].reshape(first, *rows.shape[1:])
                self._table = larger
            self._table[first : first + len(rows)] = rows
            places.update(zip(new, range(first, first + len(rows)), strict=True))
        return np.asarray(self._table[[places[key] for key in keys]])


class _Pairs:
    """The scores of pairs that a field knows: for the first of both and for the second."""

    def __init__(self, field: Field, first: str, second: str) -> None:
        self._numbers: dict[str, int] = {}
        found: dict[tuple[int, int], Floats] = {}
        count = len(field.labels)
        for side, mark in enumerate((first, second)):
            for feature, row in field.rows.items():
                if feature.startswith(mark) and feature.count("|") == 1:
                    left, right = feature[len(mark) :].split("|")
                    key = self._number(left), self._number(right)
                    found.setdefault(key, np.zeros((2, count)))[side] += field.weights[row]
        self._width = len(self._numbers) + 1
        keys = sorted(found)
        self._keys = np.array([left * self._width + right for left, right in keys], dtype=np.int64)
        self._scores = np.stack([*(found[key] for key in keys), np.zeros((2, count))])

    def _number(self, text: str) -> int:
        return self._numbers.setdefault(text, len(self._numbers) + 1)

    def find(self, texts: Sequence[str]) -> tuple[Floats, Floats]:
        """The scores that each text but the last has of the pair with the next, and each but the first."""
        numbers = np.array([self._numbers.get(text, 0) for text in texts], dtype=np.int64)
        keys = numbers[:-1] * self._width + numbers[1:]
        places = np.searchsorted(self._keys, keys)
        if len(self._keys):
            places[self._keys[np.minimum(places, len(self._keys) - 1)] != keys] = len(self._keys)
        scores = self._scores[places]
        return scores[:, 0], scores[:, 1]


class Emitter:
    """Adds up the weights of a field for the words of sequences."""

    def __init__(self, field: Field) -> None:
        self.field = field
        self._words = _Rows(self._weigh_words)
        self._marks = _Rows[tuple[str, ...]](field.add_up)
        self._surroundings: _Rows[Surroundings] = _Rows(
            lambda all_: field.add_up(map(name_surroundings, all_))
        )
        self._runs: _Rows[int] = _Rows(lambda runs: field.add_up(map(name_run, runs)))
        self._pairs = _Pairs(field, PAIR_AFTER, PAIR_BEFORE)
        self._tag_pairs = _Pairs(field, TAGS_AFTER, TAGS_BEFORE)
        self._edges = field.add_up([[FIRST], [LAST]])

    def _weigh_words(self, words: Sequence[str]) -> Floats:
        roles = [features for word in words for features in describe_word(word)[:5]]
        return self.field.add_up(roles).reshape(len(words), 5, -1)

    def emit(self, sequences: Sequence[Words]) -> Iterator[tuple[Sequence[Words], Floats, Places]]:
        """The scores of every label at every word, piece by piece.

        Each piece comes with its sequences and the places where they begin.
        """
        piece: list[Words] = []
        count = 0
        for sequence in sequences:
            piece.append(sequence)
            count += len(sequence.words)
            if count >= _PIECE:
                yield self._emit(piece)
                piece, count = [], 0
        if piece:
            yield self._emit(piece)

    def _emit(self, sequences: Sequence[Words]) -> tuple[Sequence[Words], Floats, Places]:
        words = [word for sequence in sequences for word in sequence.words]
        ends = np.cumsum([len(sequence.words) for sequence in sequences])
        starts = np.concatenate([[0], ends[:-1]])
        rows = self._words.find(words)
        scores = np.array(rows[:, 0])
        scores += self._marks.find([marks for sequence in sequences for marks in sequence.marks])
        scores += self._surroundings.find(
            [seen for sequence in sequences for seen in see_surroundings(sequence.words, sequence.suffixes)]
        )
        scores += self._runs.find([run for sequence in sequences for run in see_runs(sequence.words)])
        scores[starts] += self._edges[0]
        scores[ends - 1] += self._edges[1]
        tags = [describe_word(word).tag for word in words]
        joined = np.ones((len(words) - 1, 1))  # whether a word and the next are of one sequence
        joined[ends[:-1] - 1] = 0
        for pairs, texts in ((self._pairs, words), (self._tag_pairs, tags)):
            first, second = pairs.find(texts)
            scores[:-1] += first * joined
            scores[1:] += second * joined
        scores[1:] += rows[:-1, 1] * joined
        scores[:-1] += rows[1:, 2] * joined
        near = joined[:-1] * joined[1:]
        scores[2:] += rows[:-2, 3] * near
        scores[:-2] += rows[2:, 4] * near
        return sequences, scores, starts
