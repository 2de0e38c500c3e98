"""Every rule of the repository's own data; each test lists all offenders at once."""

import hashlib
from pathlib import Path

import pytest

from kg.model import Document, Review
from kg.pipeline import account_numbers, read_knowledge, read_readings, review_terms
from kg.review import check_review, read_aliases, read_pairs, read_review, review_path
from kg.review.table import COLUMNS, render_table
from kg.source import read_documents, read_index
from kg.statement import Reading

DATA = Path(__file__).resolve().parents[2] / "data"


@pytest.fixture(scope="module")
def readings() -> tuple[Reading, ...]:
    return read_readings(DATA)


def test_every_text_is_the_one_its_record_names() -> None:
    for record in read_index(DATA):
        data = (DATA / "documents" / f"{record.id}.txt").read_bytes()
        assert hashlib.sha256(data).hexdigest() == record.sha256


def test_every_row_of_every_table_holds(readings: tuple[Reading, ...]) -> None:
    findings = [
        str(finding)
        for reading in readings
        for finding in check_review(
            review_path(DATA, reading.document.id), reading.review, reading.document, review_terms()
        )
    ]
    assert findings == []


def test_saving_a_table_again_changes_no_byte(readings: tuple[Reading, ...]) -> None:
    for reading in readings:
        for folder in _folders(reading.document):
            review = read_review(folder, reading.document.id)
            for table in COLUMNS:
                written = (folder / f"{table}.tsv").read_bytes()
                assert render_table(table, getattr(review, table), reading.document).encode() == written


def _folders(document: Document) -> list[Path]:
    folder = review_path(DATA, document.id)
    return [folder, *sorted((folder / "readings").iterdir())]


def test_text_at_its_offsets_is_the_quote_everywhere() -> None:
    knowledge = read_knowledge(DATA)
    texts = {document.id: document.text for document in knowledge.documents}
    facts = (*knowledge.entities, *knowledge.statements, *knowledge.measures)
    evidence = [e for fact in facts for e in fact.evidence]
    evidence += [e for entity in knowledge.entities for e in entity.mentions]
    assert len(evidence) > 1000
    wrong = [e for e in evidence if texts[e.document][e.start : e.end] != e.text]
    wrong += [e for e in evidence if texts[e.document][e.sentence.start : e.sentence.end] != e.sentence.text]
    assert wrong == []


def test_every_fact_has_evidence() -> None:
    knowledge = read_knowledge(DATA)
    bare = [fact.key for fact in (*knowledge.statements, *knowledge.measures) if not fact.evidence]
    assert bare == []


def test_every_number_of_every_document_is_accounted_for(readings: tuple[Reading, ...]) -> None:
    missing = [
        f"{account.document.id}[{span.start}:{span.end}] {span.text}"
        for account in account_numbers(readings)
        for span in account.open
    ]
    assert missing == []


def test_no_row_is_left_unsure(readings: tuple[Reading, ...]) -> None:
    assert [row for r in readings for row in _rows(r.review) if row.verdict == "unsure"] == []


def _rows(review: Review) -> tuple:  # type: ignore[type-arg]
    return (*review.entities, *review.relations, *review.measures)


def test_every_accepted_entity_has_a_mention_or_says_why_not(readings: tuple[Reading, ...]) -> None:
    bare = [
        row.name
        for reading in readings
        for row in reading.review.entities
        if row.verdict == "accept" and not reading.mentions[row.name] and not row.note.startswith("implied")
    ]
    assert bare == []


def test_pairs_and_aliases_speak_of_accepted_entities(readings: tuple[Reading, ...]) -> None:
    known = {
        f"{reading.document.id}:{row.name}"
        for reading in readings
        for row in reading.review.entities
        if row.verdict == "accept"
    }
    named = {side for pair in read_pairs(DATA) for side in (pair.left, pair.right)}
    named |= {alias.name for alias in read_aliases(DATA)}
    assert named - known == set()


def test_every_possibly_same_note_has_its_pair(readings: tuple[Reading, ...]) -> None:
    pairs = {frozenset((p.left.split(":", 1)[1], p.right.split(":", 1)[1])) for p in read_pairs(DATA)}
    missing = []
    for reading in readings:
        names = {row.name for row in reading.review.entities}
        for row in reading.review.entities:
            if "possibly same: " in row.note:
                other = row.note.split("possibly same: ", 1)[1].split(";")[0].split("(")[0].strip()
                others = [part.strip() for part in other.split(" 或 ")]
                missing += [
                    f"{row.name} / {part}"
                    for part in others
                    if part in names and frozenset((row.name, part)) not in pairs
                ]
    assert missing == []


# Silent loss fails the build: what a person decided may grow, never shrink unnoticed.
LEAST = {"nanyang-2024-interview": (280, 430, 84)}


def test_no_verdict_is_lost_silently() -> None:
    documents = {document.id for document in read_documents(DATA)}
    for document_id, least in LEAST.items():
        assert document_id in documents
        review = read_review(review_path(DATA, document_id), document_id)
        counts = [
            sum(row.verdict == "accept" for row in rows)
            for rows in (review.entities, review.relations, review.measures)
        ]
        assert all(count >= low for count, low in zip(counts, least, strict=True)), counts
