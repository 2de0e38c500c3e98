"""Many documents: in order, resumable after a kill, a bad one skipped, on any pool."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg.batch import extract_files, open_cluster, open_process_pool, read_finished

ROOT = Path(__file__).resolve().parent.parent
SENTENCE = "以远航电池为龙头的动力电池产业产值突破{}亿元。\n"


@pytest.fixture()
def folder(tmp_path: Path) -> Path:
    texts = tmp_path / "texts"
    texts.mkdir()
    for number in range(6):
        (texts / f"d{number}.txt").write_text(SENTENCE.format(number + 1), encoding="utf-8")
    (texts / "d3.txt").write_bytes(b"\x00\x01\x02\xff" * 50)
    return texts


def _extract(*arguments: object) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "KG_LANG": "en", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "kg", "extract", *map(str, arguments)]
    return subprocess.run(command, env=env, capture_output=True, text=True, encoding="utf-8", timeout=300)


def test_a_bad_document_is_told_and_skipped(folder: Path) -> None:
    result = _extract(folder, "--workers", 2)
    docs = [json.loads(line)["doc"] for line in result.stdout.splitlines()]
    assert docs == ["d0.txt", "d1.txt", "d2.txt", "d4.txt", "d5.txt"]
    assert result.returncode == 1 and "d3.txt" in result.stderr and "Traceback" not in result.stderr


def test_only_bad_documents_is_unreadable_input(folder: Path) -> None:
    assert _extract(folder / "d3.txt").returncode == 2
    assert _extract(folder / "none.txt").returncode == 2


def test_pool_and_single_process_give_the_same(folder: Path) -> None:
    paths = [p for p in sorted(folder.iterdir()) if p.name != "d3.txt"]
    alone = list(extract_files(paths, None, workers=1, issued="", anchor=""))
    pooled = list(extract_files(paths, open_process_pool(2), workers=2, issued="", anchor=""))
    assert alone == pooled


def test_a_dask_cluster_of_processes_gives_the_same(folder: Path) -> None:
    distributed = pytest.importorskip("distributed")
    paths = [p for p in sorted(folder.iterdir()) if p.name != "d3.txt"]
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        there = list(
            extract_files(paths, open_cluster(cluster.scheduler_address), workers=2, issued="", anchor="")
        )
    assert there == list(extract_files(paths, None, workers=1, issued="", anchor=""))


def test_an_unreachable_scheduler_is_told(folder: Path) -> None:
    result = _extract(folder / "d0.txt", "--scheduler", "tcp://127.0.0.1:1")
    assert result.returncode == 2 and "dask scheduler" in result.stderr and "Traceback" not in result.stderr


def test_finished_documents_are_not_done_again(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    _extract(folder, "--out", out, "--workers", 1)
    first = out.read_bytes()
    (folder / "d1.txt").write_text(SENTENCE.format(77), encoding="utf-8")
    _extract(folder, "--out", out, "--workers", 1)
    lines = out.read_bytes().removeprefix(first).decode().splitlines()
    assert [json.loads(line)["doc"] for line in lines] == ["d1.txt"]


def test_a_line_cut_short_by_a_kill_is_removed(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text('{"doc": "a.txt", "sha256": "x"}\n{"doc": "b.t', encoding="utf-8")
    assert read_finished(out) == {"a.txt": "x"}
    assert out.read_text(encoding="utf-8") == '{"doc": "a.txt", "sha256": "x"}\n'


def test_a_killed_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    for number in range(40):
        (texts / f"d{number:02}.txt").write_text(SENTENCE.format(number + 1) * 200, encoding="utf-8")
    out = tmp_path / "out.jsonl"
    command = [sys.executable, "-m", "kg", "extract", str(texts), "--out", str(out), "--workers", "1"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(600):
        if out.is_file() and out.stat().st_size > 2000:
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    done = len(read_finished(out))
    assert 0 < done < 40
    assert subprocess.run(command, env=env, capture_output=True).returncode == 0
    docs = [json.loads(line)["doc"] for line in out.read_text(encoding="utf-8").splitlines()]
    assert docs == [f"d{number:02}.txt" for number in range(40)]
