"""What the README shows is what the program prints."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
READMES = ("README.md", "README.zh.md")
_BLOCK = re.compile(r"```\n\$ kg ([^\n]+)\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readme")
    _run("build", "--data", "data", "--out", str(folder))
    return folder


def _run(*arguments: str, language: str = "zh") -> str:
    env = {**os.environ, "KG_LANG": language, "PYTHONPATH": str(ROOT)}
    result = subprocess.run(
        [sys.executable, "-m", "kg", *arguments],
        cwd=ROOT, env=env, capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    return result.stdout


@pytest.mark.parametrize("name", READMES)
def test_the_answers_in_the_readme_are_the_real_ones(name: str, out: Path) -> None:
    blocks = _BLOCK.findall((ROOT / name).read_text(encoding="utf-8"))
    assert len(blocks) >= 5
    language = "zh" if ".zh" in name else "en"
    for command, shown in blocks:
        assert _run(*command.split(), "--out", str(out), language=language) == shown, command


@pytest.mark.parametrize("name", READMES)
def test_every_link_of_the_readme_leads_somewhere(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)\)", text)
    assert [link for link in links if "://" not in link and not (ROOT / link).exists()] == []


def test_every_command_of_the_readme_exists() -> None:
    from kg.cli import COMMANDS

    for name in READMES:
        text = (ROOT / name).read_text(encoding="utf-8")
        used = set(re.findall(r"(?:^|`|\$ )kg ([a-z]+)", text, re.MULTILINE))
        assert used <= set(COMMANDS), used - set(COMMANDS)
