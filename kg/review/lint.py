"""Lint of review tables: the rules of rows, and whether order and form are those of the one writer."""

from pathlib import Path

from kg.errors import KgError, TableInvalidError
from kg.model import Document
from kg.review.rule import Terms, check_review
from kg.review.table import COLUMNS, read_review, render_table


def lint_folder(folder: Path, document: Document, terms: Terms) -> tuple[KgError, ...]:
    """List what breaks a rule; a table that cannot be read is one `TableInvalidError`."""
    try:
        review = read_review(folder, document.id)
    except TableInvalidError as error:
        return (error,)
    return check_review(folder, review, document, terms)


def find_disorder(folder: Path, document: Document) -> tuple[KgError, ...]:
    """List the tables that the one writer would write otherwise."""
    review = read_review(folder, document.id)
    findings = []
    for table in COLUMNS:
        path = folder / f"{table}.tsv"
        if path.is_file():
            written = render_table(table, getattr(review, table), document).encode("utf-8")
            if path.read_bytes() != written:
                findings.append(
                    KgError(
                        "次序或格式与统一写法不同。用 kg review lint --fix 整理。",
                        "order or form is not that of the one writer. Mend it with: kg review lint --fix",
                        where=str(path),
                    )
                )
    return tuple(findings)
