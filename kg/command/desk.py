"""What the review page needs from the other stages, composed; and its server."""

import datetime
import getpass
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import FolderMissingError, TableInvalidError
from kg.model import Document, EntityVerdict, MeasureVerdict, Proposal, RelationVerdict, Span
from kg.review import read_review, review_path
from kg.review.page.pair import Named, list_named
from kg.review.page.session import Desk, Session
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

    return Desk(
        data_path=data_path,
        propose=propose or pipeline.propose,
        find_numbers=find_numbers or expression.find_numbers,
        remake=lambda document, anchors: make_document(
            replace(document.record, anchors=anchors), document.text
        ),
        write_anchors=write_anchors,
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

    @lru_cache(maxsize=1)
    def collect() -> dict[str, list[tuple[str, str]]]:
        told: dict[str, list[tuple[str, str]]] = {}
        for document in documents:
            title = document.record.title or document.id
            try:
                review = read_review(review_path(data_path, document.id), document.id)
            except TableInvalidError:
                continue  # its own page says what is wrong with it
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
                    told.setdefault(end, []).append((document.id, f"{said}({title})"))
        return told

    def known(document_id: str, name: str) -> tuple[str, ...]:
        return tuple(line for own, line in collect().get(name, ()) if own != document_id)

    return known


def make_office(desk: Desk, documents: Iterable[Document]) -> "Office":
    """Make the office of a folder: boards are opened when they are asked for."""
    from kg.review.page.board import Board
    from kg.review.page.server import Office

    every = tuple(documents)

    def list_others(own: Document) -> list[Named]:
        named: list[Named] = []
        for document in every:
            if document.id != own.id:
                folder = review_path(desk.data_path, document.id)
                try:
                    rows: tuple[EntityVerdict, ...] = read_review(folder, document.id).entities
                except TableInvalidError:
                    rows = ()
                named += list_named(document, rows)
        return named

    def open_board(document: Document) -> "Board":
        others = lru_cache(maxsize=1)(lambda: list_others(document))
        return Board(Session(desk, document), others, every)

    return Office({document.id: document for document in every}, open_board)
