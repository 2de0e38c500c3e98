"""`kg review export` and `kg review import`: reviews in the files of other programs."""

import datetime
from pathlib import Path

import click

from kg.command.option import data_option, own_data_option
from kg.errors import KgError, NameUnknownError, TableInvalidError
from kg.file import replace_file
from kg.language import say
from kg.model import Document, Review
from kg.review.exchange import (
    FORMATS,
    Delivery,
    Merged,
    check_delivery,
    list_rows,
    merge_delivery,
    unreadable,
)
from kg.review.memory import replace_review, review_version
from kg.review.rule import check_review
from kg.review.table import read_review, review_path
from kg.source import read_documents

_LARGEST = 200_000_000  # bytes


@click.command("export")
@click.argument("name", metavar="DOCUMENT")
@click.option("--format", "form", type=click.Choice(FORMATS), default="xlsx", show_default=True)
@click.option(
    "--out", "out_path", type=click.Path(path_type=Path, dir_okay=False), required=True,
    help="File to write. 写入的文件。",
)  # fmt: skip
@data_option
def export_command(name: str, form: str, out_path: Path, data_path: Path | None) -> None:
    """Write the verdicts on DOCUMENT as a file for Label Studio, doccano or a spreadsheet.

    把核对表导出为 Label Studio、doccano 或 Excel 文件,改后用 kg review import 导回。
    For Label Studio the labelling interface is written beside it (.config.xml).
    """
    from kg.pipeline import choose_data, review_terms

    data = choose_data(data_path)
    document = _choose_document(data, name)
    review = read_review(review_path(data, document.id), document.id)
    written = [out_path]
    if form == "labelstudio":
        from kg.review.exchange_labelstudio import render_config, render_labelstudio

        config = out_path.with_suffix(".config.xml")
        replace_file(config, render_config(review_terms().relations).encode("utf-8"))
        replace_file(out_path, render_labelstudio(document, review))
        written.append(config)
    elif form == "doccano":
        from kg.review.exchange_doccano import render_doccano

        replace_file(out_path, render_doccano(document, review))
    else:
        from kg.review.exchange_xlsx import render_xlsx

        replace_file(out_path, render_xlsx(document, review, review_terms().relations))
    count = len(list_rows(review))
    shown = "、".join(map(str, written))
    click.echo(say(f"已写 {shown}({count} 行)。", f"Wrote {shown} ({count} rows)."))


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--document", "name", required=True, help="Document id. 文档编号。")
@click.option("--reviewer", default="", help="Who changed the rows. 修改者。")
@click.option("--dry-run", is_flag=True, help="Only say what would change. 只说明会改什么。")
@own_data_option
def import_command(file: Path, name: str, reviewer: str, dry_run: bool, data_path: Path) -> None:
    """Take the changes in FILE (Label Studio JSON, doccano JSONL, xlsx) into the review tables.

    导入 kg review export 导出并改过的文件。文件里没有的行不会被删除。要么全部写入,要么不写。
    """
    from kg.command.desk import name_reviewer

    document = _choose_document(data_path, name)
    folder = review_path(data_path, document.id)
    version = review_version(folder)
    review = read_review(folder, document.id)
    delivery = read_delivery(file, document)
    check_delivery(delivery, document, file)
    today = datetime.date.today().isoformat()
    merged = merge_delivery(review, delivery, reviewer or name_reviewer(), today)
    _check_rules(file, document, review, merged)
    if not dry_run and (merged.added or merged.changed):
        replace_review(data_path, merged.review, document, version)
    for line in delivery.skipped:
        click.echo(say("  未导入(缺字段):", "  left out (fields are missing): ") + line)
    click.echo(
        say(
            f"新增 {len(merged.added)} 行,修改 {len(merged.changed)} 行,"
            f"文件中没有而保留的 {merged.absent} 行。",
            f"{len(merged.added)} rows added, {len(merged.changed)} changed, "
            f"{merged.absent} not in the file and kept.",
        )
        + (say("(没有写入)", " (nothing written)") if dry_run else "")
    )


def _choose_document(data_path: Path, name: str) -> Document:
    documents = read_documents(data_path)
    found = next((document for document in documents if document.id == name), None)
    if found is None:
        known = "、".join(document.id for document in documents) or "—"
        raise NameUnknownError(
            f"没有编号为 {name} 的文档。现有:{known}", f"no document has the id {name}. There are: {known}"
        )
    return found


def read_delivery(path: Path, document: Document) -> Delivery:
    """Read a file by what it holds, whatever its name."""
    from kg.review.exchange_doccano import read_doccano
    from kg.review.exchange_labelstudio import read_labelstudio
    from kg.review.exchange_xlsx import read_xlsx

    if path.stat().st_size > _LARGEST:
        raise unreadable(str(path), f"> {_LARGEST} bytes")
    data = path.read_bytes()
    if data.startswith(b"PK"):
        return read_xlsx(data, document, str(path))
    head = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"[") or (head.startswith(b"{") and b'"annotations"' in data):
        return read_labelstudio(data, document, str(path))
    if head.startswith(b"{"):
        return read_doccano(data, document, str(path))
    raise unreadable(str(path), say("不是 JSON、JSONL 或 xlsx", "neither JSON, JSONL nor xlsx"))


def _check_rules(path: Path, document: Document, before: Review, merged: Merged) -> None:
    """Refuse a file that would bring in a row that breaks a rule; old faults are not its own."""
    from kg.pipeline import review_terms

    def faults(review: Review) -> list[KgError]:
        found = check_review(Path(), review, document, review_terms())
        return [KgError(finding.zh, finding.en, where=str(path)) for finding in found]

    known = {finding.en for finding in faults(before)}
    fresh = [finding for finding in faults(merged.review) if finding.en not in known]
    if fresh:
        raise TableInvalidError(fresh)
