"""Is every number of a document accounted for by a row whose value is its span?"""

from collections.abc import Iterable

from kg.model import MeasureVerdict, Span
from kg.review.occurrence import find_value_spans


def find_unaccounted(text: str, numbers: Iterable[Span], rows: Iterable[MeasureVerdict]) -> tuple[Span, ...]:
    """List the numeric expressions that no measure row, accepted or rejected, covers."""
    covered = bytearray(len(text))
    for row in rows:
        if row.verdict != "unsure":
            for span in find_value_spans(text, row):
                covered[span.start : span.end] = b"\x01" * (span.end - span.start)
    return tuple(number for number in numbers if not all(covered[number.start : number.end]))
