"""Each rule of the review tables: a row that breaks it is told with file and line, and nothing else is."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kg.model import EntityVerdict, Review
from kg.pipeline import review_terms
from kg.review import check_review, read_review, write_review
from kg.review.lint import find_disorder, lint_folder
from tests.review.sample import sample_document, sample_review

# table, row, what is changed in it, what is told
BREAKS: dict[str, tuple[str, int, dict[str, Any], str]] = {
    "an unknown verdict": ("entities", 0, {"verdict": "yes"}, "unknown verdict 'yes'"),
    "a rejection without a reason": ("measures", 1, {"note": "年份"}, "a rejection needs a reason"),
    "a day that is none": ("entities", 0, {"reviewed": "3月1日"}, "is no date"),
    "an empty quote": ("relations", 0, {"quote": "", "basis": ""}, "the quote is empty"),
    "a quote that does not occur": ("entities", 1, {"quote": "以天穗农业为首"}, "does not occur"),
    "a quote's ordinal beyond the last": ("relations", 0, {"where": (2,)}, "occurs 1 times"),
    "an unknown type": ("entities", 2, {"type": "Industri"}, "unknown type 'Industri'"),
    "a wrong half of two types": ("entities", 2, {"type": "Park|Projekt"}, "unknown type 'Projekt'"),
    "a name's ordinal beyond the last": ("entities", 0, {"where": (3,)}, "occur 2 times"),
    "an alias that is not in the text": ("entities", 0, {"aliases": ("云岭重工",)}, "alias '云岭重工'"),
    "an unknown relation": ("relations", 0, {"relation": "anchor"}, "unknown relation 'anchor'"),
    "an unknown modality": ("relations", 0, {"modality": "done"}, "unknown modality 'done'"),
    "a period in a wrong form": ("relations", 0, {"period": "2025年"}, "period '2025年'"),
    "a month that is none": ("measures", 0, {"period": "2025-13"}, "period '2025-13'"),
    "a subject that nobody accepted": ("relations", 0, {"subject": "云岭"}, "no accepted name"),
    "an object that nobody accepted": ("relations", 0, {"object": "装备"}, "no accepted name"),
    "a basis outside the quote": ("relations", 0, {"basis": "龙头…骨干"}, "the basis '骨干'"),
    "a value outside the quote": ("measures", 0, {"value": "3亿元"}, "does not stand in the quote"),
    "a part of a longer number": ("measures", 0, {"value": "2.5亿元"}, "part of a longer number"),
    "an unknown comparator": ("measures", 0, {"comparator": "="}, "unknown comparator '='"),
    "an unknown kind": ("measures", 0, {"kind": "growth"}, "unknown kind 'growth'"),
    "an amount without ends": ("measures", 0, {"low": None, "high": None}, "both low and high"),
    "ends the wrong way round": ("measures", 0, {"high": Decimal(1)}, "exceeds high"),
    "a number of nothing": ("measures", 0, {"indicator": ""}, "the indicator is empty"),
    "a number without a unit": ("measures", 0, {"unit": ""}, "the unit is empty"),
}


def _broken(table: str, place: int, change: dict[str, Any]) -> Review:
    review = sample_review()
    rows = list(getattr(review, table))
    rows[place] = replace(rows[place], **change)
    return replace(review, **{table: tuple(rows)})


def test_the_sample_breaks_no_rule(tmp_path: Path) -> None:
    assert check_review(tmp_path, sample_review(), sample_document(), review_terms()) == ()


@pytest.mark.parametrize("case", BREAKS)
def test_a_row_that_breaks_a_rule_is_told_with_file_and_line(case: str, tmp_path: Path) -> None:
    table, place, change, told = BREAKS[case]
    document = sample_document()
    write_review(tmp_path, _broken(table, place, change), document)
    review = read_review(tmp_path, document.id)
    line = next(
        row.line
        for row in getattr(review, table)
        if (row.quote.startswith("2025") == (place == 1 and table == "measures"))
        and all(getattr(row, column) == value for column, value in change.items())
    )
    findings = check_review(tmp_path, review, document, review_terms())
    told_there = [f for f in findings if told in f.en and f.where == f"{tmp_path}/{table}.tsv:{line}"]
    assert told_there, [f"{f.where} {f.en}" for f in findings]
    assert all(finding.zh and finding.zh != finding.en for finding in findings)


def test_a_doubled_row_names_the_line_it_doubles(tmp_path: Path) -> None:
    document, review = sample_document(), sample_review()
    write_review(tmp_path, replace(review, relations=review.relations * 2), document)
    findings = check_review(tmp_path, read_review(tmp_path, document.id), document, review_terms())
    assert [(f.where, "line 2" in f.en) for f in findings] == [(f"{tmp_path}/relations.tsv:3", True)]


def test_a_place_that_two_entities_claim_is_told(tmp_path: Path) -> None:
    review = sample_review()
    project = replace(review.entities[0], type="Project", name="云岭机械#项目")
    both = replace(review, entities=(*review.entities, project))
    findings = check_review(tmp_path, both, sample_document(), review_terms())
    assert ["claimed by" in finding.en for finding in findings] == [True]


def test_ordinals_tell_two_things_of_one_name_apart(tmp_path: Path) -> None:
    review = sample_review()
    firm = replace(review.entities[0], where=(1,))
    project = replace(review.entities[0], type="Project", name="云岭机械#项目", where=(2,))
    both = replace(review, entities=(firm, project, *review.entities[1:]))
    assert check_review(tmp_path, both, sample_document(), review_terms()) == ()


def test_what_the_text_only_implies_says_so_in_its_note(tmp_path: Path) -> None:
    review = sample_review()
    nation = EntityVerdict(verdict="accept", type="Place", name="全国", quote="今年", note="")
    for note, findings in (("", 1), ("implied: 国家资金", 0)):
        rows = (*review.entities, replace(nation, note=note))
        found = check_review(tmp_path, replace(review, entities=rows), sample_document(), review_terms())
        assert len(found) == findings


def test_a_rejected_fact_may_name_what_nobody_accepted(tmp_path: Path) -> None:
    review = sample_review()
    rejected = replace(review.relations[0], verdict="reject", subject="云岭", note="span: 云岭机械")
    rows = replace(review, relations=(*review.relations, rejected))
    assert check_review(tmp_path, rows, sample_document(), review_terms()) == ()


def test_an_unsure_fact_is_held_to_the_rules_of_an_accepted_one(tmp_path: Path) -> None:
    review = sample_review()
    unsure = replace(review.relations[0], verdict="unsure", subject="云岭")
    rows = replace(review, relations=(unsure,))
    assert len(check_review(tmp_path, rows, sample_document(), review_terms())) == 1


def test_lint_tells_a_table_that_the_one_writer_would_write_otherwise(tmp_path: Path) -> None:
    document = sample_document()
    write_review(tmp_path, sample_review(), document)
    assert find_disorder(tmp_path, document) == ()
    path = tmp_path / "entities.tsv"
    head, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([head, *reversed(rows)]), encoding="utf-8")
    assert [finding.where for finding in find_disorder(tmp_path, document)] == [str(path)]
    assert lint_folder(tmp_path, document, review_terms()) == ()  # order is no rule of the rows


def test_lint_of_an_unreadable_table_is_one_finding_with_its_line(tmp_path: Path) -> None:
    document = sample_document()
    write_review(tmp_path, sample_review(), document)
    path = tmp_path / "measures.tsv"
    path.write_text(path.read_text(encoding="utf-8").replace("1250000000", "12.5亿"), encoding="utf-8")
    findings = lint_folder(tmp_path, document, review_terms())
    assert [f"{path}:3" in str(finding) for finding in findings] == [True]
