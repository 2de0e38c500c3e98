"""`make bench`: the measures of the project, as ratios within one run on one machine.

Nothing here is a test: a figure is printed, never asserted. Text comes from `data/` or is
made here.
"""

import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

TEXT = (ROOT / "data" / "documents" / "nanyang-2024-interview.txt").read_text(encoding="utf-8")


def measure(work: Callable[[], object], runs: int = 5) -> float:
    """Give the median CPU time of a call in seconds, after one warm-up."""
    work()
    times = []
    for _ in range(runs):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return statistics.median(times)


def run_process(*arguments: str) -> tuple[float, float, float]:
    """Run `kg` in a process; give wall seconds, CPU seconds and peak memory in MiB."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "kg", *arguments],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"kg {' '.join(arguments)} failed")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def show(name: str, figure: str) -> None:
    """Print one line of the table."""
    print(f"{name:<58} {figure}", flush=True)


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
    """Time the whole extraction over `jieba.lcut` alone, on the same text."""
    import jieba

    from kg.model import Record
    from kg.pipeline import propose
    from kg.source import make_document

    jieba.setLogLevel(60)
    text = TEXT * 3
    document = make_document(Record(id="bench", issued="2024-03-11", anchors="2024"), text)
    lines = text.splitlines()
    cut = measure(lambda: [jieba.lcut(line) for line in lines])
    whole = measure(lambda: propose(document))
    show("extraction over jieba.lcut, CPU, same text", f"{whole / cut:.2f} x")
    show("extraction", f"{len(text) / whole:,.0f} characters a second")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    show("peak memory of this process (rdflib and store included)", f"{peak:.0f} MiB")


def bench_page() -> None:
    """Open pages of 10,000 and 50,000 nodes in Chromium, and 2,000 as pyvis comes."""
    from tests.bench.page_bench import main as print_pages

    print_pages()


def bench_review() -> None:
    """Open the review page on 200,000 characters with 5,000 proposals, and press keys."""
    from tests.bench.review_bench import print_review_load

    print_review_load()


def main() -> None:
    """Print the table; a part can be named as an argument."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    parts: dict[str, Callable[[], None]] = {
        "build": bench_build,
        "query": bench_queries,
        "extract": bench_extraction,
        "page": bench_page,
        "review": bench_review,
    }
    for name in sys.argv[1:] or parts:
        parts[name]()


if __name__ == "__main__":
    main()
