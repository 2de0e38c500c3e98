"""`kg build` and `kg page`: everything a data folder holds, made anew."""

import sys
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from kg.command.anchors import format_anchors
from kg.command.option import data_option, out_option
from kg.language import say

_STEPS = ("read", "graph", "validate", "write", "store", "tables", "page")


def _name_step(step: str) -> str:
    zh = dict(zip(_STEPS, ("读核对表", "成图", "校验", "写图文件", "建库", "写表格", "画网页"), strict=True))
    return say(zh[step], step)


@click.command("build")
@data_option
@out_option
def build_command(data_path: Path | None, out_path: Path) -> None:
    """Build graph, store, tables and page from the review tables.

    由核对表建成图、库、表格和网页。
    """
    from kg.pipeline import build_folder, choose_data

    chosen = choose_data(data_path)
    console = Console(file=sys.stderr)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=len(_STEPS))
        knowledge = build_folder(
            chosen, out_path, lambda step: bar.update(task, advance=1, description=_name_step(step))
        )
    counts = (
        len(knowledge.documents),
        len(knowledge.entities),
        len(knowledge.statements),
        len(knowledge.measures),
    )
    click.echo(format_anchors(knowledge))
    click.echo(
        say(
            "{} 份文件,{} 个实体,{} 条关系,{} 个数字。".format(*counts),
            "{} documents, {} entities, {} relations, {} measures.".format(*counts),
        )
    )
    click.echo(
        say(
            f"网页:{out_path / 'graph.html'}(用浏览器打开)",
            f"Page: {out_path / 'graph.html'} (open it in a browser)",
        )
    )


@click.command("page")
@data_option
@out_option
def page_command(data_path: Path | None, out_path: Path) -> None:
    """Write only the interactive page graph.html.

    只重写网页 graph.html。
    """
    from kg.pipeline import choose_data, write_explorer

    click.echo(write_explorer(choose_data(data_path), out_path / "graph.html"))
