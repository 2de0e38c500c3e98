"""Bounds: what the words around a number say of it (不低于, 超过, 左右, 以内)."""

import re
from dataclasses import dataclass
from functools import cache

from kg.mention.expression import Expression
from kg.mention.lexicon import read_table

# What may stand between a comparing word and its number.
_FILLER = re.compile(r"(?:了|达到?|为|至|到|人民币|每[年月日天]|[:：])$")
_TRAILING_MORE = frozenset({"年", "倍", "米", "公里", "小时", "天", "岁", "周"})
_NOT_PAST = frozenset("经通不")
_REACH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """Where a quantity begins and ends with its comparing words, and what they say.

    `before` and `after` are the comparators of either side, empty where nothing is said.
    """

    start: int
    end: int
    before: str
    after: str
    vague: str


@cache
def _comparators(side: str) -> tuple[tuple[str, str], ...]:
    """The comparing words of one side, longest first."""
    rows = [(word, cells[0]) for word, cells in read_table("comparator.tsv").items() if cells[1] == side]
    return tuple(sorted(rows, key=lambda row: (-len(row[0]), row[0])))


def find_bound(text: str, expression: Expression, floor: int, *, money: bool, timed: bool) -> Bound:
    """Read the comparing words around an expression, not before `floor`."""
    start, before = _look_before(text, expression, floor, money=money)
    end, after = _look_after(text, expression, timed=timed)
    vague = ""
    if expression.vague:
        vague = "approx" if expression.vague == "来" or before == "approx" else "gt"
    return Bound(start=start, end=end, before=before, after=after, vague=vague)


def _look_before(text: str, expression: Expression, floor: int, *, money: bool) -> tuple[int, str]:
    behind = text[max(floor, expression.start - _REACH) : expression.start]
    if expression.style == "magnitude" and behind.endswith("上"):
        return expression.start - 1, "ge"
    rest = behind
    for _ in range(3):
        for word, comparator in _comparators("before"):
            if rest.endswith(word):
                return expression.start - len(behind) + len(rest) - len(word), comparator
        if money and rest.endswith("过") and rest[-2:-1] not in _NOT_PAST:
            return expression.start - len(behind) + len(rest) - 1, "gt"
        shorter = _FILLER.sub("", rest)
        if shorter == rest:
            break
        rest = shorter
    return expression.start, ""


def _look_after(text: str, expression: Expression, *, timed: bool) -> tuple[int, str]:
    for word, comparator in _comparators("after"):
        if text.startswith(word, expression.end):
            return expression.end + len(word), comparator
    following = text[expression.end : expression.end + 1]
    if timed and following == "内" and not expression.vague:
        return expression.end + 1, "le"
    written = expression.unit.written if expression.unit else ""
    if following and following in "多余" and written in _TRAILING_MORE:
        return expression.end + 1, "gt"
    return expression.end, ""
