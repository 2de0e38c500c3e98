"""`make test` says what it left out: a test that is skipped for want of something has a notice."""

import sys
from pathlib import Path

import pytest

from tests import run

ROOT = Path(__file__).resolve().parents[1]


def notices(monkeypatch: pytest.MonkeyPatch, **finders: object) -> str:
    for name, finder in finders.items():
        monkeypatch.setattr(run, name, finder)
    return "\n".join(run.list_notices())


@pytest.mark.parametrize(
    ("finder", "missing", "words"),
    [
        ("CHROMIUM", "/nowhere/chromium", ("没有 Chromium", "No Chromium")),
        ("find_w3c", lambda: None, ("LIANZHU_SHARED", "No tests of the W3C")),
        ("find_virtuoso", lambda: None, ("没有 Virtuoso", "No Virtuoso")),
        ("find_oxigraph", lambda: None, ("没有 oxigraph", "No package oxigraph")),
        ("find_spec", lambda name: None, ("没有 Dask", "No Dask")),
    ],
)
def test_what_is_missing_is_named_in_both_languages_and_else_is_not(
    monkeypatch: pytest.MonkeyPatch, finder: str, missing: object, words: tuple[str, str]
) -> None:
    there = {
        "CHROMIUM": sys.executable,
        "find_w3c": lambda: ROOT,
        "find_virtuoso": lambda: "virtuoso-t",
        "find_oxigraph": lambda: "oxigraph",
        "find_spec": lambda name: name,
    }
    whole = notices(monkeypatch, **there)
    lacking = notices(monkeypatch, **{finder: missing})
    assert all(word not in whole and word in lacking for word in words)
    assert len(lacking.splitlines()) == len(whole.splitlines()) + 2


def test_the_long_tests_are_always_named() -> None:
    assert "make soak" in run.list_notices()[-1]


def test_a_w3c_folder_that_is_not_there_gives_the_notice(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LIANZHU_SHARED", str(tmp_path))
    assert any("LIANZHU_SHARED" in line for line in run.list_notices())
