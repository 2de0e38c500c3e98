"""Which character of a new text is which of the old one, where the order is kept."""

from difflib import SequenceMatcher

from rapidfuzz.distance import LCSseq

# A changed block is compared character by character up to this many pairs (about 50 MB);
# what lies in a larger one can still be found as moved.
_PAIRS = 400_000_000
# Fewer characters in a row than this may agree by chance.
_RUN = 4


class Alignment:
    """The longest common parts of two texts, in order: whole lines first, then characters."""

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new
        self._places: list[int] = [-1] * len(old)
        self._kept = bytearray(len(new))
        old_lines, new_lines = old.splitlines(keepends=True), new.splitlines(keepends=True)
        old_starts, new_starts = _starts(old_lines), _starts(new_lines)
        matcher = SequenceMatcher(None, old_lines, new_lines, autojunk=False)
        for tag, a, b, c, d in matcher.get_opcodes():
            start, end, low, high = old_starts[a], old_starts[b], new_starts[c], new_starts[d]
            if tag == "equal":
                self._join(start, end, low)
            elif tag == "replace" and (end - start) * (high - low) <= _PAIRS:
                for code in LCSseq.opcodes(old[start:end], new[low:high]):
                    if code.tag == "equal":
                        self._join(start + code.src_start, start + code.src_end, low + code.dest_start)

    def _join(self, start: int, end: int, place: int) -> None:
        self._places[start:end] = range(place, place + end - start)
        if end - start >= _RUN:
            self._kept[place : place + end - start] = b"\x01" * (end - start)

    def place_of(self, start: int, end: int) -> int | None:
        """Give where a stretch of the old text begins in the new, if all of it stands there in one piece."""
        first = self._places[start] if start < end else -1
        if first < 0 or self._places[start:end] != list(range(first, first + end - start)):
            return None
        return first

    def share_kept(self, start: int, end: int) -> float:
        """Measure how much of a stretch of the new text stood in the old one, in this order."""
        return sum(self._kept[start:end]) / max(1, end - start)

    def move_offset(self, offset: int) -> int:
        """Give the offset in the new text of a border in the old one: that of the next character kept."""
        if offset >= len(self.old):
            return len(self.new)
        if offset == 0:
            return 0
        return next((place for place in self._places[offset:] if place >= 0), len(self.new))


def _starts(lines: list[str]) -> list[int]:
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    return starts
