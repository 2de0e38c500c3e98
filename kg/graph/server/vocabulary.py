"""What the query page offers: prefixes, classes and properties with labels, the named questions."""

import re
from functools import cache
from typing import Any

from pyoxigraph import Literal, NamedNode

from kg.graph.ontology import find_ontology, read_ontology
from kg.graph.question import list_questions
from kg.graph.vocab import PREFIXES, shorten, term

_CLASSES = ("owl:Class", "rdfs:Class")
_PROPERTIES = ("owl:ObjectProperty", "owl:DatatypeProperty", "owl:AnnotationProperty", "rdf:Property")
_REUSED = re.compile(r"\b(?:dcterms|oa|prov|qudt|rdf|rdfs|skos|time|org):[A-Za-z]+\b")


@cache
def collect_vocabulary() -> dict[str, Any]:
    """Collect it from the ontology and its queries; the same for every request."""
    questions = list_questions()
    return {
        "prefixes": PREFIXES,
        "terms": _collect_terms("\n".join(question.text for question in questions)),
        "questions": [
            {
                "name": question.name,
                "zh": question.zh or question.name,
                "en": question.en or question.name,
                "text": _strip_header(question.text),
                "parameters": dict(question.parameters),
            }
            for question in questions
        ],
        "columns": _read_columns(),
    }


def _strip_header(text: str) -> str:
    lines = text.split("\n")
    while lines and re.match(r"#\s*(id|param):", lines[0]) is None and lines[0].startswith("#"):
        lines.pop(0)
    return "\n".join(lines).strip() + "\n"


def _collect_terms(queries: str) -> list[dict[str, str]]:
    kinds: dict[str, str] = {}
    labels: dict[tuple[str, str], str] = {}
    names = {term("rdfs:label"), term("skos:prefLabel")}
    classes, properties = ({term(name) for name in group} for group in (_CLASSES, _PROPERTIES))
    for triple in read_ontology():
        if not isinstance(triple.subject, NamedNode):
            continue
        short = shorten(triple.subject.value)
        if triple.predicate in names and isinstance(triple.object, Literal):
            labels[short, triple.object.language or "en"] = triple.object.value
            kinds.setdefault(short, "concept")
        if triple.predicate == term("rdf:type"):
            if triple.object in classes:
                kinds[short] = "class"
            elif triple.object in properties:
                kinds[short] = "property"
    for short in _REUSED.findall(queries):
        kinds.setdefault(short, "property")
    return [
        {
            "name": short,
            "kind": kind,
            "zh": labels.get((short, "zh"), ""),
            "en": labels.get((short, "en"), ""),
        }
        for short, kind in sorted(kinds.items())
        if not short.startswith("<")
    ]


def _read_columns() -> dict[str, list[str]]:
    """Read the headings of the questions' variables, in both languages."""
    path = find_ontology() / "queries" / "columns.tsv"
    rows = (line.split("\t") for line in path.read_text("utf-8").splitlines() if line and line[0] != "#")
    return {row[0]: row[1:3] for row in rows if len(row) >= 3}
