"""Extraction over many documents: in a process pool, or on a Dask cluster by configuration alone.

Results come in the order of the files whatever finishes first, at most a few a worker are
in memory, a bad document is a result with an error (also one that takes its worker with it),
and what an output file already holds is not done again.
"""

import hashlib
import json
import re
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Future, ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Protocol

from kg import __version__
from kg.errors import DocumentUnreadableError, KgError
from kg.model import EntityCandidate, MeasureCandidate, Proposal, Record, RelationCandidate, Span

# Formats whose text is not the file's own bytes: the output then carries the text.
_CONVERTED = {".html", ".htm", ".pdf", ".docx", ".xlsx", ".xls", ".ods", ".csv"}
_WINDOW = 4
_BEGIN = b'{"doc": "'
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One document done: its line of JSON, or what was wrong with it; perhaps a warning beside the line."""

    path: Path
    line: str = ""
    error: str = ""
    warning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a run does alike with every document.

    `folder` is where relative paths begin (a cluster's workers run elsewhere); `digest` is
    written into each line, so that results of other settings are told from these.
    """

    issued: str = ""
    anchor: str = ""
    models: str = ""
    data: str = ""
    folder: str = ""
    digest: str = ""


Task = Callable[[str], Result]


class Pool(Protocol):
    """What runs tasks: an executor of the standard library, or a Dask client behind one."""

    def submit(self, task: Task, /, *arguments: Any) -> "Future[Result]": ...


OpenPool = Callable[[], AbstractContextManager[Pool]]


def check_settings(issued: str, anchor: str) -> None:
    """Raise `KgError` for a date of issue or a time anchor that means nothing."""
    from kg.source.document import read_anchors

    if issued and not _is_date(issued):
        raise KgError(
            f"发布日期「{issued}」不对,例:--issued 2024-03-11、2024-03 或 2024。",
            f"'{issued}' is no date of issue; examples: --issued 2024-03-11, 2024-03 or 2024.",
        )
    try:
        sound = all(one.start < one.end for one in read_anchors(anchor, 1))
    except ValueError:
        sound = False
    if not sound:
        raise KgError(
            f"年份「{anchor}」不对,例:--anchor 2024,或分段:'0-120=2023;120-900=2024'。",
            f"'{anchor}' is no anchor; examples: --anchor 2024, or passages: '0-120=2023;120-900=2024'.",
        )


def _is_date(value: str) -> bool:
    """Tell whether a value is a year, a month or a day that the calendar has."""
    match = _DATE.fullmatch(value)
    if match is None:
        return False
    year, month, day = (int(part or 1) for part in match.groups())
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def digest_settings(settings: Settings) -> str:
    """Hash what decides a result beside the document: what models and data say, not where they lie."""
    digest = hashlib.sha256()
    _feed(digest, __version__, settings.issued, settings.anchor)
    if settings.models:
        _feed_files(digest, Path(settings.models), "*")
    if settings.data:
        _feed_files(digest, Path(settings.data), "documents/index.tsv", "reviews/*/*.tsv")
    return digest.hexdigest()[:16]


def _feed(digest: "hashlib._Hash", *values: str) -> None:
    for value in values:
        digest.update(value.encode("utf-8", "surrogatepass") + b"\0")


def _feed_files(digest: "hashlib._Hash", folder: Path, *patterns: str) -> None:
    for path in sorted(path for pattern in patterns for path in folder.glob(pattern) if path.is_file()):
        _feed(digest, path.relative_to(folder).as_posix(), hash_file(path))


def extract_file(name: str, settings: Settings) -> Result:
    """Read one file and propose; whatever goes wrong becomes a result that names the file."""
    file = Path(settings.folder, name)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", UnicodeWarning)
        try:
            line = _extract_line(file, name, settings)
        except KgError as error:
            if error.where == str(file):
                error.where = name
            return Result(path=Path(name), error=str(error))
        except Exception as error:  # one document, be it a bug that it uncovers, ends no run
            return Result(path=Path(name), error=_describe_failure(name, error))
    told = "\n".join(str(one.message).replace(str(file), name) for one in caught)
    return Result(path=Path(name), line=line, warning=told)


def _extract_line(file: Path, name: str, settings: Settings) -> str:
    from kg.pipeline import propose
    from kg.source import make_document, read_text

    text = read_text(file)
    document = make_document(Record(id=file.stem, issued=settings.issued, anchors=settings.anchor), text)
    proposal = propose(document, settings.models, settings.data)
    record = render_proposal(proposal, file.name, with_text=not _is_own_text(file, text))
    record |= {"path": Path(name).as_posix(), "sha256": hash_file(file), "settings": settings.digest}
    return json.dumps(record, ensure_ascii=False, separators=(", ", ": "))


