"""The graph: what accepted verdicts state, as triples without blank nodes, in a fixed order."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from kg.file import replace_file
from kg.graph import vocab
from kg.graph.document import describe_document, describe_evidence, index_places, index_sections
from kg.graph.ontology import read_ontology
from kg.graph.period import find_bounds
from kg.graph.scheme import Schemes, read_schemes
from kg.graph.term import boolean, chinese, day, decimal, text
from kg.graph.vocab import entity_iri, kg, term
from kg.model import Entity, Evidence, KnowledgeBase, Measure, NamePair, Statement

_BACKING = ("actual", "planned")
_TYPE = term("rdf:type")


def build_graph(base: KnowledgeBase, *, with_ontology: bool = True) -> tuple[Triple, ...]:
    """Make the triples of a knowledge base, each once, sorted as their N-Triples lines.

    With the ontology and its schemes (the default) the graph explains itself: every
    question is answered by this graph alone in any SPARQL engine.
    """
    ontology = read_ontology()
    triples = set(_describe_base(base, read_schemes(ontology)))
    if with_ontology:
        triples.update(ontology)
    return tuple(sorted(triples, key=str))


def _describe_base(base: KnowledgeBase, schemes: Schemes) -> Iterator[Triple]:
    places = index_places(base.entities)
    for document in base.documents:
        yield from describe_document(document, places)
    labels = {entity.key: entity.label for entity in base.entities}
    for entity in base.entities:
        yield from _describe_entity(entity, schemes)
    for statement in base.statements:
        if statement.predicate == "notStated":
            yield from _describe_absence(statement, labels)
        else:
            yield from _describe_statement(statement, schemes)
    for measure in base.measures:
        yield from _describe_measure(measure, schemes)
    yield from _describe_pairs(base, schemes)
    sections = index_sections(base.documents)
    for evidence in _collect_evidence(base):
        yield from describe_evidence(evidence, sections)


def _collect_evidence(base: KnowledgeBase) -> Iterator[Evidence]:
    seen: set[tuple[str, int, int]] = set()
    records: tuple[Entity | Statement | Measure, ...] = (*base.entities, *base.statements, *base.measures)
    for record in records:
        mentions = record.mentions if isinstance(record, Entity) else ()
        for evidence in (*record.evidence, *mentions):
            place = (evidence.document, evidence.start, evidence.end)
            if place not in seen:
                seen.add(place)
                yield evidence


def _describe_entity(entity: Entity, schemes: Schemes) -> Iterator[Triple]:
    node = entity_iri(entity.key)
    for kind in entity.types:
        yield Triple(node, _TYPE, kg(kind))
    yield Triple(node, term("skos:prefLabel"), chinese(entity.label))
    for alias in entity.aliases:
        if alias != entity.label:
            yield Triple(node, term("skos:altLabel"), chinese(alias))
    _, _, qualifier = entity.name.partition("#")
    if qualifier:
        yield Triple(node, kg("qualifier"), text(qualifier))
    if entity.division:
        yield Triple(node, kg("division"), text(entity.division))
    if entity.open:
        yield Triple(node, kg("isOpen"), boolean(True))
    for document_id in entity.documents:
        yield Triple(node, kg("inDocument"), vocab.document_iri(document_id))
    for mention in entity.mentions:
        yield Triple(node, kg("mention"), _evidence_node(mention))
    if "Industry" in entity.types:
        for name in (entity.label, *entity.aliases):
            if concept := schemes.industries.get(name):
                yield Triple(node, kg("classifiedAs"), concept)
                break
    yield from _describe_provenance(node, entity)


def _describe_provenance(node: NamedNode, record: Entity | Statement | Measure) -> Iterator[Triple]:
    for evidence in record.evidence:
        yield Triple(node, kg("evidence"), _evidence_node(evidence))
    for note in record.notes:
        if note:
            yield Triple(node, kg("note"), text(note))
    for reviewer in record.reviewers:
        if reviewer:
            yield Triple(node, kg("reviewer"), text(reviewer))
    if record.reviewed_on:
        yield Triple(node, kg("reviewedOn"), day(record.reviewed_on))


def _evidence_node(evidence: Evidence) -> NamedNode:
    return vocab.evidence_iri(evidence.document, evidence.start, evidence.end)


def _describe_statement(statement: Statement, schemes: Schemes) -> Iterator[Triple]:
    node, predicate = vocab.statement_iri(statement.key), kg(statement.predicate)
    subject = _describe_end(statement.subject, statement.subject_text)
    target = _describe_end(statement.object, statement.object_text)
    if statement.predicate == "hasStatus" and not statement.object:
        target = schemes.statuses.get(statement.object_text) or vocab.status_iri(statement.object_text)
        yield from _mint_status(target, statement.object_text, schemes)
    yield Triple(node, _TYPE, kg("Statement"))
    yield Triple(node, term("rdf:subject"), subject)
    yield Triple(node, term("rdf:predicate"), predicate)
    yield Triple(node, term("rdf:object"), target)
    yield from _describe_words(node, statement)
    yield from _describe_modality(node, statement, schemes)
    if statement.predicate == "anchors" and (role := schemes.find_role(statement.basis)):
        yield Triple(node, kg("anchorRole"), role)
    if statement.modality in _BACKING and isinstance(subject, NamedNode) and isinstance(target, NamedNode):
        yield Triple(subject, predicate, target)
    yield from _describe_provenance(node, statement)


def _describe_end(key: str, words: str) -> NamedNode | Literal:
    return entity_iri(key) if key else text(words)


def _describe_words(node: NamedNode, statement: Statement) -> Iterator[Triple]:
    if statement.basis:
        yield Triple(node, kg("basis"), text(statement.basis))
    if not statement.subject:
        yield Triple(node, kg("subjectText"), text(statement.subject_text))
    if not statement.object:
        yield Triple(node, kg("objectText"), text(statement.object_text))


def _mint_status(node: NamedNode, words: str, schemes: Schemes) -> Iterator[Triple]:
    if words not in schemes.statuses:
        yield Triple(node, _TYPE, term("skos:Concept"))
        yield Triple(node, term("skos:inScheme"), kg("statuses"))
        yield Triple(node, term("skos:prefLabel"), chinese(words))


def _describe_modality(node: NamedNode, record: Statement | Measure, schemes: Schemes) -> Iterator[Triple]:
    if record.modality:
        yield Triple(node, kg("modality"), schemes.modalities[record.modality])
    if record.period:
        yield Triple(node, kg("period"), text(record.period))
        if bounds := find_bounds(record.period):
            yield Triple(node, kg("periodStart"), day(bounds[0]))
            yield Triple(node, kg("periodEnd"), day(bounds[1]))


def _describe_absence(statement: Statement, labels: Mapping[str, str]) -> Iterator[Triple]:
    node = vocab.not_stated_iri(statement.key)
    yield Triple(node, _TYPE, kg("NotStated"))
    if statement.subject:
        yield Triple(node, kg("about"), entity_iri(statement.subject))
    else:
        yield Triple(node, kg("subjectText"), text(statement.subject_text))
    missing = labels[statement.object] if statement.object else statement.object_text
    yield Triple(node, kg("missing"), text(missing))
    yield from _describe_provenance(node, statement)


def _describe_measure(measure: Measure, schemes: Schemes) -> Iterator[Triple]:
    node, about = vocab.measure_iri(measure.key), entity_iri(measure.subject)
    yield Triple(node, _TYPE, kg("Statement"))
    yield Triple(node, _TYPE, kg("Measure"))
    yield Triple(node, kg("about"), about)
    yield Triple(node, kg("indicator"), text(measure.indicator))
    yield Triple(node, kg("valueText"), text(measure.value_text))
    for name, bound in (("low", measure.low), ("high", measure.high)):
        if bound is not None:
            yield Triple(node, kg(name), decimal(bound))
    yield from _describe_unit(node, measure.unit, schemes)
    yield Triple(node, kg("comparator"), schemes.comparators[measure.comparator or "eq"])
    yield Triple(node, kg("kind"), schemes.kinds[measure.kind or "level"])
    if measure.base:
        yield Triple(node, kg("base"), text(measure.base))
    yield from _describe_modality(node, measure, schemes)
    if (amount := _find_investment(measure, schemes)) is not None:
        yield Triple(about, kg("totalInvestment"), decimal(amount))
    yield from _describe_provenance(node, measure)


def _describe_unit(node: NamedNode, words: str, schemes: Schemes) -> Iterator[Triple]:
    if not words:
        yield Triple(node, kg("unit"), term("unit:UNITLESS"))
        return
    known = schemes.units.get(words)
    unit = known or vocab.unit_iri(words)
    yield Triple(node, kg("unit"), unit)
    yield Triple(node, kg("unitText"), text(words))
    if known is None:
        yield Triple(unit, _TYPE, term("qudt:Unit"))
        yield Triple(unit, term("skos:prefLabel"), chinese(words))


def _find_investment(measure: Measure, schemes: Schemes) -> Decimal | None:
    """Find the amount that backs a direct triple: exact, of money, actual or planned."""
    holds = (
        measure.indicator in schemes.investments
        and measure.modality in _BACKING
        and measure.unit == "CNY"
        and (measure.kind or "level") == "level"
        and (measure.comparator or "eq") == "eq"
    )
    return measure.low if holds else None


def _describe_pairs(base: KnowledgeBase, schemes: Schemes) -> Iterator[Triple]:
    """Tell what a person judged of two entities, each side given by its key."""
    keys = {entity.key for entity in base.entities}
    for pair in base.pairs:
        if pair.left in keys and pair.right in keys and pair.left != pair.right:
            yield from _describe_pair(pair, schemes)


def _describe_pair(pair: NamePair, schemes: Schemes) -> Iterator[Triple]:
    node = vocab.judgement_iri(pair.left, pair.right)
    ends = (entity_iri(pair.left), entity_iri(pair.right))
    yield Triple(node, _TYPE, kg("IdentityJudgement"))
    yield Triple(node, kg("judgement"), schemes.judgements[pair.judgement])
    relation = {"possible": "possiblySameAs", "different": "differentFrom"}.get(pair.judgement)
    for one, other in (ends, ends[::-1]):
        yield Triple(node, kg("judges"), one)
        if relation:
            yield Triple(one, kg(relation), other)
    for name, value in (("note", pair.note), ("reviewer", pair.reviewer)):
        if value:
            yield Triple(node, kg(name), text(value))
    if pair.reviewed:
        yield Triple(node, kg("reviewedOn"), day(pair.reviewed))


def write_ntriples(triples: Iterable[Triple], path: Path) -> None:
    """Write sorted N-Triples, whole or not at all."""
    replace_file(path, "".join(f"{line} .\n" for line in sorted(map(str, triples))).encode())


def write_turtle(triples: Iterable[Triple], path: Path) -> None:
    """Write Turtle with the vocabulary's prefixes, in the order of the N-Triples."""
    data = serialize(sorted(triples, key=str), format=RdfFormat.TURTLE, prefixes=vocab.PREFIXES)
    replace_file(path, data or b"")
