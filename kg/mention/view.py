"""Views: a text as the tagger reads it, and the way back to the offsets of the document.

Letters and digits are half-width, and a line that the layout broke in mid-sentence is joined.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kg.mention.word import narrow

_SHORTEST_LINE = 16  # shorter lines are headings or table cells
_RAGGED = 3  # a wrapped line is at most so much shorter than the longest before it
_LONE = re.compile("[\ud800-\udfff]")  # halves of pairs: no encoding has them
_ENDED = frozenset("。！？!?；;：:”’」』）)》】…—|")
_BEGINS_NEW = re.compile(
    r"[ \t\u3000]|[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十0-9]+[）)]"
    r"|第[一二三四五六七八九十]+|[0-9]+[、.．]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What is read in place of a text. `offsets` is None where both have the same offsets."""

    text: str
    offsets: Sequence[int] | None = None

    def locate(self, start: int, end: int) -> tuple[int, int]:
        """The offsets in the document of a span of the view."""
        if self.offsets is None:
            return start, end
        return self.offsets[start], self.offsets[end - 1] + 1


def view_text(text: str) -> View:
    """Narrow a text and join the lines that only the layout parts."""
    view = _LONE.sub("\ufffd", narrow(text))
    lines = view.split("\n")
    joints = _find_joints(lines)
    if not joints:
        return View(text=view)
    pieces: list[str] = []
    offsets: list[int] = []
    position = 0
    for number, line in enumerate(lines):
        pieces.append(line)
        offsets.extend(range(position, position + len(line)))
        position += len(line)
        if number + 1 < len(lines) and number not in joints:
            pieces.append("\n")
            offsets.append(position)
        position += 1
    return View(text="".join(pieces), offsets=offsets)


def _find_joints(lines: Sequence[str]) -> set[int]:
    """The lines that run on into the next: long, about as long as their neighbours, not ended."""
    joints: set[int] = set()
    for number in range(len(lines) - 1):
        line, following = lines[number], lines[number + 1]
        if not (_SHORTEST_LINE <= len(line) <= 120) or not following or line[-1] in _ENDED:
            continue
        if _BEGINS_NEW.match(following):
            continue
        around = max(len(lines[place]) for place in range(max(0, number - 2), min(len(lines), number + 3)))
        if around <= 120 and len(line) >= around - _RAGGED and _is_wrapped(lines, number, around):
            joints.add(number)
    return joints


def _is_wrapped(lines: Sequence[str], number: int, width: int) -> bool:
    """Whether at least two lines near by have this width: one long line alone proves nothing."""
    near = lines[max(0, number - 3) : number + 4]
    return sum(width - _RAGGED <= len(line) <= width for line in near) > 1
