"""Evaluation: what the machine proposes, against what people decided."""

from kg.evaluation.error import find_errors
from kg.evaluation.gold import Gold, read_gold, read_review_gold
from kg.evaluation.group import GroupRule, make_folds, name_group, read_groups
from kg.evaluation.report import format_errors, format_report, report_as_json
from kg.evaluation.score import Evaluation, score_proposals

__all__ = [
    "Evaluation",
    "Gold",
    "GroupRule",
    "find_errors",
    "format_errors",
    "format_report",
    "make_folds",
    "name_group",
    "read_gold",
    "read_groups",
    "read_review_gold",
    "report_as_json",
    "score_proposals",
]
