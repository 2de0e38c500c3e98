"""Many clients on one `kg serve`: what they wait, what fails, what memory the server keeps."""

import contextlib
import http.client
import itertools
import os
import random
import re
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Triple

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = 20


@dataclass(frozen=True)
class Load:
    """What a run of clients saw; waits in seconds, sorted; memory in MB, from a third of the time on."""

    asked: int
    seconds: float
    waits: tuple[float, ...]
    failures: tuple[str, ...]
    memory: tuple[tuple[float, float], ...]  # seconds since the start, MB

    @property
    def growth(self) -> float:
        """MB that the line through all samples rises from the first to the last: one peak moves it little."""
        times, sizes = zip(*self.memory, strict=True)
        return statistics.linear_regression(times, sizes).slope * (times[-1] - times[0])

    def find_percentile(self, share: float) -> float:
        return self.waits[min(len(self.waits) - 1, int(len(self.waits) * share))]

    def __str__(self) -> str:
        middle, high = (self.find_percentile(share) * 1000 for share in (0.5, 0.99))
        sizes = [size for _, size in self.memory]
        return (
            f"{self.asked} answers in {self.seconds:.0f} s ({self.asked / self.seconds:.0f}/s), "
            f"median {middle:.0f} ms, p99 {high:.0f} ms, longest {self.waits[-1] * 1000:.0f} ms; "
            f"memory {min(sizes):.0f} to {max(sizes):.0f} MB in {len(sizes)} samples, "
            f"growth {self.growth:+.0f} MB; failures {len(self.failures)}"
        )


@contextlib.contextmanager
def run_serve(out: Path) -> Iterator[tuple[int, int]]:
    """Start `kg serve` on a free port; its process and port."""
    command = [
        sys.executable,
        "-c",
        "from kg.cli import main; main()",
        "serve",
        "--port",
        "0",
        "--out",
        str(out),
    ]
    environment = os.environ | {"PYTHONUNBUFFERED": "1", "KG_LANG": "en"}
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        assert server.stdout is not None
        found = re.search(r":(\d+)/", server.stdout.readline())
        assert found
        port = int(found[1])
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError, http.client.HTTPException):
                ask(http.client.HTTPConnection("127.0.0.1", port, timeout=30), "ASK {}")
                break
            time.sleep(0.1)
        yield server.pid, port
    finally:
        server.terminate()
        server.wait(20)
        if server.stdout:
            server.stdout.close()


def ask(connection: http.client.HTTPConnection, query: str) -> int:
    headers = {
        "Content-Type": "application/sparql-query",
        "Accept": "application/sparql-results+json, text/turtle",
    }
    connection.request("POST", "/sparql", query.encode(), headers)
    response = connection.getresponse()
    response.read()
    return response.status


def press(port: int, process: int, queries: Sequence[str], *, clients: int, seconds: float) -> Load:
    """Ask from many clients at once, each its next query as soon as it has an answer."""
    waits: list[float] = []
    failures: list[str] = []
    started = time.monotonic()
    ending = started + seconds

    def work(number: int) -> None:
        order = list(queries)
        random.Random(number).shuffle(order)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for query in itertools.cycle(order):
            if time.monotonic() > ending:
                break
            asked = time.monotonic()
            try:
                status = ask(connection, query)
                if status != 200:
                    failures.append(f"{status}: {query[:80]}")
            except (OSError, http.client.HTTPException) as error:
                failures.append(repr(error))
                connection.close()
            waits.append(time.monotonic() - asked)
        connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    memory = []
    for sample in range(SAMPLES):
        moment = started + seconds * (1 + 2 * sample / (SAMPLES - 1)) / 3
        time.sleep(max(0.0, moment - time.monotonic()))
        memory.append((time.monotonic() - started, measure_memory(process)))
    for thread in threads:
        thread.join()
    spent = time.monotonic() - started
    return Load(len(waits), spent, tuple(sorted(waits)), tuple(failures), tuple(memory))


def measure_memory(process: int) -> float:
    """Measure the memory of a process and all below it, shared pages counted once, in MB (Linux)."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, IndexError):
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    family, size = {process}, 0
    while len(family) > size:
        size = len(family)
        family |= {child for child, parent in parents.items() if parent in family}
    total = 0
    for member in family:
        with contextlib.suppress(OSError):
            text = Path(f"/proc/{member}/smaps_rollup").read_text()
            total += int(re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)[1])  # type: ignore[index]
    return total / 1024


def multiply_triples(triples: Sequence[Triple], times: int) -> Iterator[Quad]:
    """Repeat a graph under other names: the data of many documents, the ontology once."""
    name, graph = "https://w3id.org/lianzhu/id/", DefaultGraph()
    own = [triple for triple in triples if str(triple.subject).startswith(f"<{name}")]
    for triple in triples:
        yield Quad(triple.subject, triple.predicate, triple.object, graph)
    for number in range(1, times):

        def rename(term: NamedNode | Literal, number: int = number) -> NamedNode | Literal:
            if isinstance(term, NamedNode) and term.value.startswith(name):
                return NamedNode(f"{term.value}-copy{number}")
            return term

        for triple in own:
            yield Quad(rename(triple.subject), triple.predicate, rename(triple.object), graph)  # type: ignore[arg-type]
