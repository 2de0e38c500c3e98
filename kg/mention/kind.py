"""Kinds of numbers: level, change, share, multiple or class, and what they are measured from."""

import re
from functools import cache

from kg.mention.context import context_words
from kg.mention.expression import Expression

_CLAUSE = re.compile(r"[，。；！？,;!?\n]")
_BASE = re.compile(
    r"(?P<how>同比|环比)|[比较](?P<base>[^比较，。；、,;]{1,14}?)(?:年均|同期|分别|均|再|又|净|累计|共|约)*$"
)
_SHARE = re.compile(
    r"占(?!地)(?P<base>[^，。；占,;]{0,16}?)的?(?:总量|总数)?(?:比重|比例|比|份额)?"
    r"(?:分别|约|近|超过?|达到?|为|的|提高到|上升到|上升至|提高至|提升至|提升到|不低于|突破)*$"
)
_MULTIPLE = re.compile(r"(?:是|为|达到?|相当于)(?P<base>[^，。；是为,;]{1,14}?)的?(?:近|约|超过?)*$")
_REACH = 24


@cache
def _change() -> re.Pattern[str]:
    words = "|".join(context_words("change"))
    between = "|".join(context_words("between"))
    return re.compile(rf"(?:{words})(?:{between})*$")


def find_kind(text: str, expression: Expression, unit: str, *, money: bool, start: int) -> tuple[str, str]:
    """Tell the kind of a number and its base, as far as the words before `start` say it."""
    if expression.classed:
        return "class", ""
    clause = _CLAUSE.split(text[max(0, start - _REACH) : start])[-1]
    change = _change().search(clause)
    if unit == "番":
        return "multiple", ""
    if change:
        return "change", _find_base(clause[: change.start()])
    if expression.low is not None and expression.low < 0 and (base := _find_base(clause)):
        return "change", base
    if unit == "倍":
        match = _MULTIPLE.search(clause)
        return "multiple", match["base"] if match else ""
    if unit == "%":
        match = _SHARE.search(clause)
        if match:
            return "share", match["base"]
        if expression.style == "fraction" or text.startswith("的", expression.end):
            return "share", ""
    bounded = start < expression.start
    if money and expression.style == "magnitude" and not expression.vague and not bounded:
        return "class", ""
    return "level", ""


def _find_base(clause: str) -> str:
    match = _BASE.search(clause)
    if match is None:
        return ""
    return str(match["how"] or match["base"] or "")
