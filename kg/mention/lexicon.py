"""Word lists and rule tables that lie beside the code, and names from lists found in a text."""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

import ahocorasick_rs

_RULES = files("kg.mention") / "rules"


def _lines(name: str) -> list[str]:
    text = (_RULES / name).read_text(encoding="utf-8")
    return [line for line in text.split("\n") if line.strip() and not line.startswith("#")]


@cache
def read_list(name: str) -> tuple[str, ...]:
    """The words of a list file, each once, in the order of the file."""
    return tuple(dict.fromkeys(word for line in _lines(name) for word in line.split()))


@cache
def read_table(name: str) -> dict[str, tuple[str, ...]]:
    """The rows of a table by their first cell."""
    rows = (line.split("\t") for line in _lines(name))
    return {row[0]: tuple(row[1:]) for row in rows}


class Lexicon:
    """Names to find in a text at once, the longest from the left where they overlap."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(sorted({name for name in names if name}))
        self.known = frozenset(self.names)
        self._all: Any = None
        self._matcher = (
            ahocorasick_rs.AhoCorasick(self.names, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
            if self.names
            else None
        )

    def find(self, text: str) -> list[tuple[int, int]]:
        """The spans of all names in the text, left to right."""
        if self._matcher is None:
            return []
        return [(start, end) for _, start, end in self._matcher.find_matches_as_indexes(text)]

    def find_all(self, text: str) -> list[tuple[int, int]]:
        """The spans of all names in the text, also where they overlap or nest."""
        if not self.names:
            return []
        if self._all is None:
            self._all = ahocorasick_rs.AhoCorasick(self.names)
        return [(start, end) for _, start, end in self._all.find_matches_as_indexes(text, overlapping=True)]


@cache
def list_lexicon(name: str) -> Lexicon:
    """The lexicon of a list file."""
    return Lexicon(read_list(name))


@cache
def word_clusters(word: str) -> tuple[str, str]:
    """The coarse and the fine cluster of a word (`cluster.tsv`); `-` where it has none."""
    coarse, fine = read_table("cluster.tsv").get("0" if word[:1].isdigit() else word, ("-", "-"))
    return coarse, fine
