"""The commands as a person uses them: in their own process, with right and wrong input."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kg.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
TINY = ROOT / "tests" / "golden" / "data"


def run_kg(*arguments: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `kg` in a process of its own; messages in English unless told otherwise."""
    env = {**os.environ, "KG_LANG": "en", "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run(
        [sys.executable, "-m", "kg", *arguments],
        cwd=cwd or ROOT, env=env, capture_output=True, text=True, encoding="utf-8", timeout=300,
    )  # fmt: skip


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("built")
    result = run_kg("build", "--data", str(TINY), "--out", str(out))
    assert result.returncode == 0, result.stderr
    return out


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS)])
def test_every_command_explains_itself(command: list[str]) -> None:
    result = run_kg(*command, "--help")
    assert result.returncode == 0
    assert "Usage" in result.stdout and len(result.stdout.splitlines()) > 4


def test_an_unknown_command_is_a_usage_error() -> None:
    result = run_kg("bild")
    assert result.returncode == 2 and "Traceback" not in result.stderr


def test_build_makes_every_product(built: Path) -> None:
    made = {path.name for path in built.iterdir()}
    assert {"graph.nt", "graph.ttl", "store", "tables", "graph.html", "ontology.html"} <= made


def test_two_builds_with_different_hash_seeds_give_the_same_bytes(built: Path, tmp_path: Path) -> None:
    result = run_kg("build", "--data", str(TINY), "--out", str(tmp_path), PYTHONHASHSEED="4711")
    assert result.returncode == 0, result.stderr
    for first in sorted(p for p in built.rglob("*") if p.is_file() and "store" not in p.parts):
        second = tmp_path / first.relative_to(built)
        assert second.read_bytes() == first.read_bytes(), first.name


def test_build_prints_the_anchors_and_where_the_page_lies(tmp_path: Path) -> None:
    result = run_kg("build", "--data", str(TINY), "--out", str(tmp_path))
    assert "储能装备产业" in result.stdout and str(tmp_path / "graph.html") in result.stdout


def test_show_prints_every_fact_with_its_sentence() -> None:
    result = run_kg("show", "恒岳电气", "--data", str(TINY))
    assert "【以恒岳电气、白鹿重工为龙头的储能装备产业】" in result.stdout


def test_show_of_an_unknown_name_offers_similar_ones() -> None:
    result = run_kg("show", "恒岳电器", "--data", str(TINY))
    assert result.returncode == 2 and "恒岳电气" in result.stderr and "Traceback" not in result.stderr


def test_a_missing_data_folder_is_named_with_the_cure(tmp_path: Path) -> None:
    result = run_kg("build", "--data", str(tmp_path / "no"), "--out", str(tmp_path / "out"))
    assert result.returncode == 2 and "kg init" in result.stderr
    assert not (tmp_path / "out").exists()


def _copy(folder: Path) -> Path:
    import shutil

    shutil.copytree(TINY, folder)
    return folder


BREAKS = {
    "unknown column": ("relations", "verdict\trelation", "verdict\trelatoin", "relatoin"),
    "unknown verdict": ("relations", "accept\tanchors", "acept\tanchors", "acept"),
    "unknown type": ("entities", "\tIndustry\t", "\tIndustri\t", "Industri"),
    "unknown relation": ("relations", "\tundertakes\t", "\tundertake\t", "undertake"),
    "quote not in the text": ("measures", "占地约320亩\t", "占地约321亩\t", "占地约321亩"),
    "undeclared subject": ("measures", "储能装备产业\t产业规模", "储能产业\t产业规模", "储能产业"),
    "number in a wrong form": ("measures", "\t126\t126\t", "\t1.2e2\t126\t", "low"),
    "rejection without a reason": ("entities", "type 泛称", "泛称", "reason"),
}


@pytest.mark.parametrize("case", BREAKS)
def test_a_broken_table_stops_the_build_with_file_and_line(case: str, tmp_path: Path) -> None:
    table, old, new, told = BREAKS[case]
    data = _copy(tmp_path / "data")
    path = data / "reviews" / "qinghe-2024-brief" / f"{table}.tsv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    result = run_kg("build", "--data", str(data), "--out", str(tmp_path / "out"))
    assert result.returncode == 2
    assert f"{table}.tsv:" in result.stderr and told in result.stderr and "Traceback" not in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_doubled_row_is_told_with_both_lines(tmp_path: Path) -> None:
    data = _copy(tmp_path / "data")
    path = data / "reviews" / "qinghe-2024-brief" / "relations.tsv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([*lines, lines[1]]), encoding="utf-8")
    result = run_kg("check", "--quick", "--data", str(data))
    assert result.returncode == 1 and "doubles line 2" in result.stderr


def test_an_alias_of_two_entities_is_told(tmp_path: Path) -> None:
    data = _copy(tmp_path / "data")
    path = data / "reviews" / "qinghe-2024-brief" / "entities.tsv"
    text = path.read_text(encoding="utf-8")
    assert "Enterprise\t云杉生物\t\t" in text
    path.write_text(
        text.replace("Enterprise\t云杉生物\t\t", "Enterprise\t云杉生物\t白鹿重工\t"), encoding="utf-8"
    )
    result = run_kg("check", "--quick", "--data", str(data))
    assert result.returncode == 1 and "claimed by" in result.stderr


