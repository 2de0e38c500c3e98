"""The W3C's tests of the SPARQL 1.1 Protocol and Graph Store Protocol, read from their manifests."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
import rdflib
from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.compare import isomorphic

from kg.graph.store import change_store
from tests.graph.endpoint import TOKEN, Endpoint, Reply, find_w3c, run_endpoint

FOLDER = find_w3c()
HT = Namespace("http://www.w3.org/2011/http#")
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
CNT = Namespace("http://www.w3.org/2011/content#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
STATUS = {"Created": (201,), "OK": (200,), "NoContent": (204,), "NotFound": (404,)}
FORMATS = {
    "boolean": ("application/sparql-results+json", "application/sparql-results+xml"),
    "tabular": ("application/sparql-results+json", "application/sparql-results+xml", "text/csv"),
    "RDF": ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"),
}

# Tests that this server fails, each with its reason; no query test may be here.
FAILING: dict[str, str] = {}


@dataclass(frozen=True)
class Step:
    """One request of a test and what its response must be."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | None
    statuses: tuple[str, ...]
    boolean: str | None
    form: str | None
    location: str | None
    graph: str | None


@dataclass(frozen=True)
class Case:
    name: str
    data: tuple[tuple[str, str], ...]
    steps: tuple[Step, ...]


def read_manifest(path: Path) -> Iterator[Case]:
    graph = Graph().parse(path)
    for manifest in graph.subjects(RDF.type, MF.Manifest):
        for entry in Collection(graph, graph.value(manifest, MF.entries)):
            data = tuple(
                (str(graph.value(node, rdflib.RDFS.label)), str(graph.value(node, UT.graph)))
                for node in graph.objects(entry, UT.graphData)
            )
            requests = graph.value(graph.value(entry, MF.action), HT.requests)
            steps = tuple(_read_step(graph, node) for node in Collection(graph, requests))
            yield Case(entry.rsplit("#")[-1], data, steps)


def _read_step(graph: Graph, node: rdflib.term.Node) -> Step:
    response = graph.value(node, HT.resp)
    body = graph.value(node, HT.body)
    expected = graph.value(response, HT.body)
    encoding = str(graph.value(body, CNT.characterEncoding) or "utf-8") if body else ""
    return Step(
        method=str(graph.value(node, HT.methodName)),
        path=str(graph.value(node, HT.absolutePath)),
        headers=_read_headers(graph, node),
        body=str(graph.value(body, CNT.chars)).encode(encoding) if body else None,
        statuses=tuple(str(s).rsplit("#")[-1] for s in graph.objects(response, MF.expectedStatus)),
        boolean=_text(graph.value(response, MF.expectedBoolean)),
        form=_text(graph.value(response, MF.expectedFormat)),
        location=_text(graph.value(response, MF.expectedLocation)),
        graph=_text(graph.value(expected, CNT.chars)) if expected else None,
    )


def _read_headers(graph: Graph, node: rdflib.term.Node) -> tuple[tuple[str, str], ...]:
    found = graph.value(node, HT.headers)
    headers = Collection(graph, found) if found else ()
    return tuple((str(graph.value(h, HT.fieldName)), str(graph.value(h, HT.fieldValue))) for h in headers)


def _text(node: rdflib.term.Node | None) -> str | None:
    return None if node is None else str(node)


def list_cases(*names: str) -> Sequence[object]:
    if FOLDER is None:
        return [pytest.param(None, marks=pytest.mark.skip(reason="the W3C's tests are not here"))]
    cases = [case for name in names for case in read_manifest(FOLDER / name)]
    return [
        pytest.param(
            case,
            id=case.name,
            marks=[pytest.mark.xfail(reason=FAILING[case.name], strict=True)] if case.name in FAILING else [],
        )
        for case in cases
    ]


PROTOCOL = list_cases("protocol/manifest.ttl")
GRAPH_STORE = list_cases(
    "graph-store-protocol/manifest-direct.ttl", "graph-store-protocol/manifest-indirect.ttl"
)


def test_the_manifests_hold_as_many_tests_as_they_should() -> None:
    if FOLDER is None:
        pytest.skip("the W3C's tests are not here")
    assert (len(PROTOCOL), len(GRAPH_STORE)) == (34, 13)
    assert not [name for name in FAILING if "query" in name]


@pytest.mark.parametrize("case", PROTOCOL)
def test_protocol(case: Case, tmp_path: Path) -> None:
    change_store(lambda store: _load(store, case), tmp_path / "store")
    with run_endpoint(tmp_path / "store", token=TOKEN) as endpoint:
        for step in case.steps:
            assert step.path.startswith("/sparql/")
            _check(_send(endpoint, step, step.path), step)


def _load(store: object, case: Case) -> None:
    from pyoxigraph import NamedNode

    for name, path in case.data:
        store.load(path=path.removeprefix("file://"), to_graph=NamedNode(name))  # type: ignore[attr-defined]


@pytest.mark.parametrize("case", GRAPH_STORE)
def test_graph_store(case: Case, tmp_path: Path) -> None:
    locations: dict[str, str] = {}
    with run_endpoint(tmp_path / "store", token=TOKEN) as endpoint:
        for step in case.steps:
            path = re.sub("^/gsp", "/graph-store", step.path)
            for name, value in locations.items():
                path = path.replace(name, value)
            reply = _send(endpoint, step, path)
            _check(reply, step)
            if step.location:
                locations[step.location] = reply.headers["location"]


def _send(endpoint: Endpoint, step: Step, path: str) -> Reply:
    headers = {**dict(step.headers), "Authorization": f"Bearer {TOKEN}"}
    return endpoint.send(step.method, path, step.body, headers)


def _check(reply: Reply, step: Step) -> None:
    allowed = [_is_status(name, reply.status) for name in step.statuses]
    assert any(allowed), (step, reply)
    media = reply.headers.get("content-type", "").partition(";")[0]
    if step.form:
        assert media in FORMATS[step.form]
    if step.boolean:
        assert f'"boolean":{step.boolean}' in reply.text
    if step.location:
        assert reply.headers["location"]
    if step.graph is not None:
        assert media == "text/turtle"
        base = "http://www.example/"
        expected = Graph().parse(data=step.graph, format="turtle", publicID=base)
        found = Graph().parse(data=reply.text, format="turtle", publicID=base)
        assert isomorphic(expected, found), reply.text
    elif step.method == "HEAD":
        assert reply.body == b""


def _is_status(name: str, status: int) -> bool:
    if name.startswith("StatusCode"):
        return status // 100 == int(name[10])
    return status in STATUS[name]


def test_a_named_graph_in_a_path_is_named_by_its_address(tmp_path: Path) -> None:
    with run_endpoint(tmp_path / "store", token=TOKEN) as endpoint:
        headers = {"Content-Type": "text/turtle", "Authorization": f"Bearer {TOKEN}"}
        assert endpoint.send("PUT", "/graph-store/a/1.ttl", "<x> <y> <z> .", headers).status == 201
        query = f"ASK {{ GRAPH <{endpoint.url}/graph-store/a/1.ttl> {{ ?s ?p ?o }} }}"
        assert '"boolean":true' in endpoint.ask(query).text
        assert str(URIRef(f"{endpoint.url}/graph-store/a/x"))
