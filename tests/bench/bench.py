"""`make bench`: the measures of the project, as ratios within one run on one machine.

Nothing here is a test: a figure is printed, never asserted. Text comes from `data/` or is
made here. `python tests/bench/bench.py page` prints one part alone.
"""

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.process import run_process, show  # noqa: E402 - found through the line above


def measure(work: Callable[[], object], runs: int = 5) -> float:
    """Give the median CPU time of a call in seconds, after one warm-up."""
    work()
    times = []
    for _ in range(runs):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return statistics.median(times)


def bench_build() -> None:
    """Time the whole `kg build` of the interview against the start of the interpreter."""
    with tempfile.TemporaryDirectory() as folder:
        runs = sorted(run_process("build", "--data", "data", "--out", folder) for _ in range(3))
    wall, cpu, memory = runs[1]
    start = sorted(run_process("--version") for _ in range(3))[1][1]
    show("kg build, whole process: wall", f"{wall:.1f} s")
    show("kg build, CPU over `kg --version`", f"{cpu / start:.0f} x")
    show("kg build, peak memory", f"{memory:.0f} MiB")


def bench_queries() -> None:
    """Ask the same query of rdflib's memory store and of ours."""
    import rdflib

    from kg.graph.query import run_query
    from kg.graph.question import fill_question, find_question
    from kg.graph.rdf import build_graph, write_ntriples
    from kg.graph.shape import load_memory
    from kg.graph.vocab import PREFIXES
    from kg.pipeline import read_knowledge

    triples = build_graph(read_knowledge(ROOT / "data"))
    store = load_memory(triples)
    memory = rdflib.Graph()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "graph.nt"
        write_ntriples(triples, path)
        memory.parse(path, format="nt")
    for name in ("anchors", "money", "statuses"):
        query = fill_question(find_question(name), {})
        ours = measure(lambda query=query: run_query(store, query))  # type: ignore[misc]
        theirs = measure(lambda query=query: list(memory.query(query, initNs=dict(PREFIXES))), runs=3)  # type: ignore[misc]
        show(f"query {name}: rdflib memory store over ours", f"{theirs / ours:.0f} x")


def bench_extraction() -> None:
    """Time the extraction over `jieba.lcut` alone, without and with rjieba."""
    from tests.bench.extract_bench import print_extraction

    print_extraction()


def bench_workers() -> None:
    """Time `kg extract` with one process and with two."""
    from tests.bench.extract_bench import print_workers

    print_workers()


def bench_memory() -> None:
    """Measure what memory `kg extract` takes for few and for many documents."""
    from tests.bench.extract_bench import print_memory

    print_memory()


def bench_page() -> None:
    """Open pages of 10,000 and 50,000 nodes in Chromium, and 2,000 as pyvis comes."""
    from tests.bench.page_bench import main as print_pages

    print_pages()


def bench_review() -> None:
    """Open the review page on 200,000 characters with 5,000 proposals, and press keys."""
    from tests.bench.review_bench import print_review_load

    print_review_load()


PARTS: dict[str, Callable[[], None]] = {
    "build": bench_build,
    "query": bench_queries,
    "extract": bench_extraction,
    "workers": bench_workers,
    "memory": bench_memory,
    "page": bench_page,
    "review": bench_review,
}


def run_parts(names: list[str]) -> int:
    """Run each part in a process of its own, so that none weighs on the next; give the first failure.

    A process is born with the peak memory of its parent, which therefore stays small.
    """
    code = 0
    for name in names:
        failed = subprocess.run([sys.executable, __file__, name], cwd=ROOT).returncode
        if failed:
            print(f"{name}: failed, exit code {failed}", file=sys.stderr)
        code = code or failed
    return code


def main() -> int:
    """Print the table; parts can be named as arguments."""
    names = sys.argv[1:] or list(PARTS)
    for name in names:
        if name not in PARTS:
            raise SystemExit(f"no part {name!r}; there are: {', '.join(PARTS)}")
    if len(names) == 1:
        PARTS[names[0]]()
        return 0
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}", flush=True)
    return run_parts(names)


if __name__ == "__main__":
    sys.exit(main())
