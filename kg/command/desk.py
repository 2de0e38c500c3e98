"""What the review page needs from the other stages, composed; and its server."""

import datetime
import getpass
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import FolderMissingError, TableInvalidError
from kg.model import Document, MeasureVerdict, Proposal, RelationVerdict, Span
from kg.review import read_review, review_path
from kg.review.page.pair import Named, list_named
from kg.review.page.session import Desk, Session
from kg.review.stamp import keep_fresh
from kg.review.table import COLUMNS
from kg.source import make_document, read_index, write_index

if TYPE_CHECKING:
    from kg.review.page.board import Board
    from kg.review.page.server import Office


def require_own_folder(data_path: Path, packaged: Path) -> None:
    """Refuse a folder that verdicts cannot be kept in."""
    is_installed = data_path.resolve() == packaged.resolve() and "_packaged" in packaged.parts
    if is_installed or not os.access(data_path, os.W_OK):
        raise FolderMissingError(
            f"{data_path} 只能读,核对结果没处存。请先 kg init my(建自己的文件夹),kg add 文件 --data my,"
            "再 kg review open --data my。",
            f"{data_path} is read-only: verdicts could not be kept there. Make a folder of your own: "
            "kg init my, kg add FILE --data my, kg review open --data my.",
        )


def name_reviewer() -> str:
    """Name who sits at the keyboard."""
    try:
        return os.environ.get("KG_REVIEWER") or getpass.getuser()
    except (KeyError, OSError):
        return "reviewer"


def make_desk(
    data_path: Path,
    documents: Iterable[Document],
    reviewer: str,
    *,
    models: str = "",
    propose: Callable[[Document], Proposal] | None = None,
    find_numbers: Callable[[str], tuple[Span, ...]] | None = None,
    today: Callable[[], str] = lambda: datetime.date.today().isoformat(),
) -> Desk:
    """Compose a desk; the extraction and the day can be given, for tests."""
    from kg import pipeline
    from kg.graph.ontology import read_labels
    from kg.mention import expression

    labels = {
        language: {name.removeprefix("kg:"): label for name, label in read_labels(language).items()}
        for language in ("zh", "en")
    }
    every = tuple(documents)

    def write_anchors(document_id: str, anchors: str) -> None:
        records = read_index(data_path)
        write_index(data_path, (replace(r, anchors=anchors) if r.id == document_id else r for r in records))

    def read_anchors(document_id: str) -> str:
        return next((r.anchors for r in read_index(data_path) if r.id == document_id), "")

    return Desk(
        data_path=data_path,
        propose=propose or partial(pipeline.propose, models=models, data=str(data_path)),
        find_numbers=find_numbers or expression.find_numbers,
        remake=lambda document, anchors: make_document(
            replace(document.record, anchors=anchors), document.text
        ),
        write_anchors=write_anchors,
        read_anchors=read_anchors,
        terms=pipeline.review_terms(),
        labels=labels,
        reviewer=reviewer,
        today=today,
        known=know_others(data_path, every, labels["zh"]),
    )


def know_others(
    data_path: Path, documents: tuple[Document, ...], labels: Mapping[str, str]
) -> Callable[[str, str], tuple[str, ...]]:
    """Tell what the reviewed documents say of a name, each line with its document's title."""

    def collect(document: Document) -> dict[str, list[str]]:
        told: dict[str, list[str]] = {}
        title = document.record.title or document.id
        try:
            review = read_review(review_path(data_path, document.id), document.id)
        except TableInvalidError:
            return told  # its own page says what is wrong with it
        rows: tuple[RelationVerdict | MeasureVerdict, ...] = (*review.relations, *review.measures)
        for row in rows:
            if row.verdict != "accept":
                continue
            if isinstance(row, RelationVerdict):
                said = f"{row.subject} — {labels.get(row.relation, row.relation)} → {row.object}"
                ends = {row.subject, row.object}
            else:
                said, ends = f"{row.subject} {row.indicator} {row.value}", {row.subject} - {"-"}
            for end in ends:
                told.setdefault(end, []).append(f"{said}({title})")
        return told

    told_by = {
        document.id: keep_fresh(table_paths(data_path, document, COLUMNS), partial(collect, document))
        for document in documents
    }

    def known(document_id: str, name: str) -> tuple[str, ...]:
        others = (told() for other, told in told_by.items() if other != document_id)
        return tuple(line for told in others for line in told.get(name, ()))

    return known


def table_paths(data_path: Path, document: Document, tables: Iterable[str]) -> list[Path]:
    """Name the files of a document's tables."""
    return [review_path(data_path, document.id) / f"{table}.tsv" for table in tables]


def make_office(desk: Desk, documents: Iterable[Document]) -> "Office":
    """Make the office of a folder: boards are opened when they are asked for."""
    from kg.review.page.board import Board
    from kg.review.page.server import Office

    every = tuple(documents)

    def list_names(document: Document) -> tuple[Named, ...]:
        try:
            rows = read_review(review_path(desk.data_path, document.id), document.id).entities
        except TableInvalidError:
            return ()  # its own page says what is wrong with it
        return tuple(list_named(document, rows))

    named = {
        document.id: keep_fresh(table_paths(desk.data_path, document, COLUMNS), partial(list_names, document))
        for document in every
    }

    def open_board(document: Document) -> "Board":
        def list_others() -> tuple[Named, ...]:
            others = (names() for other, names in named.items() if other != document.id)
            return tuple(name for names in others for name in names)

        return Board(Session(desk, document), list_others, every)

    return Office({document.id: document for document in every}, open_board)
