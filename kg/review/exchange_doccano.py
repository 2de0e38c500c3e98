"""doccano (sequence labelling with relations): a review as one line of JSONL, and back.

doccano knows stretches with one label and relations between them; the rows travel beside
them as `kg`, which doccano keeps as metadata and gives back.
"""

import json
from collections.abc import Mapping
from typing import Any

from kg.model import Document, Review
from kg.review.exchange import Delivery, Link, Mark, apply_marks, pack_rows, unpack_rows, unreadable
from kg.review.exchange_span import find_row, list_links, list_marks


def render_doccano(document: Document, review: Review) -> bytes:
    """Render the document as the line that doccano imports; a thing of two types has two stretches."""
    marks = list_marks(document, review)
    entities: list[dict[str, object]] = []
    first: dict[int, int] = {}
    for place, mark in enumerate(marks):
        for label in mark.labels:
            first.setdefault(place, len(entities))
            entities.append(
                {"id": len(entities), "label": label, "start_offset": mark.start, "end_offset": mark.end}
            )
    relations = [
        {"id": number, "from_id": first[link.source], "to_id": first[link.target], "type": link.relation}
        for number, link in enumerate(list_links(document, review, marks))
    ]
    line = {
        "text": document.text,
        "entities": entities,
        "relations": relations,
        "Comments": [],
        "kg": pack_rows(document, review),
    }
    return (json.dumps(line, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass")


def read_doccano(data: bytes, document: Document, where: str) -> Delivery:
    """Read a JSONL export of doccano: the line of this document."""
    number = 0
    try:
        lines = data.decode("utf-8-sig").split("\n")
        for number, line in enumerate(lines, 1):
            if line.strip():
                record = json.loads(line)
                packed = record.get("kg") or (record.get("meta") or {}).get("kg")
                if packed is None or packed.get("document") == document.id:
                    return _read_line(record, packed, document, f"{where}:{number}")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise unreadable(f"{where}:{number}", f"doccano JSONL: {error}") from error
    raise unreadable(where, f"no line of {document.id}")


def _read_line(record: Mapping[str, Any], packed: object, document: Document, where: str) -> Delivery:
    name, sha256, rows = unpack_rows(packed, where) if packed else ("", "", [])
    text = str(record["text"])
    if text != document.text:
        return Delivery(document=name, sha256=sha256, rows=(), text=text)
    tables: dict[str, tuple[Any, ...]] = {
        table: tuple(row for own, row in rows if own == table)
        for table in ("entities", "relations", "measures")
    }
    sent = list_marks(document, Review(document=document.id, **tables))
    stretches: dict[tuple[int, int, int | None], list[str]] = {}
    owners: dict[object, tuple[int, int, int | None]] = {}
    for entity in _entities_of(record):
        start, end, label = int(entity["start_offset"]), int(entity["end_offset"]), str(entity["label"])
        if not 0 <= start < end <= len(text):
            raise ValueError(f"start_offset {start}")
        key = start, end, find_row(rows, sent, start, end, label)
        stretches.setdefault(key, []).append(label)
        owners[entity["id"]] = key
    keys = list(stretches)
    marks = [
        Mark(start=start, end=end, index=index, labels=tuple(labels))
        for (start, end, index), labels in stretches.items()
    ]
    links = [
        Link(
            relation=str(relation["type"]),
            source=keys.index(owners[relation["from_id"]]),
            target=keys.index(owners[relation["to_id"]]),
        )
        for relation in record.get("relations") or ()
    ]
    incoming, skipped = apply_marks(document, rows, marks, links)
    return Delivery(document=name, sha256=sha256, rows=incoming, text=text, skipped=skipped)


def _entities_of(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Give the stretches; a project without relations exports them as `label` triples."""
    if "entities" in record:
        return list(record["entities"])
    return [
        {"id": number, "start_offset": start, "end_offset": end, "label": label}
        for number, (start, end, label) in enumerate(record["label"])
    ]
