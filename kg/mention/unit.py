"""Units: how a text writes them, what the graph calls them, and their factor."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from kg.mention.lexicon import read_table

# `吨/年`, `元/平方米`, `微克/立方米`, `公里/小时`, `t/d`: what may stand under the stroke.
_UNDER = (
    *(
        "年",
        "月",
        "日",
        "天",
        "小时",
        "时",
        "分钟",
        "秒",
        "亩",
        "平方米",
        "立方米",
        "吨",
        "公斤",
        "斤",
        "千瓦时",
        "度",
    ),
    *("千克", "瓦", "人", "户", "股", "个", "台", "公里", "次", "家", "套", "辆", "d", "a", "h"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A written unit: its name in the graph, its factor and its class (see `rules/unit.tsv`)."""

    written: str
    name: str
    factor: Decimal
    kind: str


@cache
def _units() -> tuple[dict[str, Unit], int]:
    rows = read_table("unit.tsv")
    units = {
        written: Unit(written=written, name=name, factor=Decimal(factor), kind=kind)
        for written, (name, factor, kind) in rows.items()
    }
    return units, max(map(len, units))


def match_unit(text: str, position: int) -> Unit | None:
    """Find the longest unit that begins at a position, with what stands under its stroke."""
    units, longest = _units()
    for length in range(min(longest, len(text) - position), 0, -1):
        unit = units.get(text[position : position + length])
        if unit is not None and not _runs_on(text, position, unit):
            return _with_stroke(text, position + length, unit)
    return None


def _runs_on(text: str, position: int, unit: Unit) -> bool:
    """Tell whether a Latin unit is only the beginning of a longer word."""
    end = position + len(unit.written)
    return (
        unit.written[-1].isascii()
        and unit.written[-1].isalpha()
        and text[end : end + 1].isascii()
        and (text[end : end + 1].isalnum())
    )


def _with_stroke(text: str, position: int, unit: Unit) -> Unit:
    if text[position : position + 1] not in ("/", "每") or unit.kind not in (
        "size",
        "money",
        "count",
        "noun",
    ):
        return unit
    under = max((u for u in _UNDER if text.startswith(u, position + 1)), key=len, default="")
    if not under:
        return unit
    written = unit.written + text[position : position + 1 + len(under)]
    name = written if written.isascii() else f"{unit.name}/{under}"
    whole = Unit(written=written, name=name, factor=unit.factor, kind=unit.kind)
    return _with_stroke(text, position + len(under) + 1, whole)


@cache
def _currency_before() -> re.Pattern[str]:
    units, _ = _units()
    signs = [u.written for u in units.values() if is_currency_sign(u) or u.written == "人民币"]
    words = "|".join(map(re.escape, sorted(signs, key=lambda sign: (-len(sign), sign))))
    return re.compile(rf"(?<![A-Za-z])({words}) ?$")


def is_currency_sign(unit: Unit) -> bool:
    """Tell whether a unit is a code or a sign of money (USD, ¥) and no word."""
    return unit.kind == "money" and not "\u4e00" <= unit.written[0] <= "\u9fff"


def match_currency_before(text: str, position: int) -> Unit | None:
    """Find the code or sign of money that stands before a position, a blank between at most."""
    found = _currency_before().search(text[max(0, position - 8) : position])
    return _units()[0][found[1]] if found else None


@cache
def people_nouns() -> tuple[str, ...]:
    """The nouns of people that stand for their own unit, longest first."""
    units, _ = _units()
    return tuple(sorted((u.name for u in units.values() if u.kind == "people"), key=lambda n: (-len(n), n)))
