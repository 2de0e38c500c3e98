"""One request evaluated on the store, inside a worker process: plain values in, bytes out."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, Any, cast

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    parse,
    serialize,
)

from kg.errors import KgError
from kg.graph.query import check_query, explain_syntax, refuse_network
from kg.graph.server.dataset import add_dataset
from kg.graph.server.sink import LimitedSink, TooLargeError
from kg.graph.store import change_store
from kg.graph.vocab import PREFIXES

Reply = tuple[dict[str, Any], bytes]
Graph = NamedNode | DefaultGraph
ROW_FORMATS = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
GRAPH_FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}


def fail(status: int, code: str, zh: str, en: str) -> Reply:
    return {"status": status, "code": code, "zh": zh, "en": en}, b""


def answer_query(store: Store, job: Mapping[str, Any]) -> Reply:
    """Answer a query in the wanted format, within the limits of rows and bytes."""
    text = job["text"]
    try:
        check_query(text)
        results = store.query(
            text,
            base_iri=job.get("base"),
            prefixes=PREFIXES,
            default_graph=_name_graphs(job.get("default")),
            named_graphs=_name_graphs(job.get("named")),
        )
        if isinstance(results, QueryTriples):
            return _answer_graph(results, job)
        return _answer_rows(results, job)
    except SyntaxError as error:
        told = explain_syntax(text, str(error))
        return fail(400, "syntax", told.zh, told.en)
    except KgError as error:
        return fail(400, "refused", error.zh, error.en)
    except TooLargeError:
        return _fail_size(job)


def _name_graphs(iris: list[str] | None) -> Any:
    return None if iris is None else [NamedNode(iri) for iri in iris]


def _answer_rows(results: QuerySolutions | QueryBoolean, job: Mapping[str, Any]) -> Reply:
    form = job["rows"]
    if form is None:
        return _fail_format("JSON、XML、CSV 或 TSV", "JSON, XML, CSV or TSV")
    sink = LimitedSink(form, max_rows=job["max_rows"], max_bytes=job["max_bytes"])
    results.serialize(cast(IO[bytes], sink), ROW_FORMATS[form])
    return {"status": 200, "format": form}, bytes(sink.data)


def _answer_graph(results: Iterable[Triple], job: Mapping[str, Any]) -> Reply:
    form = job["graph"]
    if form is None:
        return _fail_format("Turtle、N-Triples、RDF/XML 或 JSON-LD", "Turtle, N-Triples, RDF/XML or JSON-LD")
    triples: set[Triple] = set()
    for triple in results:
        triples.add(triple)
        if len(triples) > job["max_rows"]:
            raise TooLargeError
    return {"status": 200, "format": form}, write_graph(triples, form)


def write_graph(triples: Iterable[Triple], form: str) -> bytes:
    """Write triples in the order of their N-Triples lines."""
    prefixes = None if form == "nt" else PREFIXES
    return serialize(sorted(triples, key=str), format=GRAPH_FORMATS[form], prefixes=prefixes) or b""


def _fail_format(zh: str, en: str) -> Reply:
    return fail(
        406, "format", f"这个查询的结果只能是 {zh}。请改 Accept。", f"this answer is {en}. Change Accept."
    )


def _fail_size(job: Mapping[str, Any]) -> Reply:
    rows, size = job["max_rows"], job["max_bytes"] >> 20
    return fail(
        422,
        "too-large",
        f"结果超过 {rows} 行或 {size} MB。请缩小范围,或加 LIMIT。",
        f"the answer has more than {rows} rows or {size} MB. Narrow the query or add a LIMIT.",
    )


def apply_update(path: Path, job: Mapping[str, Any]) -> Reply:
    """Apply a SPARQL update as the next generation of the store."""
    text = job["text"]
    try:
        refuse_network(text)
        text = add_dataset(text, job["default"], job["named"])
        change_store(lambda store: store.update(text, base_iri=job.get("base"), prefixes=PREFIXES), path)
    except SyntaxError as error:
        line = " ".join(str(error).split())[:300]
        return fail(400, "syntax", f"更新语句有误:{line}", f"the update is invalid: {line}")
    except KgError as error:
        return fail(400, "refused", error.zh, error.en)
    return {"status": 204}, b""


def read_graph(store: Store | None, job: Mapping[str, Any]) -> Reply:
    """Read a whole graph (Graph Store Protocol), without a limit of rows."""
    graph = _name_graph(job["iri"])
    if store is None or not _has_graph(store, graph):
        return fail(404, "graph-missing", "没有这个图。", "there is no such graph.")
    triples = (quad.triple for quad in store.quads_for_pattern(None, None, None, graph))
    return {"status": 200, "format": job["format"]}, write_graph(triples, job["format"])


def _name_graph(iri: str | None) -> Graph:
    return DefaultGraph() if iri is None else NamedNode(iri)


def _has_graph(store: Store, graph: Graph) -> bool:
    return isinstance(graph, DefaultGraph) or store.contains_named_graph(graph)


def write_graph_store(path: Path, store: Store | None, job: Mapping[str, Any], body: bytes) -> Reply:
    """Replace, add to or delete a graph; blank nodes of the body are new ones."""
    graph = _name_graph(job["iri"])
    existed = store is not None and _has_graph(store, graph)
    if job["method"] == "DELETE" and not existed:
        return fail(404, "graph-missing", "没有这个图。", "there is no such graph.")
    try:
        quads = _read_parts(job, body, graph)
    except (SyntaxError, ValueError) as error:
        line = " ".join(str(error).split())[:300]
        return fail(400, "syntax", f"这不是正确的 RDF:{line}", f"this is no valid RDF: {line}")

    def change(target: Store) -> None:
        if job["method"] in ("PUT", "DELETE"):
            (target.clear_graph if isinstance(graph, DefaultGraph) else target.remove_graph)(graph)
        if job["method"] != "DELETE":
            if isinstance(graph, NamedNode):
                target.add_graph(graph)
            target.bulk_extend(quads)

    change_store(change, path)
    return {"status": 204 if existed else 201}, b""


def _read_parts(job: Mapping[str, Any], body: bytes, graph: Graph) -> list[Quad]:
    quads, start = [], 0
    for form, length in job["parts"]:
        part = body[start : start + length]
        start += length
        for quad in parse(
            part,
            format=GRAPH_FORMATS[form],
            base_iri=job["base"],
            without_named_graphs=True,
            rename_blank_nodes=True,
        ):
            if isinstance(quad.subject, NamedNode | BlankNode):
                quads.append(Quad(quad.subject, quad.predicate, quad.object, graph))
    return quads
