"""Chains: small conditional random fields over the quantities of a document, and their files."""

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pycrfsuite

from kg.errors import ModelUnreadableError

Sample = tuple[Sequence[Sequence[str]], Sequence[str]]


def train_chain(sequences: Iterable[Sample], *, l2: float, least: int) -> bytes:
    """Train a chain from features and labels; the same sequences give the same bytes."""
    trainer: Any = pycrfsuite.Trainer(verbose=False)
    trainer.set_params(
        {
            "c1": 0.0,
            "c2": l2,
            "max_iterations": 100,
            "feature.minfreq": least,
            "feature.possible_transitions": True,
        }
    )
    for features, labels in sequences:
        if labels:
            trainer.append(list(map(list, features)), list(labels))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "chain.crf"
        trainer.train(str(path))
        return path.read_bytes()


class Chain:
    """A trained chain: the likeliest labels, and how likely each label is at each place."""

    def __init__(self, data: bytes, *, name: str) -> None:
        self._tagger: Any = pycrfsuite.Tagger()
        self._data = data
        try:
            self._tagger.open_inmemory(data)
        except ValueError as error:
            raise ModelUnreadableError(
                f"模型 {name} 读不了。请用 kg train 重新训练。",
                f"model {name} cannot be read. Train it anew with kg train.",
                where=name,
            ) from error

    def score(self, features: Sequence[Sequence[str]]) -> list[dict[str, float]]:
        """Give the probability of every label at every place."""
        if not features:
            return []
        tagger = self._tagger
        tagger.set(list(map(list, features)))
        labels = tagger.labels()
        return [{label: tagger.marginal(label, place) for label in labels} for place in range(len(features))]
