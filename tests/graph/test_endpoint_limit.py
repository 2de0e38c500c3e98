"""The endpoint under hostile use: nothing written, nothing fetched, nothing that stops it."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kg.errors import QueryInvalidError
from kg.graph.query import check_query
from kg.graph.rdf import build_graph
from kg.graph.server.limit import Limits
from kg.graph.store import build_store
from tests.graph.base import make_base
from tests.graph.endpoint import TOKEN, Endpoint, run_endpoint

LIMITS = Limits(query_seconds=2, rows=1000, answer_bytes=200_000, body_seconds=1, wait_seconds=4)
ENDLESS = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "SELECT ?a { ?a (!<urn:a>|^!<urn:b>)+ ?b . ?c (!<urn:a>)+ ?d . ?e (!<urn:a>)+ ?f"
    " FILTER(?b = ?f && ?a = ?d) }",
    "SELECT DISTINCT ?x { ?x ?y ?z . ?q ?r ?s . ?t ?u ?v FILTER(REGEX(CONCAT(STR(?x), STR(?s)), '(a+)+$')) }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(STR(?a) > STR(?f) && STR(?c) < STR(?g)) }"
    " ORDER BY ?i LIMIT 1",
)
HEAD = "POST /sparql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/sparql-query\r\n"
SIMPLE = "SELECT ?s { ?s a kg:Enterprise } LIMIT 5"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("limit") / "store"
    build_store(build_graph(make_base()), path)
    return path


@pytest.fixture(scope="module")
def endpoint(store: Path) -> Iterator[Endpoint]:
    with run_endpoint(store, limits=LIMITS) as running:
        yield running


# ---------------------------------------------------------------- time, size


@pytest.mark.parametrize("query", ENDLESS)
def test_a_query_that_runs_too_long_is_ended(endpoint: Endpoint, query: str) -> None:
    started = time.monotonic()
    reply = endpoint.ask(query)
    assert (reply.status, json.loads(reply.body)["error"]) == (504, "too-long")
    assert time.monotonic() - started < LIMITS.query_seconds + 3
    assert endpoint.ask(SIMPLE).status == 200


def test_a_query_is_ended_where_the_system_cannot_fork(store: Path) -> None:
    with run_endpoint(store, limits=LIMITS, fork=False) as endpoint:
        assert endpoint.ask(SIMPLE).status == 200
        assert endpoint.ask(ENDLESS[0]).status == 504
        assert endpoint.ask(SIMPLE).status == 200


def test_a_hundred_endless_queries_do_not_keep_a_simple_one_waiting(store: Path) -> None:
    waits: list[float] = []
    with run_endpoint(store, limits=LIMITS) as endpoint:
        endpoint.ask(SIMPLE)
        threads = [
            threading.Thread(target=endpoint.ask, args=(f"{ENDLESS[i % len(ENDLESS)]} #{i}",))
            for i in range(100)
        ]  # fmt: skip
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            started = time.monotonic()
            reply = endpoint.ask(SIMPLE)
            waits.append(time.monotonic() - started)
            assert reply.status == 200, reply
            time.sleep(0.05)
    assert len(waits) > 10
    assert max(waits) < 1.0, sorted(waits)[-5:]


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
def test_an_answer_of_too_many_rows_is_refused(endpoint: Endpoint, form: str) -> None:
    values = " ".join(f'"a,\\n{i}}}}},{{\\"</result>"' for i in range(1001))
    path = f"/sparql?format={form}"  # decides whatever Accept says
    headers = {"Content-Type": "application/sparql-query", "Accept": "application/json"}
    refused = endpoint.send("POST", path, f"SELECT ?x {{ VALUES ?x {{ {values} }} }}", headers)
    assert (refused.status, json.loads(refused.body)["error"]) == (422, "too-large")
    allowed = endpoint.send("POST", path, f"SELECT ?x {{ VALUES ?x {{ {values} }} }} LIMIT 1000", headers)
    assert allowed.status == 200


def test_a_graph_of_too_many_triples_is_refused(endpoint: Endpoint) -> None:
    assert endpoint.ask("CONSTRUCT WHERE { ?s ?p ?o }", "text/turtle").status == 422


def test_an_answer_of_too_many_bytes_is_refused(endpoint: Endpoint) -> None:
    query = f'SELECT ?x ?y {{ BIND("{"a" * 1000}" AS ?x) VALUES ?y {{ {" ".join(map(str, range(300)))} }} }}'
    assert endpoint.ask(query).status == 422


def test_a_query_that_eats_memory_ends_alone(store: Path) -> None:
    with run_endpoint(store, limits=replace(LIMITS, memory_bytes=256 << 20, query_seconds=30)) as endpoint:
        reply = endpoint.ask("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i")
        assert (reply.status, json.loads(reply.body)["error"]) == (422, "memory")
        assert endpoint.ask(SIMPLE).status == 200


def test_a_query_nobody_waits_for_is_ended(store: Path) -> None:
    with run_endpoint(store, limits=replace(LIMITS, query_seconds=60, fast=1, slow=1, queue=2)) as endpoint:
        for _ in range(8):  # more than lanes and queue hold
            with socket.create_connection(("127.0.0.1", endpoint.port)) as peer:
                body = ENDLESS[0].encode()
                head = f"{HEAD}Content-Length: {len(body)}\r\n\r\n"
                peer.sendall(head.encode() + body)
                time.sleep(0.1)
        time.sleep(0.5)
        assert endpoint.ask(SIMPLE).status == 200


def test_when_all_is_taken_the_answer_is_busy(store: Path) -> None:
    limits = replace(LIMITS, fast=1, slow=1, queue=2, query_seconds=3, wait_seconds=1)
    replies = []
    with run_endpoint(store, limits=limits) as endpoint:
        threads = [
            threading.Thread(target=lambda: replies.append(endpoint.ask(ENDLESS[0]))) for _ in range(12)
        ]  # fmt: skip
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    busy = [reply for reply in replies if reply.status == 503]
    assert busy
    assert {reply.status for reply in replies} == {503, 504}
    assert all(reply.headers["retry-after"] for reply in busy)


def test_bodies_and_urls_have_limits(endpoint: Endpoint) -> None:
    with socket.create_connection(("127.0.0.1", endpoint.port), timeout=10) as peer:
        peer.sendall(b"POST /sparql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/sparql-query\r\n"
                     b"Content-Length: 9999999\r\n\r\n")  # fmt: skip
        assert b" 413 " in peer.recv(100)
    assert endpoint.send("GET", "/sparql?query=" + "x" * (LIMITS.url_bytes + 1)).status == 414
    with socket.create_connection(("127.0.0.1", endpoint.port), timeout=10) as peer:
        peer.sendall(b"POST /sparql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/sparql-query\r\n"
                     b"Content-Length: 10\r\n\r\nASK")  # fmt: skip
        assert b" 408 " in peer.recv(100)


def test_a_chunked_body_has_the_same_limit(endpoint: Endpoint) -> None:
    with socket.create_connection(("127.0.0.1", endpoint.port), timeout=20) as peer:
        peer.sendall(b"POST /sparql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/sparql-query\r\n"
                     b"Transfer-Encoding: chunked\r\n\r\n")  # fmt: skip
        chunk = b"10000\r\n" + b"#" * 0x10000 + b"\r\n"
        try:
            for _ in range(40):
                peer.sendall(chunk)
        except OSError:
            return  # closed while we sent: refused as well
        assert b" 413 " in peer.recv(100)


# ---------------------------------------------------------------- who asks


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200),
        ("127.0.0.1:9", 200),  # a forwarded port
        ("localhost", 200),
        ("LOCALHOST.:80", 200),
        ("[::1]:80", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("localhost.evil.example:80", 421),
        ("192.168.1.5", 421),
        ("0.0.0.0", 421),
        ("127.0.0.1@evil.example", 400),
        ("evil.example/127.0.0.1", 400),
        ("127.0.0.1:x", 400),
        ("[::1", 400),
        ("", 400),
    ],
)
def test_only_its_own_names_are_answered(endpoint: Endpoint, host: str, status: int) -> None:
    assert endpoint.send("GET", "/query", headers={"Host": host}).status == status


def test_a_request_without_or_with_two_hosts_is_refused(endpoint: Endpoint) -> None:
    for hosts in (b"", b"Host: 127.0.0.1\r\nHost: evil.example\r\n"):
        with socket.create_connection(("127.0.0.1", endpoint.port), timeout=10) as peer:
            peer.sendall(b"GET /query HTTP/1.1\r\n" + hosts + b"\r\n")
            assert b" 400 " in peer.recv(100)


def test_on_every_address_any_address_is_a_name_but_no_other(store: Path) -> None:
    with run_endpoint(store, hosts=("kg.example",), any_address=True) as endpoint:
        seen = {
            host: endpoint.send("GET", "/query", headers={"Host": host}).status
            for host in ("10.1.2.3:80", "kg.example", "evil.example")
        }
    assert seen == {"10.1.2.3:80": 200, "kg.example": 200, "evil.example": 421}


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"},
    ],
)
def test_pages_of_other_sites_are_refused(endpoint: Endpoint, headers: dict[str, str]) -> None:
    reply = endpoint.send("GET", "/sparql?query=ASK%7B%7D", headers=headers)
    assert reply.status == 403
    assert "access-control-allow-origin" not in reply.headers


def test_its_own_pages_and_links_from_elsewhere_are_served(endpoint: Endpoint) -> None:
    path = "/sparql?query=ASK%7B%7D"
    for headers in (
        {"Origin": endpoint.url, "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
        {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"},
    ):
        assert endpoint.send("GET", path, headers=headers).status == 200


def test_every_reply_carries_the_safety_headers(endpoint: Endpoint) -> None:
    for path in ("/query", "/sparql?query=ASK%7B", "/nothing", "/static/query.js", "/sparql?query=ASK%7B%7D"):
        headers = endpoint.send("GET", path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"
    refused = endpoint.send("GET", "/", headers={"Host": "evil.example"})
    assert refused.headers["x-frame-options"] == "DENY"


# ---------------------------------------------------------------- what it does not do

UPDATE = "INSERT DATA { <urn:a> <urn:b> <urn:c> }"


def test_without_permission_nothing_changes(endpoint: Endpoint) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    update = {"Content-Type": "application/sparql-update"}
    turtle = {"Content-Type": "text/turtle", "Authorization": f"Bearer {TOKEN}"}
    assert endpoint.send("POST", "/sparql", "update=CLEAR+ALL", form).status == 403
    assert endpoint.send("POST", "/sparql", UPDATE, update).status == 403
    assert endpoint.ask(UPDATE).status == 400
    assert endpoint.send("PUT", "/graph-store?default", "<urn:a> <urn:b> 1 .", turtle).status == 403
    assert endpoint.send("DELETE", "/graph-store?default", headers=turtle).status == 403
    assert '"boolean":false' in endpoint.ask("ASK { <urn:a> ?p ?o }").text


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Digest {TOKEN}"])
def test_with_permission_the_token_is_needed(store: Path, header: str) -> None:
    with run_endpoint(store, token=TOKEN) as endpoint:
        headers = {"Content-Type": "application/sparql-update", "Authorization": header}
        reply = endpoint.send("POST", "/sparql", UPDATE, headers)
        assert reply.status == 401
        assert reply.headers["www-authenticate"].startswith("Bearer")


NETWORK = (
    "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { service silent <URL> { ?s ?p ?o } }",
    "SELECT * { SERVICE #>\n <URL> { ?s ?p ?o } }",
    "SELECT * { # x\rSERVICE <URL> { ?s ?p ?o } }",
    "PREFIX a: <URL> SELECT * { SERVICE a: { ?s ?p ?o } }",
    "PREFIX : <URL> SELECT * {SERVICE:{ ?s ?p ?o }}",
    "SELECT * { VALUES ?u { <URL> } SERVICE ?u { ?s ?p ?o } }",
    "SELECT * { OPTIONAL { ?s <urn:\\u0041#> ?o } SERVICE <URL> { ?a ?b ?c } }",
    "PREFIX a: <urn:a> SELECT * { OPTIONAL { ?s a a:x\\#y } SERVICE <URL> { ?a ?b ?c } }",
    "PREFIX a: <urn:a> SELECT * { OPTIONAL { ?s a a:x\\'y } SERVICE <URL> { ?a ?b 'c' } }",
    "SELECT * { ?a ?b ?c FILTER(?a<?b||1=1)SERVICE<URL>#>\n{ ?x ?y ?z } }",
    'SELECT * { ?a ?b ?c FILTER(1=1||?a<?b#c>"""\n) SERVICE <URL> { ?s ?p ?o } #"""\n}',
    "SELECT * { { ?a ?b true } UNION { ?a ?b 1.SERVICE <URL> { ?s ?p ?o } } UNION { SERVICE <URL> {} } }",
    "SELECT * { S\\u0045RVICE <URL> { ?s ?p ?o } }",
)


