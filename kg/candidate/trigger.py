"""Trigger words: a rule file of kinds and words, as one matcher."""

from functools import cache
from importlib.resources import files

import ahocorasick_rs

# Each word with the kinds it stands for, by the index that the matcher gives.
Words = tuple[tuple[str, tuple[str, ...]], ...]


@cache
def read_triggers(name: str) -> tuple[Words, ahocorasick_rs.AhoCorasick]:
    """Read `rules/NAME.tsv` (kind, tab, words); of words that nest the longest is found."""
    text = (files("kg.candidate") / "rules" / f"{name}.tsv").read_text(encoding="utf-8")
    found: dict[str, list[str]] = {}
    for line in text.split("\n"):
        if line and not line.startswith("#"):
            kind, words = line.split("\t")
            for word in words.split():
                found.setdefault(word, []).append(kind)
    names = tuple((word, tuple(kinds)) for word, kinds in found.items())
    return names, ahocorasick_rs.AhoCorasick(
        [word for word, _ in names], matchkind=ahocorasick_rs.MatchKind.LeftmostLongest
    )
