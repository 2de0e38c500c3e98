"""The graph in servers that others wrote: pushed there, it answers every named question the same."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.command.push import push_command
from kg.command.query import query_command
from kg.errors import KgError
from kg.graph.client import EndpointFailedError, push_graph, query_endpoint
from kg.graph.query import declare_prefixes
from kg.graph.question import Question, fill_question, list_questions
from kg.graph.rdf import build_graph, write_ntriples
from kg.graph.store import build_store
from kg.pipeline import packaged_data, read_knowledge
from tests.graph.endpoint import TOKEN, Endpoint, run_endpoint
from tests.graph.foreign import (
    GRAPH,
    PASSWORD,
    Foreign,
    find_oxigraph,
    find_virtuoso,
    run_oxigraph,
    run_virtuoso,
)

XSD = "http://www.w3.org/2001/XMLSchema#"
QUESTIONS = list_questions()
# Questions whose rows a server answers otherwise, each with its reason. (Rows that a
# question's ORDER BY leaves equal may come in any order, and do.)
DIFFERENT: dict[tuple[str, str], str] = {}
# A word for each question that has the parameter `word`: one that the packaged data answers.
WORDS = {
    "dragon-heads": "制造",
    "facts": "产业",
    "group-members": "项目",
    "measures": "投资",
    "parts": "行动",
    "possibly-same": "产业",
    "section-facts": "产业",
    "statuses": "投产",
    "who-is-behind": "产业",
}
FILLED = [question for question in QUESTIONS if question.parameters]
Row = tuple[tuple[str, ...], ...]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as `kg build` leaves it, of the packaged data."""
    folder = tmp_path_factory.mktemp("interop")
    triples = build_graph(read_knowledge(packaged_data()))
    write_ntriples(triples, folder / "graph.nt")
    build_store(triples, folder / "store")
    return folder


@pytest.fixture(scope="module")
def endpoint(out: Path) -> Iterator[Endpoint]:
    with run_endpoint(out / "store") as running:
        yield running


@pytest.fixture(scope="module")
def oxigraph(out: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Foreign]:
    if find_oxigraph() is None:
        pytest.skip("the package oxigraph is not installed")
    with run_oxigraph(tmp_path_factory.mktemp("oxigraph")) as server:
        send(server, out)
        yield server


@pytest.fixture(scope="module")
def virtuoso(out: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Foreign]:
    if find_virtuoso() is None:
        pytest.skip("Virtuoso is not installed (Debian: virtuoso-opensource-7-bin)")
    with run_virtuoso(tmp_path_factory.mktemp("virtuoso")) as server:
        send(server, out)
        yield server


def send(server: Foreign, out: Path) -> None:
    """Send the graph as a person does."""
    arguments = [server.store_url, "--out", str(out)]
    arguments += ["--graph", server.graph] if server.graph else []
    arguments += ["--user", server.user[0]] if server.user else []
    result = CliRunner().invoke(push_command, arguments, env={"KG_PASSWORD": PASSWORD})
    assert result.exit_code == 0, (result.output, result.exception)


def ask(url: str, question: Question, word: str = "") -> list[Row]:
    text = fill_question(question, {"word": word}) if word else question.text
    media, body = query_endpoint(url, declare_prefixes(text))
    assert media == "application/sparql-results+json"
    return sorted(
        tuple(sorted((name, *_write_cell(cell)) for name, cell in row.items()))
        for row in json.loads(body)["results"]["bindings"]
    )


def _write_cell(cell: dict[str, str]) -> tuple[str, ...]:
    """Write a term by what it means: Virtuoso writes true as 1, and says `typed-literal`."""
    datatype = cell.get("datatype", "").replace(f"{XSD}string", "")
    value = cell["value"]
    if datatype == f"{XSD}boolean":
        value = {"1": "true", "0": "false"}.get(value, value)
    return cell["type"].replace("typed-", ""), value, cell.get("xml:lang", ""), datatype


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_oxigraph_answers_the_same(endpoint: Endpoint, oxigraph: Foreign, question: Question) -> None:
    assert ask(oxigraph.query_url, question) == ask(f"{endpoint.url}/sparql", question)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_virtuoso_answers_the_same(endpoint: Endpoint, virtuoso: Foreign, question: Question) -> None:
    same = ask(virtuoso.query_url, question) == ask(f"{endpoint.url}/sparql", question)
    assert same is (("virtuoso", question.name) not in DIFFERENT)


