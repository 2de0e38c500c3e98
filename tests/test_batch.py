"""Many documents: in order, resumable after a kill, a bad one skipped, on any pool."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from kg.batch import (
    Result,
    Settings,
    check_settings,
    digest_settings,
    extract_file,
    extract_files,
    open_cluster,
    open_process_pool,
    plan_run,
    read_finished,
    run_task,
)
from kg.errors import KgError

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
    alone = list(extract_files(paths, None, workers=1, settings=Settings()))
    pooled = list(extract_files(paths, partial(open_process_pool, 2), workers=2, settings=Settings()))
    assert alone == pooled


def test_a_dask_cluster_of_processes_gives_the_same(folder: Path) -> None:
    distributed = pytest.importorskip("distributed")
    paths = [p for p in sorted(folder.iterdir()) if p.name != "d3.txt"]
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        open_pool = partial(open_cluster, cluster.scheduler_address)
        there = list(extract_files(paths, open_pool, workers=2, settings=Settings()))
    assert there == list(extract_files(paths, None, workers=1, settings=Settings()))


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
    assert read_finished(out).older == {("a.txt", "x")}
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
    for _ in range(2400):
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


@pytest.mark.parametrize("anchor", ["abc", "99999", "2024,2025", "120-0=2024"])
def test_an_anchor_that_means_nothing_is_told_before_anything_is_read(folder: Path, anchor: str) -> None:
    result = _extract(folder, "--anchor", anchor)
    assert result.returncode == 2 and f"'{anchor}' is no anchor" in result.stderr
    assert not result.stdout and "Traceback" not in result.stderr


@pytest.mark.parametrize("issued", ["banana", "2024-13-45", "2023-02-29", "20240311", "2024-3-1"])
def test_a_date_that_the_calendar_lacks_is_refused_in_both_languages(issued: str) -> None:
    with pytest.raises(KgError) as caught:
        check_settings(issued, "")
    assert issued in caught.value.zh and issued in caught.value.en and caught.value.exit_code == 2


@pytest.mark.parametrize("issued", ["", "2024", "2024-03", "2024-02-29"])
@pytest.mark.parametrize("anchor", ["", "2024", "0-120=2023;120-900=2024"])
def test_dates_and_anchors_as_the_index_has_them_are_taken(issued: str, anchor: str) -> None:
    check_settings(issued, anchor)


def test_an_output_that_cannot_be_written_is_told(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    full = [path for path in (Path("/dev/full"),) if path.exists()]
    for out in (tmp_path / "file" / "out.jsonl", Path("/proc/none/out.jsonl"), *full):
        result = _extract(folder / "d0.txt", "--out", out)
        assert result.returncode == 2 and f"{out}: cannot write" in result.stderr
        assert "Traceback" not in result.stderr


def test_a_data_folder_that_is_none_is_told_once_before_anything_is_read(folder: Path) -> None:
    result = _extract(folder, "--data", folder)
    assert result.returncode == 2 and result.stderr.count("kg init") == 1 and not result.stdout


def test_a_file_of_another_kind_is_never_cut_nor_written_on(folder: Path, tmp_path: Path) -> None:
    for number, content in enumerate(("a note without an end", "a note\n", "[1]\n", '{"name": "x"}\n')):
        out = tmp_path / f"other{number}"
        out.write_text(content, encoding="utf-8")
        result = _extract(folder / "d0.txt", "--out", out)
        assert result.returncode == 2 and f"{out}:1" in result.stderr
        assert out.read_text(encoding="utf-8") == content


def test_a_bug_that_one_document_uncovers_is_a_result_with_its_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise IndexError("no such place")

    monkeypatch.setattr("kg.pipeline.propose", fail)
    result = extract_file(str(folder / "d0.txt"), Settings())
    assert not result.line and "d0.txt" in result.error and "IndexError: no such place" in result.error


def test_a_text_cut_inside_its_last_character_is_done_with_a_warning(folder: Path) -> None:
    whole = SENTENCE.format(8).strip().encode()
    (folder / "d0.txt").write_bytes(whole[:-1])
    result = _extract(folder / "d0.txt", folder / "d1.txt", "--workers", 1)
    assert result.returncode == 0 and len(result.stdout.splitlines()) == 2
    (told,) = [line for line in result.stderr.splitlines() if "damaged" in line]
    assert told.startswith(f"{folder / 'd0.txt'}: ") and f"byte {len(whole) - 2} (0xE3)" in told
    record = json.loads(result.stdout.splitlines()[0])
    assert record["text"] == whole.decode()[:-1] and record["measures"]


def _work(name: str) -> Result:
    """A worker's task: fails, or dies, over the documents that say so."""
    time.sleep(0.05)
    if "value" in name:
        raise ValueError("cannot")
    if "death" in name:
        os._exit(7)
    return Result(path=Path(name), line=name)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_task_that_raises_in_a_worker_is_one_result(workers: int) -> None:
    paths = [Path(name) for name in ("a", "value", "b")]
    results = list(run_task(_work, paths, partial(open_process_pool, workers), workers=workers))
    assert [result.line for result in results] == ["a", "", "b"]
    assert results[1].error.startswith("value: ") and "ValueError: cannot" in results[1].error


