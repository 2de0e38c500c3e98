"""What the parts may know of each other, and what no rule may know."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.pipeline import packaged_data
from kg.review import read_review
from kg.source import read_index

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "kg"
STAGES = ("source", "mention", "candidate", "review", "statement", "graph", "network", "view", "evaluation")
# Leaves that any stage may import beside itself.
LEAVES = ("kg.model", "kg.errors", "kg.language", "kg.file", "kg")
# Later parts that read the language's rules of an earlier one, never the other way
# (docs/decisions/2026-11-25-leaves-any-stage-may-import.md).
EARLIER = {"candidate": "kg.mention.", "evaluation": "kg.source."}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "core", "misc"}
# Written down where both a document and the whole country know it.
NATIONAL = {"京东物流", "菜鸟物流", "申通物流", "中通物流", "京津冀", "长三角", "珠三角", "全国", "金融街"}


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_imports_only_the_model_the_errors_and_itself(stage: str) -> None:
    offenders = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in sorted((PACKAGE / stage).rglob("*.py"))
        for name in _imports(path)
        if name.split(".")[0] == "kg"
        and name not in LEAVES
        and not f"{name}.".startswith((f"kg.{stage}.", EARLIER.get(stage, f"kg.{stage}.")))
    ]
    assert offenders == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [p for p in PACKAGE.rglob("*.py") if p.stem in FORBIDDEN_NAMES] == []


def test_modules_stay_readable() -> None:
    long = {
        str(p.relative_to(ROOT)): n
        for p in PACKAGE.rglob("*.py")
        if (n := len(p.read_text("utf-8").splitlines())) > 450
    }
    assert long == {}


def _peculiar_names() -> set[str]:
    names = set()
    data = packaged_data()
    for record in read_index(data):
        for row in read_review(data / "reviews" / record.id, record.id).entities:
            if row.verdict == "accept" and {"Enterprise", "Project", "Park"} & set(row.type.split("|")):
                names |= {row.name.split("#")[0], *row.aliases}
    short_words = {name for name in names if len(name) < 3} | {"开发区", "物流产业园区", "云创孵化产业园"}
    industry_words = {
        "生物医药",
        "智能制造",
        "绿色食品",
        "智慧物流",
        "数字光电",
        "创业创新孵化",
        "高标准农田",
    }
    generic = {"农村基础设施建设", "市政管网", "燃气管网", "供水管网", "工人文化宫", "综合养老服务中心"}
    generic |= {
        "区级敬老院",
        "市中心医院新院区",
        "2条道路",
        "生物医药产业园",
        "智能制造产业园",
        "现代服务业开发区",
    }
    return names - short_words - industry_words - generic - NATIONAL


def test_no_name_of_the_interview_stands_in_a_rule_or_query() -> None:
    names = _peculiar_names()
    assert len(names) > 50
    pattern = re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))
    offenders = []
    folders = (PACKAGE, ROOT / "ontology")
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".py", ".tsv", ".txt", ".rq", ".ttl", ".js"} and "_packaged" not in path.parts:
                for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
                    if match := pattern.search(line):
                        offenders.append(f"{path.relative_to(ROOT)}:{number}: {match.group()}")
    assert offenders == []


def test_nothing_committed_names_a_registry_or_a_path_of_a_machine() -> None:
    words = (
        "pypi" + ".org",
        "files.python" + "hosted",
        "registry" + ".npmjs",
        "/work" + "/main",
        "/root" + "/",
    )
    offenders = []
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in listed.decode().split("\0"):
        path = ROOT / name
        if not path.is_file() or path.suffix in {".png", ".crfsuite", ".bin", ".gz", ".npz"}:
            continue
        text = path.read_text("utf-8", "replace")
        offenders += [f"{path.relative_to(ROOT)}: {word}" for word in words if word in text]
    assert offenders == []
