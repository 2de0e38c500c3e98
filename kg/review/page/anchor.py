"""What 今年 means in a passage, as a person sets it."""

from kg.model import Document, MeasureCandidate


def place_of(candidate: MeasureCandidate) -> tuple[object, ...]:
    """Give what tells a proposed number from others when its period changes."""
    return candidate.value.start, candidate.value.end, candidate.indicator, candidate.subject


def cut_anchors(document: Document, start: int, end: int) -> set[tuple[int, int, int]]:
    """Give what the anchors of a document say inside a passage."""
    return {
        (max(anchor.start, start), min(anchor.end, end), anchor.year)
        for anchor in document.anchors
        if anchor.start < end and start < anchor.end
    }


def merge_anchors(document: Document, start: int, end: int, year: int) -> str:
    """Lay a passage over the anchors of a document and write the field anew."""
    length = len(document.text)
    start, end = max(0, start), min(length, end)
    passages: list[tuple[int, int, int]] = []
    for anchor in document.anchors:
        for left, right in ((anchor.start, min(anchor.end, start)), (max(anchor.start, end), anchor.end)):
            if left < right:
                passages.append((left, right, anchor.year))
    passages.append((start, end, year))
    merged: list[tuple[int, int, int]] = []
    for left, right, value in sorted(passages):
        if merged and merged[-1][1] == left and merged[-1][2] == value:
            merged[-1] = (merged[-1][0], right, value)
        else:
            merged.append((left, right, value))
    if merged == [(0, length, year)]:
        return str(year)
    return ";".join(f"{left}-{right}={value}" for left, right, value in merged)
