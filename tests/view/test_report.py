"""The report: every chain with who anchors it, in the words of the text, and nothing that runs."""

from pathlib import Path

from kg.view.report import make_report, write_report
from tests.view.sample import HOSTILE, make_sample


def test_the_report_names_each_anchor_with_the_words_and_the_sentence() -> None:
    report = make_report(make_sample())
    assert "<h3>云帆：龙头</h3>" in report
    assert "<mark>以云帆、石桥为龙头的精密仪器产业</mark>,以青禾、蓝屿为龙头的香料产业。" in report


def test_what_is_missing_stands_in_the_report() -> None:
    report = make_report(make_sample())
    assert "链主：原文没有点名" in report
    assert "标志性产业链：未写明名称" in report


def test_a_hostile_name_stays_text_and_no_script_is_allowed() -> None:
    report = make_report(make_sample())
    assert HOSTILE not in report
    assert "&lt;img src=x" in report
    assert "<script" not in report
    assert "default-src &#39;none&#39;" in report


def test_the_same_knowledge_gives_the_same_report(tmp_path: Path) -> None:
    first = write_report(make_sample(), tmp_path / "a.html").read_bytes()
    assert first == write_report(make_sample(), tmp_path / "b.html").read_bytes()
