"""Word clusters: words that stand in like surroundings, learnt from any Chinese texts.

`python -m kg.mention.cluster TEXT…` prints the table that lies in `rules/cluster.tsv`. Counts
of neighbours become positive pointwise mutual information, its leading singular vectors
the place of a word, and k-means its clusters; every start is fixed, so that the same
texts give the same table.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kg.mention.word import cut_words, narrow

GRAINS = (60, 300)
_LEAST, _CONTEXTS, _WIDTH, _ROUNDS = 3, 3000, 80, 40
_BESIDE = ((-2, 0.5), (-1, 1.0), (1, 1.0), (2, 0.5))
_BREAK = re.compile(r"[。！？；\n]")
_Array = NDArray[np.float32]


def cluster_words(texts: Iterable[str]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Cluster the words of texts, the most frequent first."""
    sentences = [words for text in texts for words in _cut_sentences(text)]
    counts = Counter(word for words in sentences for word in words)
    ordered = sorted(counts, key=lambda word: (-counts[word], word))
    words = [word for word in ordered if counts[word] >= _LEAST]
    rows, columns, values = _associate(sentences, words, ordered[:_CONTEXTS])
    places = _reduce(rows, columns, values, len(words), len(_BESIDE) * _CONTEXTS)
    grains = [_group(places, min(grain, len(words))) for grain in GRAINS]
    for number, word in enumerate(words):
        yield word, tuple(int(grain[number]) for grain in grains)


def _cut_sentences(text: str) -> Iterator[list[str]]:
    for piece in _BREAK.split(narrow(text)):
        words = ["0" if word[0].isdigit() else word for word in cut_words(piece) if not word.isspace()]
        if len(words) > 1:
            yield words


def _associate(
    sentences: Iterable[Sequence[str]], words: Sequence[str], contexts: Sequence[str]
) -> tuple[NDArray[np.int64], NDArray[np.int64], _Array]:
    """Positive mutual information of words and neighbours by their place, sorted by word."""
    index = {word: number for number, word in enumerate(words)}
    beside = {word: number for number, word in enumerate(contexts)}
    pairs: Counter[tuple[int, int]] = Counter()
    for sentence in sentences:
        for place, word in enumerate(sentence):
            row = index.get(word)
            if row is None:
                continue
            for side, (step, _) in enumerate(_BESIDE):
                if 0 <= place + step < len(sentence) and sentence[place + step] in beside:
                    pairs[row, beside[sentence[place + step]] + side * _CONTEXTS] += 1
    keys = sorted(pairs)
    rows = np.array([row for row, _ in keys])
    columns = np.array([column for _, column in keys])
    weights = np.array([weight for _, weight in _BESIDE])
    values = np.array([pairs[key] for key in keys]) * weights[columns // _CONTEXTS]
    row_sums = np.bincount(rows, values)
    column_sums = np.bincount(columns, values) ** 0.75
    information = np.log(values * column_sums.sum() / (row_sums[rows] * column_sums[columns]))
    kept = information > 0
    return rows[kept], columns[kept], information[kept].astype(np.float32)


def _reduce(
    rows: NDArray[np.int64], columns: NDArray[np.int64], values: _Array, height: int, width: int
) -> _Array:
    """Unit vectors of the rows from the leading singular vectors (subspace iteration)."""
    by_column = np.argsort(columns, kind="stable")
    basis = np.cos(np.outer(np.arange(1, width + 1), np.arange(1, _WIDTH + 11)) ** 1.5).astype(np.float32)
    for _ in range(8):
        image, _unused = np.linalg.qr(_multiply(rows, columns, values, basis, height))
        back = _multiply(columns[by_column], rows[by_column], values[by_column], image, width)
        basis, _unused = np.linalg.qr(back)
    image = _multiply(rows, columns, values, basis, height)
    left, singular, _unused = np.linalg.svd(image, full_matrices=False)
    places = left[:, :_WIDTH] * np.sqrt(singular[:_WIDTH])
    norms = np.linalg.norm(places, axis=1, keepdims=True)
    unit: _Array = (places / np.maximum(norms, 1e-9)).astype(np.float32)
    return unit


def _multiply(
    rows: NDArray[np.int64], columns: NDArray[np.int64], values: _Array, dense: _Array, height: int
) -> _Array:
    """A sparse matrix, its entries sorted by row, times a dense one."""
    result = np.zeros((height, dense.shape[1]), dtype=np.float32)
    for start in range(0, len(rows), 200_000):
        part = slice(start, start + 200_000)
        heads = np.flatnonzero(np.diff(rows[part], prepend=-1))
        sums = np.add.reduceat(values[part, None] * dense[columns[part]], heads, axis=0)
        result[rows[part][heads]] += sums
    return result


def _group(places: _Array, count: int) -> NDArray[np.int64]:
    """K-means of unit vectors, begun from evenly spaced words (the frequent ones first)."""
    centres = places[np.linspace(0, min(len(places), 4 * count) - 1, count).astype(int)].copy()
    labels = np.zeros(len(places), dtype=np.int64)
    for _ in range(_ROUNDS):
        labels = np.argmax(places @ centres.T - 0.5 * (centres**2).sum(1), axis=1)
        sizes = np.bincount(labels, minlength=count)
        sums = np.zeros_like(centres)
        np.add.at(sums, labels, places)
        filled = sizes > 0
        centres[filled] = sums[filled] / sizes[filled, None]
    return labels


def main(paths: Sequence[str]) -> None:
    """Print the table of clusters of the texts in these files, in the order of their names."""
    print("# Words by what they stand beside: word, coarse cluster, fine cluster (kg/mention/cluster.py).")
    for word, clusters in cluster_words(Path(path).read_text(encoding="utf-8") for path in sorted(paths)):
        print(word, *clusters, sep="\t")


if __name__ == "__main__":
    main(sys.argv[1:])
