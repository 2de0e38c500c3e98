"""The data folder: `documents/index.tsv` with one text a record, and an empty one to begin with."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path

from kg.errors import DocumentUnreadableError, FolderMissingError, IndexInvalidError, KgError
from kg.file import replace_file
from kg.model import Document, Record
from kg.source.document import make_document, read_anchors
from kg.source.reader import read_text

COLUMNS = tuple(field.name for field in fields(Record))
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_CODE = re.compile(r"\d{6}")
_BREAKS = str.maketrans({"\t": " ", "\n": " ", "\r": " "})


def read_index(data_path: Path) -> tuple[Record, ...]:
    """Read `documents/index.tsv`, or raise with file and line what does not hold."""
    path = data_path / "documents" / "index.tsv"
    if not path.is_file():
        raise FolderMissingError(
            f"{data_path} 不是数据文件夹(没有 documents/index.tsv)。用 kg init {data_path} 建一个。",
            f"{data_path} is no data folder (no documents/index.tsv). Make one with: kg init {data_path}",
        )
    lines = read_text(path).removeprefix("\ufeff").split("\n")
    if tuple(lines[0].split("\t")) != COLUMNS:
        raise IndexInvalidError(
            f"表头应为:{' '.join(COLUMNS)}(制表符分隔)。",
            f"the header must be: {' '.join(COLUMNS)} (tab-separated).",
            where=f"{path}:1",
        )
    records: dict[str, Record] = {}
    for number, line in enumerate(lines[1:], 2):
        if not line.strip():
            continue
        record = _read_record(line, where=f"{path}:{number}")
        if record.id in records:
            raise IndexInvalidError(
                f"文档编号 {record.id} 出现两次。", f"document id {record.id} stands twice.",
                where=f"{path}:{number}",
            )  # fmt: skip
        records[record.id] = record
    return tuple(records.values())


def _read_record(line: str, *, where: str) -> Record:
    cells = line.split("\t")
    if len(cells) != len(COLUMNS):
        raise IndexInvalidError(
            f"应有 {len(COLUMNS)} 列,实有 {len(cells)} 列。",
            f"needs {len(COLUMNS)} columns, has {len(cells)}.",
            where=where,
        )
    record = Record(**dict(zip(COLUMNS, cells, strict=True)))
    check_record(record, where=where)
    return record


def check_record(record: Record, *, where: str) -> None:
    """Raise `IndexInvalidError` for an id, date, division code or anchor in a wrong form."""
    checks = (
        (_ID.fullmatch(record.id), "id", record.id, "a-z 0-9 -"),
        (not record.issued or _DATE.fullmatch(record.issued), "issued", record.issued, "2024-03-11"),
        (
            not record.division or re.fullmatch(r"\d{6}", record.division),
            "division",
            record.division,
            "411372",
        ),
        (_has_anchors(record.anchors), "anchors", record.anchors, "2024; 0-120=2023;120-900=2024"),
    )
    for holds, column, value, example in checks:
        if not holds:
            raise IndexInvalidError(
                f"{column} 列的值「{value}」格式不对,例:{example}",
                f"column {column}: '{value}' has a wrong form; example: {example}",
                where=where,
            )


def _has_anchors(value: str) -> bool:
    try:
        read_anchors(value, 0)
    except ValueError:
        return False
    return True


def write_index(data_path: Path, records: Iterable[Record]) -> None:
    """Write `documents/index.tsv`, sorted by id, whole or not at all."""
    ordered = sorted(records, key=lambda record: record.id)
    rows = [COLUMNS, *(tuple(getattr(r, c).translate(_BREAKS) for c in COLUMNS) for r in ordered)]
    text = "".join("\t".join(row) + "\n" for row in rows)
    replace_file(data_path / "documents" / "index.tsv", text.encode("utf-8"))


def read_documents(data_path: Path) -> tuple[Document, ...]:
    """Read every document of a data folder, checked against its sha256, in the order of ids."""
    documents = []
    for record in sorted(read_index(data_path), key=lambda record: record.id):
        path = data_path / "documents" / f"{record.id}.txt"
        text = read_text(path)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if record.sha256 != digest:
            raise DocumentUnreadableError(
                f"正文已改动(sha256 与 index.tsv 不符)。若是有意更改,请运行 kg review sync {record.id}。",
                "the text has changed (its sha256 is not the one in index.tsv). "
                f"If that is meant, run: kg review sync {record.id}",
                where=str(path),
            )
        documents.append(make_document(record, text))
    return tuple(documents)


def make_folder(data_path: Path) -> None:
    """Make an empty data folder; refuse a place that already holds one or anything else."""
    if data_path.exists() and (not data_path.is_dir() or any(data_path.iterdir())):
        raise KgError(
            f"{data_path} 已存在且不为空。请换一个新文件夹名。",
            f"{data_path} exists and is not empty. Name a new folder.",
        )
    for name in ("documents", "reviews", "names"):
        (data_path / name).mkdir(parents=True, exist_ok=True)
    write_index(data_path, ())


def add_document(data_path: Path, record: Record, text: str) -> Record:
    """Store a text under its record; the record gets the sha256 of the stored bytes."""
    records = read_index(data_path)
    if any(existing.id == record.id for existing in records):
        raise IndexInvalidError(
            f"文档编号 {record.id} 已存在。用 --id 另取一个。",
            f"document id {record.id} exists already. Choose another with --id.",
        )
    data = text.encode("utf-8", "surrogatepass")
    values = {column: getattr(record, column) for column in COLUMNS}
    stored = Record(**(values | {"sha256": hashlib.sha256(data).hexdigest()}))
    check_record(stored, where="kg add")
    replace_file(data_path / "documents" / f"{record.id}.txt", data)
    write_index(data_path, (*records, stored))
    return stored
