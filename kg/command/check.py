"""`kg check`: all gates of a data folder, each finding with its place and its cure."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.command.option import data_option
from kg.errors import GraphInvalidError, KgError, TableInvalidError
from kg.language import say
from kg.model import Verdict
from kg.statement import Reading

if TYPE_CHECKING:
    from kg.pipeline import Account


@click.command("check")
@data_option
@click.option("--quick", is_flag=True, help="Tables and numbers only, without the graph. 不验图。")
def check_command(data_path: Path | None, quick: bool) -> None:
    """Check everything: documents, review tables, quotes, numbers accounted for, the graph.

    检查一切:文件、核对表、引文、数字核销、图。有问题时退出码为 1。
    """
    from kg.pipeline import account_numbers, choose_data, read_readings, validate_knowledge

    chosen = choose_data(data_path)
    try:
        readings = read_readings(chosen)
    except TableInvalidError as error:
        _report([str(finding) for finding in error.findings])
        return
    findings = [finding for reading in readings for finding in _check_rows(reading, chosen)]
    for account in account_numbers(readings):
        findings += _check_numbers(account, chosen)
        total, missing = len(account.numbers), len(account.open)
        click.echo(
            say(
                f"{account.document.id}:数字核销 {total - missing} / {total}",
                f"{account.document.id}: {total - missing} of {total} numbers accounted for",
            )
        )
    if not quick:
        findings += [str(finding) for finding in validate_knowledge(readings, chosen)]
    _report(findings)


def _check_rows(reading: Reading, data_path: Path) -> Iterator[str]:
    """Yield the mentions that are not their text, and the rows that nobody has decided."""
    document, review = reading.document, reading.review
    for name, spans in reading.mentions.items():
        for span in spans:
            if document.text[span.start : span.end] != span.text:
                yield f"{document.id}: {name}: text[{span.start}:{span.end}] != {span.text!r}"
    folder = data_path / "reviews" / document.id
    tables: dict[str, Sequence[Verdict]] = {
        "entities": review.entities,
        "relations": review.relations,
        "measures": review.measures,
    }
    for table, rows in tables.items():
        for row in rows:
            if row.verdict == "unsure":
                yield f"{folder / table}.tsv:{row.line}: " + say("尚未决定(unsure)。", "still unsure.")


def _check_numbers(account: "Account", data_path: Path) -> Iterator[str]:
    """Yield the numbers of a document that no row accounts for, with their line."""
    place = data_path / "documents" / f"{account.document.id}.txt"
    for number in account.open:
        line = account.document.text.count("\n", 0, number.start) + 1
        yield f"{place}:{line}: " + say(
            f"数字「{number.text}」[{number.start}:{number.end}] 没有核销:在 measures.tsv 里接受或否定它。",
            f"the number '{number.text}' [{number.start}:{number.end}] is not accounted for: "
            "accept or reject it in measures.tsv.",
        )


def _report(findings: list[str]) -> None:
    for finding in findings:
        click.echo(finding, err=True)
    if findings:
        zh, en = f"{len(findings)} 处问题。", f"{len(findings)} findings."
        error: KgError = GraphInvalidError(zh, en)
        raise error
    click.echo(say("没有问题。", "No findings."))
