"""The tables are read as people leave them and written one way only."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import TableInvalidError
from kg.model import COMPARATORS, KINDS, EntityVerdict, MeasureVerdict, RelationVerdict, Review
from kg.review import read_review, write_review
from kg.review.cell import parse_decimal, render_decimal
from kg.review.table import COLUMNS, render_table
from tests.review.sample import sample_document, sample_review

# Any text, with what ends cells and rows in tables and what moves or hides characters.
WORDS = st.text(
    st.one_of(
        st.sampled_from("产业龙头，。\t\n\r\"'=+|#…12３ 　\u202e\u200b\u0000𠮷"),
        st.characters(codec="utf-8"),
    ),
    max_size=12,
)
PLAIN = WORDS.map(str.strip)
ORDINALS = st.sets(st.integers(1, 40), max_size=3).map(lambda found: tuple(sorted(found)))
AMOUNTS = st.none() | st.decimals(allow_nan=False, allow_infinity=False, places=4, max_value=10**13)
ALIASES = st.lists(PLAIN.filter(lambda text: text and "|" not in text), max_size=3).map(tuple)
COMMON: dict[str, Any] = {
    "verdict": PLAIN, "quote": WORDS, "where": ORDINALS, "reviewer": PLAIN, "reviewed": PLAIN, "note": PLAIN,
}  # fmt: skip
ENTITIES = st.builds(EntityVerdict, **COMMON, type=PLAIN, name=WORDS, aliases=ALIASES)
RELATIONS = st.builds(
    RelationVerdict, **COMMON, relation=PLAIN, subject=PLAIN, object=PLAIN, basis=WORDS, modality=PLAIN,
    period=PLAIN,
)  # fmt: skip
MEASURES = st.builds(
    MeasureVerdict, **COMMON, subject=PLAIN, indicator=PLAIN, value=WORDS, low=AMOUNTS, high=AMOUNTS,
    unit=PLAIN, comparator=st.sampled_from(COMPARATORS), kind=st.sampled_from(KINDS), base=PLAIN,
    modality=PLAIN, period=PLAIN,
)  # fmt: skip


def _filled(rows: Any) -> Any:
    """Rows with a verdict: a row of empty cells alone is no row."""
    return st.lists(rows.filter(lambda row: row.verdict), max_size=4).map(tuple)


@settings(max_examples=30, deadline=None)
@given(entities=_filled(ENTITIES), relations=_filled(RELATIONS), measures=_filled(MEASURES))
def test_reading_a_written_table_gives_it_back(
    tmp_path_factory: pytest.TempPathFactory,
    entities: tuple[EntityVerdict, ...],
    relations: tuple[RelationVerdict, ...],
    measures: tuple[MeasureVerdict, ...],
) -> None:
    document, folder = sample_document(), tmp_path_factory.mktemp("tables")
    review = Review(document=document.id, entities=entities, relations=relations, measures=measures)
    write_review(folder, review, document)
    again = read_review(folder, document.id)
    for table in COLUMNS:
        assert sorted(map(repr, map(_without_line, getattr(again, table)))) == sorted(
            map(repr, map(_without_line, getattr(review, table)))
        )
        written = (folder / f"{table}.tsv").read_bytes()
        assert render_table(table, getattr(again, table), document).encode() == written


def _without_line(row: Any) -> tuple[object, ...]:
    cells = [getattr(row, column) for column in COLUMNS[_table(row)]]
    return tuple(render_decimal(cell) if isinstance(cell, Decimal) else cell for cell in cells)


def _table(row: Any) -> str:
    return {"EntityVerdict": "entities", "RelationVerdict": "relations"}.get(type(row).__name__, "measures")


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\n".join('"' + line.replace("\t", '"\t"') + '"' for line in text.splitlines()) + "\n",
        lambda text: text + "\n\t\t\n",
        lambda text: "\n".join("\t".join(reversed(line.split("\t"))) for line in text.splitlines()) + "\n",
    ],
    ids=["byte-order mark", "CRLF", "every cell quoted", "empty rows", "columns in another order"],
)
def test_what_a_spreadsheet_leaves_is_read_the_same_and_mended_by_the_writer(
    tmp_path: Path, change: Any
) -> None:
    document = sample_document()
    write_review(tmp_path, sample_review(), document)
    review = read_review(tmp_path, document.id)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    for path in tmp_path.iterdir():
        path.write_bytes(change(path.read_text(encoding="utf-8")).encode())
    assert read_review(tmp_path, document.id) == review
    write_review(tmp_path, review, document)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("verdict\ttype", "verdict\tkind", "unknown column: kind"),
        ("\tnote\n", "\n", "missing column: note"),
        ("name\taliases", "name\tname", "doubled column: name"),
    ],
)
def test_a_header_that_is_not_the_tables_stops_at_line_one(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    write_review(tmp_path, sample_review(), sample_document())
    path = tmp_path / "entities.tsv"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(TableInvalidError) as caught:
        read_review(tmp_path, "linchuan-2025")
    assert any(told in f.en and f.where == f"{path}:1" for f in caught.value.findings)


def test_one_tab_too_many_is_told_with_its_line(tmp_path: Path) -> None:
    write_review(tmp_path, sample_review(), sample_document())
    path = tmp_path / "entities.tsv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines[:2], lines[2] + "\t多", *lines[3:]]), encoding="utf-8")
    with pytest.raises(TableInvalidError, match="3: "):
        read_review(tmp_path, "linchuan-2025")


def test_a_table_in_another_encoding_says_how_to_save_it(tmp_path: Path) -> None:
    write_review(tmp_path, sample_review(), sample_document())
    path = tmp_path / "entities.tsv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    with pytest.raises(TableInvalidError, match="UTF-8"):
        read_review(tmp_path, "linchuan-2025")


@pytest.mark.parametrize("cell", ["1e9", "NaN", "Infinity", "3亿", "1,000", "--1"])
def test_only_plain_decimals_are_amounts(cell: str) -> None:
    with pytest.raises(ValueError, match=re.escape(cell)):
        parse_decimal(cell)


@pytest.mark.parametrize(
    ("cell", "written"),
    [("22166000000", "22166000000"), ("0.90", "0.9"), ("100", "100"), ("-0", "0"), ("", "")],
)
def test_an_amount_is_written_without_exponent_and_without_idle_zeros(cell: str, written: str) -> None:
    assert render_decimal(parse_decimal(cell)) == written


def test_a_table_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert read_review(tmp_path / "none", "x") == Review(document="x")
