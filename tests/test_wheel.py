"""A wheel built from the repository works alone, in an empty environment, from any folder."""

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def _run(*command: str | Path, cwd: Path) -> str:
    env = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | {"KG_LANG": "en"}
    result = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8")
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, cwd=ROOT)
    (wheel,) = folder.glob("lianzhu-*.whl")
    venv.create(folder / "venv", with_pip=True)
    binary = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    lock = ROOT / "requirements" / "run.txt"
    _run(binary / "python", "-m", "pip", "install", "-q", "--require-hashes", "-r", lock, cwd=folder)
    _run(binary / "python", "-m", "pip", "install", "-q", "--no-deps", wheel, cwd=folder)
    return binary / "kg"


def test_the_wheel_builds_and_answers_from_any_folder(kg: Path, tmp_path: Path) -> None:
    assert "久康" in _run(kg, "build", cwd=tmp_path)
    assert (tmp_path / "build" / "graph.html").stat().st_size > 100_000
    assert "绿莹" in _run(kg, "query", "dragon-heads", "--format", "csv", cwd=tmp_path)


def test_the_wheel_extracts_from_a_new_text(kg: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("以远航电池为龙头的动力电池产业产值突破50亿元。", encoding="utf-8")
    assert '"low": 5000000000' in _run(kg, "extract", "a.txt", cwd=tmp_path)
