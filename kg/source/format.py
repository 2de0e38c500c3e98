"""Formats: the text of HTML, PDF, Word and spreadsheet files, one paragraph or row a line."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from typing import Any

from kg.source.encoding import decode_bytes

_HTML = re.compile(rb"\s*(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_ENDED = tuple("。！？；：.!?;:”）")
# A PDF line this full, without a closing mark, runs on in the next.
_FULL = 0.75


def extract_html(data: bytes, where: str) -> str:
    """The main text of a page, without menus and scripts."""
    import trafilatura

    page = decode_bytes(data, where=where) if not _declares_charset(data) else data
    options: dict[str, Any] = {"include_comments": False, "include_tables": True, "favor_recall": True}
    return trafilatura.extract(page, **options) or ""


def _declares_charset(data: bytes) -> bool:
    return b"charset" in data[:2048].lower()


def extract_pdf(data: bytes, where: str) -> str:
    """The text layer of a PDF, wrapped lines joined; a scan has none."""
    import pypdfium2  # type: ignore[import-untyped]

    document = pypdfium2.PdfDocument(data)
    try:
        lines = [
            line.strip() for page in document for line in page.get_textpage().get_text_range().splitlines()
        ]
    finally:
        document.close()
    return "\n".join(_join_lines([line for line in lines if line]))


def _join_lines(lines: list[str]) -> Iterator[str]:
    width = max(map(len, lines), default=0)
    paragraph: list[str] = []
    for line in lines:
        paragraph.append(line)
        if line.endswith(_ENDED) or len(line) < _FULL * width:
            yield "".join(paragraph)
            paragraph = []
    if paragraph:
        yield "".join(paragraph)


def extract_docx(data: bytes, where: str) -> str:
    """The paragraphs and table rows of a Word file, in order."""
    import docx

    document = docx.Document(io.BytesIO(data))
    lines: list[str] = []
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            lines.extend("\t".join(_row_cells(row)) for row in block.rows)
        else:
            lines.append(block.text)
    return "\n".join(lines)


def _row_cells(row: Any) -> Iterator[str]:
    """The texts of a row; a merged cell stands once."""
    last = None
    for cell in row.cells:
        if cell._tc is not last:
            yield " ".join(cell.text.split())
        last = cell._tc


def extract_sheet(data: bytes, where: str) -> str:
    """The rows of every sheet of a workbook, cells parted by tabs."""
    from python_calamine import CalamineWorkbook

    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    lines: list[str] = []
    for name in workbook.sheet_names:
        for row in workbook.get_sheet_by_name(name).to_python():
            lines.append("\t".join(map(_write_cell, row)).rstrip("\t"))
    return "\n".join(lines)


def _write_cell(value: object) -> str:
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return " ".join(str(value).split())


def extract_csv(data: bytes, where: str) -> str:
    """The rows of a comma-separated file, cells parted by tabs."""
    text = decode_bytes(data, where=where)
    rows = csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n")))
    return "\n".join("\t".join(" ".join(cell.split()) for cell in row).rstrip("\t") for row in rows)


_BY_SUFFIX: dict[str, Callable[[bytes, str], str]] = {
    ".html": extract_html,
    ".htm": extract_html,
    ".xhtml": extract_html,
    ".pdf": extract_pdf,
    ".docx": extract_docx,
    ".xlsx": extract_sheet,
    ".xls": extract_sheet,
    ".ods": extract_sheet,
    ".csv": extract_csv,
}


_PLAIN = frozenset({".txt", ".md", ".tsv"})


def choose_format(suffix: str, data: bytes) -> Callable[[bytes, str], str] | None:
    """Choose how to read a file by its suffix, else by its first bytes; nothing for plain text."""
    if suffix.lower() in _PLAIN:
        return None
    if data.startswith(b"%PDF-"):
        return extract_pdf
    if _HTML.match(data[:4096]):
        return extract_html
    return _BY_SUFFIX.get(suffix.lower())
