"""What an annotation program is shown of a review: marks on the text, and links between them."""

from kg.model import Document, EntityVerdict, MeasureVerdict, RelationVerdict, Review, Verdict
from kg.review.exchange import Link, Mark, list_rows
from kg.review.occurrence import find_form_spans, find_mention_spans, find_quote_spans, find_value_spans

MEASURE_LABEL = "Measure"


def list_marks(document: Document, review: Review) -> list[Mark]:
    """List the marks of entities and measures in the order of the text."""
    text = document.text
    mentions = find_mention_spans(text, review.entities)
    marks = []
    for index, (_, row) in enumerate(list_rows(review)):
        if isinstance(row, EntityVerdict):
            accepted = row.verdict == "accept"
            spans = mentions.get(row.name, ()) if accepted else find_form_spans(text, row)
            spans = spans or find_quote_spans(text, row.quote)[:1]
            labels = tuple(row.type.split("|"))
        elif isinstance(row, MeasureVerdict):
            spans = find_value_spans(text, row)
            labels = (MEASURE_LABEL,)
        else:
            continue
        marks += [
            Mark(
                start=span.start, end=span.end, labels=labels, index=index, verdict=row.verdict,
                modality=getattr(row, "modality", ""), comparator=getattr(row, "comparator", ""),
            )
            for span in spans
        ]  # fmt: skip
    return sorted(marks, key=lambda mark: (mark.start, mark.end, mark.index))


def list_links(document: Document, review: Review, marks: list[Mark]) -> list[Link]:
    """List the accepted relations between entities, each between the mentions nearest to its quote."""
    rows = list_rows(review)
    places: dict[str, list[int]] = {}
    for place, mark in enumerate(marks):
        row = rows[mark.index][1] if mark.index is not None else None
        if isinstance(row, EntityVerdict) and row.verdict == "accept":
            places.setdefault(row.name, []).append(place)
    links = []
    for row in review.relations:
        source, target = (_nearest(document, row, places.get(end, []), marks) for end in _ends(row))
        if row.verdict == "accept" and source is not None and target is not None:
            links.append(Link(relation=row.relation, source=source, target=target))
    return links


def _ends(row: RelationVerdict) -> tuple[str, str]:
    return row.subject, row.object


def _nearest(document: Document, row: RelationVerdict, places: list[int], marks: list[Mark]) -> int | None:
    spans = find_quote_spans(document.text, row.quote, row.where)
    if not places or not spans:
        return None
    start, end = spans[0].start, spans[0].end
    return min(
        places,
        key=lambda p: (max(0, start - marks[p].end, marks[p].start - end), abs(marks[p].start - start)),
    )


def find_row(
    rows: list[tuple[str, Verdict]], marks: list[Mark], start: int, end: int, label: str
) -> int | None:
    """Find which exported row a mark without identity is of: the same stretch, best the same label."""
    here = [mark for mark in marks if (mark.start, mark.end) == (start, end) and mark.index is not None]
    same = [mark for mark in here if label in mark.labels]
    if same:
        return same[0].index
    kinds = [mark for mark in here if (label == MEASURE_LABEL) == (MEASURE_LABEL in mark.labels)]
    free = [mark for mark in kinds if mark.index is not None and rows[mark.index][1].verdict == "accept"]
    return free[0].index if len(free) == 1 else None