def test_workers_that_die_cost_only_the_documents_they_died_of() -> None:
    names = ["a", "death-1", "b", "c", "death-2", *(f"d{n}" for n in range(12)), "death-3", "e"]
    results = list(run_task(_work, map(Path, names), partial(open_process_pool, 2), workers=2))
    assert [str(result.path) for result in results] == names
    failed = [str(result.path) for result in results if result.error]
    assert failed == ["death-1", "death-2", "death-3"]
    assert all(str(result.path) in result.error for result in results if result.error)


def _settle(folder: Path, out: Path, *arguments: object) -> list[tuple[str, str]]:
    _extract(folder / "a", folder / "b", "--out", out, "--workers", 1, *arguments)
    lines = map(json.loads, out.read_text(encoding="utf-8").splitlines())
    return [(line["path"], line["settings"]) for line in lines]


def test_files_of_one_name_in_two_folders_are_told_apart_and_done_once(tmp_path: Path) -> None:
    for number, name in enumerate(("a", "b")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.txt").write_text(SENTENCE.format(number), encoding="utf-8")
    out = tmp_path / "out.jsonl"
    first = _settle(tmp_path, out)
    assert [path for path, _ in first] == [str(tmp_path / "a" / "x.txt"), str(tmp_path / "b" / "x.txt")]
    assert _settle(tmp_path, out) == first


def test_other_settings_are_done_anew_and_told(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    (tmp_path / "a" / "x.txt").write_text(SENTENCE.format(1), encoding="utf-8")
    out = tmp_path / "out.jsonl"
    ((_, plain),) = _settle(tmp_path, out)
    result = _extract(tmp_path / "a", "--out", out, "--anchor", "2023")
    assert "1 documents stand in the output under other settings" in result.stderr
    both = _settle(tmp_path, out, "--anchor", "2023")
    assert [settings == plain for _, settings in both] == [True, False]


def test_settings_differ_by_what_models_and_data_say_not_by_where_they_lie(tmp_path: Path) -> None:
    data = tmp_path / "one"
    shutil.copytree(ROOT / "tests" / "golden" / "data", data)
    shutil.copytree(data, tmp_path / "two")
    digests = {digest_settings(Settings(data=str(tmp_path / name))) for name in ("one", "two")}
    assert len(digests) == 1
    table = next(data.glob("reviews/*/entities.tsv"))
    table.write_text(table.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    digests |= {digest_settings(Settings(data=str(data))), digest_settings(Settings())}
    digests |= {digest_settings(Settings(issued="2024")), digest_settings(Settings(anchor="2024"))}
    assert len(digests) == 5


def test_lines_of_an_older_version_count_by_name_and_content(folder: Path, tmp_path: Path) -> None:
    sha256 = json.loads(extract_file(str(folder / "d0.txt"), Settings()).line)["sha256"]
    out = tmp_path / "out.jsonl"
    out.write_text(
        f'{{"doc": "d0.txt", "sha256": "{sha256}"}}\n{{"doc": "d1.txt", "sha256": "0"}}\n', encoding="utf-8"
    )
    plan = plan_run([folder / "d0.txt", folder / "d1.txt", folder / "d1.txt"], read_finished(out), "s")
    assert plan.todo == (folder / "d1.txt",) and plan.unknown_settings == 1


def test_a_file_name_that_is_no_unicode_is_written_and_known_again(folder: Path, tmp_path: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(folder) + b"/\xb2\xe2.txt"))
    try:
        (folder / "d0.txt").rename(odd)
    except OSError:
        pytest.skip("this file system takes only Unicode names")
    out = tmp_path / "out.jsonl"
    for _ in range(2):
        assert _extract(odd, "--out", out).returncode == 0
    (line,) = out.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["path"] == str(odd)
