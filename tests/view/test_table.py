"""Tables for a spreadsheet: complete, inert, the same bytes every time."""

import csv
import io
from pathlib import Path

import openpyxl

from kg.view.table import make_tables, write_csv, write_tables
from tests.view.sample import FORMULA, make_sample


def test_every_fact_is_one_row_and_every_evidence_one_row() -> None:
    kb = make_sample()
    tables = make_tables(kb)
    assert [len(tables[name]) - 1 for name in ("entities", "relations", "measures")] == [
        len(kb.entities),
        len(kb.statements),
        len(kb.measures),
    ]
    assert len(tables["evidence"]) - 1 == sum(len(fact.evidence) for fact in (*kb.statements, *kb.measures))


def test_no_cell_of_a_csv_begins_a_formula(tmp_path: Path) -> None:
    write_tables(make_sample(), tmp_path)
    for path in tmp_path.glob("*.csv"):
        text = path.read_bytes().decode("utf-8-sig")
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        assert [cell for cell in cells if cell[:1] in tuple("=+-@\t")] == []
    assert f"'{FORMULA}" in (tmp_path / "entities.csv").read_text("utf-8-sig")


def test_a_negative_number_stays_a_number_and_a_dash_in_front_of_text_does_not() -> None:
    assert write_csv([[-3, "-3"]]).decode("utf-8-sig") == "-3,'-3\r\n"


def test_a_csv_begins_with_a_byte_order_mark() -> None:
    assert write_csv([["名称"]]).startswith(b"\xef\xbb\xbf")


def test_no_cell_of_the_workbook_is_a_formula(tmp_path: Path) -> None:
    path = write_tables(make_sample(), tmp_path)[-1]
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["entities", "relations", "measures", "evidence"]
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "inlineStr", "n"}
    assert FORMULA in [row[2].value for row in book["entities"].iter_rows()]


def test_the_same_knowledge_gives_the_same_bytes(tmp_path: Path) -> None:
    first = [path.read_bytes() for path in write_tables(make_sample(), tmp_path / "a")]
    second = [path.read_bytes() for path in write_tables(make_sample(), tmp_path / "b")]
    assert first == second
