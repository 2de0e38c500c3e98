"""The process that evaluates: it reads jobs from a pipe and can be killed at any moment.

Started as `python -m kg.graph.server.worker STORE MEMORY [FD]`. With a socket's descriptor it
is the parent of workers: it has loaded everything, receives one socket for each worker
wanted, and forks; a worker so begins in milliseconds. Without one (where a system cannot
fork) it is itself a worker on standard input and output.

A job is a line of JSON (`{"op": …, "body": length}`) and its body; so is a reply. A worker
ends when its pipe does, or by an alarm if a job outlives whoever asked for it.
"""

import contextlib
import gc
import json
import os
import signal
import socket
import sys
import traceback
from pathlib import Path
from typing import IO, Any

from pyoxigraph import Store

from kg.errors import GraphInvalidError
from kg.graph.server import evaluation
from kg.graph.store import open_store, read_generation


class Evaluator:
    """The store as it is now: each job sees the newest whole generation."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._generation: str | None = None
        self._store: Store | None = None

    def find_store(self) -> Store | None:
        generation = read_generation(self._path)
        if generation != self._generation or self._store is None:
            self._store = None
            self._store = open_store(self._path) if generation else None
            self._generation = generation
        return self._store

    def answer(self, job: dict[str, Any], body: bytes) -> evaluation.Reply:
        if job["op"] == "update":
            return evaluation.apply_update(self._path, job)
        try:
            store = self.find_store()
        except GraphInvalidError:
            store = self.find_store()  # a new build removed what CURRENT named a moment ago
        if job["op"] == "write":
            return evaluation.write_graph_store(self._path, store, job, body)
        if job["op"] == "read":
            return evaluation.read_graph(store, job)
        if store is None:
            return evaluation.fail(
                503,
                "no-graph",
                "还没有可以查询的图。请先运行 kg build。",
                "there is no graph to query yet. Run kg build first.",
            )
        return evaluation.answer_query(store, job)


def serve_jobs(path: Path, source: IO[bytes], target: IO[bytes]) -> None:
    """Answer jobs until the source ends; the first line sent is this process's number."""
    evaluator = Evaluator(path)
    with contextlib.suppress(GraphInvalidError):
        evaluator.find_store()  # opens before the first job, not during it
    target.write(json.dumps({"pid": os.getpid()}).encode() + b"\n")
    target.flush()
    while line := source.readline():
        job = json.loads(line)
        body = source.read(job["body"])
        _set_alarm(job["seconds"] + 5)
        try:
            header, answer = evaluator.answer(job, body)
        except MemoryError:
            os._exit(1)  # the server tells who asked
        except Exception:
            header, answer = {"status": 500, "code": "bug", "trace": traceback.format_exc()}, b""
        _set_alarm(0)
        target.write(json.dumps(header | {"body": len(answer)}).encode() + b"\n" + answer)
        target.flush()


def _set_alarm(seconds: float) -> None:
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _limit_memory(size: int) -> None:
    try:
        import resource
    except ImportError:  # no such limits on Windows
        return
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_DATA, (size, size))


def raise_workers(path: Path, memory: int, control: socket.socket) -> None:
    """Fork a worker for each socket received, until the control socket ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system forgets ended workers
    gc.freeze()
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not message:
            return
        if os.fork() == 0:
            control.close()
            _serve_socket(path, memory, descriptors[0])
        for descriptor in descriptors:
            os.close(descriptor)


def _serve_socket(path: Path, memory: int, descriptor: int) -> None:
    try:
        _limit_memory(memory)
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 2)  # a process that runs out of memory says so; the reply says it better
        with socket.socket(fileno=descriptor) as peer, contextlib.suppress(OSError):
            serve_jobs(path, peer.makefile("rb"), peer.makefile("wb"))
    finally:
        os._exit(0)


def main(arguments: list[str]) -> None:
    path, memory = Path(arguments[0]), int(arguments[1])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server ends its workers
    if len(arguments) > 2:
        raise_workers(path, memory, socket.socket(fileno=int(arguments[2])))
    else:
        _limit_memory(memory)
        serve_jobs(path, sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main(sys.argv[1:])
