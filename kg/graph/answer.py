"""Answers written out: a table for people, CSV, SPARQL JSON and Turtle for programs."""

import csv
import io
import json
import unicodedata
from collections.abc import Mapping, Sequence

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    RdfFormat,
    parse,
    parse_query_results,
    serialize,
)

from kg.errors import QueryInvalidError
from kg.graph.query import Answer, Term
from kg.graph.vocab import PREFIXES, shorten
from kg.language import say

_XSD_STRING = PREFIXES["xsd"] + "string"
_LANG_STRING = PREFIXES["rdf"] + "langString"
FORMATS = ("table", "csv", "json", "ttl")


def format_answer(answer: Answer, form: str, columns: Mapping[str, str] | None = None) -> str:
    """Write an answer as `table`, `csv`, `json` or `ttl`; `columns` are headings for the table."""
    if form == "ttl" and answer.kind != "graph":
        raise QueryInvalidError(
            "只有 CONSTRUCT 和 DESCRIBE 的结果能写成 Turtle。请改用 table、csv 或 json。",
            "only CONSTRUCT and DESCRIBE give Turtle. Use table, csv or json.",
        )
    if answer.kind == "graph":
        if form == "json":
            raise QueryInvalidError(
                "CONSTRUCT 和 DESCRIBE 的结果是图。请用 --format ttl。",
                "CONSTRUCT and DESCRIBE give a graph. Use --format ttl.",
            )
        if form in ("ttl", "table"):
            return format_turtle(answer)
        rows = [[write_cell(term) for term in (t.subject, t.predicate, t.object)] for t in answer.triples]
        return _format_csv(("subject", "predicate", "object"), rows)
    if form == "json":
        return format_json(answer)
    if form == "csv":
        if answer.kind == "ask":
            return _format_csv(("answer",), [["true" if answer.truth else "false"]])
        return _format_csv(answer.variables, [[_write_value(term) for term in row] for row in answer.rows])
    return format_table(answer, columns or {})


def format_turtle(answer: Answer) -> str:
    data = serialize(answer.triples, format=RdfFormat.TURTLE, prefixes=PREFIXES)
    return (data or b"").decode()


def write_cell(term: Term | None) -> str:
    """Write a term for people: IRIs by prefix, literals by their text, nothing for nothing."""
    if term is None:
        return ""
    if isinstance(term, NamedNode):
        return shorten(term.value)
    return term.value if isinstance(term, Literal) else str(term)


def _write_value(term: Term | None) -> str:
    return term.value if isinstance(term, NamedNode) else write_cell(term)


def _format_csv(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue()


def format_json(answer: Answer) -> str:
    """Write SPARQL 1.1 Query Results JSON."""
    if answer.kind == "ask":
        document: dict[str, object] = {"head": {}, "boolean": answer.truth}
    else:
        bindings = [
            {
                name: _write_json(term)
                for name, term in zip(answer.variables, row, strict=True)
                if term is not None
            }
            for row in answer.rows
        ]
        document = {"head": {"vars": list(answer.variables)}, "results": {"bindings": bindings}}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _write_json(term: Term) -> dict[str, str]:
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    if not isinstance(term, Literal):
        raise TypeError(type(term))
    cell = {"type": "literal", "value": term.value}
    if term.language:
        cell["xml:lang"] = term.language
    elif term.datatype.value not in (_XSD_STRING, _LANG_STRING):
        cell["datatype"] = term.datatype.value
    return cell


def format_table(answer: Answer, columns: Mapping[str, str]) -> str:
    """Write a table whose columns stand straight with Chinese text, and the number of rows."""
    if answer.kind == "ask":
        return say("是\n", "yes\n") if answer.truth else say("否\n", "no\n")
    header = [columns.get(name, name) for name in answer.variables]
    rows = [[_flatten(write_cell(term)) for term in row] for row in answer.rows]
    widths = [max(map(measure_width, column)) for column in zip(header, *rows, strict=True)]
    lines = [_align(header, widths), "  ".join("─" * width for width in widths)]
    lines += [_align(row, widths) for row in rows]
    count = len(rows)
    lines.append(say(f"({count} 行)", f"({count} row{'' if count == 1 else 's'})"))
    return "\n".join(lines) + "\n"


def read_answer(media: str, body: bytes) -> Answer:
    """Read what a SPARQL server answered: result JSON, or the triples of a graph."""
    if media == RdfFormat.N_TRIPLES.media_type or media == RdfFormat.TURTLE.media_type:
        form = RdfFormat.from_media_type(media)
        triples = {quad.triple for quad in parse(body, form)}
        return Answer(kind="graph", triples=tuple(sorted(triples, key=str)))
    try:
        results = parse_query_results(body, QueryResultsFormat.JSON)
        if isinstance(results, QueryBoolean):
            return Answer(kind="ask", truth=bool(results))
        variables = tuple(variable.value for variable in results.variables)
        rows = tuple(tuple(solution[name] for name in variables) for solution in results)
    except (SyntaxError, ValueError) as error:
        raise QueryInvalidError(
            f"服务器的回答不是 SPARQL 结果({media})。", f"the server's answer is no SPARQL result ({media})."
        ) from error
    return Answer(kind="select", variables=variables, rows=rows)


def _align(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell + " " * (width - measure_width(cell)) for cell, width in zip(cells, widths, strict=True))
    return "  ".join(padded).rstrip()


def _flatten(cell: str) -> str:
    """Keep control characters of a document's text from steering the terminal."""
    return "".join(
        char if unicodedata.category(char) not in ("Cc", "Cf", "Zl", "Zp") else " " for char in cell
    )


def measure_width(text: str) -> int:
    """Measure how many columns a terminal gives a text: two for wide characters, none for marks."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )
