"""What the endpoint answers: every format, errors that help, itself described, things by address."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
import rdflib
from rdflib import RDF, Namespace, URIRef

from kg.graph.rdf import build_graph
from kg.graph.store import build_store
from tests.graph.base import make_base
from tests.graph.endpoint import TOKEN, Endpoint, run_endpoint

LABELS = "SELECT ?label WHERE { ?s a kg:Enterprise ; skos:prefLabel ?label } ORDER BY ?label"
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
VOID = Namespace("http://rdfs.org/ns/void#")
GRAPH_MEDIA = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
    "application/ld+json": "json-ld",
}


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    folder = tmp_path_factory.mktemp("endpoint")
    build_store(build_graph(make_base()), folder / "store")
    with run_endpoint(folder / "store") as running:
        yield running


def test_rows_come_in_json_xml_csv_and_tsv(endpoint: Endpoint) -> None:
    replies = {
        media: endpoint.ask(LABELS, media)
        for media in ("application/sparql-results+json", "application/sparql-results+xml", "text/csv",
                      "text/tab-separated-values")
    }  # fmt: skip
    for media, reply in replies.items():
        assert reply.status == 200
        assert reply.headers["content-type"].partition(";")[0] == media
    rows = json.loads(replies["application/sparql-results+json"].body)["results"]["bindings"]
    expected = [row["label"]["value"] for row in rows]
    assert sorted(expected) == sorted(("青禾", "远帆"))
    space = "{http://www.w3.org/2005/sparql-results#}"
    tree = ElementTree.fromstring(replies["application/sparql-results+xml"].text)
    assert [node.text for node in tree.iter(f"{space}literal")] == expected
    assert list(csv.reader(io.StringIO(replies["text/csv"].text))) == [["label"], *([x] for x in expected)]
    lines = replies["text/tab-separated-values"].text.splitlines()
    assert lines == ["?label", *(f'"{label}"@zh' for label in expected)]


@pytest.mark.parametrize("media", GRAPH_MEDIA)
def test_graphs_come_in_every_rdf_format(endpoint: Endpoint, media: str) -> None:
    query = "CONSTRUCT { ?s skos:prefLabel ?o } WHERE { ?s a kg:Enterprise ; skos:prefLabel ?o }"
    reply = endpoint.ask(query, media)
    assert reply.headers["content-type"].partition(";")[0] == media
    graph = rdflib.Graph().parse(data=reply.text, format=GRAPH_MEDIA[media])
    assert {str(o) for o in graph.objects()} == {"青禾", "远帆"}


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("text/csv;q=0.3, application/sparql-results+xml;q=0.8", "application/sparql-results+xml"),
        ("application/*", "application/sparql-results+json"),
        ("application/*;q=0.9, application/sparql-results+json;q=0", "application/sparql-results+xml"),
        ("application/json", "application/sparql-results+json"),
    ],
)
def test_the_client_chooses_the_format(endpoint: Endpoint, accept: str, media: str) -> None:
    assert endpoint.ask(LABELS, accept).headers["content-type"] == media


def test_a_format_that_does_not_fit_the_answer_is_406(endpoint: Endpoint) -> None:
    assert endpoint.ask(LABELS, "text/turtle").status == 406
    assert endpoint.ask("CONSTRUCT WHERE { ?s ?p ?o }", "text/csv").status == 406
    assert endpoint.ask(LABELS, "image/png").status == 406


def test_the_same_answer_is_the_same_bytes(endpoint: Endpoint) -> None:
    query = "CONSTRUCT WHERE { ?s ?p ?o }"
    assert endpoint.ask(query, "text/turtle").body == endpoint.ask(query, "text/turtle").body


def test_an_error_says_where_in_both_languages(endpoint: Endpoint) -> None:
    reply = endpoint.ask("SELECT * WHERE {\n ?s ?p nope:x }")
    told = json.loads(reply.body)
    assert (reply.status, told["error"]) == (400, "syntax")
    assert "第 2 行" in told["zh"]
    assert "line 2" in told["en"]
    plain = endpoint.ask("SELECT", "text/plain")
    assert plain.headers["content-type"].startswith("text/plain")
    assert len(plain.text.splitlines()) == 2


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("DELETE", "/sparql", 405),
        ("GET", "/sparql?query=ASK%7B%7D&default-graph-uri=no%20iri", 400),
        ("GET", "/sparql?query=%FF", 400),
        ("GET", "/static/../app.py", 404),
        ("GET", "/static/%2e%2e%2fapp.py", 404),
        ("GET", "/entity/enterprise-none-000000", 404),
        ("GET", "/entity/x%3E%20%3Fp", 404),
        ("GET", "/graph-store", 400),
        ("GET", "/graph-store?graph=urn:none", 404),
    ],
)
def test_status_codes(endpoint: Endpoint, method: str, path: str, status: int) -> None:
    assert endpoint.send(method, path).status == status


def test_a_browser_gets_the_query_page(endpoint: Endpoint) -> None:
    accept = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    for path in ("/sparql", "/sparql?query=ASK%7B%7D", "/query"):
        reply = endpoint.send("GET", path, headers=accept)
        assert reply.status == 200
        assert "<textarea" in reply.text
    assert 'lang="en"' in endpoint.send("GET", "/query", headers={"Accept-Language": "en-GB,zh"}).text


def test_before_the_build_the_explorer_says_what_to_do(endpoint: Endpoint) -> None:
    reply = endpoint.send("GET", "/")
    assert reply.status == 404
    assert "kg build" in reply.text


def test_the_explorer_keeps_its_own_policy(tmp_path: Path) -> None:
    page = tmp_path / "graph.html"
    page.write_text(
        '<html><head><meta http-equiv="Content-Security-Policy" content="default-src \'none\'">', "utf-8"
    )
    with run_endpoint(tmp_path / "store", page) as endpoint:
        reply = endpoint.send("GET", "/")
    assert reply.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


def test_the_vocabulary_offers_classes_properties_and_questions(endpoint: Endpoint) -> None:
    found = json.loads(endpoint.send("GET", "/vocabulary").body)
    kinds = {term["name"]: (term["kind"], term["zh"]) for term in found["terms"]}
    assert kinds["kg:Enterprise"] == ("class", "企业")
    assert kinds["kg:anchors"][0] == "property"
    assert {question["name"] for question in found["questions"]} >= {"anchors", "parks"}


def test_every_offered_question_runs(endpoint: Endpoint) -> None:
    found = json.loads(endpoint.send("GET", "/vocabulary").body)
    failed = {
        question["name"]: endpoint.ask(question["text"]).text
        for question in found["questions"]
        if endpoint.ask(question["text"]).status != 200
    }
    assert not failed


# ---------------------------------------------------------------- SPARQL 1.1 Service Description


@pytest.mark.parametrize("media", GRAPH_MEDIA)
def test_a_get_on_the_endpoint_returns_rdf(endpoint: Endpoint, media: str) -> None:
    reply = endpoint.send("GET", "/sparql", headers={"Accept": media})
    assert reply.status == 200
    assert reply.headers["content-type"].partition(";")[0] == media
    assert len(rdflib.Graph().parse(data=reply.text, format=GRAPH_MEDIA[media])) > 0


def read_description(endpoint: Endpoint) -> rdflib.Graph:
    return rdflib.Graph().parse(data=endpoint.send("GET", "/sparql").text, format="turtle")


def test_the_service_description_names_this_endpoint(endpoint: Endpoint) -> None:
    graph = read_description(endpoint)
    services = list(graph.subjects(RDF.type, SD.Service))
    assert len(services) == 1
    assert list(graph.objects(services[0], SD.endpoint)) == [URIRef(f"{endpoint.url}/sparql")]
    assert endpoint.ask("ASK {}").status == 200


def test_the_service_description_conforms_to_its_schema(endpoint: Endpoint, tmp_path: Path) -> None:
    with run_endpoint(tmp_path / "store", token=TOKEN) as writable:
        writing = read_description(writable)
    reading = read_description(endpoint)
    languages = {graph: set(graph.objects(None, SD.supportedLanguage)) for graph in (reading, writing)}
    assert languages[reading] == {SD.SPARQL11Query}
    assert languages[writing] == {SD.SPARQL11Query, SD.SPARQL11Update}
    domains = {
        SD.endpoint: SD.Service,
        SD.supportedLanguage: SD.Service,
        SD.resultFormat: SD.Service,
        SD.inputFormat: SD.Service,
        SD.defaultDataset: SD.Service,
        SD.defaultGraph: SD.Dataset,
    }
    for graph in (reading, writing):
        for subject, predicate, value in graph:
            if str(predicate).startswith(str(SD)):
                assert (subject, RDF.type, domains[predicate]) in graph
                assert isinstance(value, URIRef)
        for dataset in graph.objects(None, SD.defaultDataset):
            assert (dataset, RDF.type, SD.Dataset) in graph


def test_void_counts_the_graph(endpoint: Endpoint) -> None:
    graph = rdflib.Graph().parse(data=endpoint.send("GET", "/.well-known/void").text, format="turtle")
    dataset = graph.value(None, RDF.type, VOID.Dataset)
    count = json.loads(endpoint.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").body)["results"]["bindings"]
    assert str(graph.value(dataset, VOID.triples)) == count[0]["n"]["value"]
    assert graph.value(dataset, VOID.sparqlEndpoint) == URIRef(f"{endpoint.url}/sparql")
    parts = list(graph.objects(dataset, VOID.propertyPartition))
    assert sum(int(graph.value(part, VOID.triples)) for part in parts) == int(count[0]["n"]["value"])


# ---------------------------------------------------------------- things by address


def test_a_thing_has_a_page_with_its_sentences(endpoint: Endpoint) -> None:
    reply = endpoint.send("GET", "/entity/enterprise-qinghe-000001", headers={"Accept": "text/html"})
    assert reply.status == 200
    assert "<h1>青禾</h1>" in reply.text
    assert "<mark>以青禾、远帆为龙头的陶瓷产业</mark>" in reply.text


@pytest.mark.parametrize("media", GRAPH_MEDIA)
def test_a_thing_is_described_in_rdf(endpoint: Endpoint, media: str) -> None:
    reply = endpoint.send("GET", "/entity/enterprise-qinghe-000001", headers={"Accept": media})
    assert reply.headers["content-type"].partition(";")[0] == media
    graph = rdflib.Graph().parse(data=reply.text, format=GRAPH_MEDIA[media])
    kg, name = "https://w3id.org/lianzhu/ontology#", "https://w3id.org/lianzhu/id/"
    assert (URIRef(name + "enterprise-qinghe-000001"), URIRef(kg + "anchors"), None) in graph
    assert (None, RDF.subject, URIRef(name + "enterprise-qinghe-000001")) in graph
    assert (None, URIRef("http://www.w3.org/ns/oa#exact"), None) in graph


def test_hostile_text_stays_text_on_a_page(tmp_path: Path) -> None:
    from pyoxigraph import Quad

    from kg.graph.store import change_store
    from kg.graph.term import chinese
    from kg.graph.vocab import entity_iri, term

    hostile = "</h1><script>alert(1)</script>\"'{{7*7}}"
    quad = Quad(entity_iri("x-1"), term("skos:prefLabel"), chinese(hostile))
    change_store(lambda store: store.add(quad), tmp_path / "store")
    with run_endpoint(tmp_path / "store") as endpoint:
        text = endpoint.send("GET", "/entity/x-1", headers={"Accept": "text/html"}).text
    assert "<script>" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "{{7*7}}" in text
