"""Periods: the time expressions of a text, resolved to years, halves, quarters, months or days.

Values are `2024`, `2021-2025`, `2024H1`, `2024Q1`, `2024-06`, `2024-06-30`; empty where a
text names a time that cannot be placed (今年 in a document without a date, 三年期间).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from kg.mention.lexicon import read_table
from kg.mention.numeral import CHINESE, narrow_text, read_chinese
from kg.model import Document, Period

_PLANS = {"十": 2001, "十一": 2006, "十二": 2011, "十三": 2016, "十四": 2021, "十五": 2026, "十六": 2031}
_QUARTER = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_YEAR = r"(?:19|20)[0-9]{2}"
_HEAD = 600
_LONGEST_TITLE = 80
_NUMERAL = "一二两三四五六七八九十"


@cache
def _pattern() -> re.Pattern[str]:
    words = "|".join(sorted(read_table("period.tsv"), key=lambda word: (-len(word), word)))
    within = r"(?P<half>上半年|下半年|半年报|中报)|(?:第?(?P<quarter>[一二三四1-4])季[度报])"
    months = r"(?P<month>1[0-2]|0?[1-9])月(?:份|(?P<day>[12][0-9]|3[01]|0?[1-9])日)?"
    # 十五 alone is a number; it is a plan in quotes or before a word of planning.
    plan = (
        r"(?=十[一二三四五六]五|(?<=[“\"])十五[”\"]|十五[”\"]?(?:期[末间]|末|时期|以来|规划|计划|纲要|收官))"
    )
    span = r"(?:前|1[-—~至到])(?P<upto>1[0-2]|[1-9])个?月(?:份)?"
    return re.compile(
        rf"(?=[0-9{_NUMERAL}近过这前最未今接本年全当明来下后上去刚中第“\"])"
        rf"(?:(?P<iso>(?<![0-9]){_YEAR}-[01][0-9](?:-[0-3][0-9])?(?![0-9]))"
        rf"|(?P<from>(?<![0-9]){_YEAR})年?(?:[-—~至到]|——)(?P<to>{_YEAR})(?:年|(?![0-9]))"
        rf"|(?<![0-9])(?P<year>{_YEAR})年度?(?:{within}|{months}|{span})?"
        rf"|(?:[“\"]|(?<![{CHINESE}0-9第之])){plan}(?P<plan>十[一二三四五六]?)五[”\"]?(?=[”\"末期时以规收开头的来建目发中全经国第计纲，。是]|$)(?P<planned>[”\"]?(?:期末|末|收官))?"
        rf"|(?P<ago>近|过去的?|这|前|最近)(?P<span>[{_NUMERAL}])年(?!度|级|多|来的)"
        rf"|(?P<came>[{_NUMERAL}])年(?:来|间|累计|共)"
        rf"|(?P<coming>未来|今后|接下来)(?P<next>[{_NUMERAL}0-9]|10)年"
        rf"|(?P<word>{words})(?P<part>上半年|下半年|第?[一二三四]季度|(?:1[0-2]|[1-9])月(?:份|底)?)?"
        rf"|[{_NUMERAL}0-9]年(?:期间|内)"
        r"|(?P<bare>上半年|下半年|(?<![第个])(?:第)?[一二三四]季度)"
        rf"|(?<![0-9年.-])(?P<months>{span.replace('upto', 'upto2')})"
        rf"|(?<![0-9年.-]){months.replace('month>', 'month2>').replace('day>', 'day2>')})"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clock:
    """The years a document speaks from: set passages first, else one suggested year."""

    document: Document
    suggested: int | None

    def year(self, position: int) -> int | None:
        for anchor in self.document.anchors:
            if anchor.start <= position < anchor.end:
                return anchor.year
        return self.suggested


def suggest_anchor_year(document: Document) -> int | None:
    """Decide which year 今年 means: a year in the title, the date of issue, a date in the head.

    A report of one year names the next in its title and in its headings (2024年工作安排);
    that is the year it speaks from even if it was published later.
    """
    record = document.record
    head = narrow_text(document.text[:_HEAD])
    lines = [
        line for line in head.split("\n") if line.strip() and len(line) <= _LONGEST_TITLE and "。" not in line
    ]
    title = narrow_text(record.title) or "".join(lines[:1])
    named = [int(year) for year in re.findall(rf"(?<![0-9-])({_YEAR})年(?!以来|来)", title)]
    if named:
        return max(named)
    if re.match(_YEAR, record.issued):
        return int(record.issued[:4])
    for pattern in (
        rf"(?<![0-9])({_YEAR})年[0-9]{{1,2}}月[0-9]{{1,2}}日",
        rf"(?<![0-9])({_YEAR})-[0-9]{{2}}-[0-9]{{2}}",
    ):
        dates = re.findall(pattern, "\n".join(lines))
        if dates:
            return int(dates[0])
    ahead = [
        int(match[1])
        for section in document.sections
        if (
            match := re.search(
                rf"({_YEAR})年[^，。]*(?:安排|任务|目标|要求|部署|重点)", narrow_text(section.heading.text)
            )
        )
    ]
    return max(ahead, default=None)


def find_periods(document: Document) -> tuple[Period, ...]:
    """Find every time expression of a document, in order, resolved as far as the text allows."""
    text = narrow_text(document.text)
    clock = _Clock(document=document, suggested=suggest_anchor_year(document))
    return tuple(
        Period(start=m.start(), end=m.end(), text=document.text[m.start() : m.end()], value=value)
        for m, value in _resolve(text, clock)
    )


def _resolve(text: str, clock: _Clock) -> Iterator[tuple[re.Match[str], str]]:
    # A half, quarter or month without a year is of the year named last, if nothing else is known.
    recent: int | None = None
    for match in _pattern().finditer(text):
        year = clock.year(match.start())
        if year is None and (match["bare"] or match["upto2"] or match["month2"]):
            year = recent
        value = _resolve_named(match) or _resolve_relative(match, year)
        if match["year"] or match["iso"]:
            recent = int(value[:4])
        yield match, value


def _resolve_named(match: re.Match[str]) -> str:
    """Resolve what names its year or plan itself."""
    if match["iso"]:
        return match["iso"]
    if match["from"]:
        return f"{match['from']}-{match['to']}" if match["from"] < match["to"] else ""
    if match["year"]:
        return _place_in_year(
            int(match["year"]), match["half"], match["quarter"], match["month"], match["day"], match["upto"]
        )
    if match["plan"]:
        start = _PLANS[match["plan"]]
        return str(start + 4) if match["planned"] else f"{start}-{start + 4}"
    return ""


def _place_in_year(
    year: int,
    half: str | None = None,
    quarter: str | None = None,
    month: str | None = None,
    day: str | None = None,
    upto: str | None = None,
) -> str:
    if half:
        return f"{year}H{2 if half.startswith('下') else 1}"
    if quarter:
        return f"{year}Q{_QUARTER[quarter]}"
    if month:
        return f"{year}-{int(month):02}" + (f"-{int(day):02}" if day else "")
    if upto:
        return {"6": f"{year}H1", "12": f"{year}", "3": f"{year}Q1"}.get(upto, f"{year}")
    return str(year)


def _resolve_relative(match: re.Match[str], year: int | None) -> str:
    """Resolve what is told from the year the text speaks from; empty where that is unknown."""
    if year is None:
        return ""
    if match["word"]:
        offset, kind = read_table("period.tsv")[match["word"]]
        if kind == "context":
            return ""
        return _resolve_part(year + int(offset), match["part"] or "")
    if match["ago"] or match["came"]:
        count = read_chinese(match["span"] or match["came"])
        return f"{year - int(count)}-{year - 1}" if count and count > 1 else str(year - 1)
    if match["coming"]:
        count = Decimal(match["next"]) if match["next"].isdigit() else read_chinese(match["next"])
        return f"{year}-{year + int(count) - 1}" if count and count > 1 else ""
    if match["bare"]:
        return _resolve_part(year, match["bare"])
    if match["upto2"]:
        return _place_in_year(year, upto=match["upto2"])
    if match["month2"]:
        return _place_in_year(year, month=match["month2"], day=match["day2"])
    return ""


def _resolve_part(year: int, part: str) -> str:
    if part.endswith("半年"):
        return _place_in_year(year, half=part)
    if part.endswith("季度"):
        return _place_in_year(year, quarter=part.removeprefix("第")[0])
    if "月" in part:
        return _place_in_year(year, month=part.split("月")[0])
    return str(year)
