"""Sentences: the stretches between full stops and line ends, without outer white space."""

import re
from collections import Counter
from collections.abc import Iterator

from kg.model import Span

# A sentence ends after 。！？； (and their half-width forms) with any closing quotes and
# brackets behind, or at the end of a line. A full stop between digits is a decimal point,
# and a half-width full stop ends nothing: it stands in numbers, addresses and names.
_STOP = re.compile(r"[。！？!?；;]++[”’」』）)》】\"]*+|\n++")
_STOPPED = tuple("。！？!?；;：:”）)")
_LEAST_LINES = 6
_SHORTEST_WRAP, _LONGEST_WRAP = 12, 100
_RAGGED = 3


def find_sentences(text: str) -> tuple[Span, ...]:
    """Split a text into its sentences, in order and without overlap; a wrapped line ends none."""
    width = _find_wrap(text)
    spans = []
    for start, end in _split(text, width):
        piece = text[start:end]
        stripped = piece.strip()
        if stripped:
            begin = start + len(piece) - len(piece.lstrip())
            spans.append(Span(start=begin, end=begin + len(stripped), text=stripped))
    return tuple(spans)


def _split(text: str, width: int) -> Iterator[tuple[int, int]]:
    start = line = 0
    for stop in _STOP.finditer(text):
        broken = stop.group()[0] == "\n"
        wrapped = broken and width and stop.group() == "\n" and stop.start() - line >= width - _RAGGED
        if broken:
            line = stop.end()
        if wrapped and not text[start : stop.start()].endswith(_STOPPED):
            continue
        yield start, stop.end()
        start = stop.end()
    if start < len(text):
        yield start, len(text)


def _find_wrap(text: str) -> int:
    """The width at which a text was broken into lines of about equal length, or 0."""
    lengths = [len(line.rstrip()) for line in text.split("\n") if line.strip()]
    if len(lengths) < _LEAST_LINES:
        return 0
    width = max(lengths)
    if not _SHORTEST_WRAP <= width <= _LONGEST_WRAP:
        return 0
    full = sum(count for length, count in Counter(lengths).items() if length >= width - _RAGGED)
    return width if full * 2 >= len(lengths) else 0
