"""The nets under the graph: SHACL shapes, queries that must return nothing, counts expected."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from oxrdflib import OxigraphStore
from pyoxigraph import DefaultGraph, Quad, Store, Triple
from rdflib import RDF, Graph, Namespace
from rdflib import Literal as RdfLiteral
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.term import Node

from kg.errors import GraphInvalidError
from kg.graph.answer import write_cell
from kg.graph.ontology import find_ontology
from kg.graph.query import run_query
from kg.graph.question import list_questions
from kg.graph.vocab import shorten
from kg.language import is_chinese

_SH = Namespace("http://www.w3.org/ns/shacl#")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What does not hold: the rule (a shape or a query), the node, and words for a person."""

    rule: str
    node: str
    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.node}: {self.zh if is_chinese() else self.en} [{self.rule}]"


def load_memory(triples: Iterable[Triple]) -> Store:
    """Load triples into a store in memory."""
    store, graph = Store(), DefaultGraph()
    store.bulk_extend(Quad(t.subject, t.predicate, t.object, graph) for t in triples)
    return store


def open_graph(store: Store) -> Graph:
    """Open an Oxigraph store as a rdflib graph."""
    return Graph(OxigraphStore(store=store), DATASET_DEFAULT_GRAPH_ID)


def validate_graph(triples: Iterable[Triple], ontology: Path | None = None) -> tuple[Finding, ...]:
    """Check triples against the SHACL shapes and the violation queries; no finding means valid."""
    folder = ontology or find_ontology()
    store = load_memory(triples)
    return (
        *check_shapes(store, folder / "shapes.ttl"),
        *check_violations(store, folder / "queries" / "violations"),
    )


def check_shapes(store: Store, shapes: Path) -> tuple[Finding, ...]:
    """Check a store against a file of SHACL shapes."""
    from pyshacl import validate  # loads slowly; only this needs it

    lines = "".join(f"{quad.triple} .\n" for quad in store)
    # pyshacl asks for single triples and sizes: rdflib's own memory is far faster at that
    graph, shapes_graph = Graph(), Graph().parse(shapes, format="ox-turtle")
    graph.parse(data=lines, format="ox-nt")
    _, report, _ = validate(graph, shacl_graph=shapes_graph, advanced=False, inference="none")
    if not isinstance(report, Graph):
        raise GraphInvalidError(
            f"SHACL 校验没有完成:{report}",
            f"the SHACL validation did not finish: {report}",
            where=str(shapes),
        )
    findings = [_read_result(report, result) for result in report.subjects(RDF.type, _SH.ValidationResult)]
    return tuple(sorted(findings, key=lambda finding: (finding.rule, finding.node, finding.en)))


def _read_result(report: Graph, result: Node) -> Finding:
    node, path = report.value(result, _SH.focusNode), report.value(result, _SH.resultPath)
    messages = {
        message.language or "en": str(message)
        for message in report.objects(result, _SH.resultMessage)
        if isinstance(message, RdfLiteral)
    }
    rule = "shacl" if path is None else f"shacl {shorten(str(path))}"
    en = messages.get("en", "the shape does not hold.")
    return Finding(rule=rule, node=shorten(str(node)), zh=messages.get("zh", en), en=en)


def check_violations(store: Store, folder: Path) -> tuple[Finding, ...]:
    """Run the queries that must return no row; each row is a finding."""
    findings = []
    for question in list_questions(folder):
        answer = run_query(store, question.text, where=question.name)
        for row in answer.rows:
            cells = [write_cell(term) for term in row]
            findings.append(
                Finding(
                    rule=question.name,
                    node=cells[0],
                    zh=" ".join([question.zh + ":", *cells[1:]]),
                    en=" ".join([question.en + ":", *cells[1:]]),
                )
            )
    return tuple(sorted(findings, key=str))


def count_graph(store: Store) -> dict[tuple[str, str], int]:
    """Count what each document gives: entities by class, statements, measures, absences."""
    query = """SELECT ?id ?kind (COUNT(DISTINCT ?thing) AS ?count) WHERE {
      { ?thing kg:inDocument ?document . FILTER NOT EXISTS { ?thing a kg:Evidence } }
      UNION { ?thing kg:evidence/kg:inDocument ?document . FILTER NOT EXISTS { ?thing kg:inDocument ?any } }
      ?document dcterms:identifier ?id . ?thing a ?kind .
    } GROUP BY ?id ?kind"""
    counts = {}
    for document, kind, count in run_query(store, query).rows:
        counts[write_cell(document), write_cell(kind).removeprefix("kg:")] = int(write_cell(count))
    return dict(sorted(counts.items()))


def check_counts(
    counts: Mapping[tuple[str, str], int], expected: Mapping[tuple[str, str], tuple[int, int]]
) -> tuple[Finding, ...]:
    """Compare counts with the least and most expected: silent loss is a finding."""
    findings = []
    for (document, kind), (least, most) in sorted(expected.items()):
        count = counts.get((document, kind), 0)
        if not least <= count <= most:
            findings.append(
                Finding(
                    rule="counts",
                    node=document,
                    zh=f"{kind} 有 {count} 个,应在 {least} 到 {most} 之间。",
                    en=f"there are {count} {kind}, expected {least} to {most}.",
                )
            )
    return tuple(findings)


def read_counts(path: Path) -> dict[tuple[str, str], tuple[int, int]]:
    """Read the counts expected: `document kind least most`, tab-separated, with header."""
    expected = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines()[1:], 2):
        cells = line.split("\t")
        if len(cells) != 4 or not (cells[2].isdigit() and cells[3].isdigit()):
            raise GraphInvalidError(
                "应为四列:文档、类别、最少、最多。", "needs four columns: document kind least most.",
                where=f"{path}:{number}",
            )  # fmt: skip
        expected[cells[0], cells[1]] = (int(cells[2]), int(cells[3]))
    return expected
