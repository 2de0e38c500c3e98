"""`kg extract`: what the machine proposes for any documents, one line of JSON each."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from kg.batch import Pool, Result, extract_files, hash_file, open_cluster, open_process_pool, read_finished
from kg.errors import KgError
from kg.language import say
from kg.learning import open_learnt


@click.command("extract")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--issued", default="", help="Date of issue of the documents. 发布日期。")
@click.option("--anchor", default="", help="The year that 今年 means. “今年”所指的年份。")
@click.option(
    "--out", "out_path", type=click.Path(path_type=Path, dir_okay=False),
    help="Write to this file; documents it already holds are not done again. 写入文件,可续做。",
)  # fmt: skip
@click.option(
    "--workers", type=click.IntRange(min=1), default=os.cpu_count() or 1, help="Processes. 进程数。"
)
@click.option("--scheduler", default="", metavar="tcp://…", help="A Dask scheduler instead. Dask 调度器。")
@click.option(
    "--models", "models_path", type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Models that kg train wrote. kg train 写的模型。",
)  # fmt: skip
def extract_command(
    files: tuple[Path, ...],
    issued: str,
    anchor: str,
    out_path: Path | None,
    workers: int,
    scheduler: str,
    models_path: Path | None,
) -> None:
    """Propose entities, relations and measures for FILES (or folders of them) as JSON Lines.

    为任意文件提出实体、关系和数字,每份文件一行 JSON。坏文件报告后跳过,退出码 1(全坏为 2)。
    """
    paths = list(find_files(files))
    finished = read_finished(out_path) if out_path else {}
    todo = [path for path in paths if not is_finished(path, finished)]
    workers = min(workers, max(1, len(todo)))
    pool: AbstractContextManager[Pool] | None = None
    if scheduler:
        pool = open_cluster(scheduler)
    elif workers > 1:
        pool = open_process_pool(workers)
    models = str(models_path.resolve()) if models_path else ""
    if models:
        open_learnt(models)
    results = extract_files(todo, pool, workers=workers, issued=issued, anchor=anchor, models=models)
    failed = 0
    with open_output(out_path) as output, show_progress(len(todo)) as advance:
        for result in results:
            failed += write_result(result, output)
            advance()
    if failed:
        if failed == len(paths):
            sys.exit(2)
        click.echo(say(f"跳过 {failed} 份文件。", f"{failed} documents skipped."), err=True)
        sys.exit(1)


def find_files(paths: tuple[Path, ...]) -> Iterator[Path]:
    """Yield the files named, and those of a folder named, sorted; a missing one is an error."""
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.iterdir() if p.is_file() and not p.name.startswith("."))
        elif path.exists():
            yield path
        else:
            raise KgError(f"没有这个文件:{path}", f"no such file: {path}")


def is_finished(path: Path, finished: dict[str, str]) -> bool:
    """Tell whether an output already holds this very file."""
    known = finished.get(path.name)
    return known is not None and known == hash_file(path)


@contextmanager
def open_output(path: Path | None) -> Iterator[IO[str]]:
    """Open the output: standard output, or a file to go on with."""
    if path is None:
        yield sys.stdout
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8", newline="\n") as file:
        yield file


def write_result(result: Result, output: IO[str]) -> bool:
    """Write a line, on disk before the next begins; report an error. True if it failed."""
    if result.error:
        click.echo(result.error, err=True)
        return True
    output.write(result.line + "\n")
    output.flush()
    if output is not sys.stdout:
        os.fsync(output.fileno())
    return False


@contextmanager
def show_progress(total: int) -> Iterator[Callable[[], None]]:
    """Show a bar on standard error when there is more than one document."""
    console = Console(file=sys.stderr)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=total < 2) as bar:
        task = bar.add_task(say("抽取", "extract"), total=total)
        yield lambda: bar.advance(task)
