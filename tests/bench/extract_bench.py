"""Extraction measured: against `jieba.lcut`, on one process and on two, and its memory.

Run as a script (with `plain` or `fast`) it is the child process that `print_extraction` starts,
and prints what it measured as JSON.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.process import run_process, show  # noqa: E402 - found through the line above

FAST = "rjieba"
TEXT = (ROOT / "data" / "documents" / "nanyang-2024-interview.txt").read_text(encoding="utf-8")
_ROUNDS = 7


class Refuser:
    """A finder of modules, first in `sys.meta_path`, that knows nothing but what must not be found."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Refuse the module as if it were not installed."""
        if name.partition(".")[0] == FAST:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None


def time_cpu(work: Callable[[], object]) -> float:
    """Give the CPU seconds of one call, all threads together."""
    start = time.process_time()
    work()
    return time.process_time() - start


def measure_extraction() -> dict[str, float]:
    """Time extraction and `jieba.lcut` by turns on the same text, warm; the median of the ratios."""
    import jieba

    from kg.model import Record
    from kg.pipeline import propose
    from kg.source import make_document

    jieba.setLogLevel(60)
    text = TEXT * 3
    document = make_document(Record(id="bench", issued="2024-03-11", anchors="2024"), text)
    lines = text.splitlines()

    def cut() -> None:
        for line in lines:
            jieba.lcut(line)

    cut()
    propose(document)
    pairs = [(time_cpu(cut), time_cpu(lambda: propose(document))) for _ in range(_ROUNDS)]
    return {
        "ratio": statistics.median(whole / alone for alone, whole in pairs),
        "speed": len(text) / statistics.median(whole for _, whole in pairs),
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "fast": float(FAST in sys.modules),
    }


def run_child(mode: str) -> dict[str, float]:
    """Measure in a process of its own, whose start is not part of any figure."""
    done = subprocess.run(
        [sys.executable, __file__, mode], cwd=ROOT, capture_output=True, text=True, encoding="utf-8"
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    figures: dict[str, float] = json.loads(done.stdout)
    if bool(figures["fast"]) != (mode == "fast"):
        raise SystemExit(f"the child process {mode} did not cut words with what it was to use")
    return figures


def print_extraction() -> None:
    """Print the whole extraction over `jieba.lcut` alone, without and with the extra `fast`."""
    for mode, words in (("plain", "without `fast`"), ("fast", "with `fast`")):
        if mode == "fast" and find_spec(FAST) is None:
            show(f"extraction {words}", "not measured: rjieba is not installed (pip install 'lianzhu[fast]')")
            continue
        figures = run_child(mode)
        show(f"extraction over jieba.lcut, CPU, same text, {words}", f"{figures['ratio']:.2f} x")
        show(f"extraction, {words}", f"{figures['speed']:,.0f} characters a second")
        show(f"extraction, {words}, peak memory", f"{figures['memory']:.0f} MiB")


def write_documents(folder: Path, count: int) -> None:
    """Write documents of about 3,000 characters: the interview's lines from another place on, renumbered."""
    lines = [line for line in TEXT.splitlines() if line.strip()]
    for number in range(count):
        begin, text = number * 7 % len(lines), [f"第{number}份"]
        while sum(map(len, text)) < 3000:
            text.append(lines[begin % len(lines)])
            begin += 1
        (folder / f"document-{number:04d}.txt").write_text("\n".join(text) + "\n", encoding="utf-8")


def time_documents(count: int, workers: int) -> tuple[float, float]:
    """Run `kg extract` over documents; give wall seconds and the largest process in MiB."""
    with tempfile.TemporaryDirectory() as folder:
        documents = Path(folder) / "documents"
        documents.mkdir()
        write_documents(documents, count)
        out = str(Path(folder) / "out.jsonl")
        wall, _, memory = run_process("extract", str(documents), "--out", out, "--workers", str(workers))
        return wall, memory


def print_workers(count: int = 200, runs: int = 3) -> None:
    """Print how much sooner two processes are done than one, start-up included."""
    pairs = [(time_documents(count, 1)[0], time_documents(count, 2)[0]) for _ in range(runs)]
    one, two = (statistics.median(pair[place] for pair in pairs) for place in (0, 1))
    gain = statistics.median(one / two for one, two in pairs)
    show(f"kg extract, {count} documents, one process: wall", f"{one:.1f} s")
    show(f"kg extract, {count} documents, two processes: wall", f"{two:.1f} s")
    show("two processes over one (goal on an idle machine: 1.7)", f"{gain:.2f} x")
    busy = os.getloadavg()[0] - 2
    if busy > 0.5 or (os.cpu_count() or 1) < 2:
        show("the machine was not idle", f"{os.cpu_count()} cores, load {busy + 2:.1f}")


def print_memory() -> None:
    """Print the peak memory of an extracting process for 20 and for 200 documents."""
    few, many = (time_documents(count, 2)[1] for count in (20, 200))
    show("kg extract, largest process, 20 documents: peak memory", f"{few:.0f} MiB")
    show("kg extract, largest process, 200 documents: peak memory", f"{many:.0f} MiB")
    show("ten times the documents: memory", f"{many / few:.2f} x")


def main() -> None:
    """Measure as the child process does."""
    if sys.argv[1:] == ["plain"]:
        sys.meta_path.insert(0, Refuser())
    print(json.dumps(measure_extraction()))


if __name__ == "__main__":
    main()
