"""What `make bench` promises can at least be started: its parts are named, and what they import is there."""

import ast
import importlib
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import pytest

from tests.bench import page_bench
from tests.bench.bench import PARTS
from tests.bench.extract_bench import FAST, Refuser, write_documents

FOLDER = Path(__file__).parent


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_whatever_a_part_imports_is_there_even_within_a_function(path: Path) -> None:
    missing = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            missing += [name.name for name in node.names if find_spec(name.name) is None]
        elif isinstance(node, ast.ImportFrom):
            module = importlib.import_module(node.module or "")
            missing += [f"{node.module}.{name.name}" for name in node.names if not has(module, name.name)]
    assert missing == []


def has(module: ModuleType, name: str) -> bool:
    return hasattr(module, name) or (
        hasattr(module, "__path__") and find_spec(f"{module.__name__}.{name}") is not None
    )


def test_a_part_that_is_not_there_is_refused_with_those_that_are() -> None:
    command = [sys.executable, str(FOLDER / "bench.py"), "paeg"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 1
    assert all(name in done.stderr for name in ("paeg", *PARTS))


def test_the_page_part_measures_both_sizes_and_plain_pyvis(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = dict.fromkeys(page_bench.PageFigures.__dataclass_fields__, 1.0)

    def measure(nodes: int, edges: int) -> page_bench.PageFigures:
        return page_bench.PageFigures(**figures | {"nodes": nodes, "edges": edges})  # type: ignore[arg-type]

    monkeypatch.setattr(page_bench, "measure_page", measure)
    monkeypatch.setattr(page_bench, "measure_plain_pyvis", lambda limit: limit)
    PARTS["page"]()
    small, large, plain = capsys.readouterr().out.splitlines()
    assert "10000" in small and "50000" in large
    assert plain.endswith("not settled after 120 s")


def test_the_child_without_fast_cannot_find_it_and_finds_all_else() -> None:
    code = (
        "import sys\n"
        "from tests.bench.extract_bench import FAST, Refuser\n"
        "sys.meta_path.insert(0, Refuser())\n"
        "import colorsys\n"
        "try: __import__(FAST)\n"
        "except ImportError: print('refused')\n"
    )
    root = FOLDER.parents[1]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True)
    assert done.stdout == "refused\n", done.stderr
    with pytest.raises(ModuleNotFoundError):
        Refuser().find_spec(FAST)


def test_documents_of_the_bench_differ_and_are_the_same_in_every_run(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_documents(tmp_path / name, 30)
    texts = [path.read_text("utf-8") for path in sorted((tmp_path / "one").iterdir())]
    assert texts == [path.read_text("utf-8") for path in sorted((tmp_path / "two").iterdir())]
    assert len(set(texts)) == 30
    assert all(3000 <= len(text) < 4500 for text in texts)
