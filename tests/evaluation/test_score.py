"""Scores: what counts as right, wrong and missed."""

from pathlib import Path

import pytest

from kg.errors import TableInvalidError
from kg.evaluation import (
    find_errors,
    format_report,
    make_folds,
    name_group,
    read_gold,
    read_groups,
    read_review_gold,
    report_as_json,
    score_proposals,
)
from kg.model import (
    EntityCandidate,
    EntityVerdict,
    Mention,
    Proposal,
    Record,
    RelationCandidate,
    RelationVerdict,
    Review,
    Span,
)
from kg.source import make_document

TEXT = "海川集团投资建设城南产业园，海川集团是新材料产业的龙头。海川表示满意。"
ANNOTATION = """# a comment
Enterprise\t海川集团\t海川
Park\t城南产业园\t
Industry\t新材料产业\t
anchors\t海川集团\t新材料产业\t海川集团是新材料产业的龙头
measure\t海川集团\t投资\t100\t\tCNY\tge\tactual\t2024\t海川集团投资
skip\t海川表示
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "a.ann.tsv").write_text(ANNOTATION, encoding="utf-8")
    return tmp_path


def _mention(text: str, kind: str, place: int = 0) -> Mention:
    start = -1
    for _ in range(place + 1):
        start = TEXT.index(text, start + 1)
    return Mention(start=start, end=start + len(text), text=text, type=kind, confidence=0.85)


def _entity(name: str, kind: str, *mentions: Mention) -> EntityCandidate:
    return EntityCandidate(type=kind, name=name, mentions=mentions, confidence=0.85)


def test_every_occurrence_of_a_name_is_a_mention_unless_a_skipped_string_covers_it(folder: Path) -> None:
    (gold,) = read_gold(folder)
    assert [(m.text, m.type) for m in gold.mentions] == [
        ("海川集团", "Enterprise"),
        ("城南产业园", "Park"),
        ("海川集团", "Enterprise"),
        ("新材料产业", "Industry"),
    ]
    assert all(TEXT[m.start : m.end] == m.text for m in gold.mentions)


def test_a_mention_is_right_only_with_its_exact_span_and_type(folder: Path) -> None:
    (gold,) = read_gold(folder)
    proposal = Proposal(
        document=gold.document,
        entities=(
            _entity("海川集团", "Enterprise", _mention("海川集团", "Enterprise")),
            _entity("城南产业园", "Project", _mention("城南产业园", "Project")),
            _entity("新材料", "Industry", _mention("新材料", "Industry")),
        ),
    )
    counts = score_proposals([(gold, proposal)]).counts
    assert (counts["mention", "all"].right, counts["mention", "all"].wrong) == (1, 2)
    assert counts["mention", "all"].missed == 3
    assert counts["span", "any type"].right == 2


def test_an_entity_proposed_under_an_alias_is_the_same_entity(folder: Path) -> None:
    (gold,) = read_gold(folder)
    entities = (_entity("海川", "Enterprise", _mention("海川", "Enterprise")),)
    relations = (
        RelationCandidate(
            type="anchors", subject="海川", object="新材料产业", basis="龙头", modality="actual",
            evidence=Span(start=0, end=2, text="海川"), confidence=0.6,
        ),
    )  # fmt: skip
    proposal = Proposal(document=gold.document, entities=entities, relations=relations)
    counts = score_proposals([(gold, proposal)]).counts
    assert counts["entity", "Enterprise"].f1 == 1.0
    assert counts["relation", "anchors"].f1 == 1.0


def test_the_reliability_table_sets_confidence_beside_the_share_that_is_right(folder: Path) -> None:
    (gold,) = read_gold(folder)
    proposal = Proposal(
        document=gold.document,
        entities=(
            _entity(
                "海川集团", "Enterprise", _mention("海川集团", "Enterprise"), _mention("海川", "Enterprise")
            ),
        ),
    )
    evaluation = score_proposals([(gold, proposal)])
    assert evaluation.bins["mention", 8].right == 1
    assert evaluation.bins["mention", 8].count == 2
    assert "mention     0.8-0.9" in format_report(evaluation)
    assert report_as_json(evaluation)["documents"] == 1


def test_errors_carry_their_sentence_with_the_words_marked(folder: Path) -> None:
    (gold,) = read_gold(folder)
    proposal = Proposal(
        document=gold.document, entities=(_entity("满意", "Industry", _mention("满意", "Industry")),)
    )
    errors = list(find_errors([(gold, proposal)]))
    false = [error for error in errors if error.verdict == "false"]
    assert [error.sentence for error in false] == ["海川表示【满意】。"]
    assert {error.item for error in errors if error.what == "relation"} == {"海川集团 → 新材料产业"}


def test_a_broken_annotation_tells_file_and_line(folder: Path) -> None:
    (folder / "a.ann.tsv").write_text("Enterprise\t海川集团\nanchors\t海川集团\n", encoding="utf-8")
    with pytest.raises(TableInvalidError) as raised:
        read_gold(folder)
    assert "a.ann.tsv:2" in str(raised.value)


def test_a_review_counts_only_its_accepted_rows_at_the_places_they_name() -> None:
    document = make_document(Record(id="a"), TEXT)
    review = Review(
        document="a",
        entities=(
            EntityVerdict(
                verdict="accept", type="Enterprise", name="海川集团", aliases=("海川",), where=(1,)
            ),
            EntityVerdict(verdict="reject", type="Park", name="城南产业园", note="type"),
            EntityVerdict(verdict="accept", type="Park|Project", name="城南产业园#园", aliases=()),
        ),
        relations=(
            RelationVerdict(verdict="accept", relation="along", subject="海川集团", object="新材料产业"),
        ),
    )
    gold = read_review_gold(document, review)
    assert [(m.text, m.type, m.start) for m in gold.mentions] == [
        ("海川集团", "Enterprise", 0),
        ("城南产业园", "Park", TEXT.index("城南产业园")),
    ]
    assert gold.relations == ()


def test_documents_of_a_group_share_a_fold(tmp_path: Path) -> None:
    path = tmp_path / "groups.tsv"
    path.write_text("# rule\n(north|south)_.*\t\\1\n", encoding="utf-8")
    rules = read_groups(path)
    assert name_group("north_2012", rules) == "north"
    assert name_group("west-1", rules) == "west"
    folds = make_folds({"a": 9, "b": 5, "c": 4, "d": 1}, 2)
    assert folds == (("a", "d"), ("b", "c"))
