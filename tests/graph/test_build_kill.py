"""`kg build` killed at any moment: what is served then is the old graph or the new one, never half."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from kg.graph.store import read_generation
from tests.graph.endpoint import ROOT, Endpoint, run_endpoint

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills with SIGKILL")
SMALL, LARGE = ROOT / "tests" / "golden" / "data", ROOT / "data"
FILES = ("graph.nt", "graph.ttl", "void.ttl", "ontology.html", "graph.html", "report.html")
KILLS = 40
PATIENCE = 120  # seconds for one build, on a machine that does much else


@dataclass(frozen=True)
class Built:
    """What a whole build of a data folder leaves: its files, its triples as they are served."""

    data: Path
    files: dict[str, bytes]
    triples: frozenset[bytes]
    seconds: float


def start_build(data: Path, out: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "kg", "build", "--data", str(data), "--out", str(out)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def build(data: Path, out: Path) -> Built:
    started = time.monotonic()
    assert start_build(data, out).wait(PATIENCE) == 0
    seconds = time.monotonic() - started
    files = {name: (out / name).read_bytes() for name in FILES}
    with run_endpoint(out / "store", out / "graph.html") as endpoint:
        return Built(data, files, read_triples(endpoint), seconds)


def read_triples(endpoint: Endpoint) -> frozenset[bytes]:
    reply = endpoint.ask("CONSTRUCT WHERE { ?s ?p ?o }", "application/n-triples")
    assert reply.status == 200, reply.text
    lines = reply.body.splitlines()
    assert len(lines) == len(set(lines))
    return frozenset(lines)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(SMALL, tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(LARGE, tmp_path_factory.mktemp("large"))


def is_loading(out: Path) -> Callable[[], bool]:
    """Tell when the build has begun to load the new generation of the store."""
    return lambda: any((out / "store").glob("partial-*"))


def is_current(out: Path) -> Callable[[], bool]:
    """Tell when the build has named its generation the current one."""
    before = read_generation(out / "store")
    return lambda: read_generation(out / "store") != before


MOMENTS: dict[str, Callable[[Path], Callable[[], bool]]] = {
    "anywhere": lambda out: lambda: True,
    "while the store is loaded": is_loading,
    "after the store is named": is_current,
}


def kill_build(data: Path, out: Path, moment: str, delay: float) -> bool:
    """Build, and kill that a while after the moment; tell whether it still ran then."""
    has_come = MOMENTS[moment](out)
    process = start_build(data, out)
    deadline = time.monotonic() + PATIENCE
    while not has_come() and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.0005)
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def check_remains(out: Path, old: Built, new: Built) -> bool:
    """Assert that all is whole, old or new, on the disk and served; tell whether the store is new."""
    for name in FILES:
        assert (out / name).read_bytes() in (old.files[name], new.files[name]), name
    with run_endpoint(out / "store", out / "graph.html") as endpoint:
        found, page = read_triples(endpoint), endpoint.send("GET", "/")
    assert found in (old.triples, new.triples), (len(found), len(old.triples), len(new.triples))
    assert page.status == 200
    assert page.body in (old.files["graph.html"], new.files["graph.html"])
    return found == new.triples


def check_recovery(out: Path, new: Built) -> None:
    """Assert that the next build finishes what the killed one began, and clears its store."""
    again = build(new.data, out)
    assert [name for name in FILES if again.files[name] != new.files[name]] == []
    assert again.triples == new.triples
    assert list((out / "store").glob("partial-*")) == []


@pytest.mark.parametrize("moment", ["while the store is loaded", "after the store is named"])
def test_a_first_build_that_is_killed_leaves_no_graph_or_a_whole_one(
    tmp_path: Path, small: Built, moment: str
) -> None:
    assert kill_build(SMALL, tmp_path, moment, 0.005)
    is_named = read_generation(tmp_path / "store") is not None
    assert is_named or moment == "while the store is loaded"
    with run_endpoint(tmp_path / "store", tmp_path / "graph.html") as endpoint:
        reply = endpoint.ask("CONSTRUCT WHERE { ?s ?p ?o }", "application/n-triples")
    if is_named:
        assert frozenset(reply.body.splitlines()) == small.triples
    else:
        assert reply.status >= 400
        assert "kg build" in reply.text
    check_recovery(tmp_path, small)


@pytest.mark.soak
def test_killed_builds_leave_the_old_graph_or_the_new(tmp_path: Path, small: Built, large: Built) -> None:
    chance = random.Random(7)
    old, new = small, large
    build(old.data, tmp_path)
    killed = renewed = 0
    for _ in range(KILLS):
        moment = chance.choice(list(MOMENTS))
        longest = new.seconds if moment == "anywhere" else 0.3
        killed += kill_build(new.data, tmp_path, moment, chance.uniform(0, longest))
        renewed += check_remains(tmp_path, old, new)
        check_recovery(tmp_path, new)
        old, new = new, old
    assert killed > KILLS / 2
    assert 0 < renewed < KILLS