def test_every_question_with_a_parameter_is_asked_with_a_word(endpoint: Endpoint) -> None:
    assert {question.name: set(question.parameters) for question in FILLED} == {
        name: {"word"} for name in WORDS
    }
    for question in FILLED:
        some, every = (set(ask(f"{endpoint.url}/sparql", question, w)) for w in (WORDS[question.name], ""))
        assert set() < some < every, question.name


@pytest.mark.parametrize("question", FILLED, ids=lambda question: question.name)
def test_oxigraph_answers_a_word_the_same(endpoint: Endpoint, oxigraph: Foreign, question: Question) -> None:
    word = WORDS[question.name]
    assert ask(oxigraph.query_url, question, word) == ask(f"{endpoint.url}/sparql", question, word)


@pytest.mark.parametrize("question", FILLED, ids=lambda question: question.name)
def test_virtuoso_answers_a_word_the_same(endpoint: Endpoint, virtuoso: Foreign, question: Question) -> None:
    word = WORDS[question.name]
    assert ask(virtuoso.query_url, question, word) == ask(f"{endpoint.url}/sparql", question, word)


def test_most_questions_have_an_answer_to_compare(endpoint: Endpoint) -> None:
    answered = [question for question in QUESTIONS if ask(f"{endpoint.url}/sparql", question)]
    assert len(answered) > len(QUESTIONS) / 2


@pytest.mark.parametrize("server", ["oxigraph", "virtuoso"])
@pytest.mark.parametrize("arguments", [["anchors"], ["statuses", "--set", "word=投产"]], ids=" ".join)
def test_kg_query_asks_another_server(
    server: str, arguments: list[str], out: Path, request: pytest.FixtureRequest
) -> None:
    foreign: Foreign = request.getfixturevalue(server)
    form = ["--format", "csv"]
    theirs = CliRunner().invoke(query_command, [*arguments, *form, "--endpoint", foreign.query_url])
    ours = CliRunner().invoke(query_command, [*arguments, *form, "--out", str(out)])
    assert theirs.exit_code == ours.exit_code == 0, theirs.output
    (heading, *rows), (own_heading, *own_rows) = theirs.output.splitlines(), ours.output.splitlines()
    assert (heading, sorted(rows)) == (own_heading, sorted(own_rows))
    assert len(rows) > 3


def test_virtuoso_wants_its_password(virtuoso: Foreign, out: Path) -> None:
    for user in (None, ("dba", "wrong")):
        with pytest.raises(EndpointFailedError):
            push_graph(virtuoso.store_url, out / "graph.nt", graph=GRAPH, user=user)


def test_a_graph_is_pushed_into_an_endpoint_of_our_own(out: Path, tmp_path: Path) -> None:
    with run_endpoint(tmp_path / "store", token=TOKEN) as target:
        url = f"{target.url}/graph-store"
        refused = CliRunner().invoke(push_command, [url, "--out", str(out)])
        assert isinstance(refused.exception, KgError)
        assert "401" in str(refused.exception)
        for arguments in ([], ["--add"], ["--graph", GRAPH]):
            done = CliRunner().invoke(push_command, [url, "--out", str(out), "--token", TOKEN, *arguments])
            assert done.exit_code == 0, done.exception
        got = target.send("GET", "/graph-store?default", headers={"Accept": "application/n-triples"})
        named = target.send("GET", f"/graph-store?graph={GRAPH}", headers={"Accept": "application/n-triples"})
    sent = sorted((out / "graph.nt").read_bytes().splitlines())
    assert sorted(got.body.splitlines()) == sorted(named.body.splitlines()) == sent


def test_without_a_build_there_is_nothing_to_push(tmp_path: Path) -> None:
    result = CliRunner().invoke(push_command, ["http://127.0.0.1:9/", "--out", str(tmp_path)])
    assert "kg build" in str(result.exception)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/", "nonsense", "http:///x"])
def test_only_http_addresses_are_asked(url: str, out: Path) -> None:
    with pytest.raises(EndpointFailedError):
        query_endpoint(url, "ASK {}")
    with pytest.raises(EndpointFailedError):
        push_graph(url, out / "graph.nt")


def test_credentials_do_not_follow_a_redirect(out: Path) -> None:
    import http.server
    import threading

    seen: list[str] = []

    class Redirect(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            seen.append(self.path)
            self.send_response(307)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        do_PUT = do_GET = do_POST

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Redirect)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.server_address[1]}/sparql"
        with pytest.raises(EndpointFailedError, match="307"):
            query_endpoint(url, "ASK {}", token="secret")
    finally:
        server.shutdown()
        server.server_close()
    assert seen == ["/sparql"]
