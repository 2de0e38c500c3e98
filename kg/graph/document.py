"""Documents, their sections and time anchors, and evidence, as triples."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pyoxigraph import NamedNode, Triple

from kg.graph import vocab
from kg.graph.term import chinese, day, integer, text
from kg.graph.vocab import kg, term
from kg.model import Document, Entity, Evidence, Section

SECTION_MARK = " › "
Sections = Mapping[str, tuple[Section, ...]]
Places = Mapping[str, Sequence[Entity]]
_TYPE = term("rdf:type")


def index_places(entities: Iterable[Entity]) -> Places:
    """Index the places by the id of each document that speaks of them."""
    places: dict[str, list[Entity]] = {}
    for entity in entities:
        if "Place" in entity.types:
            for document_id in entity.documents:
                places.setdefault(document_id, []).append(entity)
    return places


def describe_document(document: Document, places: Places) -> Iterator[Triple]:
    """Tell a document's record, its place, its sections and what 今年 means in it."""
    record, node = document.record, vocab.document_iri(document.id)
    yield Triple(node, _TYPE, kg("Document"))
    yield Triple(node, term("dcterms:identifier"), text(document.id))
    yield Triple(node, term("dcterms:title"), chinese(record.title or document.id))
    for name, value in (
        ("dcterms:publisher", record.publisher),
        ("dcterms:source", record.source),
        ("kg:speaker", record.speaker),
        ("kg:placeName", record.place),
        ("kg:division", record.division),
        ("kg:sha256", record.sha256),
    ):
        if value:
            yield Triple(node, term(name), text(value))
    if record.issued:
        yield Triple(node, term("dcterms:issued"), day(record.issued))
    for entity in places.get(document.id, ()):
        if document.record.place in (entity.name, entity.label, *entity.aliases):
            yield Triple(node, term("dcterms:spatial"), vocab.entity_iri(entity.key))
    yield from _describe_sections(document)
    yield from _describe_anchors(document)


def _describe_sections(document: Document) -> Iterator[Triple]:
    above: list[Section] = []
    for section in document.sections:
        node = vocab.section_iri(document.id, section.start)
        while above and above[-1].end <= section.start:
            above.pop()
        yield Triple(node, _TYPE, kg("Section"))
        yield Triple(node, kg("inDocument"), vocab.document_iri(document.id))
        yield Triple(node, term("skos:prefLabel"), chinese(section.heading.text))
        yield Triple(node, kg("sectionLevel"), integer(section.level))
        yield Triple(node, term("oa:start"), integer(section.start))
        yield Triple(node, term("oa:end"), integer(section.end))
        if above:
            yield Triple(node, kg("withinSection"), vocab.section_iri(document.id, above[-1].start))
        above.append(section)


def _describe_anchors(document: Document) -> Iterator[Triple]:
    for anchor in document.anchors:
        node = vocab.time_anchor_iri(document.id, anchor.start, anchor.end)
        yield Triple(node, _TYPE, kg("TimeAnchor"))
        yield Triple(node, kg("inDocument"), vocab.document_iri(document.id))
        yield Triple(node, term("oa:start"), integer(anchor.start))
        yield Triple(node, term("oa:end"), integer(anchor.end))
        yield Triple(node, kg("year"), integer(anchor.year))
        if anchor.note:
            yield Triple(node, kg("note"), text(anchor.note))


def index_sections(documents: Iterable[Document]) -> Sections:
    """Index the sections of documents by id, each in the order of the text."""
    return {document.id: document.sections for document in documents}


def describe_evidence(evidence: Evidence, sections: Sections) -> Iterator[Triple]:
    """Tell where a quote stands, its exact words, their context and the sentence."""
    node = vocab.evidence_iri(evidence.document, evidence.start, evidence.end)
    for kind in (kg("Evidence"), term("oa:TextQuoteSelector"), term("oa:TextPositionSelector")):
        yield Triple(node, _TYPE, kind)
    yield Triple(node, kg("inDocument"), vocab.document_iri(evidence.document))
    yield Triple(node, term("oa:exact"), text(evidence.text))
    yield Triple(node, term("oa:prefix"), text(evidence.prefix))
    yield Triple(node, term("oa:suffix"), text(evidence.suffix))
    yield Triple(node, term("oa:start"), integer(evidence.start))
    yield Triple(node, term("oa:end"), integer(evidence.end))
    yield Triple(node, kg("sentence"), text(evidence.sentence.text))
    if evidence.sections:
        yield Triple(node, kg("inSection"), text(SECTION_MARK.join(evidence.sections)))
    section = _find_section(evidence, sections)
    if section:
        yield Triple(node, kg("section"), section)


def _find_section(evidence: Evidence, sections: Sections) -> NamedNode | None:
    known = sections.get(evidence.document, ())
    place = bisect_right(known, evidence.start, key=lambda section: section.start)
    for section in reversed(known[:place]):
        if evidence.start < section.end:
            return vocab.section_iri(evidence.document, section.start)
    return None
