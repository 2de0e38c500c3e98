"""Sentences: the stretches between full stops and line ends, without outer white space."""

import re

from kg.model import Span

# A sentence ends after 。！？； (and their half-width forms) with any closing quotes and
# brackets behind, or at the end of a line. A full stop between digits is a decimal point,
# and a half-width full stop ends nothing: it stands in numbers, addresses and names.
_SENTENCE = re.compile(r"[^\n。！？!?；;]*(?:[。！？!?；;]+[”’」』）)》】\"]*|(?=\n)|\Z)")


def find_sentences(text: str) -> tuple[Span, ...]:
    """Split a text into its sentences, in order and without overlap."""
    spans = []
    position = 0
    while position < len(text):
        match = _SENTENCE.match(text, position)
        end = match.end() if match else position
        piece = text[position:end]
        stripped = piece.strip()
        if stripped:
            start = position + len(piece) - len(piece.lstrip())
            spans.append(Span(start=start, end=start + len(stripped), text=stripped))
        position = max(end, position + 1) if end == position else end
    return tuple(spans)
