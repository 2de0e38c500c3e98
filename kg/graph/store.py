"""The Oxigraph store, replaced whole: a reader finds the old graph or the new one, never half.

A store is a folder of generations, each a complete Oxigraph database named by the hash of
its triples, and the file `CURRENT` that names the one to read. A build loads a new
generation beside the old one and then replaces `CURRENT`; a kill before that leaves a
folder that nothing names and the next build removes. The generation before the current
one stays, because a server may still be reading it.
"""

import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from pyoxigraph import DefaultGraph, Quad, Store, Triple

from kg.errors import GraphInvalidError
from kg.file import replace_file, sync_folder

_CURRENT = "CURRENT"
_PARTIAL = "partial-"


def build_store(triples: Iterable[Triple], path: Path) -> None:
    """Make `path` the store of these triples; the same triples are not loaded twice."""
    ordered = list(triples)
    name = "graph-" + _hash_triples(ordered)
    path.mkdir(parents=True, exist_ok=True)
    with _hold_lock(path):
        previous = read_generation(path)
        if previous == name:
            return
        _load_generation(ordered, path, name)
        replace_file(path / _CURRENT, f"{name}\n".encode())
        _remove_others(path, {name, previous})


def _hash_triples(triples: Iterable[Triple]) -> str:
    digest = hashlib.sha256()
    for line in sorted({str(triple) for triple in triples}):
        digest.update(line.encode() + b"\n")
    return digest.hexdigest()[:24]


def _load_generation(triples: Iterable[Triple], path: Path, name: str) -> None:
    partial, whole = path / f"{_PARTIAL}{os.getpid()}", path / name
    for leftover in (partial, whole):
        shutil.rmtree(leftover, ignore_errors=True)
    graph = DefaultGraph()
    store = Store(partial)
    store.bulk_extend(Quad(t.subject, t.predicate, t.object, graph) for t in triples)
    store.flush()
    del store  # closes the database: its folder may be renamed now
    partial.rename(whole)
    sync_folder(path)


def change_store(change: Callable[[Store], None], path: Path) -> None:
    """Make the next generation: the current one (or nothing) with a change, whole or not at all.

    The database is a checkpoint of the current one, so that readers keep what they read.
    Whatever `change` raises leaves the store as it was.
    """
    path.mkdir(parents=True, exist_ok=True)
    with _hold_lock(path):
        previous = read_generation(path)
        partial = path / f"{_PARTIAL}{os.getpid()}"
        shutil.rmtree(partial, ignore_errors=True)
        if previous:
            Store.read_only(str(path / previous)).backup(str(partial))
        store = Store(str(partial))
        try:
            change(store)
            store.flush()
        except BaseException:
            del store
            shutil.rmtree(partial, ignore_errors=True)
            raise
        del store
        name = "graph-" + hashlib.sha256(f"{previous} changed".encode()).hexdigest()[:24]
        shutil.rmtree(path / name, ignore_errors=True)
        partial.rename(path / name)
        sync_folder(path)
        replace_file(path / _CURRENT, f"{name}\n".encode())
        _remove_others(path, {name, previous})


def _remove_others(path: Path, keep: set[str | None]) -> None:
    for folder in path.iterdir():
        if folder.is_dir() and folder.name.startswith(("graph-", _PARTIAL)) and folder.name not in keep:
            shutil.rmtree(folder, ignore_errors=True)


def read_generation(path: Path) -> str | None:
    """Name the generation that `open_store` would open; `None` where there is no store."""
    try:
        name = (path / _CURRENT).read_text("utf-8").strip()
    except OSError:
        return None
    return name if name.startswith("graph-") and (path / name / "CURRENT").is_file() else None


class StoreMissingError(GraphInvalidError):
    """A query before anything was built."""

    exit_code = 2


def open_store(path: Path) -> Store:
    """Open the current generation for reading."""
    name = read_generation(path)
    if name is None:
        raise StoreMissingError(
            "还没有可以查询的图。请先运行 kg build。",
            "there is no graph to query yet. Run kg build first.",
            where=str(path),
        )
    try:
        return Store.read_only(str(path / name))
    except OSError as error:
        raise GraphInvalidError(
            f"图数据库打不开({error})。请删除这个文件夹,再运行 kg build。",
            f"the store cannot be opened ({error}). Remove this folder and run kg build again.",
            where=str(path),
        ) from error


@contextmanager
def _hold_lock(path: Path) -> Iterator[None]:
    """Let one build at a time write; a lock ends with its process, however that ends."""
    with (path / "lock").open("a+b") as file:
        _lock(file)
        yield


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)

else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX)
