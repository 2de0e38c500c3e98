"""Known names: what readers of other documents took for a name, and how often they passed it over.

A word list says what may be a name; this tally says how sure that is: 低空经济 is an industry wherever
it stands, 服务 hardly ever. A document is never judged by what was read in itself, nor in others of
its place.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kg.mention.feature import Sequence
from kg.mention.lexicon import Lexicon

_SURE, _LIKELY = 0.75, 0.4
_NEAR = 2  # how often a name counts that was read in the same folder: the best of 1, 2 and 3
_GENERAL = "Industry"  # a name of another type that one document alone names is of that place alone
_MARK = "LK"  # of the words in a span that is probably a name, with its level
SURE = f"{_MARK}3"
SELDOM = "0"


class Tally(NamedTuple):
    """In how many documents a string is a name, and in how many it stands without being one."""

    type: str
    named: int
    passed: int

    @property
    def share(self) -> float:
        """Of the documents in which it stands, those where it is a name."""
        return self.named / (self.named + self.passed)

    @property
    def level(self) -> str:
        """`3` nearly always a name, `2` often, `1` seen once, `0` seldom."""
        if self.share >= _SURE:
            return "3" if self.named > 1 else "1"
        return "2" if self.share >= _LIKELY and self.named > 1 else SELDOM


class KnownNames:
    """Names of read documents with their tallies."""

    def __init__(self, tallies: Mapping[str, Tally]) -> None:
        self.tallies = {name: tallies[name] for name in sorted(tallies)}
        self._levels = {name: f"{tally.level}{tally.type[:1]}" for name, tally in self.tallies.items()}
        self._lexicon = Lexicon(name for name, level in self._levels.items() if level[0] != SELDOM)

    def find(self, view: str) -> dict[str, list[tuple[int, int]]]:
        """The spans of names that are more than seldom one, by a mark for level and type."""
        marks: dict[str, list[tuple[int, int]]] = {}
        for start, end in self._lexicon.find(view):
            marks.setdefault(_MARK + self._levels[view[start:end]], []).append((start, end))
        return {mark: marks[mark] for mark in sorted(marks)}

    def level(self, text: str) -> str:
        """The level and the type's initial of a string, `-` where no reader took it for a name."""
        return self._levels.get(text, "-")

    @classmethod
    def read(cls, text: str) -> "KnownNames":
        """Read the lines that `write` gives."""
        tallies = {}
        for line in text.split("\n"):
            if line:
                name, kind, named, passed = line.split("\t")
                tallies[name] = Tally(kind, int(named), int(passed))
        return cls(tallies)

    def write(self) -> str:
        """One line a name: name, type, documents that name it, documents that pass it over."""
        return "\n".join(
            f"{name}\t{tally.type}\t{tally.named}\t{tally.passed}" for name, tally in self.tallies.items()
        )


NOTHING_KNOWN = KnownNames({})


class Read(NamedTuple):
    """A document that was read: its place, its words, the names in it by span and type, and by
    type what was proposed for a name and refused."""

    group: str
    view: str
    sequences: list[Sequence]
    spans: Mapping[tuple[int, int], str]
    refused: Mapping[str, str] = {}


class Readings:
    """Documents that were read, tallied by group."""

    def __init__(self, documents: Iterable[Read]) -> None:
        self._named: dict[str, Counter[tuple[str, str]]] = {}
        self._passed: dict[str, Counter[str]] = {}
        self._refused: dict[str, dict[str, str]] = {}
        kept = list(documents)
        names = {read.view[start:end] for read in kept for start, end in read.spans}
        lexicon = Lexicon(names | {name for read in kept for name in read.refused})
        for read in kept:
            here = {(read.view[start:end], kind) for (start, end), kind in read.spans.items()}
            passed = _find_passed(lexicon, read) - {name for name, _ in here}
            self._named.setdefault(read.group, Counter()).update(here)
            self._passed.setdefault(read.group, Counter()).update(passed)
            self._refused.setdefault(read.group, {}).update(read.refused)

    def __bool__(self) -> bool:
        return bool(self._named)

    def names_for(self, group: str) -> KnownNames:
        """What all groups but this one know."""
        return self._sum([other for other in sorted(self._named) if other != group], NOTHING_KNOWN, 1)

    def add_to(self, base: KnownNames) -> KnownNames:
        """What is known already, and what all groups know: these are near, so a name counts more."""
        return self._sum(sorted(self._named), base, _NEAR)

    def names(self) -> KnownNames:
        """What all groups know."""
        return self._sum(sorted(self._named), NOTHING_KNOWN, 1)

    def _sum(self, groups: Iterable[str], base: KnownNames, times: int) -> KnownNames:
        named: Counter[tuple[str, str]] = Counter()
        passed: Counter[str] = Counter()
        for name, tally in base.tallies.items():
            named[name, tally.type] += tally.named
            passed[name] += tally.passed
        for group in groups:
            for key, count in self._named[group].items():
                named[key] += times * count
            passed.update(self._passed[group])
            for name, kind in self._refused[group].items():
                named[name, kind] += 0
        best: dict[str, tuple[int, str]] = {}
        for (name, kind), count in sorted(named.items()):
            best[name] = max(best.get(name, (0, "")), (count, kind))
        return KnownNames(
            {
                name: Tally(kind, count, passed[name])
                for name, (count, kind) in best.items()
                if "\n" not in name and (count != 1 or kind == _GENERAL) and count + passed[name]
            }
        )


def _find_passed(lexicon: Lexicon, read: Read) -> set[str]:
    """The names that stand in a text between words and outside every name that a reader saw."""
    edges = {edge for sequence in read.sequences for edge in sequence.starts}
    spans = sorted(read.spans)
    starts = [start for start, _ in spans]
    found = set()
    for start, end in lexicon.find_all(read.view):
        if start in edges and end in edges:
            place = bisect_left(starts, end) - 1
            if place < 0 or spans[place][1] <= start:
                found.add(read.view[start:end])
    return found
