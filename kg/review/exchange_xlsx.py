"""Spreadsheets: a review as a workbook of three sheets with drop-down lists, and back.

Every cell is text, whatever it begins with: no cell is ever a formula, a date or a number
that the spreadsheet makes of it. The last column, hidden, holds the hash of the row.
"""

import datetime
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from kg.errors import KgError
from kg.model import COMPARATORS, ENTITY_TYPES, KINDS, MODALITIES, VERDICTS, Document, Review
from kg.review.exchange import Delivery, Incoming, hash_row, unreadable
from kg.review.match import TABLES
from kg.review.table import COLUMNS, parse_cells, render_cells

_KEY = "row"
_ABOUT = "about"
_LISTS = "lists"
# Columns with a list; a person may write another value where two types are joined by `|`.
_CHOICES = {
    "verdict": VERDICTS,
    "type": ENTITY_TYPES,
    "modality": MODALITIES,
    "comparator": COMPARATORS,
    "kind": KINDS,
}
_OPEN = frozenset({"type"})
_WIDTHS = {"quote": 60, "note": 30, "name": 24, "subject": 24, "object": 24, "aliases": 24, "indicator": 16}
_SPARE = 500  # rows below the last that have the lists too
_CELL = 32_767  # the characters that a spreadsheet's cell holds
_UNPACKED = 300_000_000  # bytes; a larger workbook is none of ours
_UNFIT = re.compile(ILLEGAL_CHARACTERS_RE.pattern + "|[\ud800-\udfff]")
_EPOCH = datetime.datetime(2000, 1, 1)


def render_xlsx(document: Document, review: Review, relations: Iterable[str] = ()) -> bytes:
    """Render the workbook; the same review gives the same bytes."""
    book = Workbook()
    book.remove(book.active)
    lists = {**_CHOICES, "relation": tuple(sorted(relations))}
    for table in TABLES:
        rows = getattr(review, table)
        sheet = book.create_sheet(table)
        columns = (*COLUMNS[table], _KEY)
        _write_row(sheet, 1, columns, table)
        for number, row in enumerate(rows, 2):
            _write_row(sheet, number, (*render_cells(table, row), hash_row(table, row)), table)
        _shape_sheet(sheet, columns)
        _add_lists(sheet, columns, lists, len(rows) + 1 + _SPARE)
    about = book.create_sheet(_ABOUT)
    _write_row(about, 1, ("document", document.id), _ABOUT)
    _write_row(about, 2, ("sha256", document.record.sha256), _ABOUT)
    hidden = book.create_sheet(_LISTS)
    hidden.sheet_state = "hidden"
    for column, values in enumerate(lists.values(), 1):
        for number, value in enumerate(values, 1):
            hidden.cell(number, column).value = value
    return _save(book)


def _write_row(sheet: Any, number: int, cells: Iterable[str], table: str) -> None:
    for column, value in enumerate(cells, 1):
        if not value:
            continue
        if _UNFIT.search(value) or len(value) > _CELL:
            raise KgError(
                f"表格软件存不下这一格(控制字符,或超过 {_CELL} 字)。请改用 --format doccano。",
                f"no spreadsheet can hold this cell (control characters, or more than {_CELL}). "
                "Use --format doccano.",
                where=f"{table}.tsv:{number}",
            )
        cell = sheet.cell(number, column)
        cell.value = value
        cell.data_type = "s"  # never a formula
        cell.number_format = "@"  # never a date or a number
        cell.quotePrefix = True


def _shape_sheet(sheet: Any, columns: tuple[str, ...]) -> None:
    sheet.freeze_panes = "A2"
    for number, name in enumerate(columns, 1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = _WIDTHS.get(name, 12)
        sheet.column_dimensions[letter].hidden = name == _KEY
        head = sheet.cell(1, number)
        head.font, head.fill = Font(bold=True), PatternFill("solid", fgColor="FFE8EEF0")
        head.alignment = Alignment(vertical="top")
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns) - 1)}{max(2, sheet.max_row)}"


def _add_lists(sheet: Any, columns: tuple[str, ...], lists: dict[str, tuple[str, ...]], last: int) -> None:
    for place, (name, values) in enumerate(lists.items(), 1):
        if name not in columns or not values:
            continue
        source = get_column_letter(place)
        rule = DataValidation(
            type="list", formula1=f"{_LISTS}!${source}$1:${source}${len(values)}", allow_blank=True,
            showErrorMessage=True, errorStyle="warning" if name in _OPEN else "stop",
            errorTitle=name, error=" ".join(values)[:250],
        )  # fmt: skip
        letter = get_column_letter(columns.index(name) + 1)
        rule.add(f"{letter}2:{letter}{last}")
        sheet.add_data_validation(rule)


def _save(book: Any) -> bytes:
    """Save a workbook without the time of day, which the writer puts into it and into the archive."""
    book.properties.creator = "kg review export"
    book.properties.created = _EPOCH
    buffer = io.BytesIO()
    book.save(buffer)
    result = io.BytesIO()
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            data = old.read(name)
            if name == "docProps/core.xml":
                stamp = _EPOCH.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, data)
            new.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return result.getvalue()


def read_xlsx(data: bytes, document: Document, where: str) -> Delivery:
    """Read a workbook that was exported and edited."""
    book = _open(data, where)
    missing = [name for name in (*TABLES, _ABOUT) if name not in book.sheetnames]
    if missing:
        raise unreadable(where, "no sheet " + ", ".join(missing))
    about = {str(row[0]): str(row[1]) for row in book[_ABOUT].iter_rows(values_only=True) if len(row) > 1}
    rows = [item for table in TABLES for item in _read_sheet(book[table], table, where)]
    return Delivery(document=about.get("document", ""), sha256=about.get("sha256", ""), rows=tuple(rows))


def _open(data: bytes, where: str) -> Any:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _UNPACKED:
                raise unreadable(where, "xlsx: too large")
        return load_workbook(io.BytesIO(data))
    except KgError:
        raise
    except Exception as error:  # the parser raises what it likes on a broken file
        raise unreadable(where, "xlsx") from error


def _read_sheet(sheet: Any, table: str, where: str) -> Iterator[Incoming]:
    grid = sheet.iter_rows()
    header = [str(cell.value or "").strip() for cell in next(grid, ())]
    lacking = [column for column in COLUMNS[table] if column not in header]
    if lacking:
        raise unreadable(f"{where} [{table}]", "no column " + ", ".join(lacking))
    for number, row in enumerate(grid, 2):
        place = f"{where} [{table}!{number}]"
        cells = {name: _read_cell(cell, name, place) for name, cell in zip(header, row, strict=False) if name}
        if any(cells.get(column, "").strip() for column in COLUMNS[table]):
            try:
                record = parse_cells(table, {column: cells.get(column, "") for column in COLUMNS[table]})
            except ValueError as error:
                raise unreadable(place, str(error)) from error
            yield Incoming(table=table, row=record, origin=cells.get(_KEY, ""))


def _read_cell(cell: Any, column: str, place: str) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f" or cell.data_type == "e":
        raise KgError(
            f"{column} 列是公式或错误值:{str(value)[:40]}。请改成普通文字。",
            f"column {column} is a formula or an error: {str(value)[:40]}. Write plain text.",
            where=place,
        )
    if isinstance(value, datetime.datetime | datetime.date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