def _describe_failure(name: str, error: BaseException) -> str:
    """Say that a document could not be processed, with the kind of failure for a report."""
    kind = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    failure = DocumentUnreadableError(
        f"处理不了这个文件({kind})。", f"cannot process this file ({kind}).", where=name
    )
    return str(failure)


def _describe_death(name: str) -> str:
    """Say that a document took its worker with it."""
    failure = DocumentUnreadableError(
        "处理这个文件时工作进程意外退出(崩溃或内存不足)。已跳过。",
        "a worker process died over this file (a crash, or no memory left). Skipped.",
        where=name,
    )
    return str(failure)


def _is_own_text(path: Path, text: str) -> bool:
    """Tell whether offsets hold in the file as it is stored, decoded as UTF-8."""
    if path.suffix.lower() in _CONVERTED:
        return False
    try:
        return path.read_bytes().decode("utf-8") == text
    except UnicodeDecodeError:
        return False


def hash_file(path: Path) -> str:
    """Hash a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def extract_files(
    paths: Iterable[Path], open_pool: OpenPool | None, *, workers: int, settings: Settings
) -> Iterator[Result]:
    """Yield a result a file, in order; without a pool in this process."""
    yield from run_task(partial(extract_file, settings=settings), paths, open_pool, workers=workers)


def run_task(
    task: Task, paths: Iterable[Path], open_pool: OpenPool | None, *, workers: int
) -> Iterator[Result]:
    """Run a task on each path, results in order; a failure, or a worker's death, is a result.

    When a worker dies the pool is opened anew, and the documents that were waiting are done
    one at a time: the one that takes its worker with it again is the culprit.
    """
    if open_pool is None:
        for path in paths:
            yield _await(path, partial(task, str(path)))
        return
    rest = iter(paths)
    while True:
        waiting: deque[tuple[Path, Future[Result] | None]] = deque()
        try:
            with open_pool() as pool:
                for path in rest:
                    waiting.append((path, None))
                    waiting[-1] = path, pool.submit(task, str(path))
                    if len(waiting) >= workers * _WINDOW:
                        yield _take_first(waiting)
                while waiting:
                    yield _take_first(waiting)
                return
        except BrokenExecutor:
            yield from _run_singly(task, waiting, open_pool)


def _take_first(waiting: "deque[tuple[Path, Future[Result] | None]]") -> Result:
    """Wait for the first document; it stays in the queue if its pool is broken."""
    path, future = waiting[0]
    assert future is not None
    result = _await(path, future.result)
    waiting.popleft()
    return result


def _await(path: Path, result: Callable[[], Result]) -> Result:
    """Take a result, or make one of what was raised in its place."""
    try:
        return result()
    except (BrokenExecutor, KgError):
        raise
    except CancelledError as error:
        raise KgError(
            f"与调度器的连接断了,做到 {path} 为止。重新运行(带 --out)即可接着做。",
            f"the scheduler is gone, before {path} was done. Run again (with --out) to go on from there.",
        ) from error
    except Exception as error:
        # Dask gives up a task over which several of its workers died; the class is not there without it.
        is_death = type(error).__name__ == "KilledWorker"
        described = _describe_death(str(path)) if is_death else _describe_failure(str(path), error)
        return Result(path=path, error=described)


def _run_singly(
    task: Task, waiting: "deque[tuple[Path, Future[Result] | None]]", open_pool: OpenPool
) -> Iterator[Result]:
    """Do again what a broken pool left, one document at a time, each death blamed on its document."""
    while waiting:
        with open_pool() as pool:
            while waiting:
                path, future = waiting.popleft()
                try:
                    if future is None or not future.done() or future.exception() is not None:
                        future = pool.submit(task, str(path))
                    result = _await(path, future.result)
                except BrokenExecutor:
                    yield Result(path=path, error=_describe_death(str(path)))
                    break
                yield result


def open_process_pool(workers: int) -> AbstractContextManager[Pool]:
    """Open a pool of worker processes on this machine."""
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"))


@contextmanager
def open_cluster(address: str) -> Iterator[Pool]:
    """Connect to a Dask scheduler (`tcp://…`); needs the extra `cluster`."""
    try:
        from distributed import Client
    except ImportError as error:
        raise KgError(
            "没有装 Dask。请安装:pip install 'lianzhu[cluster]'",
            "Dask is not installed: pip install 'lianzhu[cluster]'",
        ) from error
    try:
        client: Any = Client(address, timeout="10s")  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TimeoutError) as error:
        raise KgError(
            f"连不上 Dask 调度器 {address}。请先运行 dask scheduler 和 dask worker。",
            f"cannot reach the Dask scheduler {address}. Start `dask scheduler` and `dask worker` first.",
        ) from error
    with client:
        yield client.get_executor(pure=False)


@dataclass(slots=True)
class Finished:
    """What an output file holds: path, hash of the file and of the settings of each line.

    Lines of older versions say neither path nor settings; they are known by name and hash alone.
    """

    lines: set[tuple[str, str, str]] = field(default_factory=set)
    files: set[tuple[str, str]] = field(default_factory=set)
    older: set[tuple[str, str]] = field(default_factory=set)

    def add(self, record: dict[str, Any]) -> None:
        sha256 = record.get("sha256", "")
        if "path" in record:
            self.lines.add((record["path"], sha256, record.get("settings", "")))
            self.files.add((record["path"], sha256))
        else:
            self.older.add((record["doc"], sha256))

    def __len__(self) -> int:
        return len(self.lines) + len(self.older)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run has to do: the files, and how many the output holds in other ways than asked."""

    todo: tuple[Path, ...]
    other_settings: int = 0
    unknown_settings: int = 0


