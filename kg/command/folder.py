"""`kg init` and `kg add`: a folder of one's own, and a document into it."""

import re
import unicodedata
from pathlib import Path

import click
from pypinyin import lazy_pinyin

from kg.command.option import own_data_option
from kg.language import say
from kg.model import Record
from kg.review.sync import keep_text
from kg.source import add_document, make_folder, read_text


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path))
def init_command(folder: Path) -> None:
    """Make an empty data folder FOLDER (documents/, reviews/, names/).

    建一个空的数据文件夹。
    """
    make_folder(folder)
    click.echo(
        say(
            f"已建 {folder}。下一步:kg add 文件 --data {folder} --title 标题 "
            "--issued 2024-03-11 --place 地名",
            f"Made {folder}. Next: kg add FILE --data {folder} --title … --issued 2024-03-11 --place …",
        )
    )


@click.command("add")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--title", default="", help="Title. 标题。")
@click.option("--issued", default="", help="Date of issue, 2024-03-11 or 2024. 发布日期。")
@click.option("--place", default="", help="The document's own place. 文件所说的地方。")
@click.option("--division", default="", help="Division code of six digits. 六位行政区划代码。")
@click.option("--publisher", default="", help="Publisher. 发布机构。")
@click.option("--speaker", default="", help="Who speaks in it. 讲话人。")
@click.option("--source", default="", help="Where it came from. 来源。")
@click.option("--anchors", default="", help="The year 今年 means: 2024. “今年”所指的年份。")
@click.option(
    "--id", "document_id", default="", help="Its id (a-z 0-9 -); else made of the file name. 编号。"
)
@own_data_option
def add_command(
    file: Path,
    title: str,
    issued: str,
    place: str,
    division: str,
    publisher: str,
    speaker: str,
    source: str,
    anchors: str,
    document_id: str,
    data_path: Path,
) -> None:
    """Copy the text of FILE (txt, html, pdf, docx, xlsx) into the data folder with its record.

    把文件的文字连同记录放进数据文件夹。
    """
    text = read_text(file)
    record = Record(
        id=document_id or suggest_id(file.stem),
        title=title or file.stem,
        publisher=publisher,
        issued=issued,
        place=place,
        division=division,
        speaker=speaker,
        source=source or file.name,
        anchors=anchors,
    )
    stored = add_document(data_path, record, text)
    path = data_path / "documents" / f"{stored.id}.txt"
    keep_text(data_path, path.read_bytes())
    click.echo(
        say(
            f"已加入 {path}({len(text)} 字)。下一步:kg extract {path} 或 kg review open {stored.id} "
            f"--data {data_path}",
            f"Added {path} ({len(text)} characters). Next: kg extract {path}, or kg review open {stored.id} "
            f"--data {data_path}",
        )
    )


def suggest_id(stem: str) -> str:
    """Make a document id of a file's name: pinyin, lower case, hyphens."""
    folded = unicodedata.normalize("NFKC", stem)
    spelt = "-".join(lazy_pinyin(folded)) if not folded.isascii() else folded
    return re.sub(r"[^a-z0-9]+", "-", spelt.lower()).strip("-")[:80].strip("-") or "document"