def test_a_changed_text_is_told(tmp_path: Path) -> None:
    data = _copy(tmp_path / "data")
    path = data / "documents" / "qinghe-2024-brief.txt"
    path.write_text(path.read_text(encoding="utf-8") + "又一句。", encoding="utf-8")
    result = run_kg("build", "--data", str(data), "--out", str(tmp_path / "out"))
    assert result.returncode == 2 and "kg review sync" in result.stderr


def test_tables_from_a_spreadsheet_are_read_as_they_are(tmp_path: Path) -> None:
    data = _copy(tmp_path / "data")
    for path in (data / "reviews" / "qinghe-2024-brief").glob("*.tsv"):
        text = path.read_text(encoding="utf-8").replace("\n", "\r\n")
        path.write_bytes(b"\xef\xbb\xbf" + text.encode("utf-8"))
    assert run_kg("check", "--quick", "--data", str(data)).returncode == 0


def test_no_output_fails_on_a_gbk_console() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "kg", "show", "恒岳电气", "--data", str(TINY)],
        cwd=ROOT, env={**os.environ, "KG_LANG": "zh", "PYTHONIOENCODING": "gbk"}, capture_output=True,
    )  # fmt: skip
    assert result.returncode == 0
    assert "储能装备产业" in result.stdout.decode("gbk")


def test_bad_sparql_is_one_line_with_the_position(built: Path) -> None:
    result = run_kg("query", "-e", "SELECT ?x WHERE { ?x a }", "--out", str(built))
    assert result.returncode == 2 and "Traceback" not in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_query_of_an_unknown_name_says_how_to_list_them(built: Path) -> None:
    result = run_kg("query", "no-such-question", "--out", str(built))
    assert result.returncode == 2 and "--list" in result.stderr


def test_a_query_without_a_build_says_so(tmp_path: Path) -> None:
    result = run_kg("query", "-e", "SELECT * WHERE { ?s ?p ?o } LIMIT 1", "--out", str(tmp_path))
    assert result.returncode == 2 and "kg build" in result.stderr


def test_messages_are_chinese_for_a_chinese_locale(tmp_path: Path) -> None:
    result = run_kg("build", "--data", str(tmp_path / "无"), KG_LANG="", LC_ALL="zh_CN.UTF-8")
    assert "数据文件夹" in result.stderr


def test_from_a_new_text_to_a_graph_in_a_folder_of_ones_own(tmp_path: Path) -> None:
    text = tmp_path / "简报.txt"
    source = (TINY / "documents" / "qinghe-2024-brief.txt").read_text(encoding="utf-8")
    text.write_text(source, encoding="gb18030")
    own = tmp_path / "own"
    assert run_kg("init", str(own)).returncode == 0
    assert run_kg("init", str(own)).returncode == 2
    added = run_kg(
        "add", str(text), "--data", str(own), "--id", "qinghe-2024-brief", "--title", "简报",
        "--issued", "2024-02-20", "--place", "青禾高新区", "--anchors", "2024",
    )  # fmt: skip
    assert added.returncode == 0, added.stderr
    again = run_kg("add", str(text), "--data", str(own), "--id", "qinghe-2024-brief")
    assert again.returncode == 2 and "--id" in again.stderr
    stored = own / "documents" / "qinghe-2024-brief.txt"
    assert stored.read_text(encoding="utf-8") == source
    proposals = run_kg("extract", str(stored))
    assert proposals.returncode == 0 and '"doc": "qinghe-2024-brief.txt"' in proposals.stdout
    assert run_kg("check", "--quick", "--data", str(own)).returncode == 1  # numbers are still open
    tables = own / "reviews" / "qinghe-2024-brief"
    tables.mkdir(parents=True)
    for name in ("entities", "relations", "measures"):
        (tables / f"{name}.tsv").write_bytes(
            (TINY / "reviews" / "qinghe-2024-brief" / f"{name}.tsv").read_bytes()
        )
    built = run_kg("build", "--data", str(own), "--out", str(tmp_path / "out"))
    assert built.returncode == 0, built.stderr
    asked = run_kg("query", "dragon-heads", "--out", str(tmp_path / "out"), "--format", "csv")
    assert "恒岳电气" in asked.stdout and "白鹿重工" in asked.stdout


def test_a_row_left_unsure_is_told_with_file_and_line(tmp_path: Path) -> None:
    data = _copy(tmp_path / "data")
    path = data / "reviews" / "qinghe-2024-brief" / "relations.tsv"
    path.write_text(path.read_text("utf-8").replace("accept\tanchors", "unsure\tanchors"), encoding="utf-8")
    result = run_kg("check", "--quick", "--data", str(data))
    assert result.returncode == 1 and f"{path}:2: still unsure." in result.stderr


def test_training_on_nothing_reviewed_is_refused(tmp_path: Path) -> None:
    data = _copy(tmp_path / "data")
    for path in (data / "reviews" / "qinghe-2024-brief").glob("*.tsv"):
        path.unlink()
    result = run_kg("train", str(data), "--out", str(tmp_path / "models"))
    assert result.returncode == 2 and "kg review open" in result.stderr
    assert not (tmp_path / "models").exists()
