"""Tab-separated files as people edit them: read leniently, written one way only, whole or not at all."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path

from kg.errors import KgError, TableInvalidError

# Characters that would end a cell or a row, or make a spreadsheet take a cell for quoted.
_SPECIAL = ("\t", "\n", "\r")


def read_rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line number and cells of each row of a tab-separated file with a header.

    A byte-order mark, CRLF line ends, a spreadsheet's quoting and another order of the
    columns are understood; an unknown, missing or doubled column stops.
    """
    csv.field_size_limit(2**31 - 1)
    text = _decode(path)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t")
    header = [cell.strip() for cell in next(reader, [])]
    _check_header(header, columns, where=f"{path}:1")
    line = reader.line_num + 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            if len(cells) > len(header) and any(cells[len(header) :]):
                raise TableInvalidError([_surplus(len(cells), len(header), f"{path}:{line}")])
            yield line, dict(zip(header, cells + [""] * (len(header) - len(cells)), strict=False))
        line = reader.line_num + 1


def _decode(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        finding = KgError(
            "编码不是 UTF-8。请在表格软件里另存为“UTF-8 制表符分隔”。",
            "the encoding is not UTF-8. Save it as UTF-8, tab-separated.",
            where=str(path),
        )
        raise TableInvalidError([finding]) from error


def _surplus(found: int, needed: int, where: str) -> KgError:
    return KgError(
        f"这一行有 {found} 列,表头只有 {needed} 列。多半是多按了一个制表符。",
        f"this row has {found} cells, the header {needed}; most likely one tab too many.",
        where=where,
    )


def _check_header(header: Sequence[str], columns: Sequence[str], *, where: str) -> None:
    unknown = [name for name in header if name not in columns]
    missing = [name for name in columns if name not in header]
    double = sorted({name for name in header if header.count(name) > 1})
    findings = []
    for names, zh, en in (
        (unknown, "未知的列", "unknown column"),
        (missing, "缺少的列", "missing column"),
        (double, "重复的列", "doubled column"),
    ):
        if names:
            shown = ", ".join(names)
            findings.append(
                KgError(
                    f"{zh}:{shown}。表头应为:{' '.join(columns)}",
                    f"{en}: {shown}. The header must be: {' '.join(columns)}",
                    where=where,
                )
            )
    if findings:
        raise TableInvalidError(findings)


def render_rows(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Render a table: one header, one row a line, cells quoted only where they must be."""
    return "".join("\t".join(map(_quote, row)) + "\n" for row in ([*columns], *rows))


def _quote(cell: str) -> str:
    if cell.startswith('"') or any(special in cell for special in _SPECIAL):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def parse_decimal(cell: str) -> Decimal | None:
    """Read a plain decimal; an empty cell is an open end. Raises `ValueError`."""
    text = cell.strip()
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(cell) from error
    if not value.is_finite() or "e" in text.lower():
        raise ValueError(cell)
    return value


def render_decimal(value: Decimal | None) -> str:
    """Write a plain decimal without exponent and without trailing zeros."""
    if value is None:
        return ""
    return f"{value.normalize():f}" if value else "0"
