"""SPARQL servers that others wrote, started for a test on free ports of 127.0.0.1."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

GRAPH = "https://w3id.org/lianzhu/id/dataset"
PASSWORD = "dba"  # Virtuoso's own, on a database that lives as long as the test
_INI = """[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
NumberOfBuffers = 4000
MaxDirtyBuffers = 3000
DirsAllowed = .
ThreadsPerQuery = 1
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
ServerThreads = 4
EnabledDavVSP = 0
[SPARQL]
ResultSetMaxRows = 100000
"""


@dataclass(frozen=True)
class Foreign:
    """Where a server answers queries and keeps graphs, and how it is entered."""

    query_url: str
    store_url: str
    graph: str
    user: tuple[str, str] | None


def find_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended: {process.args}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise RuntimeError(f"the server does not answer: {process.args}")


@contextlib.contextmanager
def run_server(command: list[str], port: int, folder: Path, seconds: float = 60) -> Iterator[None]:
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, process, seconds)
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def find_oxigraph() -> str | None:
    beside = Path(sys.executable).with_name("oxigraph")
    return str(beside) if beside.is_file() else shutil.which("oxigraph")


@contextlib.contextmanager
def run_oxigraph(folder: Path) -> Iterator[Foreign]:
    program, port = find_oxigraph(), find_port()
    if program is None:
        raise RuntimeError("oxigraph is missing")
    with run_server([program, "serve", "--bind", f"127.0.0.1:{port}"], port, folder):
        base = f"http://127.0.0.1:{port}"
        yield Foreign(f"{base}/query", f"{base}/store", "", None)


def find_virtuoso() -> str | None:
    return shutil.which("virtuoso-t") or os.environ.get("VIRTUOSO")


@contextlib.contextmanager
def run_virtuoso(folder: Path) -> Iterator[Foreign]:
    program, sql, http = find_virtuoso(), find_port(), find_port()
    if program is None:
        raise RuntimeError("virtuoso is missing")
    (folder / "virtuoso.ini").write_text(_INI.format(sql=sql, http=http), "utf-8")
    with run_server([program, "+foreground", "+configfile", "virtuoso.ini"], http, folder, 120):
        base = f"http://127.0.0.1:{http}"
        query = f"{base}/sparql?default-graph-uri={GRAPH}"
        yield Foreign(query, f"{base}/sparql-graph-crud-auth", GRAPH, ("dba", PASSWORD))
