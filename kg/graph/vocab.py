"""The vocabulary: the only place where IRIs are made.

Terms of the ontology are `kg("anchors")`; a test proves that `ontology/kg.ttl` or a scheme
defines every one. Things of the graph get local names of ASCII letters, digits and `-`,
stable whatever else is in the graph.
"""

import hashlib
import re
from functools import cache

from pyoxigraph import NamedNode

KG = "https://w3id.org/lianzhu/ontology#"
ID = "https://w3id.org/lianzhu/id/"
ONTOLOGY = NamedNode(KG.removesuffix("#"))

PREFIXES: dict[str, str] = {
    "kg": KG,
    "id": ID,
    "dcterms": "http://purl.org/dc/terms/",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "qudt": "http://qudt.org/schema/qudt/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "unit": "http://qudt.org/vocab/unit/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


@cache
def kg(name: str) -> NamedNode:
    """Name a term of the ontology."""
    return NamedNode(KG + name)


@cache
def term(prefixed: str) -> NamedNode:
    """Name a term of a reused vocabulary by its prefixed name, such as `skos:prefLabel`."""
    prefix, local = prefixed.split(":", 1)
    return NamedNode(PREFIXES[prefix] + local)


def entity_iri(key: str) -> NamedNode:
    """Name an entity by its key (`enterprise-jiukang-3f2a91`)."""
    return NamedNode(ID + key)


def document_iri(document_id: str) -> NamedNode:
    return NamedNode(f"{ID}document-{document_id}")


def section_iri(document_id: str, start: int) -> NamedNode:
    return NamedNode(f"{ID}section-{document_id}-{start}")


def time_anchor_iri(document_id: str, start: int, end: int) -> NamedNode:
    return NamedNode(f"{ID}time-anchor-{document_id}-{start}-{end}")


def evidence_iri(document_id: str, start: int, end: int) -> NamedNode:
    """Name a stretch of a document: the same stretch is the same evidence, whoever cites it."""
    return NamedNode(f"{ID}evidence-{document_id}-{start}-{end}")


def statement_iri(key: str) -> NamedNode:
    return NamedNode(f"{ID}statement-{key}")


def measure_iri(key: str) -> NamedNode:
    return NamedNode(f"{ID}measure-{key}")


def not_stated_iri(key: str) -> NamedNode:
    return NamedNode(f"{ID}not-stated-{key}")


def judgement_iri(left_key: str, right_key: str) -> NamedNode:
    """Name the judgement on two entities; which of them comes first does not matter."""
    joined = "\n".join(sorted((left_key, right_key)))
    return NamedNode(f"{ID}judgement-{_digest(joined, 16)}")


def status_iri(words: str) -> NamedNode:
    """Name a status that the scheme does not have, after the words of the text."""
    return NamedNode(f"{ID}status-{_slug(words)}-{_digest(words, 6)}")


def unit_iri(words: str) -> NamedNode:
    """Name a unit that the scheme does not have, after its word."""
    return NamedNode(f"{ID}unit-{_slug(words)}-{_digest(words, 6)}")


def shorten(iri: str) -> str:
    """Write an IRI with a prefix where one fits, else in angle brackets."""
    for prefix, namespace in PREFIXES.items():
        local = iri.removeprefix(namespace)
        if local != iri and re.fullmatch(r"[\w.-]*\w|", local):
            return f"{prefix}:{local}"
    return f"<{iri}>"


def _digest(text: str, length: int) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:length]


def _slug(words: str) -> str:
    from pypinyin import lazy_pinyin  # its dictionary loads slowly and few graphs need it

    joined = "".join(lazy_pinyin(words, errors=lambda rest: rest))
    return re.sub(r"[^a-z0-9]+", "", joined.lower())[:40] or "x"
