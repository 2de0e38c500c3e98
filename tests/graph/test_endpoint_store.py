"""The endpoint and the store beneath it: new builds, killed builds, changes with a token."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.graph.rdf import build_graph
from kg.graph.store import build_store, read_generation
from tests.graph.base import make_base, make_document
from tests.graph.endpoint import ROOT, TOKEN, Endpoint, run_endpoint

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
FIRST = build_graph(make_base(), with_ontology=False)
SECOND = build_graph(make_base(make_document("yunxi-2025"), prefix="x"), with_ontology=False)
SECOND = (*FIRST, *SECOND)
WRITER = {"Authorization": f"Bearer {TOKEN}"}


def count(endpoint: Endpoint) -> int:
    reply = endpoint.ask(COUNT)
    assert reply.status == 200, reply
    return int(json.loads(reply.body)["results"]["bindings"][0]["n"]["value"])


def test_without_a_graph_it_says_what_to_do_and_then_finds_it(tmp_path: Path) -> None:
    with run_endpoint(tmp_path / "store") as endpoint:
        reply = endpoint.ask(COUNT)
        assert (reply.status, json.loads(reply.body)["error"]) == (503, "no-graph")
        assert "kg build" in reply.text
        build_store(FIRST, tmp_path / "store")
        assert count(endpoint) == len(FIRST)


def test_a_new_build_is_served_without_a_restart(tmp_path: Path) -> None:
    build_store(FIRST, tmp_path / "store")
    with run_endpoint(tmp_path / "store") as endpoint:
        assert count(endpoint) == len(FIRST)
        build_store(SECOND, tmp_path / "store")
        assert count(endpoint) == len(set(SECOND))
        build_store(FIRST, tmp_path / "store")
        assert count(endpoint) == len(FIRST)


BUILD = """
import sys
from pathlib import Path
from pyoxigraph import parse, RdfFormat
from kg.graph.store import build_store
triples = [quad.triple for quad in parse(path=sys.argv[1], format=RdfFormat.N_TRIPLES)]
print("loaded", flush=True)
for turn in range(1000):
    build_store(triples[: len(triples) - turn % 2], Path(sys.argv[2]))
"""


def test_a_build_that_is_killed_leaves_the_old_graph_or_the_new(tmp_path: Path) -> None:
    store, source = tmp_path / "store", tmp_path / "graph.nt"
    source.write_text("".join(f"{triple} .\n" for triple in SECOND), "utf-8")
    build_store(FIRST, store)
    whole = {len(FIRST), len(set(SECOND)), len(set(SECOND)) - 1}
    for turn in range(6):
        build = subprocess.Popen(
            [sys.executable, "-c", BUILD, str(source), str(store)], cwd=ROOT, stdout=subprocess.PIPE
        )
        assert build.stdout is not None
        build.stdout.readline()
        time.sleep(0.004 + 0.017 * turn)
        build.send_signal(signal.SIGKILL)
        build.wait()
        build.stdout.close()
        with run_endpoint(store) as endpoint:  # a restart on what the kill left
            assert count(endpoint) in whole
    build_store(SECOND[:-2], store)  # neither of the killed ones: this one cleans up
    assert {path.name for path in store.iterdir()} >= {"CURRENT", str(read_generation(store))}
    assert not list(store.glob("partial-*"))


def test_while_builds_follow_each_other_every_answer_is_of_one_of_them(tmp_path: Path) -> None:
    store, source = tmp_path / "store", tmp_path / "graph.nt"
    source.write_text("".join(f"{triple} .\n" for triple in SECOND), "utf-8")
    build_store(FIRST, store)
    whole = {len(FIRST), len(set(SECOND)), len(set(SECOND)) - 1}
    with run_endpoint(store) as endpoint:
        build = subprocess.Popen([sys.executable, "-c", BUILD, str(source), str(store)], cwd=ROOT)
        try:
            seen = {count(endpoint) for _ in range(60)}
        finally:
            build.kill()
            build.wait()
        seen.add(count(endpoint))
    assert seen <= whole


def list_workers(store: Path) -> list[int]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if b"kg.graph.server.worker" in line and str(store).encode() in line:
            found.append(int(process.name))
    return found


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc")
def test_killed_workers_are_replaced_and_none_outlives_the_server(tmp_path: Path) -> None:
    build_store(FIRST, tmp_path / "store")
    with run_endpoint(tmp_path / "store") as endpoint:
        assert count(endpoint) == len(FIRST)
        for process in list_workers(tmp_path / "store"):
            os.kill(process, signal.SIGKILL)
        statuses = [endpoint.ask(COUNT).status for _ in range(6)]
        assert statuses[-2:] == [200, 200], statuses
        assert list_workers(tmp_path / "store")
    deadline = time.monotonic() + 5
    while list_workers(tmp_path / "store") and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not list_workers(tmp_path / "store")


# ---------------------------------------------------------------- changes, with the token


@pytest.fixture
def writable(tmp_path: Path) -> Iterator[Endpoint]:
    build_store(FIRST, tmp_path / "store")
    with run_endpoint(tmp_path / "store", token=TOKEN) as endpoint:
        yield endpoint


def test_with_the_token_an_update_changes_the_graph(writable: Endpoint) -> None:
    headers = WRITER | {"Content-Type": "application/sparql-update"}
    assert writable.send("POST", "/sparql", "INSERT DATA { <urn:a> <urn:b> 1, 2 }", headers).status == 204
    assert count(writable) == len(FIRST) + 2
    assert writable.send("POST", "/sparql", "DELETE WHERE { <urn:a> ?p ?o }", headers).status == 204
    assert count(writable) == len(FIRST)


def test_an_update_that_fails_changes_nothing(writable: Endpoint) -> None:
    headers = WRITER | {"Content-Type": "application/sparql-update"}
    both = "INSERT DATA { <urn:a> <urn:b> 1 } ; DROP GRAPH <urn:none>"
    assert writable.send("POST", "/sparql", both, headers).status >= 400
    turtle = WRITER | {"Content-Type": "text/turtle"}
    assert writable.send("PUT", "/graph-store?default", "<urn:a> <urn:b> 1 . oops", turtle).status == 400
    assert count(writable) == len(FIRST)


def test_two_writers_lose_nothing(writable: Endpoint) -> None:
    import threading

    headers = WRITER | {"Content-Type": "application/sparql-update"}
    threads = [
        threading.Thread(
            target=writable.send,
            args=("POST", "/sparql", f"INSERT DATA {{ <urn:{i}> <urn:b> {i} }}", headers),
        )
        for i in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(writable) == len(FIRST) + 12
