"""Conditional random fields: trained by python-crfsuite, kept as whole numbers, applied with numpy.

A field is linear: the weights of the features at each place of a sequence add up to a score
for every label, and a table scores each pair of neighbouring labels. Sequences of one place
make it a maximum-entropy classifier.
"""

import json
import tempfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pycrfsuite

from kg.errors import ModelUnreadableError

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]
_HEAD = b"lianzhu-crf-1\n"
_UNIT = 1000  # weights are kept in thousandths
_LARGEST = 32_000
# White space in features as letters that no text has: the trainer's list of features is read by lines.
_SPACES = [*range(9, 14), *range(28, 33), 0x85, 0xA0, 0x2028, 0x2029, 0x3000]
_HIDE = {space: 0x10F000 + place for place, space in enumerate(_SPACES)}
_SHOW = {hidden: space for space, hidden in _HIDE.items()}


class Field:
    """A trained field.

    `rows` gives the place of a feature in `weights`, an array of features by labels whose last
    row is zero; `transitions` are scores from a label (row) to the next (column).
    """

    def __init__(
        self, *, labels: Sequence[str], rows: Mapping[str, int], weights: Floats, transitions: Floats
    ) -> None:
        self.labels = tuple(labels)
        self.rows = rows
        self.weights = weights
        self.transitions = transitions

    @classmethod
    def read(cls, data: bytes, *, name: str = "") -> Self:
        """Read what `train_field` wrote; anything else is refused by the name of its file."""
        try:
            if not data.startswith(_HEAD):
                raise ValueError("head")
            text, _, table = zlib.decompress(data[len(_HEAD) :]).partition(b"\n")
            head = json.loads(text)
            labels, features = list(head["labels"]), list(head["features"])
            numbers = np.frombuffer(table, dtype="<i2").astype(np.float64) / _UNIT
            numbers = numbers.reshape(len(labels) + len(features), len(labels))
        except (ValueError, KeyError, TypeError, zlib.error) as error:
            raise ModelUnreadableError(
                f"模型 {name} 读不了。请用 kg train 重新训练。",
                f"model {name} cannot be read. Train it anew with kg train.",
                where=name,
            ) from error
        weights = np.vstack([numbers[len(labels) :], np.zeros((1, len(labels)))])
        rows = {feature: place for place, feature in enumerate(features)}
        return cls(labels=labels, rows=rows, weights=weights, transitions=numbers[: len(labels)])

    def add_up(self, features: Iterable[Iterable[str]]) -> Floats:
        """The scores of every label at each place; a feature that the field does not know adds nothing."""
        rows, nothing = self.rows, len(self.weights) - 1
        flat: list[int] = []
        starts: list[int] = []
        for each in features:
            starts.append(len(flat))
            flat.append(nothing)
            flat += [rows[feature] for feature in each if feature in rows]
        if not starts:
            return np.zeros((0, len(self.labels)))
        return np.add.reduceat(self.weights[flat], starts, axis=0)

    def decide(self, scores: Floats) -> Floats:
        """The probability of every label where each place is a sequence of its own."""
        raised = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(raised / raised.sum(axis=1, keepdims=True))

    def chances(self, scores: Floats, starts: npt.ArrayLike) -> Floats:
        """The probability of every label at each place (forward and backward), places by labels.

        The sequences lie one behind another in `scores`; `starts` holds their first places.
        """
        batch = _Batch(starts, len(scores))
        raised = np.exp(scores - scores.max(axis=1, keepdims=True, initial=-np.inf))
        forward = raised.copy()
        for now in batch.ahead():
            reached = forward[now - 1] @ self._raised
            reached *= raised[now]
            reached /= reached.sum(axis=1, keepdims=True)
            forward[now] = reached
        backward = np.ones_like(scores)
        for now in batch.back():
            reached = (backward[now] * raised[now]) @ self._raised.T
            reached /= reached.sum(axis=1, keepdims=True)
            backward[now - 1] = reached
        forward *= backward
        return np.asarray(forward / forward.sum(axis=1, keepdims=True))

    def likeliest(self, scores: Floats, starts: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """The likeliest labels of every sequence (Viterbi), by number; the arguments of `chances`."""
        batch = _Batch(starts, len(scores))
        best = scores.copy()
        origins = np.zeros(scores.shape, dtype=np.int8)
        for now in batch.ahead():
            reached = best[now - 1][:, :, None] + self.transitions
            origins[now] = reached.argmax(axis=1)
            best[now] += reached.max(axis=1)
        found = best.argmax(axis=1)
        for now in batch.back():
            found[now - 1] = origins[now, found[now]]
        return np.asarray(found, dtype=np.int64)

    @cached_property
    def _raised(self) -> Floats:
        return np.exp(self.transitions)


class _Batch:
    """The steps through sequences of different lengths side by side, the longest first."""

    def __init__(self, starts: npt.ArrayLike, count: int) -> None:
        first = np.asarray(starts, dtype=np.intp)
        lengths = np.diff(first, append=count)
        order = np.argsort(-lengths, kind="stable")
        self._first, lengths = first[order], lengths[order]
        longest = int(lengths[0]) if len(lengths) else 0
        self._going = np.searchsorted(-lengths, -np.arange(1, longest + 1), side="right")

    def ahead(self) -> Iterable[Places]:
        """The second places of all sequences, their third ones, and so on."""
        for step in range(1, len(self._going)):
            yield self._first[: self._going[step]] + step

    def back(self) -> Iterable[Places]:
        """The same from the end."""
        for step in range(len(self._going) - 1, 0, -1):
            yield self._first[: self._going[step]] + step


def hold_features(features: Iterable[Iterable[str]]) -> Any:
    """The features of a sequence in the compact form that `train_field` takes."""
    return pycrfsuite.ItemSequence([[feature.translate(_HIDE) for feature in each] for each in features])


def train_field(sequences: Iterable[tuple[Any, Sequence[str]]], settings: Mapping[str, Any]) -> bytes:
    """Train a field from features (`hold_features`) and labels; the same sequences give the same bytes.

    `settings` are those of python-crfsuite's L-BFGS trainer.
    """
    trainer: Any = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params(dict(settings))
    for features, labels in sequences:
        if len(labels):
            trainer.append(features, list(labels))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "field.crf"
        trainer.train(str(path))
        return _pack_field(path)


def _pack_field(path: Path) -> bytes:
    """The field in a file of python-crfsuite, in the form that `Field.read` takes."""
    tagger: Any = pycrfsuite.Tagger()
    tagger.open(str(path))
    info = tagger.info()
    tagger.close()
    labels = sorted(info.labels)
    places = {label: place for place, label in enumerate(labels)}
    weights = {
        (feature.translate(_SHOW), label): scaled
        for (feature, label), weight in info.state_features.items()
        if (scaled := round(weight * _UNIT))
    }
    features = sorted({feature for feature, _ in weights})
    rows = {feature: place + len(labels) for place, feature in enumerate(features)}
    table = np.zeros((len(labels) + len(features), len(labels)), dtype="<i2")
    for (source, target), weight in info.transitions.items():
        table[places[source], places[target]] = _bound(round(weight * _UNIT))
    for (feature, label), scaled in weights.items():
        table[rows[feature], places[label]] = _bound(scaled)
    head = json.dumps({"labels": labels, "features": features}, separators=(",", ":")).encode()
    return _HEAD + zlib.compress(head + b"\n" + table.tobytes(), 9)


def _bound(value: int) -> int:
    return max(-_LARGEST, min(_LARGEST, value))
