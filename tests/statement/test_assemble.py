"""Accepted verdicts become facts; identity does not depend on anything else in the graph."""

from dataclasses import replace
from pathlib import Path

import pytest

from kg.model import KnowledgeBase, NamePair, Record
from kg.pipeline import read_readings
from kg.source import make_document
from kg.statement import Reading, assemble_statements, entity_key

TINY = Path(__file__).resolve().parents[1] / "golden" / "data"


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read_readings(TINY)[0]


def _elsewhere(reading: Reading, document_id: str = "other-town", division: str = "999902") -> Reading:
    record = replace(reading.document.record, id=document_id, division=division, place="另一高新区")
    return replace(reading, document=make_document(record, reading.document.text))


def _labels(knowledge: KnowledgeBase) -> list[str]:
    return [entity.label for entity in knowledge.entities]


def test_a_key_is_type_pinyin_and_hash() -> None:
    key = entity_key("999901", "Park|Project", "恒岳储能产业园一期")
    assert key.startswith("park-hengyuechunengchanyeyuanyiqi-")
    assert len(key.rsplit("-", 1)[1]) == 6


@pytest.mark.parametrize("name", ["<img src=x>", "a/b?c#d", "”\t\n", "🜚", "", "名" * 5000])
def test_a_key_of_any_name_is_a_plain_local_name(name: str) -> None:
    key = entity_key("", "Enterprise", name)
    assert key.isascii() and key.replace("-", "").isalnum() and len(key) < 70


def test_a_second_document_moves_no_key(reading: Reading) -> None:
    alone = assemble_statements([reading], [])
    both = assemble_statements([reading, _elsewhere(reading)], [])
    assert {e.key for e in alone.entities} < {e.key for e in both.entities}
    assert {s.key for s in alone.statements} < {s.key for s in both.statements}


def test_firms_of_the_same_name_in_two_cities_stay_two(reading: Reading) -> None:
    knowledge = assemble_statements([reading, _elsewhere(reading)], [])
    assert _labels(knowledge).count("恒岳电气") == 2


def test_a_same_verdict_makes_them_one_with_the_evidence_of_both(reading: Reading) -> None:
    pair = NamePair(judgement="same", left=f"{reading.document.id}:恒岳电气", right="other-town:恒岳电气")
    knowledge = assemble_statements([reading, _elsewhere(reading)], [pair])
    (merged,) = (e for e in knowledge.entities if e.label == "恒岳电气")
    assert merged.documents == ("other-town", reading.document.id)
    assert {e.document for e in merged.mentions} == set(merged.documents)


def test_the_order_of_same_verdicts_does_not_matter(reading: Reading) -> None:
    readings = [reading, _elsewhere(reading, "b-town", "999902"), _elsewhere(reading, "c-town", "999903")]
    sides = [f"{r.document.id}:恒岳电气" for r in readings]
    pairs = [
        NamePair(judgement="same", left=sides[0], right=sides[1]),
        NamePair(judgement="same", left=sides[2], right=sides[1]),
    ]
    assert assemble_statements(readings, pairs) == assemble_statements(readings, pairs[::-1])


def test_the_same_claim_in_two_documents_is_one_statement_with_two_evidences(reading: Reading) -> None:
    twin = replace(
        reading, document=make_document(replace(reading.document.record, id="twin"), reading.document.text)
    )
    knowledge = assemble_statements([reading, twin], [])
    assert len(knowledge.statements) == len(assemble_statements([reading], []).statements)
    assert all(
        {e.document for e in s.evidence} == {"twin", reading.document.id} for s in knowledge.statements
    )


def test_the_dash_is_the_place_of_the_document(reading: Reading) -> None:
    knowledge = assemble_statements([reading], [])
    (place,) = (e for e in knowledge.entities if e.label == "青禾高新区")
    assert {m.indicator for m in knowledge.measures if m.subject == place.key} == {
        "规模以上工业企业",
        "工业总产值",
    }


def test_a_document_without_place_rows_gets_its_place_from_the_record(reading: Reading) -> None:
    entities = tuple(row for row in reading.review.entities if row.type != "Place")
    bare = replace(reading, review=replace(reading.review, entities=entities))
    assert "青禾高新区" in _labels(assemble_statements([bare], []))


def test_unsure_and_rejected_rows_say_nothing(reading: Reading) -> None:
    review = replace(
        reading.review,
        relations=tuple(replace(row, verdict="unsure") for row in reading.review.relations),
        measures=tuple(replace(row, verdict="reject") for row in reading.review.measures),
    )
    knowledge = assemble_statements([replace(reading, review=review)], [])
    assert knowledge.statements == () and knowledge.measures == ()


def test_evidence_names_its_headings_and_its_sentence(reading: Reading) -> None:
    knowledge = assemble_statements([reading], [])
    anchor = next(s for s in knowledge.statements if s.predicate == "anchors")
    assert anchor.evidence[0].sections == ("二、重点产业",)
    assert anchor.evidence[0].text in anchor.evidence[0].sentence.text


def test_an_empty_folder_gives_an_empty_knowledge_base() -> None:
    assert assemble_statements([], []) == KnowledgeBase(documents=(), entities=(), statements=(), measures=())


def test_a_document_without_verdicts_states_only_its_place() -> None:
    from kg.model import Review

    document = make_document(Record(id="bare", place="某地"), "某地没有核对。")
    empty = Reading(document=document, review=Review(document="bare"), mentions={}, quotes=lambda row: ())
    assert _labels(assemble_statements([empty], [])) == ["某地"]
