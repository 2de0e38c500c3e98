"""`kg check`: all gates of a data folder, each finding with its place and its cure."""

from pathlib import Path

import click

from kg.command.option import data_option
from kg.errors import GraphInvalidError, KgError, TableInvalidError
from kg.language import say


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
    findings = []
    for reading in readings:
        text = reading.document.text
        for name, spans in reading.mentions.items():
            findings += [
                f"{reading.document.id}: {name}: text[{s.start}:{s.end}] != {s.text!r}"
                for s in spans
                if text[s.start : s.end] != s.text
            ]
        table = chosen / "reviews" / reading.document.id
        for part in (reading.review.entities, reading.review.relations, reading.review.measures):
            findings += [
                f"{table}:{row.line}: " + say("尚未决定(unsure)。", "still unsure.")
                for row in part
                if row.verdict == "unsure"
            ]
    for account in account_numbers(readings):
        for number in account.open:
            line = account.document.text.count("\n", 0, number.start) + 1
            place = chosen / "documents" / f"{account.document.id}.txt"
            findings.append(
                f"{place}:{line}: "
                + say(
                    f"数字「{number.text}」[{number.start}:{number.end}] 没有核销:"
                    "在 measures.tsv 里接受或否定它。",
                    f"the number '{number.text}' [{number.start}:{number.end}] is not accounted for: "
                    "accept or reject it in measures.tsv.",
                )
            )
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


def _report(findings: list[str]) -> None:
    for finding in findings:
        click.echo(finding, err=True)
    if findings:
        zh, en = f"{len(findings)} 处问题。", f"{len(findings)} findings."
        error: KgError = GraphInvalidError(zh, en)
        raise error
    click.echo(say("没有问题。", "No findings."))
