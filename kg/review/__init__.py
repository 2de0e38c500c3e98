"""Hand-checking: the one reader and writer of the review tables, and what is asked of them."""

from kg.review.account import find_unaccounted
from kg.review.names import Alias, read_aliases, read_pairs, write_aliases, write_pairs
from kg.review.occurrence import find_mention_spans, find_quote_spans, find_value_spans
from kg.review.rule import Terms, check_review
from kg.review.table import read_review, review_path, write_review

__all__ = [
    "Alias",
    "Terms",
    "check_review",
    "find_mention_spans",
    "find_quote_spans",
    "find_unaccounted",
    "find_value_spans",
    "read_aliases",
    "read_pairs",
    "read_review",
    "review_path",
    "write_aliases",
    "write_pairs",
    "write_review",
]
