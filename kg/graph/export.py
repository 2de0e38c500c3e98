"""The graph in other formats, and the description of the dataset (VoID)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from kg.errors import GraphInvalidError
from kg.file import replace_file
from kg.graph.rdf import write_ntriples
from kg.graph.term import integer
from kg.graph.vocab import ID, KG, PREFIXES, term

FORMATS: dict[str, RdfFormat] = {
    "nt": RdfFormat.N_TRIPLES,
    "ttl": RdfFormat.TURTLE,
    "jsonld": RdfFormat.JSON_LD,
    "rdf": RdfFormat.RDF_XML,
    "nq": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
}


def serialize_graph(triples: Iterable[Triple], form: str) -> bytes:
    """Write triples in a format of `FORMATS`, in the order of their N-Triples lines."""
    prefixes = None if form in ("nt", "nq") else PREFIXES
    return serialize(sorted(triples, key=str), format=FORMATS[form], prefixes=prefixes) or b""


def export_graph(triples: Iterable[Triple], path: Path) -> None:
    """Write a file in the format that its suffix names, whole or not at all."""
    form = path.suffix.removeprefix(".").lower()
    if form == "nt":
        write_ntriples(triples, path)
    elif form in FORMATS:
        replace_file(path, serialize_graph(triples, form))
    else:
        known = " ".join(f".{name}" for name in FORMATS)
        raise GraphInvalidError(
            f"不认识的后缀“{path.suffix}”。可用:{known}",
            f"unknown suffix '{path.suffix}'. Known: {known}",
            where=str(path),
        )


def describe_dataset(triples: Sequence[Triple], title: str = "") -> tuple[Triple, ...]:
    """Describe a graph in VoID: its size, vocabularies, classes and properties, sorted."""
    dataset, kind = NamedNode(ID + "dataset"), term("rdf:type")
    classes = Counter(
        t.object.value for t in triples if t.predicate == kind and isinstance(t.object, NamedNode)
    )
    properties = Counter(t.predicate.value for t in triples)
    described = [
        Triple(dataset, kind, term("void:Dataset")),
        Triple(dataset, term("dcterms:title"), Literal(title or "链主", language="zh")),
        Triple(dataset, term("dcterms:title"), Literal("Lianzhu", language="en")),
        Triple(dataset, term("void:triples"), integer(len(triples))),
        Triple(dataset, term("void:distinctSubjects"), integer(len({t.subject for t in triples}))),
        Triple(dataset, term("void:distinctObjects"), integer(len({t.object for t in triples}))),
        Triple(dataset, term("void:classes"), integer(len(classes))),
        Triple(dataset, term("void:properties"), integer(len(properties))),
        Triple(dataset, term("void:uriSpace"), Literal(ID)),
        Triple(dataset, term("void:vocabulary"), NamedNode(KG)),
    ]
    for prefix in ("dcterms", "oa", "prov", "qudt", "rdf", "skos"):
        described.append(Triple(dataset, term("void:vocabulary"), NamedNode(PREFIXES[prefix])))
    for counts, link, name, amount in (
        (classes, "void:classPartition", "void:class", "void:entities"),
        (properties, "void:propertyPartition", "void:property", "void:triples"),
    ):
        for iri, count in sorted(counts.items()):
            part = NamedNode(f"{ID}dataset-{name.removeprefix('void:')}-{_local(iri)}")
            described.append(Triple(dataset, term(link), part))
            described.append(Triple(part, term(name), NamedNode(iri)))
            described.append(Triple(part, term(amount), integer(count)))
    return tuple(sorted(described, key=str))


def _local(iri: str) -> str:
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}-{iri.removeprefix(namespace)}"
    return "".join(char if char.isalnum() and char.isascii() else "-" for char in iri)
