"""Numeric expressions: everything in a text that a reader would call a number.

The rule, in words (its word lists are `rules/unit.tsv` and `rules/numeral.txt`):

1. Every run of Arabic or full-width digits is an expression, with its magnitude (万 亿…)
   and unit, with the digits it is joined to (`20-30亿级`, `2024-03-11`, `3+3`, `2×66万千瓦`),
   with the rest of a date (`2024年3月11日`) and with Latin letters that adjoin it (`5G`,
   `PM2.5`, `4S`). Only the number of a list item is none (`1.`, `(1)`, `2、` at the
   beginning of a line or sentence).
2. A Chinese numeral is an expression where it counts or measures: before a measure word or
   unit (九大行动: 九大; 两个; 三年), as a fraction or multiple (三分之一, 百分之三十,
   翻一番, 三成, 一半), or as a bare magnitude before a unit or 级 (亿元以上, 百亿级, 上万人).
3. A Chinese numeral is none in an ordinal (第一), a date (三月, 二〇二四年), the number of a
   list item (一是, 二要, (一), 一、: no measure word follows), before a noun in a slogan
   (三化三制), and inside a word of `rules/numeral.txt` (一定, 统一, 十四五, 一流, 一批).

An expression ends with its unit: 不低于, 以上, 左右 around it belong to the quantity.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from kg.mention.lexicon import list_lexicon
from kg.mention.numeral import (
    CHINESE,
    DIGITS,
    MAGNITUDES,
    read_arabic,
    read_chinese,
    read_magnitude,
    squeeze_text,
)
from kg.mention.unit import Unit, is_currency_sign, match_currency_before, match_unit
from kg.model import Span

# Every quantifier is possessive and every look bounded: time is linear in the text.
_CORE = re.compile(
    rf"(?P<date>[0-9]{{4}}[-/.][0-9]{{1,2}}[-/.][0-9]{{1,2}}(?![0-9])|[0-9]{{1,2}}:[0-9]{{2}}(?![0-9])"
    rf"|[0-9]{{2,4}}年[0-9]{{1,2}}月(?:[0-9]{{1,2}}日)?|[0-9]{{1,2}}月[0-9]{{1,2}}日)"
    rf"|(?P<arabic>[0-9]++(?:(?:,[0-9]{{3}}|，000)(?![0-9]))*+(?:\.[0-9]++)?+)"
    r"|(?P<half>半(?=个(?:百分)?点))"
    rf"|(?P<chinese>[数几]?[{CHINESE}]++(?:点[{''.join(DIGITS)}]++)?+)"
)
_ARABIC = re.compile(r"[0-9]++(?:(?:,[0-9]{3}|，000)(?![0-9]))*+(?:\.[0-9]++)?+")
_CHINESE = re.compile(rf"[{CHINESE}]++(?:点[{''.join(DIGITS)}]++)?+")
_JOIN = re.compile(r"(?:及?以上)?[至到~]-?(?=[0-9])|[-—~×xX*+:/](?=[0-9])|——(?=[0-9])")
_TO_ONE = re.compile(r"[:：∶]1(?![0-9.])")
_MONEY = re.compile(r"[十百千]?万?[万亿](?![元级吨亩美人千百万亿])")
_RANGE = frozenset("-—~至到")
_TIMES = frozenset("×xX*")
_LIST_ITEM = re.compile(r"[(（]?([0-9]{1,2})(?:[)）]|[、.](?![0-9]))")
_ITEM_BEFORE = frozenset("\n。；;：: 　\t")
_VAGUE = "多余几来"
_PURE = frozenset("百千万亿")
_LONGEST_NUMERAL = 24
_LONGEST_UNIT = 6
_MARK = re.compile("大关")
_HALVES = re.compile(rf"[{''.join(DIGITS)}](?=$|[^\u4e00-\u9fff]|[以左的])")
_LONGEST_CODE = 12
_LARGEST_PART = 10
_LONGEST_DIGITS = 20
_MOST_JOINS = 4
_MYRIAD = 10_000
# Before a stroke that joins, and before one that is the sign of a number without unit.
_UNSIGNED = frozenset(CHINESE + "-—~上下内右")
_SIGNED = ("", *"为是达到幅率长(:：,， \n\t")
_COUNTING = frozenset({"money", "ratio", "size", "time", "count", "people"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression(Span):
    """A numeric expression as read.

    `low` and `high` are in the unit as written (magnitude applied, factor not); both are
    `None` where the digits are no amount (dates, codes). `style` is `arabic`, `chinese`,
    `magnitude` (亿元), `fraction`, `date` or `code`. `vague` holds a 多 or 余 inside;
    `classed` says that 级 follows.
    """

    style: str
    low: Decimal | None = None
    high: Decimal | None = None
    unit: Unit | None = None
    magnitude: Decimal = Decimal(1)
    vague: str = ""
    classed: bool = False


@dataclass(slots=True)
class _Number:
    """One number while it is read: where it ends, its value, what stood inside."""

    end: int
    value: Decimal
    magnitude: Decimal
    vague: str
    unit: Unit | None


def find_numbers(text: str) -> tuple[Span, ...]:
    """Find every numeric expression of a text, in order and without overlap."""
    narrow, origin = squeeze_text(text)
    spans = ((origin(e.start), origin(e.end - 1) + 1) for e in scan_expressions(narrow))
    return tuple(Span(start=start, end=end, text=text[start:end]) for start, end in spans)


def scan_expressions(narrow: str) -> Iterator[Expression]:
    """Read every numeric expression of a text in normal form (`squeeze_text`), in order."""
    words = list_lexicon("numeral.txt").find(narrow)
    place = position = 0
    while match := _CORE.search(narrow, position):
        position = match.end()
        if match["chinese"] is not None:
            while place < len(words) and words[place][1] <= match.start():
                place += 1
            if place < len(words) and words[place][0] <= match.start():
                # A word of the list hides what it covers; a numeral that juts out begins behind it.
                position = max(match.start() + 1, min(words[place][1], match.end()))
                continue
            found = _read_chinese_expression(narrow, match.start(), match.end())
        elif match["half"] is not None:
            found = _finish_half(narrow, match.start(), match.end())
        elif match["date"] is not None:
            found = _make(narrow, match.start(), match.end(), "date")
        elif _is_list_number(narrow, match.start()):
            continue
        else:
            found = _read_arabic_expression(narrow, match.start())
        if found is not None:
            position = max(position, found.end)
            yield found


def _make(text: str, start: int, end: int, style: str) -> Expression:
    return Expression(start=start, end=end, text=text[start:end], style=style)


def _is_list_number(text: str, start: int) -> bool:
    opening = start - 1 if start and text[start - 1] in "(（" else start
    if opening and text[opening - 1] not in _ITEM_BEFORE:
        return False
    match = _LIST_ITEM.match(text, opening)
    if match is None:
        return False
    closed = text[match.end() - 1] in ")）"
    return closed or opening == start


def _read_number(text: str, end: int, value: Decimal) -> _Number:
    """Read what follows the digits that end at `end`: magnitudes, 多 or 余, the unit."""
    number = _Number(end=end, value=value, magnitude=Decimal(1), vague="", unit=None)
    for _ in range(5):
        character = text[number.end : number.end + 1]
        if not character:
            break
        unit = match_unit(text, number.end)
        if unit is not None and (character not in MAGNITUDES or len(unit.written) > 1):
            number.unit = unit
            break
        if character in MAGNITUDES:
            number.magnitude *= MAGNITUDES[character]
        elif character in _VAGUE and not number.vague:
            following = text[number.end + 1 : number.end + 2]
            if following not in MAGNITUDES and match_unit(text, number.end + 1) is None and character != "余":
                break
            number.vague = character
        else:
            break
        number.end += 1
    _read_measure_of_money(text, number)
    _read_odd_unit(text, number)
    if number.unit is not None:
        number.end += len(number.unit.written)
    number.value = value * number.magnitude
    return number


def _read_odd_unit(text: str, number: _Number) -> None:
    """Read `500万 USD` as money, and leave 大 in `100亿大关` alone."""
    if number.unit is None and text.startswith(" ", number.end):
        unit = match_unit(text, number.end + 1)
        if unit is not None and is_currency_sign(unit):
            number.unit, number.end = unit, number.end + 1
        return
    if number.unit is not None and number.unit.written == "大" and number.value * number.magnitude >= _MYRIAD:
        number.unit = None


def _read_measure_of_money(text: str, number: _Number) -> None:
    """Read 10个亿 as ten times 亿, but leave 10个亿元以上项目 a count."""
    if number.unit is None or number.unit.written != "个":
        return
    match = _MONEY.match(text, number.end + 1)
    if match:
        number.magnitude *= read_magnitude(match.group())
        number.unit = None
        number.end = match.end()


def _read_arabic_expression(text: str, start: int) -> Expression:
    """Read an Arabic number with everything joined to it."""
    match = _ARABIC.match(text, start)
    assert match is not None
    if match.end() - start > _LONGEST_DIGITS:
        return _make(text, start, match.end(), "code")
    first = last = _read_sum(text, match)
    joins: list[str] = []
    minus = _is_minus(text, start, first)
    values = [-first.value if minus else first.value]
    while (joint := _JOIN.match(text, last.end)) and (match := _ARABIC.match(text, joint.end())):
        if match.end() - match.start() > _LONGEST_DIGITS:
            return _make(text, start, match.end(), "code")
        joins.append("到" if joint.group()[-1:] in "至到" else joint.group()[0])
        last = _read_sum(text, match)
        below = joint.group()[0] not in "-—" and joint.group().endswith("-")
        values.append(-last.value if below else last.value)
    if not joins and (ratio := _TO_ONE.match(text, last.end)):
        last.unit = Unit(written=ratio.group(), name="∶1", factor=Decimal(1), kind="ratio")
        last.end = ratio.end()
    code = _read_code(text, start, last)
    if code is not None:
        return _make(text, *code, "code")
    if last.unit is not None and last.unit.kind in ("date", "other"):
        return _make(text, start, last.end, "date")
    if last.unit is not None and last.unit.kind == "time" and joins and all(j in _TIMES for j in joins):
        return _make(text, start, last.end, "code")  # 7×24小时 is a way to serve, no length of time
    low, high = _combine(joins, values, first, last)
    if minus and low is not None:
        start -= 1
    style = "fraction" if joins == ["/"] and low is not None else "arabic"
    return _finish(text, start, last, style, low, high, first.vague or last.vague)


def _read_sum(text: str, match: re.Match[str]) -> _Number:
    """Read a number with the lower places written behind it (`1亿2千万元`, `2万5千亩`)."""
    number = _read_number(text, match.end(), read_arabic(match.group()))
    last = number
    while "." not in match.group() and last.unit is None and last.magnitude > 1 and not last.vague:
        place = last.magnitude
        lower = _ARABIC.match(text, number.end)
        if lower is None or lower.end() - lower.start() > _LONGEST_DIGITS:
            break
        last = _read_number(text, lower.end(), read_arabic(lower.group()))
        if last.value >= place or _is_apart(last, place):
            break
        number.end, number.value = last.end, number.value + last.value
        number.unit, number.vague = last.unit, last.vague
    return number


def _is_apart(number: _Number, place: Decimal) -> bool:
    """Tell whether digits behind a magnitude begin something else (`390万65岁以上老人`, `20亿15个项目`)."""
    unit = number.unit
    if unit is None:
        return number.magnitude == 1
    bare = number.magnitude == 1
    return unit.kind in ("date", "other") or (bare and (unit.kind == "time" or number.value * 100 < place))


def _is_sized(number: _Number) -> bool:
    """Tell whether the unit measures and does not count (成 may begin a word: `E3000成功`)."""
    unit = number.unit
    return unit is not None and unit.kind in ("money", "size", "ratio") and unit.written != "成"


def _is_minus(text: str, start: int, number: _Number) -> bool:
    """Tell whether a stroke before a number is its sign and does not join or list something."""
    mark = start - 1
    if mark < 0 or text[mark] != "-" or (number.unit is not None and number.unit.kind == "time"):
        return False
    before = text[mark - 1 : mark]
    if not _is_sized(number) and (before not in _SIGNED or number.unit is not None):
        return False  # 歼-35系列, a list of items
    if (before.isascii() and before.isalnum()) or before in _UNSIGNED:
        return False
    return not any(
        (text[begin - 1].isdigit() or text[begin - 1] in CHINESE or text[begin - 1] == "/")
        and (unit := match_unit(text, begin)) is not None
        and begin + len(unit.written) == mark
        for begin in range(max(1, mark - _LONGEST_UNIT), mark)
    )


def _read_code(text: str, start: int, number: _Number) -> tuple[int, int] | None:
    """Widen digits that adjoin Latin letters to the whole code (`5G`, `PM2.5`), or nothing."""
    if _is_sized(number) or number.magnitude >= _MYRIAD or match_currency_before(text, start) is not None:
        return None  # GDP8.5万元, RMB500: the letters are words beside an amount
    begin, end = start, number.end
    while begin and start - begin < _LONGEST_CODE and _is_latin(text[begin - 1]):
        begin -= 1
    if number.unit is None:
        while end < len(text) and end - number.end < _LONGEST_CODE and _is_latin(text[end]):
            end += 1
    return (begin, end) if (begin, end) != (start, number.end) else None


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalpha()


def _combine(
    joins: list[str], values: list[Decimal], first: _Number, last: _Number
) -> tuple[Decimal | None, Decimal | None]:
    """Give the bounds of joined numbers: a range, a product, or no amount at all."""
    if not joins:
        return values[0], values[0]
    if len(joins) > _MOST_JOINS:
        return None, None
    if len(joins) == 1 and joins[0] in _RANGE:
        low, high = values
        if first.magnitude == 1 and first.unit is None:
            low *= last.magnitude
        return (low, high) if low < high else (None, None)
    if joins == ["/"] and last.unit is None and 0 < values[0] < values[1] <= _LARGEST_PART:
        share = (100 * values[0] / values[1]).quantize(Decimal("0.0001")).normalize()
        return share, share
    if all(join in _TIMES for join in joins):
        product = Decimal(1)
        for value in values:
            product *= value
        return product, product
    return None, None


def _finish(
    text: str, start: int, number: _Number, style: str, low: Decimal | None, high: Decimal | None, vague: str
) -> Expression:
    end = number.end
    sized = number.magnitude != 1 or style == "magnitude"
    classed = (
        text[end : end + 1] == "级"
        and sized
        and (number.unit is None or number.unit.kind in ("money", "size"))
    )
    if classed:
        end += 1
    return Expression(
        start=start,
        end=end,
        text=text[start:end],
        style=style,
        low=low,
        high=high,
        unit=number.unit,
        magnitude=number.magnitude,
        vague=vague,
        classed=classed,
    )


def _read_chinese_expression(text: str, start: int, end: int) -> Expression | None:
    """Read a Chinese numeral where it counts or measures, else give nothing."""
    if end - start > _LONGEST_NUMERAL or text[max(0, start - 1) : start] in ("第", "初", "农历"):
        return None
    if text.startswith("分之", end):
        return _read_fraction(text, start, end)
    numeral = text[start:end]
    if numeral == "一" and text.startswith("半", end) and text[start - 1 : start] not in ("另",):
        return _make_share(text, start, end + 1, Decimal(50))
    core = numeral.lstrip("数几")
    value, spread = _read_value(core)
    if value is None:
        return None
    number = _read_number(text, end, value)
    if number.unit is not None and number.unit.written == "成" and _HALVES.match(text, number.end):
        value, number.end = value + DIGITS[text[number.end]] / Decimal(10), number.end + 1
        spread = None
    # The magnitudes of a Chinese numeral are in the numeral itself, those behind 多 or 余 are not.
    pure = all(character in _PURE for character in core)
    low = value * number.magnitude
    high = (spread or value) * number.magnitude
    vague = number.vague or numeral[: len(numeral) - len(core)]
    if number.unit is not None and number.unit.written == "番" and text[start - 1 : start] == "翻":
        start -= 1
    if pure or number.unit is None:
        number.magnitude *= value
    style = "magnitude" if pure else "chinese"
    found = _finish(text, start, number, style, low, high, vague)
    if found.classed and pure:
        return found
    return found if _does_count(text, found, core, pure) else None


def _read_value(core: str) -> tuple[Decimal | None, Decimal | None]:
    """Read a numeral's value; 三五 and 两三 are a spread of two neighbouring digits."""
    if len(core) >= 2 and core[0] in DIGITS and core[1] in DIGITS:
        first, second = DIGITS[core[0]], DIGITS[core[1]]
        if not 0 < first < second or not all(character in MAGNITUDES for character in core[2:]):
            return None, None
        return first * read_magnitude(core[2:]), second * read_magnitude(core[2:])
    return read_chinese(core), None


