"""Make a `Document` of a text and its record: sections, sentences, time anchors."""

import re

from kg.model import Document, Record, TimeAnchor
from kg.source.section import find_sections
from kg.source.sentence import find_sentences

_PASSAGE = re.compile(r"(\d+)-(\d+)=(\d{4})$")


def make_document(record: Record, text: str) -> Document:
    """Join a text and its record; offsets are those of `text` as given."""
    return Document(
        record=record,
        text=text,
        sections=find_sections(text),
        sentences=find_sentences(text),
        anchors=read_anchors(record.anchors, len(text)),
    )


def read_anchors(value: str, length: int) -> tuple[TimeAnchor, ...]:
    """Read the `anchors` field of a record: `2024`, or passages `0-120=2023;120-900=2024`.

    An empty field gives no anchor: the rules then decide from the date of issue.
    A field in any other form raises `ValueError` with its text.
    """
    anchors = []
    for part in filter(None, value.split(";")):
        if re.fullmatch(r"\d{4}", part):
            anchors.append(TimeAnchor(start=0, end=length, year=int(part)))
        elif match := _PASSAGE.match(part):
            start, end, year = map(int, match.groups())
            anchors.append(TimeAnchor(start=start, end=end, year=year))
        else:
            raise ValueError(part)
    return tuple(anchors)
