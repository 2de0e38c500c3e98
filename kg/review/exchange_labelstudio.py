"""Label Studio: a review as one task with an annotation, and back.

Regions carry the type as label and, for each region, the choices `verdict`, `modality` and
`comparator`; relations join regions. Offsets count UTF-16 units there, as browsers do.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from kg.model import COMPARATORS, ENTITY_TYPES, MODALITIES, VERDICTS, Document, Review
from kg.review.exchange import (
    Delivery,
    Link,
    Mark,
    apply_marks,
    pack_rows,
    unpack_rows,
    unreadable,
)
from kg.review.exchange_span import MEASURE_LABEL, list_links, list_marks

_CHOICES = {"verdict": VERDICTS, "modality": MODALITIES, "comparator": COMPARATORS}


def render_config(relations: Iterable[str]) -> str:
    """Write the labelling interface that the tasks need (Settings, Labeling Interface, Code)."""
    lines = ["<View>", "  <Relations>", *(f'    <Relation value="{name}"/>' for name in sorted(relations))]
    lines += ["  </Relations>", '  <Labels name="label" toName="text" choice="multiple">']
    lines += [f'    <Label value="{label}"/>' for label in (*ENTITY_TYPES, MEASURE_LABEL)]
    lines += ["  </Labels>", '  <Text name="text" value="$text"/>']
    for name, values in _CHOICES.items():
        lines.append(f'  <Choices name="{name}" toName="text" perRegion="true" choice="single-radio">')
        lines += [f'    <Choice value="{value}"/>' for value in values] + ["  </Choices>"]
    return "\n".join([*lines, "</View>", ""])


def render_labelstudio(document: Document, review: Review) -> bytes:
    """Render the task as the JSON that Label Studio imports."""
    marks = list_marks(document, review)
    units = _Units(document.text)
    ids = [f"kg-{mark.index}-{mark.start}" for mark in marks]
    results: list[dict[str, object]] = []
    for mark, own in zip(marks, ids, strict=True):
        place = {"start": units.count(mark.start), "end": units.count(mark.end)}
        place["text"] = document.text[mark.start : mark.end]  # type: ignore[assignment]
        base = {"id": own, "to_name": "text"}
        labels = {**place, "labels": list(mark.labels)}
        results.append({**base, "from_name": "label", "type": "labels", "value": labels})
        for name in _CHOICES:
            if value := getattr(mark, name):
                chosen = {**place, "choices": [value]}
                results.append({**base, "from_name": name, "type": "choices", "value": chosen})
    for link in list_links(document, review, marks):
        results.append(
            {
                "type": "relation", "from_id": ids[link.source], "to_id": ids[link.target],
                "direction": "right", "labels": [link.relation],
            }
        )  # fmt: skip
    task = {
        "data": {"text": document.text, "title": document.record.title, "kg": pack_rows(document, review)},
        "annotations": [{"result": results}],
    }
    return (json.dumps([task], ensure_ascii=False, indent=1) + "\n").encode("utf-8", "surrogatepass")


def read_labelstudio(data: bytes, document: Document, where: str) -> Delivery:
    """Read a JSON export of Label Studio: the task of this document."""
    try:
        tasks = json.loads(data.decode("utf-8-sig"))
        tasks = tasks if isinstance(tasks, list) else [tasks]
        task = next(t for t in tasks if _document_of(t) in (document.id, ""))
        return _read_task(task, document, where)
    except StopIteration as error:
        raise unreadable(where, f"no task of {document.id}") from error
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise unreadable(where, f"Label Studio JSON: {error}") from error


def _document_of(task: Mapping[str, Any]) -> str:
    return str((task["data"].get("kg") or {}).get("document", ""))


def _read_task(task: Mapping[str, Any], document: Document, where: str) -> Delivery:
    packed = task["data"].get("kg")
    name, sha256, rows = unpack_rows(packed, where) if packed else ("", "", [])
    text = str(task["data"]["text"])
    done = [a["result"] for a in task["annotations"] if not a.get("was_cancelled")]
    regions: dict[str, dict[str, Any]] = {}
    joins = []
    units = _Units(text)
    for result in done[-1] if done else ():
        if result["type"] == "relation":
            joins.append(result)
            continue
        value = result["value"]
        region = regions.setdefault(str(result["id"]), {"labels": ()})
        region["start"], region["end"] = units.place(int(value["start"])), units.place(int(value["end"]))
        if result["type"] == "labels":
            region["labels"] = tuple(map(str, value["labels"]))
        elif result["from_name"] in _CHOICES:
            region[result["from_name"]] = str(value["choices"][0])
    marks = [Mark(index=_index_of(own, len(rows)), **region) for own, region in regions.items()]
    places = {own: place for place, own in enumerate(regions)}
    links = [
        Link(relation=str(label), source=places[str(join["from_id"])], target=places[str(join["to_id"])])
        for join in joins
        for label in join.get("labels") or ()
    ]
    if text != document.text:
        return Delivery(document=name, sha256=sha256, rows=(), text=text)
    incoming, skipped = apply_marks(document, rows, marks, links)
    return Delivery(document=name, sha256=sha256, rows=incoming, text=text, skipped=skipped)


def _index_of(own: str, count: int) -> int | None:
    parts = own.split("-")
    if len(parts) == 3 and parts[0] == "kg" and parts[1].isdecimal() and int(parts[1]) < count:
        return int(parts[1])
    return None


class _Units:
    """Offsets of a text in code points and in UTF-16 units."""

    def __init__(self, text: str) -> None:
        self._wide = [place for place, character in enumerate(text) if ord(character) > 0xFFFF]

    def count(self, place: int) -> int:
        """Give the UTF-16 offset of a place."""
        return place + sum(1 for wide in self._wide if wide < place)

    def place(self, units: int) -> int:
        """Give the place of a UTF-16 offset."""
        place = units
        for order, wide in enumerate(self._wide):
            if wide + order < units:
                place = units - order - 1
        return place
