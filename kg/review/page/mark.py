"""The document as marked paragraphs: mentions by type, numbers by whether they are accounted for."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from kg.model import EntityVerdict, Verdict
from kg.review.page.item import Item
from kg.review.page.state import State

_HEADING = 60  # a longer line begins with a heading and runs on


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A stretch of the text that stands for an item, or a number."""

    start: int
    end: int
    item: str = ""
    type: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of text under the same marks; offsets are the document's."""

    text: str
    item: str = ""
    type: str = ""
    verdict: str = ""
    number: str = ""
    open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A line of the text with its pieces. `anchor` is the year that 今年 means, where it begins to."""

    number: int
    start: int
    heading: bool
    pieces: tuple[Piece, ...]
    anchor: str = ""


class Marking:
    """The lines of a document and what is marked in them."""

    def __init__(self, state: State) -> None:
        self.state = state
        text = state.document.text
        self.starts = [0]
        self.starts += [place + 1 for place, character in enumerate(text) if character == "\n"]
        self._own: dict[str, tuple[Verdict | None, list[Mark]]] = {}
        self._headings = sorted(section.heading.start for section in state.document.sections)
        self._numbers = sorted(
            (Mark(start=n.start, end=n.end, number=f"n{n.start}") for n in state.numbers),
            key=lambda mark: mark.start,
        )
        self._number_starts = [mark.start for mark in self._numbers]
        self.mark()

    def mark(self) -> None:
        """Work out the marks: of overlapping mentions the longest; numbers besides."""
        mentions: list[Mark] = []
        for item in self.state.items.values():
            if item.table == "entities":
                mentions += self._marks_of(item)
        mentions.sort(key=lambda mark: (mark.start, -mark.end, mark.item))
        marks: list[Mark] = []
        for mention in mentions:
            if not marks or mention.start >= marks[-1].end:
                marks.append(mention)
            elif mention.end - mention.start > marks[-1].end - marks[-1].start:
                marks[-1] = mention
        self._mentions = marks
        self._mention_starts = [mark.start for mark in marks]

    def _marks_of(self, item: Item) -> list[Mark]:
        """Make the marks of an entity; again only when another row decides it."""
        row = self.state.rows.get(item.id)
        known = self._own.get(item.id)
        if known is not None and known[0] is row:
            return known[1]
        kind = row.type if isinstance(row, EntityVerdict) else getattr(item.candidate, "type", "")
        first = kind.split("|")[0]
        spans = self.state.mention_spans(item)
        marks = [Mark(start=span.start, end=span.end, item=item.id, type=first) for span in spans]
        self._own[item.id] = row, marks
        return marks

    def paragraph_of(self, position: int) -> int:
        """Number the line a position is in."""
        return bisect_right(self.starts, position) - 1

    def paragraphs(self) -> Iterator[Paragraph]:
        """Yield every line that is not empty."""
        for number in range(len(self.starts)):
            paragraph = self.paragraph(number)
            if any(piece.text.strip() for piece in paragraph.pieces):
                yield paragraph

    def paragraph(self, number: int) -> Paragraph:
        """Make one line."""
        start = self.starts[number]
        last = number + 1 == len(self.starts)
        end = len(self.state.document.text) if last else self.starts[number + 1] - 1
        years = [a.year for a in self.state.document.anchors if start <= a.start < max(end, start + 1)]
        first = self.state.document.text[start:end]
        place = bisect_left(self._headings, start)
        heading = place < len(self._headings) and self._headings[place] < end and len(first) < _HEADING
        return Paragraph(
            number=number,
            start=start,
            heading=heading,
            pieces=tuple(self._pieces(start, end)),
            anchor=str(years[0]) if years else "",
        )

    def _pieces(self, start: int, end: int) -> Iterator[Piece]:
        state = self.state
        mentions = _within(self._mentions, self._mention_starts, start, end)
        numbers = _within(self._numbers, self._number_starts, start, end)
        bounds = {start, end}
        for mark in (*mentions, *numbers):
            bounds |= {max(start, mark.start), min(end, mark.end)}
        places = sorted(bounds)
        mention = number = 0
        for left, right in pairwise(places):
            while mention < len(mentions) and mentions[mention].end <= left:
                mention += 1
            while number < len(numbers) and numbers[number].end <= left:
                number += 1
            here = mentions[mention] if mention < len(mentions) and mentions[mention].start <= left else None
            count = numbers[number] if number < len(numbers) and numbers[number].start <= left else None
            item = state.items.get(here.item) if here else None
            yield Piece(
                text=state.document.text[left:right],
                item=here.item if here else "",
                type=here.type if here else "",
                verdict=state.verdict_of(item) if item else "",
                number=count.number if count else "",
                open=count is not None and not all(state.covers(count.start, count.end)),
            )


def _within(marks: list[Mark], starts: list[int], start: int, end: int) -> list[Mark]:
    first = max(0, bisect_left(starts, start) - 1)
    return [m for m in marks[first : bisect_left(starts, end)] if m.end > start]