@pytest.mark.parametrize("query", NETWORK)
def test_no_query_reaches_another_server(endpoint: Endpoint, query: str) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(0.2)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        reply = endpoint.ask(query.replace("URL", address))
        with pytest.raises(TimeoutError):
            listener.accept()
    assert (reply.status, json.loads(reply.body)["error"]) == (400, "refused")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?service { ?service a kg:Park }",
        "PREFIX service: <urn:s> SELECT * { ?s service:load ?o ; service:x <http://example.org/a#SERVICE> }",
        "SELECT * { ?s ?p 'a service' } # the service",
        'SELECT * { ?s skos:prefLabel ?name FILTER(CONTAINS(?name, "SERVICE")) }',
    ],
)
def test_the_word_service_is_no_offence(query: str) -> None:
    check_query(query)


@pytest.mark.parametrize(
    "update",
    [
        "LOAD <URL>",
        "LOAD SILENT <URL> INTO GRAPH <urn:g>",
        f"{UPDATE} ;\nload <URL>",
        "INSERT { ?s ?p ?o } WHERE { SERVICE <URL> { ?s ?p ?o } }",
    ],
)
def test_no_update_reaches_another_server(store: Path, tmp_path: Path, update: str) -> None:
    with socket.socket() as listener, run_endpoint(tmp_path / "store", token=TOKEN) as endpoint:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(0.2)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        headers = {"Content-Type": "application/sparql-update", "Authorization": f"Bearer {TOKEN}"}
        reply = endpoint.send("POST", "/sparql", update.replace("URL", address), headers)
        with pytest.raises(TimeoutError):
            listener.accept()
    assert reply.status == 400


def test_the_check_itself_takes_no_time() -> None:
    for text in (
        "SERVICE" * 20_000,
        "SERVICE " + "#\n" * 100_000,
        "SERVICE" + "a" * 200_000,
        "SERVICE:" * 20_000,
    ):
        started = time.monotonic()
        with contextlib.suppress(QueryInvalidError):
            check_query(text)
        assert time.monotonic() - started < 2
