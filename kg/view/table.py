"""The knowledge base as tables for a spreadsheet: four CSV files and one workbook.

The columns bear the names that the review tables and the ontology give them. No cell
can be a formula: in the CSV files a cell that would begin one gets an apostrophe, in
the workbook it is stored as text.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

from kg.file import replace_file
from kg.model import Evidence, KnowledgeBase, Measure, Statement
from kg.view.role import role_of
from kg.view.workbook import make_workbook

Cell = str | int | Decimal | None
Table = list[Sequence[Cell]]

_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
_ENTITY_COLUMNS = [
    "id",
    "type",
    "name",
    "aliases",
    "division",
    "documents",
    "mentions",
    "open",
    "quote",
    "note",
    "reviewer",
    "reviewed",
]
_RELATION_COLUMNS = [
    "id",
    "relation",
    "subject_id",
    "subject",
    "object_id",
    "object",
    "basis",
    "role",
    "modality",
    "period",
    "quote",
    "document",
    "note",
    "reviewer",
    "reviewed",
]
_MEASURE_COLUMNS = [
    "id",
    "subject_id",
    "subject",
    "indicator",
    "value",
    "low",
    "high",
    "unit",
    "comparator",
    "kind",
    "base",
    "modality",
    "period",
    "quote",
    "document",
    "note",
    "reviewer",
    "reviewed",
]
_EVIDENCE_COLUMNS = ["fact", "document", "start", "end", "quote", "sentence", "sections", "prefix", "suffix"]


def write_tables(kb: KnowledgeBase, folder: Path) -> tuple[Path, ...]:
    """Write entities, relations, measures and evidence as CSV (with byte-order mark) and `tables.xlsx`.

    Returns the paths written. The same knowledge base gives the same bytes.
    """
    tables = make_tables(kb)
    written = []
    for name, table in tables.items():
        path = Path(folder) / f"{name}.csv"
        replace_file(path, write_csv(table))
        written.append(path)
    path = Path(folder) / "tables.xlsx"
    replace_file(path, make_workbook(tables))
    return (*written, path)


def make_tables(kb: KnowledgeBase) -> dict[str, Table]:
    """Return the four tables, each with its header first."""
    labels = {entity.key: entity.label for entity in kb.entities}
    facts: tuple[Statement | Measure, ...] = (*kb.statements, *kb.measures)
    return {
        "entities": [_ENTITY_COLUMNS, *_entity_rows(kb)],
        "relations": [_RELATION_COLUMNS, *(_relation_row(statement, labels) for statement in kb.statements)],
        "measures": [_MEASURE_COLUMNS, *(_measure_row(measure, labels) for measure in kb.measures)],
        "evidence": [
            _EVIDENCE_COLUMNS,
            *(_evidence_row(f.key, piece) for f in facts for piece in f.evidence),
        ],
    }


def write_csv(table: Iterable[Sequence[Cell]]) -> bytes:
    """Return a table as CSV that a spreadsheet opens in the right encoding and runs nothing of."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([_plain(cell) for cell in row] for row in table)
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8")


def _plain(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return format(cell, "f")
    text = "" if cell is None else str(cell)
    return f"'{text}" if isinstance(cell, str) and text.startswith(_FORMULA_STARTS) else text


def _entity_rows(kb: KnowledgeBase) -> Iterable[Sequence[Cell]]:
    for entity in kb.entities:
        yield (
            entity.key,
            "|".join(entity.types),
            entity.label,
            "|".join(entity.aliases),
            entity.division,
            "|".join(entity.documents),
            len(entity.mentions),
            "等" if entity.open else "",
            _quote(entity.evidence),
            "\n".join(entity.notes),
            "、".join(entity.reviewers),
            entity.reviewed_on,
        )


def _relation_row(statement: Statement, labels: dict[str, str]) -> Sequence[Cell]:
    return (
        statement.key,
        statement.predicate,
        statement.subject,
        labels.get(statement.subject, statement.subject_text),
        statement.object,
        labels.get(statement.object, statement.object_text),
        statement.basis,
        role_of(statement.basis) if statement.predicate == "anchors" else "",
        statement.modality,
        statement.period,
        *_ending(statement),
    )


def _measure_row(measure: Measure, labels: dict[str, str]) -> Sequence[Cell]:
    return (
        measure.key,
        measure.subject,
        labels.get(measure.subject, ""),
        measure.indicator,
        measure.value_text,
        measure.low,
        measure.high,
        measure.unit,
        measure.comparator,
        measure.kind,
        measure.base,
        measure.modality,
        measure.period,
        *_ending(measure),
    )


def _ending(fact: Statement | Measure) -> Sequence[Cell]:
    documents = dict.fromkeys(piece.document for piece in fact.evidence)
    return (
        _quote(fact.evidence),
        "|".join(documents),
        "\n".join(fact.notes),
        "、".join(fact.reviewers),
        fact.reviewed_on,
    )


def _evidence_row(fact: str, piece: Evidence) -> Sequence[Cell]:
    return (
        fact,
        piece.document,
        piece.start,
        piece.end,
        piece.text,
        piece.sentence.text,
        " › ".join(piece.sections),
        piece.prefix,
        piece.suffix,
    )


def _quote(evidence: tuple[Evidence, ...]) -> str:
    return evidence[0].text if evidence else ""
