"""Bounds: what the words around a number say of it (不低于, 超过, 左右, 以内)."""

import re
from dataclasses import dataclass
from functools import cache

from kg.mention.expression import Expression
from kg.mention.lexicon import read_table

# What may stand between a comparing word and its number.
_FILLER = re.compile(r"(?:了|达到?|为|至|到|(?:人民币|[A-Z]{2}[A-Z$]|[$¥€£￥＄]) ?|每[年月日天]|[:：])$")
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
def _comparators(side: str) -> dict[str, str]:
    """The comparing words of one side."""
    return {word: cells[0] for word, cells in read_table("comparator.tsv").items() if cells[1] == side}


@cache
def _lengths(side: str) -> tuple[int, ...]:
    """The lengths of the comparing words of one side, the longest first."""
    return tuple(sorted({len(word) for word in _comparators(side)}, reverse=True))


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
    rest, words = behind, _comparators("before")
    for _ in range(3):
        for length in _lengths("before"):
            comparator = words.get(rest[-length:])
            if comparator is not None:
                return expression.start - len(behind) + max(0, len(rest) - length), comparator
        if money and rest.endswith("过") and rest[-2:-1] not in _NOT_PAST:
            return expression.start - len(behind) + len(rest) - 1, "gt"
        shorter = _FILLER.sub("", rest)
        if shorter == rest:
            break
        rest = shorter
    return expression.start, ""


def _look_after(text: str, expression: Expression, *, timed: bool) -> tuple[int, str]:
    words = _comparators("after")
    for length in _lengths("after"):
        comparator = words.get(text[expression.end : expression.end + length])
        if comparator is not None:
            return expression.end + length, comparator
    following = text[expression.end : expression.end + 1]
    if timed and following == "内" and not expression.vague:
        return expression.end + 1, "le"
    written = expression.unit.written if expression.unit else ""
    if following and following in "多余" and written in _TRAILING_MORE:
        return expression.end + 1, "gt"
    return expression.end, ""
