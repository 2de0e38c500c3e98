"""What the endpoint says of itself: SPARQL 1.1 Service Description, and VoID of its graph."""

import json
from collections.abc import Mapping

from pyoxigraph import Literal, NamedNode, Triple

from kg.graph.server.evaluation import write_graph
from kg.graph.term import integer
from kg.graph.vocab import ID, KG, PREFIXES, shorten, term

_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_RESULTS = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "RDF_XML",
    "JSON-LD",
)
COUNTS = {
    "all": "SELECT (COUNT(*) AS ?count) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects)"
    " { ?s ?p ?o }",
    "classes": "SELECT ?iri (COUNT(?s) AS ?count) { ?s a ?iri } GROUP BY ?iri ORDER BY ?iri",
    "properties": "SELECT ?iri (COUNT(*) AS ?count) { ?s ?iri ?o } GROUP BY ?iri ORDER BY ?iri",
}


def _sd(name: str) -> NamedNode:
    return NamedNode(_SD + name)


def describe_service(endpoint: str, form: str, *, can_update: bool) -> bytes:
    """Describe the service at this address, without blank nodes."""
    kind = term("rdf:type")
    service, dataset, graph = (NamedNode(f"{endpoint}#{name}") for name in ("service", "dataset", "graph"))
    triples = [
        Triple(service, kind, _sd("Service")),
        Triple(service, _sd("endpoint"), NamedNode(endpoint)),
        Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query")),
        Triple(service, _sd("defaultDataset"), dataset),
        Triple(dataset, kind, _sd("Dataset")),
        Triple(dataset, _sd("defaultGraph"), graph),
        Triple(graph, kind, _sd("Graph")),
        Triple(
            graph, term("rdfs:seeAlso"), NamedNode(endpoint.removesuffix("/sparql") + "/.well-known/void")
        ),
    ]
    triples += [Triple(service, _sd("resultFormat"), NamedNode(_FORMATS + name)) for name in _RESULTS]
    if can_update:
        triples.append(Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Update")))
        triples += [Triple(service, _sd("inputFormat"), NamedNode(_FORMATS + name)) for name in _RESULTS[4:]]
    return write_graph(triples, form)


def describe_graph(endpoint: str, counts: Mapping[str, bytes], form: str) -> bytes:
    """Describe the graph in VoID, from the answers (JSON) to `COUNTS`."""
    kind, dataset = term("rdf:type"), NamedNode(f"{ID}dataset")
    totals = _read_rows(counts["all"])[0]
    classes, properties = _read_rows(counts["classes"]), _read_rows(counts["properties"])
    described = [
        Triple(dataset, kind, term("void:Dataset")),
        Triple(dataset, term("dcterms:title"), Literal("链主", language="zh")),
        Triple(dataset, term("dcterms:title"), Literal("Lianzhu", language="en")),
        Triple(dataset, term("void:sparqlEndpoint"), NamedNode(endpoint)),
        Triple(dataset, term("void:uriSpace"), Literal(ID)),
        Triple(dataset, term("void:vocabulary"), NamedNode(KG)),
        Triple(dataset, term("void:triples"), integer(int(totals["count"]))),
        Triple(dataset, term("void:distinctSubjects"), integer(int(totals["subjects"]))),
        Triple(dataset, term("void:distinctObjects"), integer(int(totals["objects"]))),
        Triple(dataset, term("void:classes"), integer(len(classes))),
        Triple(dataset, term("void:properties"), integer(len(properties))),
    ]
    used = {row["iri"] for row in classes + properties}
    for prefix, namespace in PREFIXES.items():
        if prefix not in ("id", "kg") and any(iri.startswith(namespace) for iri in used):
            described.append(Triple(dataset, term("void:vocabulary"), NamedNode(namespace)))
    for rows, link, name, amount in (
        (classes, "void:classPartition", "class", "void:entities"),
        (properties, "void:propertyPartition", "property", "void:triples"),
    ):
        for row in rows:
            local = shorten(row["iri"]).strip("<>")
            safe = "".join(char if char.isascii() and char.isalnum() else "-" for char in local)
            part = NamedNode(f"{ID}dataset-{name}-{safe}")
            described.append(Triple(dataset, term(link), part))
            described.append(Triple(part, term(f"void:{name}"), NamedNode(row["iri"])))
            described.append(Triple(part, term(amount), integer(int(row["count"]))))
    return write_graph(described, form)


def _read_rows(answer: bytes) -> list[dict[str, str]]:
    bindings = json.loads(answer)["results"]["bindings"]
    return [{name: cell["value"] for name, cell in row.items()} for row in bindings if row]
