"""`kg extract --scheduler` against a cluster of worker processes, as a person uses it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from kg.batch import Result, open_cluster, run_task

distributed = pytest.importorskip(
    "distributed", reason="Dask is not installed (pip install 'lianzhu[cluster]'): no cluster was tried"
)

ROOT = Path(__file__).resolve().parent.parent
SENTENCE = "以远航电池为龙头的动力电池产业产值突破{}亿元。\n"


def _work(name: str) -> Result:
    """A task that dies over one document."""
    if name == "death":
        os._exit(7)
    return Result(path=Path(name), line=name)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        yield cluster.scheduler_address


def extract(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run `kg extract` in a process of its own, in a folder of its own."""
    env = {**os.environ, "KG_LANG": "en", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "kg", "extract", *map(str, arguments)]
    return subprocess.run(
        command, cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8", timeout=300
    )


def test_a_cluster_skips_a_bad_document_and_goes_on_where_it_was(address: str, tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    for number in range(5):
        (texts / f"d{number}.txt").write_text(SENTENCE.format(number + 1), encoding="utf-8")
    (texts / "d2.txt").write_bytes(b"\x00\x01\x02\xff" * 50)
    # The names are relative to a folder that the workers do not run in.
    arguments = ("texts", "--scheduler", address, "--out", "out.jsonl")
    first = extract(*arguments, cwd=tmp_path)
    assert first.returncode == 1 and "1 documents skipped" in first.stderr
    assert first.stderr.startswith("texts/d2.txt: ") and "Traceback" not in first.stderr
    written = (tmp_path / "out.jsonl").read_bytes()
    records = [json.loads(line) for line in written.splitlines()]
    assert [record["path"] for record in records] == [f"texts/d{n}.txt" for n in (0, 1, 3, 4)]
    assert all(record["measures"] for record in records)

    (texts / "d2.txt").write_text(SENTENCE.format(3), encoding="utf-8")
    again = extract(*arguments, cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    added = (tmp_path / "out.jsonl").read_bytes().removeprefix(written)
    assert [json.loads(line)["path"] for line in added.splitlines()] == ["texts/d2.txt"]

    alone = extract("texts", "--out", "alone.jsonl", "--workers", 1, cwd=tmp_path)
    assert alone.returncode == 0
    lines = (tmp_path / "alone.jsonl").read_bytes().splitlines()
    assert sorted(lines) == sorted((tmp_path / "out.jsonl").read_bytes().splitlines())


def test_a_document_that_kills_the_workers_of_a_cluster_is_one_result(address: str) -> None:
    names = ["a", "death", "b"]
    results = list(run_task(_work, map(Path, names), partial(open_cluster, address), workers=1))
    assert [str(result.path) for result in results] == names
    assert results[1].error.startswith("death: ") and results[0].line == "a"
