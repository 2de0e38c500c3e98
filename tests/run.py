"""Run all tests; say in the last lines what was not run and why."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.bench.page_bench import CHROMIUM  # noqa: E402 - found through the line above
from tests.graph.endpoint import find_w3c  # noqa: E402
from tests.graph.foreign import find_oxigraph, find_virtuoso  # noqa: E402


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What some tests need and not every machine has; the words say what is left out, and the cure."""

    is_met: Callable[[], bool]
    zh: str
    en: str


NEEDS = (
    Need(
        is_met=lambda: Path(CHROMIUM).exists(),
        zh="没有 Chromium:跳过了浏览器测试(apt-get install chromium fonts-wqy-microhei)。",
        en="No Chromium: the browser tests were skipped (apt-get install chromium fonts-wqy-microhei).",
    ),
    Need(
        is_met=lambda: find_w3c() is not None,
        zh="没有 W3C 的测试:跳过了 SPARQL 协议和图存储的标准测试"
        "(要 ../shared/w3c,或用 LIANZHU_SHARED 指定 shared)。",
        en="No tests of the W3C: those of the SPARQL protocol and graph store were skipped"
        " (they belong in ../shared/w3c; LIANZHU_SHARED names another folder `shared`).",
    ),
    Need(
        is_met=lambda: find_virtuoso() is not None,
        zh="没有 Virtuoso:跳过了与它互通的测试(apt-get install virtuoso-opensource-7-bin)。",
        en="No Virtuoso: the tests against it were skipped (apt-get install virtuoso-opensource-7-bin).",
    ),
    Need(
        is_met=lambda: find_oxigraph() is not None,
        zh="没有 oxigraph 包:跳过了与它的服务器互通的测试(pip install oxigraph)。",
        en="No package oxigraph: the tests against its server were skipped (pip install oxigraph).",
    ),
    Need(
        is_met=lambda: find_spec("distributed") is not None,
        zh="没有 Dask:跳过了集群上的抽取测试(pip install distributed)。",
        en="No Dask: the tests of extraction on a cluster were skipped (pip install distributed).",
    ),
    Need(
        is_met=lambda: sys.platform == "linux",
        zh="不是 Linux:跳过了要 /proc 的内存和负载测试。",
        en="Not Linux: the tests of memory and load, which need /proc, were skipped.",
    ),
    Need(
        is_met=lambda: False,
        zh="长时间的测试(负载、强杀、长文本、五万个节点)不在其中:make soak。",
        en="The long tests (load, kills, long texts, 50,000 nodes) are not among these: make soak.",
    ),
)


def list_notices() -> list[str]:
    """Say for each need that is not met what was not run and why."""
    return [line for need in NEEDS if not need.is_met() for line in (need.zh, need.en)]


def main() -> int:
    """Run pytest without the soak tests, and the linters; return the first failure."""
    checks = [
        [sys.executable, "-m", "ruff", "check", "kg", "tests"],
        [sys.executable, "-m", "mypy"],
        [sys.executable, "-m", "pytest", "-q", "-m", "not soak", *sys.argv[1:]],
    ]
    code = 0
    for check in checks:
        failed = subprocess.run(check).returncode
        code = code or failed
    print("\n".join(list_notices()))
    return code


if __name__ == "__main__":
    sys.exit(main())
