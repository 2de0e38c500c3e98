"""`kg extract`: what the machine proposes for any documents, one line of JSON each."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from kg.batch import (
    Finished,
    OpenPool,
    Plan,
    Result,
    Settings,
    check_settings,
    digest_settings,
    extract_files,
    open_cluster,
    open_process_pool,
    plan_run,
    read_finished,
)
from kg.errors import KgError
from kg.language import say
from kg.learning import open_learnt
from kg.source import read_index


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
@click.option(
    "--data", "data_path", type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Also know the names read in this data folder. 也用这个数据文件夹里核对过的名称。",
)  # fmt: skip
def extract_command(
    files: tuple[Path, ...],
    issued: str,
    anchor: str,
    out_path: Path | None,
    workers: int,
    scheduler: str,
    models_path: Path | None,
    data_path: Path | None,
) -> None:
    """Propose entities, relations and measures for FILES (or folders of them) as JSON Lines.

    为任意文件提出实体、关系和数字,每份文件一行 JSON。坏文件报告后跳过,退出码 1(全坏为 2)。
    """
    check_settings(issued, anchor)
    if data_path:
        read_index(data_path)
    if models_path:
        open_learnt(str(models_path.resolve()))
    settings = Settings(
        issued=issued,
        anchor=anchor,
        models=str(models_path.resolve()) if models_path else "",
        data=str(data_path.resolve()) if data_path else "",
        folder=str(Path.cwd()),
    )
    settings = replace(settings, digest=digest_settings(settings))
    paths = list(dict.fromkeys(find_files(files)))
    with open_output(out_path) as output:
        plan = plan_run(paths, read_finished(out_path) if out_path else Finished(), settings.digest)
        tell_plan(plan)
        workers = min(workers, max(1, len(plan.todo)))
        results = extract_files(
            plan.todo, choose_pool(scheduler, workers, len(plan.todo)), workers=workers, settings=settings
        )
        failed = write_results(results, output, len(plan.todo))
    if failed:
        if failed == len(paths):
            sys.exit(2)
        click.echo(say(f"跳过 {failed} 份文件。", f"{failed} documents skipped."), err=True)
        sys.exit(1)


def choose_pool(scheduler: str, workers: int, documents: int) -> OpenPool | None:
    """Choose what does the work; this process itself only for a single document.

    One worker is a process of its own too: a document that makes it crash must not end the run.
    """
    if scheduler:
        return partial(open_cluster, scheduler)
    return partial(open_process_pool, workers) if documents > 1 else None


def tell_plan(plan: Plan) -> None:
    """Say what the output holds that was not made as asked now."""
    if plan.other_settings:
        click.echo(
            say(
                f"{plan.other_settings} 份文件已有别的设置下的结果,按现在的设置重做(行里的 settings 不同)。",
                f"{plan.other_settings} documents stand in the output under other settings; "
                "done again under these (their lines differ in `settings`).",
            ),
            err=True,
        )
    if plan.unknown_settings:
        click.echo(
            say(
                f"{plan.unknown_settings} 份文件的结果是旧版本写的,不知其设置,不再重做;要重做,另取 --out。",
                f"{plan.unknown_settings} documents stand in lines of an older version, their settings "
                "unknown; not done again. Name another --out to do them.",
            ),
            err=True,
        )


def find_files(paths: tuple[Path, ...]) -> Iterator[Path]:
    """Yield the files named, and those of a folder named, sorted; a missing one is an error."""
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.iterdir() if p.is_file() and not p.name.startswith("."))
        elif path.exists():
            yield path
        else:
            raise KgError(f"没有这个文件:{path}", f"no such file: {path}")


@contextmanager
def open_output(path: Path | None) -> Iterator[IO[str]]:
    """Open the output: standard output, or a file to go on with; what cannot be written is told."""
    if path is None:
        yield sys.stdout
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # A file name that is no Unicode is written as JSON's own escape.
        file = path.open("a", encoding="utf-8", errors="backslashreplace", newline="\n")
    except OSError as error:
        raise KgError(
            f"写不了这个文件({error.strerror})。请检查 --out 的路径和权限。",
            f"cannot write this file ({error.strerror}). Check the path of --out and its permissions.",
            where=str(path),
        ) from error
    with file:
        yield file


def write_results(results: Iterator[Result], output: IO[str], total: int) -> int:
    """Write the lines as they come and report what failed; return how many did."""
    failed = 0
    with show_progress(total) as advance:
        for result in results:
            failed += write_result(result, output)
            advance()
    return failed


def write_result(result: Result, output: IO[str]) -> bool:
    """Write a line, on disk before the next begins; report an error. True if it failed."""
    if result.error:
        click.echo(result.error, err=True)
        return True
    if result.warning:
        click.echo(result.warning, err=True)
    try:
        output.write(result.line + "\n")
        output.flush()
        if output is not sys.stdout and Path(output.name).is_file():
            os.fsync(output.fileno())
    except BrokenPipeError:
        raise
    except OSError as error:
        with suppress(OSError):
            output.close()  # it would fail once more over what is still in its buffer
        raise KgError(
            f"写到 {result.path} 时写不下去了({error.strerror})。腾出空间后重新运行,会接着做。",
            f"cannot write on at {result.path} ({error.strerror}). Make room and run again "
            "to go on from there.",
            where=output.name,
        ) from error
    return False


@contextmanager
def show_progress(total: int) -> Iterator[Callable[[], None]]:
    """Show a bar on standard error, if that is a terminal, when there is more than one document."""
    console = Console(file=sys.stderr)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    hidden = total < 2 or not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as bar:
        task = bar.add_task(say("抽取", "extract"), total=total)
        yield lambda: bar.advance(task)
