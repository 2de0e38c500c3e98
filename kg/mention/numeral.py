"""Numerals: Arabic, full-width and Chinese digits as exact decimals."""

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache

# Full-width digits, letters and marks as half-width ones, one for one, so that offsets hold.
_HALF = {0xFF10 + place: 0x30 + place for place in range(10)}
_HALF |= {0xFF21 + place: 0x41 + place for place in range(26)}
_HALF |= {0xFF41 + place: 0x61 + place for place in range(26)}
_HALF |= dict(zip(map(ord, "％℅﹪．－＋～〜–／"), map(ord, "%%%.-+~~-/"), strict=True))
# Traditional characters of numbers, units and the words around them as simplified ones.
_TRADITIONAL = "億萬兩餘過約達畝噸個戶條輛臺棟層頃幣圓鎊歐貳參間張項隻實現計劃產業資總額稅標長擴減滿聯單價漲來歷"
_SIMPLIFIED = "亿万两余过约达亩吨个户条辆台栋层顷币元镑欧贰叁间张项只实现计划产业资总额税标长扩减满联单价涨来历"
_HALF |= {ord(old): ord(new) for old, new in zip(_TRADITIONAL, _SIMPLIFIED, strict=True)}
_WIDE = re.compile("[" + "".join(map(chr, _HALF)) + "]")

DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")}
DIGITS |= {"〇": 0, "○": 0, "两": 2, "壹": 1, "贰": 2, "叁": 3, "伍": 5}
_SMALL = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
MAGNITUDES = {character: Decimal(value) for character, value in (_SMALL | _LARGE).items()}
CHINESE = "".join(DIGITS) + "".join(MAGNITUDES)


# Blanks that layout put between a number and its words, and a line broken before a unit.
_BLANK = re.compile(
    r"(?<=[\u4e00-\u9fff])[ \t\u3000\xa0](?=[0-9\u4e00-\u9fff])|(?<=[0-9])[ \t\u3000\xa0](?=[\u4e00-\u9fff%])"
    r"|(?<=[0-9])[ ](?=\.[0-9])|(?<=[0-9])\n(?=[百千万亿元%亩家个户人吨公平])"
)


def squeeze_text(text: str) -> tuple[str, Callable[[int], int]]:
    """Give a text in the normal form that numbers are read in, and the way back to its offsets.

    Full-width digits are half-width; blanks around numbers and inside Chinese words are gone.
    """
    narrow = narrow_text(text)
    blanks = [match.start() for match in _BLANK.finditer(narrow)]
    if not blanks:
        return narrow, lambda offset: offset
    pieces: list[str] = []
    origins: list[int] = []
    for start, end in zip([0, *(blank + 1 for blank in blanks)], [*blanks, len(narrow)], strict=True):
        pieces.append(narrow[start:end])
        origins.extend(range(start, end))
    return "".join(pieces), origins.__getitem__


@lru_cache(maxsize=4)
def narrow_text(text: str) -> str:
    """Write full-width digits, letters and number marks as half-width ones, and number words simplified.

    The length stays.
    """
    return text.translate(_HALF) if _WIDE.search(text) else text


def read_magnitude(text: str) -> Decimal:
    """Multiply magnitudes: `万亿` is 10^12, `百` 100, nothing 1."""
    value = Decimal(1)
    for character in text:
        value *= MAGNITUDES[character]
    return value


def read_arabic(text: str) -> Decimal:
    """Read digits with thousands separators and a decimal point."""
    return Decimal(text.replace(",", "").replace("，", ""))


def read_chinese(text: str) -> Decimal | None:
    """Read a Chinese numeral (`二十三`, `两千零五`, `一点五`, `二〇二四`, `百亿`), or nothing."""
    whole, point, fraction = text.partition("点")
    if point:
        value = read_chinese(whole)
        digits = [DIGITS.get(character) for character in fraction]
        if value is None or not digits or None in digits:
            return None
        return value + Decimal("0." + "".join(map(str, digits)))
    if len(whole) > 1 and all(character in DIGITS for character in whole):
        return Decimal("".join(str(DIGITS[character]) for character in whole))
    return _read_places(whole)


def _read_places(text: str) -> Decimal | None:
    """Add up `三千二百万`: digits times their place, in sections closed by 万 or 亿."""
    total, section, digit = Decimal(0), Decimal(0), Decimal(-1)
    place = 1
    for character in text:
        if character in DIGITS:
            if digit > 0:
                return None
            digit = Decimal(DIGITS[character])
        elif character in _SMALL:
            place = _SMALL[character]
            section += (1 if digit < 0 else digit) * place
            digit = Decimal(-1)
        elif character in _LARGE:
            section += max(digit, Decimal(0))
            if character == "亿" and total and not section:
                total *= _LARGE[character]
            else:
                total += (section or 1) * _LARGE[character]
            section, digit, place = Decimal(0), Decimal(-1), _LARGE[character]
        else:
            return None
    if digit > 0:
        # 三千五 and 一万二 name the next lower place, 二十五 and 二百零五 the ones.
        short = place >= 100 and len(text) > 1 and text[-2] in MAGNITUDES
        section += digit * (place // 10 if short else 1)
    return total + section
