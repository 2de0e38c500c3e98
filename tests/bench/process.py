"""`kg` as a process of its own, measured from outside, and the lines that figures are printed in."""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run_process(*arguments: str) -> tuple[float, float, float]:
    """Run `kg` in a process; give wall seconds, CPU seconds and the peak memory in MiB.

    Memory is that of the largest process among it and its children.
    """
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
    print(f"{name:<64} {figure}", flush=True)
