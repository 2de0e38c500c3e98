"""The store is the old graph or the new one, never half."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from kg.errors import GraphInvalidError
from kg.graph.rdf import build_graph
from kg.graph.store import build_store, open_store, read_generation
from tests.graph.base import make_base, make_document


def test_a_store_holds_exactly_the_triples_of_the_graph(tmp_path: Path) -> None:
    triples = build_graph(make_base())
    build_store(triples, tmp_path / "store")
    assert {quad.triple for quad in open_store(tmp_path / "store")} == set(triples)


def test_a_missing_store_says_to_build_first(tmp_path: Path) -> None:
    with pytest.raises(GraphInvalidError, match="kg build"):
        open_store(tmp_path / "store")


def test_a_reader_keeps_its_graph_while_the_store_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "store"
    build_store(build_graph(make_base(), with_ontology=False), path)
    reader = open_store(path)
    before = len(reader)
    other = make_base(make_document("qingshi-2024", "青石区"), "b")
    build_store(build_graph(other), path)
    assert len(reader) == before
    assert len(open_store(path)) > before


def test_old_generations_do_not_pile_up(tmp_path: Path) -> None:
    path, triples = tmp_path / "store", build_graph(make_base())
    for count in range(5):
        build_store(triples[: 100 + count], path)
    assert len([folder for folder in path.iterdir() if folder.is_dir()]) == 2


def test_the_same_triples_are_the_same_generation(tmp_path: Path) -> None:
    path, triples = tmp_path / "store", build_graph(make_base())
    build_store(triples, path)
    first = read_generation(path)
    build_store(reversed(triples), path)
    assert read_generation(path) == first


@pytest.mark.skipif(os.name != "posix", reason="kills with SIGKILL")
@pytest.mark.parametrize("delay", [0.0, 0.02, 0.05, 0.1, 0.2])
def test_a_kill_in_the_middle_leaves_the_old_or_the_new_store(tmp_path: Path, delay: float) -> None:
    path = tmp_path / "store"
    old = build_graph(make_base(), with_ontology=False)
    build_store(old, path)
    script = textwrap.dedent("""
        import sys
        from pathlib import Path
        from pyoxigraph import Literal, NamedNode, Triple
        from kg.graph.store import build_store
        node, relation = NamedNode("urn:a"), NamedNode("urn:b")
        triples = [Triple(node, relation, Literal(number)) for number in range(20000)]
        print("ready", flush=True)
        build_store(triples, Path(sys.argv[1]))
    """)
    process = subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert len(open_store(path)) in (len(old), 20000)
    build_store(build_graph(make_base()), path)
    assert len(open_store(path)) == len(build_graph(make_base()))
    assert not list(path.glob("partial-*"))
