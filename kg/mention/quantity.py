"""Quantities: numeric expressions with unit, bounds, comparator and kind.

A quantity's span reaches over the words that bound it (`不低于3000亩`, `60个左右`);
amounts are in the base unit. What is no measure is none: dates and years, codes and names
with numbers (`12345热线`, `5G`, `4A级`), ordinals, and bare numbers without unit, unless
money or people are meant (`1万亿特别国债`, `总人口38万`).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from kg.mention.bound import Bound, find_bound
from kg.mention.context import context_words
from kg.mention.expression import Expression, scan_expressions
from kg.mention.kind import find_kind
from kg.mention.numeral import squeeze_text
from kg.mention.unit import Unit, match_currency_before, people_nouns
from kg.model import Document, Quantity

_BETWEEN = re.compile(r"[、,，和及与或]|以及|，?其中")
_ADJOINING = re.compile(r"[、,和及与]")
_PER = re.compile(r"每(平方米|立方米|亩|吨|公斤|千克|斤|度|千瓦时|瓦)[^，。；,;每]{0,12}$")
_PER_NEXT = re.compile(r"每(瓦|亩|吨|平方米|公斤|千克)$")
_PER_TIME = re.compile(r"[\u4e00-\u9fff]{1,6}/([年月日天])")
_REACH = 24
_FAR_NOUN = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measured:
    """The unit of an expression in its context: name in the graph, factor, class."""

    name: str
    factor: Decimal
    kind: str


def find_quantities(document: Document) -> tuple[Quantity, ...]:
    """Find every quantity of a document, in order and without overlap."""
    text = document.text
    narrow, origin = squeeze_text(text)
    return tuple(_place(text, origin, quantity) for quantity in _share_bounds(narrow, _read(narrow)))


def _place(text: str, origin: Callable[[int], int], quantity: Quantity) -> Quantity:
    """Bring a quantity read in normal form to the offsets of the text."""
    start, end = origin(quantity.start), origin(quantity.end - 1) + 1
    return replace(quantity, start=start, end=end, text=text[start:end])


def _read(text: str) -> Iterator[tuple[Quantity, Bound]]:
    expressions = list(scan_expressions(text))
    _share_units(text, expressions)
    floor = 0
    for expression in expressions:
        measured = _measure(text, expression)
        if measured is None or _is_name(text, expression, measured):
            continue
        bound = find_bound(
            text,
            expression,
            floor,
            money=measured.kind == "money",
            timed=measured.kind == "time",
        )
        quantity = _make(text, expression, measured, bound)
        floor = quantity.end
        yield quantity, bound


def _share_units(text: str, expressions: list[Expression]) -> None:
    """Let a bare number take the unit of the next in its list (`37820、28104元`)."""
    for place in range(len(expressions) - 2, -1, -1):
        bare, following = expressions[place], expressions[place + 1]
        if (
            bare.style == following.style == "arabic"
            and bare.unit is None
            and bare.low is not None
            and following.unit is not None
            and following.unit.kind != "time"
            and _ADJOINING.fullmatch(text, bare.end, following.start)
        ):
            scale = following.magnitude if bare.magnitude == 1 else Decimal(1)
            low, high = bare.low * scale, (bare.high or bare.low) * scale
            expressions[place] = replace(bare, unit=following.unit, low=low, high=high)


def _measure(text: str, expression: Expression) -> _Measured | None:
    """Give the unit of an expression; money or people where they go without saying."""
    if expression.low is None:
        return None
    unit = expression.unit
    if unit is None or unit.written == "元":
        # USD 5000万, $500, US$500万元: what stands before says more than 元.
        unit = match_currency_before(text, expression.start) or unit
    if unit is not None and unit.kind not in ("date", "other"):
        return _measure_unit(text, expression, unit)
    if expression.style == "fraction":
        return _Measured(name="%", factor=Decimal(1), kind="ratio")
    if unit is not None or expression.magnitude < 10_000:
        return None
    return _measure_bare(text, expression)


def _measure_unit(text: str, expression: Expression, unit: Unit) -> _Measured:
    """Name the unit, with what the words around say it is measured by (每亩…元, 9万片…/月)."""
    name = "个" if unit.name == "大" else unit.name
    per = "" if "/" in name else _measure_base(text, expression, unit)
    return _Measured(name=f"{name}/{per}" if per else name, factor=unit.factor, kind=unit.kind)


def _measure_base(text: str, expression: Expression, unit: Unit) -> str:
    before = _PER if unit.kind == "money" else _PER_NEXT if unit.kind in ("size", "noun") else None
    if before and (per := before.search(text, max(0, expression.start - _REACH), expression.start)):
        return per[1]
    if unit.kind in ("count", "noun") and (per := _PER_TIME.match(text, expression.end)):
        return per[1]
    return ""


@cache
def _bare_patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    kinds = ("money-ahead", "money-behind", "people-behind")
    ahead, money, people = ("|".join(context_words(kind)) for kind in kinds)
    nouns = "|".join(people_nouns())
    return (
        re.compile(rf"[的规模级]{{0,3}}(?:{ahead})"),
        re.compile(rf"(?:{people})[^，。；,;]{{0,6}}$"),
        re.compile(rf"(?:{money})[^，。；,;]{{0,8}}$"),
        re.compile(rf"[\u4e00-\u9fff]{{0,{_FAR_NOUN}}}?({nouns})"),
    )


def _measure_bare(text: str, expression: Expression) -> _Measured | None:
    """Decide what a number with a magnitude and no unit counts: money, people, or nothing known."""
    ahead, people, money, noun = _bare_patterns()
    behind = text[max(0, expression.start - _REACH) : expression.start]
    yuan = _Measured(name="CNY", factor=Decimal(1), kind="money")
    if expression.classed:
        return yuan if expression.magnitude >= 10**8 else None
    if ahead.match(text, expression.end):
        return yuan
    if people.search(behind):
        return _Measured(name="人", factor=Decimal(1), kind="count")
    if money.search(behind):
        return yuan
    if expression.magnitude >= 10**8 and _is_mark(text, expression):
        return yuan
    if found := noun.match(text, expression.end):
        return _Measured(name=found[1], factor=Decimal(1), kind="people")
    return None


def _is_mark(text: str, expression: Expression) -> bool:
    """Tell whether a bare 亿 is a mark of money (`突破100亿大关`, but not `产量突破…`)."""
    if not text.startswith(context_words("money-mark"), expression.end):
        return False
    clause = re.split("[，。；,;]", text[max(0, expression.start - _REACH) : expression.start])[-1]
    return not any(word in clause for word in context_words("not-money"))


@cache
def _name_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    behind, ahead = ("|".join(map(re.escape, context_words(f"name-{side}"))) for side in ("behind", "ahead"))
    return re.compile(rf"(?:{behind})$"), re.compile(ahead)


def _is_name(text: str, expression: Expression, measured: _Measured) -> bool:
    """Tell whether the number only names something: a year, a road, a document."""
    behind, ahead = _name_patterns()
    if behind.search(text, max(0, expression.start - 3), expression.start):
        return True
    if measured.name == "年" and expression.low is not None and 1900 <= expression.low <= 2100:
        return True
    return expression.unit is None and bool(ahead.match(text, expression.end))


def _make(text: str, expression: Expression, measured: _Measured, bound: Bound) -> Quantity:
    assert expression.low is not None and expression.high is not None
    low, high = _plain(expression.low * measured.factor), _plain(expression.high * measured.factor)
    comparator = bound.after or bound.vague or bound.before or "eq"
    kind, base = find_kind(text, expression, measured.name, money=measured.kind == "money", start=bound.start)
    quantity = Quantity(
        start=bound.start,
        end=bound.end,
        text=text[bound.start : bound.end],
        low=low,
        high=high,
        unit=measured.name,
        comparator="range" if low != high else comparator,
        kind=kind,
        base=base,
        confidence=0.9 if expression.style == "arabic" else 0.6,
    )
    return _open(quantity)


def _plain(value: Decimal) -> Decimal:
    """Write a value without needless zeros and without an exponent."""
    return Decimal(int(value)) if value == value.to_integral_value() else value.normalize()


def _open(quantity: Quantity) -> Quantity:
    """Leave the open end of a one-sided bound empty."""
    if quantity.comparator in ("ge", "gt"):
        return replace(quantity, high=None)
    if quantity.comparator in ("le", "lt"):
        return replace(quantity, low=None)
    return quantity


def _share_bounds(text: str, read: Iterator[tuple[Quantity, Bound]]) -> Iterator[Quantity]:
    """Let a comparing word govern its whole list: `超过98%、85%`, `分别达到95%、85%以上`."""
    pending: list[Quantity] = []
    carried = ""
    for quantity, bound in read:
        if pending and not _BETWEEN.fullmatch(text, pending[-1].end, quantity.start):
            yield from pending
            pending, carried = [], ""
        if carried and quantity.comparator == "eq":
            quantity = _open(replace(quantity, comparator=carried))
        elif bound.before:
            carried = bound.before
        if bound.after and pending and _is_distributed(text, pending):
            pending = [
                _open(replace(own, comparator=bound.after)) if own.comparator == "eq" else own
                for own in pending
            ]
        pending.append(quantity)
    yield from pending


def _is_distributed(text: str, pending: list[Quantity]) -> bool:
    start = pending[0].start
    return "分别" in text[max(0, start - 6) : start]