def plan_run(paths: Iterable[Path], finished: Finished, settings: str) -> Plan:
    """Choose the files that an output does not hold yet under these settings, each path once."""
    todo: list[Path] = []
    other = unknown = 0
    for path in dict.fromkeys(paths):
        name, sha256 = path.as_posix(), ""
        if len(finished):
            with suppress(OSError):  # extraction will tell
                sha256 = hash_file(path)
        if (name, sha256, settings) in finished.lines:
            continue
        if (path.name, sha256) in finished.older and (name, sha256) not in finished.files:
            unknown += 1
            continue
        other += (name, sha256) in finished.files
        todo.append(path)
    return Plan(todo=tuple(todo), other_settings=other, unknown_settings=unknown)


def read_finished(path: Path) -> Finished:
    """Read which documents an output file already holds.

    A last line that a kill cut short is removed from the file.
    """
    finished = Finished()
    if not path.is_file():
        return finished
    whole = 0
    with path.open("rb+") as file:
        for number, line in enumerate(file, 1):
            if not line.endswith(b"\n") and _is_cut(line):
                break
            try:
                finished.add(json.loads(line))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise KgError(
                    "这一行不是 kg extract 写的。--out 请另取一个文件名。",
                    "kg extract did not write this line. Name another file with --out.",
                    where=f"{path}:{number}",
                ) from error
            whole += len(line)
        file.truncate(whole)
    return finished


def _is_cut(line: bytes) -> bool:
    """Tell whether a last line is the beginning of one of ours; no other is ever removed."""
    return line.startswith(_BEGIN) or _BEGIN.startswith(line)


def render_proposal(proposal: Proposal, name: str, *, with_text: bool = False) -> dict[str, Any]:
    """Give a proposal in the form that `kg extract` prints."""
    record: dict[str, Any] = {
        "doc": name,
        "entities": [_render_entity(entity) for entity in proposal.entities],
        "relations": [_render_relation(relation) for relation in proposal.relations],
        "measures": [_render_measure(measure) for measure in proposal.measures],
    }
    if with_text:
        record["text"] = proposal.document.text
    return record


def _render_span(span: Span) -> dict[str, Any]:
    return {"start": span.start, "end": span.end, "text": span.text}


def _render_entity(entity: EntityCandidate) -> dict[str, Any]:
    return {
        "type": entity.type,
        "name": entity.name,
        "mentions": [_render_span(mention) for mention in entity.mentions],
        "confidence": round(entity.confidence, 3),
    }


def _render_relation(relation: RelationCandidate) -> dict[str, Any]:
    return {
        "type": relation.type,
        "subject": relation.subject,
        "object": relation.object,
        "basis": relation.basis,
        "modality": relation.modality,
        "period": relation.period,
        "confidence": round(relation.confidence, 3),
        "evidence": _render_span(relation.evidence),
    }


def _render_measure(measure: MeasureCandidate) -> dict[str, Any]:
    return {
        "subject": measure.subject,
        "indicator": measure.indicator,
        "low": _render_number(measure.low),
        "high": _render_number(measure.high),
        "unit": measure.unit,
        "comparator": measure.comparator,
        "modality": measure.modality,
        "period": measure.period,
        "value": measure.value.text,
        "kind": measure.kind,
        "base": measure.base or None,
        "confidence": round(measure.confidence, 3),
        "evidence": _render_span(measure.evidence),
    }


def _render_number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
