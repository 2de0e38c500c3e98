"""`kg review settle A B`: two people's tables of one document made into the third that counts."""

import datetime
from dataclasses import replace
from pathlib import Path

import click

from kg.command.option import data_option
from kg.errors import WriteConflictError
from kg.file import replace_file
from kg.language import say
from kg.model import Document, Proposal
from kg.review.memory import Memory
from kg.review.settle import Settlement, check_sides, prepare_settlement, tell_sides
from kg.review.table import COLUMNS, read_review, review_path


@click.command("settle")
@click.argument("a", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("b", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--document", "name", help="Document id; else from the folders' path. 文档编号。")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="0: any free (default). 端口。")
@click.option("--no-browser", is_flag=True, help="Only print the address. 只打印地址,不打开浏览器。")
@click.option("--no-page", is_flag=True, help="Take over what both say, without the page. 不开核对页。")
@click.option("--reviewer", default="", help="Your name in the tables (or KG_REVIEWER). 核对人。")
@data_option
def settle_command(
    a: Path,
    b: Path,
    name: str | None,
    port: int,
    no_browser: bool,
    no_page: bool,
    reviewer: str,
    data_path: Path | None,
) -> None:
    """Settle the tables of folders A and B: what both say is taken over, the rest is asked on the page.

    合并两人的核对表:一致的直接采纳,分歧逐条裁定。两份原表留在 readings/ 里,原样不动。
    """
    from kg.command.desk import make_desk, make_office, name_reviewer, require_own_folder
    from kg.command.review import choose_documents, guess_document, serve_office
    from kg.command.serve import open_listener
    from kg.pipeline import choose_data, packaged_data
    from kg.source import read_documents

    data = choose_data(data_path)
    require_own_folder(data, packaged_data())
    documents = read_documents(data)
    document = guess_document(a, b, choose_documents(data, name))
    who = reviewer or name_reviewer()
    settlement = settle_folders(data, document, a, b, who, datetime.date.today().isoformat())
    if no_page:
        return
    desk = make_desk(data, documents, who, propose=lambda _: _waiting(settlement))
    sides = tuple(settlement.differences)
    labels = (a.name, b.name) if a.name != b.name else ("A", "B")
    desk = replace(desk, known=lambda _, name: tuple(tell_sides(sides, name, labels)))
    office = make_office(desk, [document])
    serve_office(office, open_listener("127.0.0.1", port), data, document.id, no_browser)


def _waiting(settlement: Settlement) -> Proposal:
    return settlement.proposal


def settle_folders(
    data: Path, document: Document, a: Path, b: Path, reviewer: str, reviewed: str
) -> Settlement:
    """Keep both originals, take over what they agree on, and tell how much is left."""
    from kg.pipeline import review_terms

    first, second = (read_review(folder, document.id) for folder in (a, b))
    check_sides(first, second)
    keep_originals(review_path(data, document.id) / "readings", (a, b))
    memory = Memory(data, document)
    settlement = prepare_settlement(
        document, first, second, memory.review, review_terms(), reviewer=reviewer, reviewed=reviewed
    )
    if settlement.agreed.add:
        memory.apply(settlement.agreed)
    proposal = settlement.proposal
    left = len(proposal.entities) + len(proposal.relations) + len(proposal.measures)
    taken = len(settlement.agreed.add)
    click.echo(
        say(
            f"采纳两人一致的 {taken} 行;待裁定 {left} 条(分歧 {len(settlement.differences)} 处)。",
            f"Took over {taken} rows that both have; {left} to decide "
            f"({len(settlement.differences)} differences).",
        )
    )
    return settlement


def keep_originals(folder: Path, sides: tuple[Path, Path]) -> None:
    """Copy the tables of both readings beside the third, unless they lie there; never over others."""
    for side in sides:
        if side.resolve().parent == folder.resolve():
            continue
        place = folder / side.name
        for table in COLUMNS:
            source, target = side / f"{table}.tsv", place / f"{table}.tsv"
            if not source.is_file():
                continue
            data = source.read_bytes()
            if target.is_file() and target.read_bytes() != data:
                raise WriteConflictError(
                    f"{target} 已有另一份原表。请给 {side} 换个文件夹名。",
                    f"{target} holds another original. Rename the folder {side}.",
                )
            replace_file(target, data)