def _does_count(text: str, found: Expression, core: str, pure: bool) -> bool:
    """Tell whether a Chinese numeral with what follows it counts or measures something."""
    unit = found.unit
    if unit is None and found.low is not None and found.low >= _MYRIAD:
        return bool(_MARK.match(text, found.end))
    if unit is None or unit.kind not in _COUNTING:
        return False
    before = text[found.start - 1 : found.start]
    if unit.written == "年" and (len(core) >= 3 or (before and before in "前后")):
        return False
    if unit.written == "次" and (before == "届" or text.startswith(("全会", "全体会议"), found.end)):
        return False
    if unit.written == "大":
        return found.low is not None and 1 < found.low < 100
    if unit.written in ("成", "周") and core == "一":
        return False
    if not pure:
        return True
    if unit.kind in ("money", "size", "ratio"):
        return not _is_heading_unit(text, found)
    return len(core) > 1 or bool(found.vague) or before in tuple("上近超过逾数几约破达")


def _is_heading_unit(text: str, found: Expression) -> bool:
    """Tell whether 万元 only names the unit of a table (`单位:万元`, `产值(万元)`)."""
    before, after = text[max(0, found.start - 3) : found.start], text[found.end : found.end + 1]
    return before.startswith("单位") or (before.endswith(("(", "（")) and after in (")", "）"))


def _read_fraction(text: str, start: int, end: int) -> Expression | None:
    match = _CHINESE.match(text, end + 2) or _ARABIC.match(text, end + 2)
    below = read_chinese(text[start:end])
    if match is None or match.end() - match.start() > _LONGEST_DIGITS or not below:
        return None
    digits = match.group()
    above = read_arabic(digits) if digits[0].isascii() else read_chinese(digits)
    if above is None:
        return None
    share = (above * 100 / below).quantize(Decimal("0.0001")).normalize()
    return _make_share(text, start, match.end(), share)


def _finish_half(text: str, start: int, end: int) -> Expression:
    """Read 半个百分点."""
    number = _read_number(text, end, Decimal("0.5"))
    return _finish(text, start, number, "chinese", number.value, number.value, "")


def _make_share(text: str, start: int, end: int, share: Decimal) -> Expression:
    return Expression(start=start, end=end, text=text[start:end], style="fraction", low=share, high=share)
