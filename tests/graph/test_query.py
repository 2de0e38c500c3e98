"""Queries: what may run, how mistakes are explained, how answers are written."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import Store

from kg.command.query import query_command
from kg.errors import NameUnknownError, QueryInvalidError, QueryLimitError
from kg.graph.answer import format_answer, measure_width, read_answer
from kg.graph.query import run_query
from kg.graph.question import fill_question, find_question, list_questions, read_question
from kg.graph.rdf import build_graph
from kg.graph.shape import load_memory
from kg.graph.store import build_store
from tests.graph.base import make_base
from tests.graph.endpoint import run_endpoint

NAMES = """SELECT ?name ?kind WHERE {
  ?x a ?kind ; skos:prefLabel ?name . FILTER(?kind = kg:Enterprise) } ORDER BY ?name"""


@pytest.fixture(scope="module")
def store() -> Store:
    return load_memory(build_graph(make_base()))


def test_the_usual_prefixes_need_no_declaration(store: Store) -> None:
    assert len(run_query(store, NAMES).rows) == 2


@pytest.mark.parametrize(
    ("query", "line", "column", "words"),
    [
        ("SELECT ?a WHERE { ?s ?p }", 1, 26, ""),
        ("SELECT *\nWHERE {\n ?s foo:p ?o }", 3, 10, "prefix foo: is not declared"),
        ("SELEC ?x", 1, 9, "not 'SELEC'"),
        ("SELECT * {{ ?a ?b ?c }", 1, 23, "{ and } do not pair"),
        ("", 1, 1, "begins with SELECT"),
    ],
)
def test_a_syntax_error_is_one_line_with_the_place(
    store: Store, query: str, line: int, column: int, words: str
) -> None:
    with pytest.raises(QueryInvalidError) as caught:
        run_query(store, query)
    assert caught.value.en.startswith(f"line {line}, column {column}")
    assert words in caught.value.en
    assert "\n" not in caught.value.en + caught.value.zh


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { service silent ?x { ?s ?p ?o } }",
        "# comment\nPREFIX a: <urn:a> INSERT DATA { a:b a:c a:d }",
        "LOAD <http://127.0.0.1:9/>",
        "delete where { ?s ?p ?o }",
        "DROP ALL",
    ],
)
def test_what_changes_the_graph_or_asks_another_server_is_refused(store: Store, query: str) -> None:
    with pytest.raises(QueryInvalidError, match=r"SERVICE|no changes"):
        run_query(store, query)


@pytest.mark.parametrize(
    "query",
    [
        'SELECT ?service { ?service ?p "SERVICE { LOAD }" } # SERVICE',
        "PREFIX service: <urn:SERVICE> SELECT * { ?s service:load <urn:insert/SERVICE> }",
        "SELECT * { ?s ?p '''SERVICE '' \" ''' }",
    ],
)
def test_the_word_service_elsewhere_is_no_service(store: Store, query: str) -> None:
    assert run_query(store, query).rows == ()


def test_a_query_that_runs_too_long_ends_with_the_cure(store: Store) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    with pytest.raises(QueryLimitError, match="LIMIT"):
        run_query(store, query, max_seconds=0.2)


def test_an_answer_with_too_many_rows_ends_with_the_cure(store: Store) -> None:
    with pytest.raises(QueryLimitError, match="LIMIT"):
        run_query(store, "SELECT * { ?s ?p ?o }", max_rows=10)
    with pytest.raises(QueryLimitError):
        run_query(store, "CONSTRUCT WHERE { ?s ?p ?o }", max_rows=10)


def test_columns_stand_straight_with_chinese_text(store: Store) -> None:
    lines = format_answer(run_query(store, NAMES), "table", {"name": "企业名称"}).splitlines()
    starts = {measure_width(line[: line.index("kg:")]) for line in lines if "kg:" in line}
    assert starts == {measure_width("企业名称  ")}
    assert lines[0].split() == ["企业名称", "kind"]


def test_control_characters_of_a_text_do_not_reach_the_terminal(store: Store) -> None:
    answer = run_query(store, 'SELECT ?x { BIND("a\\u001b[31m\\u202eb\\nc" AS ?x) }')
    table = format_answer(answer, "table")
    assert "\x1b" not in table and "\u202e" not in table
    assert "c" in table.splitlines()[2]


def test_csv_can_be_read_back(store: Store) -> None:
    rows = list(csv.reader(io.StringIO(format_answer(run_query(store, NAMES), "csv"))))
    assert rows[0] == ["name", "kind"]
    assert {row[0] for row in rows[1:]} == {"青禾", "远帆"}


def test_json_is_the_standard_result_format(store: Store) -> None:
    query = (
        "SELECT ?label ?low ?none { ?m kg:indicator '总投资' ; kg:low ?low ; kg:about/skos:prefLabel ?label }"
    )
    found = json.loads(format_answer(run_query(store, query), "json"))
    assert found["head"]["vars"] == ["label", "low", "none"]
    assert found["results"]["bindings"] == [
        {
            "label": {"type": "literal", "value": "云溪陶瓷园", "xml:lang": "zh"},
            "low": {
                "type": "literal",
                "value": "250000000",
                "datatype": "http://www.w3.org/2001/XMLSchema#decimal",
            },
        }
    ]
    assert json.loads(format_answer(run_query(store, "ASK {}"), "json")) == {"head": {}, "boolean": True}


def test_a_graph_is_written_as_turtle_and_rows_are_not(store: Store) -> None:
    answer = run_query(store, "DESCRIBE kg:anchors")
    assert "kg:anchors a " in format_answer(answer, "ttl")
    with pytest.raises(QueryInvalidError, match="CONSTRUCT"):
        format_answer(run_query(store, NAMES), "ttl")


def test_a_parameter_is_text_whatever_it_holds(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "named.rq"
    file.write_text(
        '# zh: 名称\n# en: name\n# param: name 名称\nSELECT ?name { VALUES ?name { "" } }\n', encoding="utf-8"
    )
    question = read_question(file)
    hostile = '" } } INSERT \\ \n'
    rows = run_query(store, fill_question(question, {"name": hostile})).rows
    assert [row[0].value for row in rows if row[0]] == [hostile]  # type: ignore[union-attr]
    with pytest.raises(QueryInvalidError, match="no parameter"):
        fill_question(question, {"other": "x"})


def test_an_unknown_question_names_those_near_it() -> None:
    name = list_questions()[0].name
    with pytest.raises(NameUnknownError, match=name):
        find_question(name + "x")


def run(tmp_path: Path, *arguments: str) -> str:
    build_store(build_graph(make_base()), tmp_path / "store")
    result = CliRunner().invoke(
        query_command, [*arguments, "--out", str(tmp_path)], catch_exceptions=False, env={"KG_LANG": "zh"}
    )
    return result.output


def test_the_command_answers_an_inline_query_and_a_file(tmp_path: Path) -> None:
    file = tmp_path / "names.rq"
    file.write_text(NAMES, encoding="utf-8")
    assert "青禾" in run(tmp_path, "-e", NAMES)
    assert "青禾" in run(tmp_path, str(file), "--format", "csv")


def test_the_command_lists_every_question(tmp_path: Path) -> None:
    output = run(tmp_path, "--list")
    assert [q.name for q in list_questions() if q.name not in output or q.zh not in output] == []


def test_neither_question_nor_query_is_an_error() -> None:
    with pytest.raises(QueryInvalidError):
        CliRunner().invoke(query_command, [], catch_exceptions=False)


def test_another_server_is_asked_with_the_prefixes_declared(tmp_path: Path) -> None:
    base = build_graph(make_base())
    build_store(base, tmp_path / "store")
    with run_endpoint(tmp_path / "store") as endpoint:
        url = f"{endpoint.url}/sparql"
        rows = run(tmp_path, "-e", NAMES, "--endpoint", url, "--format", "csv")
        assert rows == run(tmp_path, "-e", NAMES, "--format", "csv")
        construct = "CONSTRUCT { ?a kg:anchors ?b } WHERE { ?a kg:anchors ?b }"
        graph = run(tmp_path, "-e", construct, "--endpoint", url, "--format", "ttl")
        assert graph == run(tmp_path, "-e", construct, "--format", "ttl")
        assert run(tmp_path, "-e", "ASK { ?s ?p ?o }", "--endpoint", url).strip() == "是"


def test_an_answer_that_is_no_result_is_an_error() -> None:
    with pytest.raises(QueryInvalidError, match="text/html"):
        read_answer("text/html", b"<html>")
