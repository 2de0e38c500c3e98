"""`kg extract` gets through texts without a break, in bounded time; ten megabytes are in tests/soak."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.soak.endless import PIECES, make_text, time_proposal

ROOT = Path(__file__).resolve().parents[1]
PROSE = "云帆光电总投资三亿元的镜头项目落户临江产业园带动上下游企业集聚发展"


def extract(folder: Path, text: str) -> tuple[dict[str, object], float]:
    """Run `kg extract` on a text; give what it printed and the CPU seconds of the process (0 on Windows)."""
    path = folder / "long.txt"
    path.write_text(text, encoding="utf-8")
    before = os.times()
    done = subprocess.run(
        [sys.executable, "-m", "kg", "extract", str(path), "--issued", "2024-01-01"],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=300,
    )  # fmt: skip
    after = os.times()
    assert done.returncode == 0, done.stderr
    [line] = done.stdout.splitlines()
    return json.loads(line), after[2] + after[3] - before[2] - before[3]


def check_spans(record: object, text: str) -> int:
    """Check that every span says what stands there; count them."""
    if isinstance(record, list):
        return sum(check_spans(part, text) for part in record)
    if not isinstance(record, dict):
        return 0
    if {"start", "end", "text"} <= record.keys():
        assert text[record["start"] : record["end"]] == record["text"]
        return 1
    return sum(check_spans(part, text) for part in record.values())


def test_fifty_thousand_characters_without_a_break_are_read(tmp_path: Path) -> None:
    text = (PROSE * (50_000 // len(PROSE) + 1))[:50_000]
    record, seconds = extract(tmp_path, text)
    assert check_spans(record, text) > 1000
    assert seconds < 60  # about 5 on an idle machine


def test_a_line_of_a_megabyte_is_read(tmp_path: Path) -> None:
    text = make_text(PROSE + ",", 1_000_000)
    assert "\n" not in text
    record, seconds = extract(tmp_path, text)
    assert check_spans(record, text) > 10_000
    assert seconds < 180  # about 15 on an idle machine


@pytest.mark.parametrize("name", PIECES)
def test_four_times_the_text_takes_about_four_times_the_time(name: str) -> None:
    piece = PIECES[name]
    time_proposal(piece, 1000)  # loads models and dictionaries
    short = min(time_proposal(piece, 10_000) for _ in range(3))
    assert time_proposal(piece, 40_000) < 4 * 2 * short + 0.05
