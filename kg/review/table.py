"""The three review tables of a document: rows ⇄ verdict records, sorted by place in the text."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from kg.errors import KgError, TableInvalidError
from kg.file import replace_file
from kg.model import Document, EntityVerdict, MeasureVerdict, RelationVerdict, Review, Verdict
from kg.review.cell import parse_decimal, read_rows, render_decimal, render_rows
from kg.review.occurrence import first_position

_RECORDS: Mapping[str, type[Any]] = {
    "entities": EntityVerdict,
    "relations": RelationVerdict,
    "measures": MeasureVerdict,
}
# The columns are the fields of the records, in their order; `line` is where a row was read.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    table: tuple(field.name for field in fields(record) if field.name != "line")
    for table, record in _RECORDS.items()
}


def review_path(data_path: Path, document_id: str) -> Path:
    """Name the folder that holds a document's review tables."""
    return data_path / "reviews" / document_id


def read_review(folder: Path, document_id: str) -> Review:
    """Read the tables of a folder; a table that is not there is empty.

    Raises `TableInvalidError` with every cell that has a wrong form. Whether the rows
    hold against the text is the business of `check_review`.
    """
    tables: dict[str, tuple[Any, ...]] = {}
    findings: list[KgError] = []
    for name, columns in COLUMNS.items():
        path = folder / f"{name}.tsv"
        rows: list[Verdict] = []
        if path.is_file():
            for line, cells in read_rows(path, columns):
                try:
                    rows.append(parse_cells(name, cells, line))
                except ValueError as error:
                    findings.append(_wrong_form(str(error), f"{path}:{line}"))
        tables[name] = tuple(rows)
    if findings:
        raise TableInvalidError(findings)
    return Review(document=document_id, **tables)


def _wrong_form(what: str, where: str) -> KgError:
    return KgError(
        f"格式不对:{what}。数值写普通小数(如 22166000000),where 写序数(如 2,5)。",
        f"wrong form: {what}. Write numbers as plain decimals (22166000000) and `where` as ordinals (2,5).",
        where=where,
    )


def parse_where(cell: str) -> tuple[int, ...]:
    """Read ordinals such as `2,5`, sorted; raises `ValueError`."""
    parts = [part.strip() for part in cell.replace("，", ",").split(",") if part.strip()]
    if not all(part.isdecimal() and int(part) > 0 for part in parts):
        raise ValueError(f"where = {cell}")
    return tuple(sorted({int(part) for part in parts}))


def _parse_amount(column: str) -> Callable[[str], object]:
    def parse(cell: str) -> object:
        try:
            return parse_decimal(cell)
        except ValueError:
            raise ValueError(f"{column} = {cell}") from None

    return parse


_PARSERS: Mapping[str, Callable[[str], object]] = {
    "where": parse_where,
    "aliases": lambda cell: tuple(filter(None, (part.strip() for part in cell.split("|")))),
    "low": _parse_amount("low"),
    "high": _parse_amount("high"),
}
# Cells that are compared with the text are kept to the character; the others are trimmed.
_VERBATIM = frozenset({"quote", "value", "name", "basis"})


def parse_cells(table: str, cells: Mapping[str, str], line: int = 0) -> Verdict:
    """Read a row from its cells; raises `ValueError` for a wrong form."""
    values: dict[str, object] = {"line": line}
    for column in COLUMNS[table]:
        cell = cells[column] if column in _VERBATIM else cells[column].strip()
        values[column] = _PARSERS[column](cell) if column in _PARSERS else cell
    record: Verdict = _RECORDS[table](**values)
    return record


def render_table(table: str, rows: Iterable[Verdict], document: Document) -> str:
    """Render one table as text, its rows in the order of the document, doubles kept."""
    ordered = sorted((first_position(row, document.text), render_cells(table, row)) for row in rows)
    return render_rows(COLUMNS[table], (cells for _, cells in ordered))


def render_cells(table: str, row: Verdict) -> tuple[str, ...]:
    """Write the cells of a row."""
    return tuple(_render_cell(column, getattr(row, column)) for column in COLUMNS[table])


def _render_cell(column: str, value: Any) -> str:
    if column == "where":
        return ",".join(map(str, value))
    if column == "aliases":
        return "|".join(value)
    if column in ("low", "high"):
        return render_decimal(value)
    return str(value)


def write_review(folder: Path, review: Review, document: Document) -> None:
    """Write the tables of a document that changed, each whole or not at all."""
    for name in COLUMNS:
        text = render_table(name, getattr(review, name), document)
        path = folder / f"{name}.tsv"
        data = text.encode("utf-8")
        if not path.is_file() or path.read_bytes() != data:
            replace_file(path, data)
