"""A workbook of plain tables, byte for byte the same for the same tables."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

_LONGEST_CELL = 32767
_STAMP = (1980, 1, 1, 0, 0, 0)
_SAVED_AT = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def make_workbook(tables: Mapping[str, Sequence[Sequence[str | int | Decimal | None]]]) -> bytes:
    """Return an XLSX file with one sheet a table; the first row of each is its frozen header."""
    book = Workbook(write_only=True)
    book.properties.created = book.properties.modified = datetime(*_STAMP)
    for name, rows in tables.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        for number, row in enumerate(rows):
            sheet.append([_make_cell(sheet, value, header=number == 0) for value in row])
    raw = io.BytesIO()
    book.save(raw)
    return _fix_times(raw.getvalue())


def _make_cell(sheet, value: str | int | Decimal | None, *, header: bool):  # type: ignore[no-untyped-def]
    """A text stays a text, whatever it begins with: openpyxl would make a formula of `=…`."""
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, "")
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)[:_LONGEST_CELL]
        cell.data_type = "s"
    else:
        cell = WriteOnlyCell(sheet, value)
    if header:
        cell.font = Font(bold=True)
    return cell


def _fix_times(data: bytes) -> bytes:
    """Write the archive anew with one fixed time: openpyxl stamps it with the clock."""
    fixed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(fixed, "w") as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            body = old.read(name)
            if name == "docProps/core.xml":
                body = _SAVED_AT.sub(rb"\g<1>1980-01-01T00:00:00Z", body)
            entry = zipfile.ZipInfo(name, date_time=_STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            new.writestr(entry, body)
    return fixed.getvalue()
