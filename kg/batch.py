"""Extraction over many documents: in a process pool, or on a Dask cluster by configuration alone.

Results come in the order of the files whatever finishes first, at most a few a worker are
in memory, a bad document is a result with an error, and what an output file already holds
is not done again.
"""

import hashlib
import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Protocol

from kg.errors import DocumentUnreadableError, KgError
from kg.model import EntityCandidate, MeasureCandidate, Proposal, Record, RelationCandidate, Span

# Formats whose text is not the file's own bytes: the output then carries the text.
_CONVERTED = {".html", ".htm", ".pdf", ".docx", ".xlsx", ".xls", ".ods", ".csv"}
_WINDOW = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One document done: its line of JSON, or what was wrong with it."""

    path: Path
    line: str = ""
    error: str = ""


class Pool(Protocol):
    """What runs tasks: an executor of the standard library, or a Dask client behind one."""

    def submit(self, task: Callable[..., Result], /, *arguments: Any) -> "Future[Result]": ...


def extract_file(path: str, issued: str, anchor: str, models: str = "") -> Result:
    """Read one file and propose; every user error becomes a result."""
    from kg.pipeline import propose
    from kg.source import make_document, read_text

    file = Path(path)
    try:
        text = read_text(file)
        document = make_document(Record(id=file.stem, issued=issued, anchors=anchor), text)
        proposal = propose(document, models)
    except KgError as error:
        return Result(path=file, error=str(error))
    except (RecursionError, MemoryError) as error:
        failure = DocumentUnreadableError(
            f"处理不了这个文件({type(error).__name__})。", f"cannot process this file ({error}).", where=path
        )
        return Result(path=file, error=str(failure))
    record = render_proposal(proposal, file.name, with_text=not _is_own_text(file, text))
    record["sha256"] = hash_file(file)
    return Result(path=file, line=json.dumps(record, ensure_ascii=False, separators=(", ", ": ")))


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
    paths: Iterable[Path],
    open_pool: AbstractContextManager[Pool] | None,
    *,
    workers: int,
    issued: str = "",
    anchor: str = "",
    models: str = "",
) -> Iterator[Result]:
    """Yield a result a file, in order; without a pool in this process."""
    settings = (issued, anchor, models)
    if open_pool is None:
        for path in paths:
            yield extract_file(str(path), *settings)
        return
    waiting: deque[Future[Result]] = deque()
    with open_pool as pool:
        for path in paths:
            waiting.append(pool.submit(extract_file, str(path), *settings))
            if len(waiting) >= workers * _WINDOW:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


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


def read_finished(path: Path) -> dict[str, str]:
    """Read which documents an output file already holds, by file name and hash.

    A last line that a kill cut short is removed from the file.
    """
    if not path.is_file():
        return {}
    finished: dict[str, str] = {}
    whole = 0
    with path.open("rb+") as file:
        for line in file:
            if not line.endswith(b"\n"):
                break
            try:
                record = json.loads(line)
            except ValueError:
                break
            finished[record["doc"]] = record.get("sha256", "")
            whole += len(line)
        file.truncate(whole)
    return finished


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
