"""The endpoint under load: 32 clients for a minute, on the real graph and on a million triples."""

import sys
from pathlib import Path

import pytest

from kg.graph.question import list_questions
from kg.graph.rdf import build_graph
from kg.graph.store import build_store, change_store, open_store
from kg.pipeline import packaged_data, read_knowledge
from tests.soak.load import Load, multiply_triples, press, run_serve

# What a page or a person asks: one thing, its facts, a list of some.
SIMPLE = (
    "SELECT ?s ?label { ?s a kg:Enterprise ; skos:prefLabel ?label } LIMIT 20",
    "SELECT ?s ?o { ?s kg:anchors ?o } LIMIT 50",
    "ASK { ?s a kg:Park }",
    'SELECT ?s { ?s skos:prefLabel "南阳"@zh }',
    "SELECT ?fact ?quote { ?fact a kg:Measure ; kg:evidence/oa:exact ?quote } LIMIT 30",
    "CONSTRUCT { ?s kg:partOf ?o } WHERE { ?s kg:partOf ?o } LIMIT 50",
)
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is measured on Linux")


def check(load: Load, *, p99: float) -> None:
    """Check that nothing failed, few waited long, and memory stayed where it was."""
    print(load)
    assert not load.failures, load.failures[:5]
    assert load.find_percentile(0.99) < p99, load
    start = load.memory[0][1]
    assert load.growth < start * 0.15 + 20, load


def build(folder: Path, times: int = 1) -> Path:
    triples = build_graph(read_knowledge(packaged_data()))
    if times == 1:
        build_store(triples, folder / "store")
    else:
        change_store(lambda store: store.bulk_extend(multiply_triples(triples, times)), folder / "store")
    return folder


def test_a_short_load_fails_nowhere(tmp_path: Path) -> None:
    questions = [question.text for question in list_questions()]
    with run_serve(build(tmp_path)) as (process, port):
        load = press(port, process, [*SIMPLE, *questions], clients=32, seconds=3)
    check(load, p99=10)  # of so few answers, the longest


@pytest.mark.soak
def test_32_clients_for_a_minute_on_the_real_graph(tmp_path: Path) -> None:
    questions = [question.text for question in list_questions()]
    with run_serve(build(tmp_path)) as (process, port):
        load = press(port, process, [*SIMPLE, *questions], clients=32, seconds=60)
    check(load, p99=6)  # 2.4 s on a busy machine of two cores


@pytest.mark.soak
def test_32_clients_for_a_minute_on_a_million_triples(tmp_path: Path) -> None:
    with run_serve(build(tmp_path, 70)) as (process, port):
        size = len(open_store(tmp_path / "store"))
        assert size > 1_000_000
        load = press(port, process, SIMPLE, clients=32, seconds=60)
    print(f"{size} triples")
    check(load, p99=0.5)  # 70 ms on a busy machine of two cores
