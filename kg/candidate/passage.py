"""Passages: which years a stretch of a document is about, and whether it looks back or ahead.

A work report says so once, in a heading (2025年工作回顾) or at the beginning of a paragraph
(“十四五”时期…, 今年…的预期目标是), and then speaks of that time until the next such opening.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.mention.numeral import narrow_text
from kg.model import Document, Period, Section

_LOOKING_BACK = re.compile(r"回顾|过去|总结|成效|成就|取得|完成情况")
_LOOKING_AHEAD = re.compile(r"安排|任务|目标|打算|要求|部署|思路|今年|明年|展望|重点工作|计划")
_PARAGRAPH = re.compile(r"[^\n]+")
_NUMBERING = r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）]"
_OPENING = re.compile(rf"[\s　]*(?:[—\-–]{{1,4}}|{_NUMBERING}|各位代表[！，!,:：]?)*")
# A plan that only begins or whose name only stands in a phrase does not open a passage about it.
_MERE_NAME = re.compile(r"[”\"]?(?:开局|规划|的?开篇|起步|蓝图)")
_REPORT = re.compile(r"政府工作报告|工作报告|工作总结|工作要点|工作情况")
_REACH = 14
# A year that a number is measured from is not the year it holds for.
_BASE_BEFORE = re.compile(r"(?:[比较]|相比|是|同|与|自|从|优于|高于|低于)[“\"]?$")
_MARKED = 2
_ANNOUNCEMENT = 60
_HEAD = 300
_POLICY = re.compile(
    r"实施意见|若干(?:意见|政策|措施|规定)|(?:实施|管理|扶持|奖励)办法|实施细则|(?:扶持|奖励|支持)政策|条例"
)
_PROMISES = 5
# When something began is not when its numbers hold.
_FOUNDING = "成立|始建|创建|组建|创办|创立|设立|注册"
_FOUNDED_BEFORE = re.compile(rf"(?:{_FOUNDING}|建|落户|建成|上市|投产|开业|通车)于$|自$")
_FOUNDED_AFTER = re.compile(rf"[^，。；,;\n]{{0,8}}?(?:{_FOUNDING}|建厂|改制|转制|上市)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stretch with its period (empty if it has none) and its direction.

    `direction` is `back`, `ahead`, `rule` (a policy: what will be given to whom) or empty;
    `heading` the nearest heading of the upper levels.
    """

    start: int
    end: int
    period: str
    direction: str
    heading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passages:
    """The passages of a document in order, found by position."""

    passages: tuple[Passage, ...]
    starts: tuple[int, ...]

    def at(self, position: int) -> Passage:
        return self.passages[max(0, bisect_right(self.starts, position) - 1)]


def find_passages(document: Document, periods: Sequence[Period], year: int | None) -> Passages:
    """Divide a document by paragraphs into passages. `year` is what 今年 means, if known."""
    found = tuple(_walk(document, periods, year))
    if not found:
        found = (Passage(start=0, end=len(document.text), period="", direction="", heading=""),)
    return Passages(passages=found, starts=tuple(passage.start for passage in found))


def _walk(document: Document, periods: Sequence[Period], year: int | None) -> Iterator[Passage]:
    text = narrow_text(document.text)
    upper = [section for section in document.sections if section.level <= _MARKED]
    report = bool(_REPORT.search(re.sub(r"\s", "", text[:_HEAD])))
    structured = year is not None and (report or len(upper) >= _MARKED)
    policy = bool(_POLICY.search(text[:_HEAD])) and text.count("给予") >= _PROMISES
    structured = structured and not policy
    starts = [period.start for period in periods]
    heading: Section | None = None
    place = 0
    current = ""
    for paragraph in _PARAGRAPH.finditer(text):
        while place < len(upper) and upper[place].start < paragraph.end():
            heading = upper[place]
            current = _head_period(heading, periods, starts, year) if structured else ""
            place += 1
        opening = _open_period(text, paragraph.start(), paragraph.end(), periods, starts)
        announced = _announced_period(text, paragraph.start(), paragraph.end(), periods, starts)
        if announced and not upper:
            structured = not policy
        if (opening or announced) and not policy:
            current = announced or opening
        yield Passage(
            start=paragraph.start(),
            end=paragraph.end(),
            period=current,
            direction="rule"
            if policy
            else _direction(current, heading.heading.text if heading else "", year),
            heading=heading.heading.text if heading else "",
        )
        if not structured:
            current = ""


def _head_period(heading: Section, periods: Sequence[Period], starts: list[int], year: int | None) -> str:
    inside = _inside(periods, starts, heading.heading.start, heading.heading.end)
    named = [period.value for period in inside if period.value]
    if named:
        return named[-1]
    if year is None:
        return ""
    return str(year - 1) if _LOOKING_BACK.search(heading.heading.text) else str(year)


def _open_period(text: str, start: int, end: int, periods: Sequence[Period], starts: list[int]) -> str:
    opening = _OPENING.match(text, start, end)
    begin = opening.end() if opening else start
    for period in _inside(periods, starts, begin, min(end, begin + _REACH)):
        if not period.value or period.value.count("-") > 1 or not holds(text, period):
            continue
        if not ("五" in period.text and _MERE_NAME.match(text, period.end)):
            return period.value
    return ""


def _announced_period(text: str, start: int, end: int, periods: Sequence[Period], starts: list[int]) -> str:
    """The period of a paragraph that announces what follows (`今年要抓好九个方面的工作:`)."""
    if text[end - 1] not in ":：":
        return ""
    begin = max(start, end - _ANNOUNCEMENT)
    found = [p for p in _inside(periods, starts, begin, end) if p.value and holds(text, p)]
    return found[-1].value if found and _LOOKING_AHEAD.search(text, begin, end) else ""


def _inside(periods: Sequence[Period], starts: list[int], start: int, end: int) -> Sequence[Period]:
    return periods[bisect_right(starts, start - 1) : bisect_right(starts, end - 1)]


def holds(text: str, period: Period) -> bool:
    """Tell whether a period can be that of a number, not a base of comparison or a date of founding."""
    if is_base(text, period) or _FOUNDED_BEFORE.search(text, max(0, period.start - 6), period.start):
        return False
    return _FOUNDED_AFTER.match(text, period.end) is None


def is_base(text: str, period: Period) -> bool:
    """Tell whether a period is what something is compared with (`比2010年`, `是2010年的2.6倍`)."""
    if _BASE_BEFORE.search(text, max(0, period.start - 3), period.start) is None:
        return False
    before = text[period.start - 1]
    return before not in "从自是同与" or text.startswith(("的", "相比"), period.end)


def _direction(period: str, heading: str, year: int | None) -> str:
    if year is not None and re.match(r"\d{4}", period):
        last = int(period[-4:]) if re.fullmatch(r"\d{4}-\d{4}", period) else int(period[:4])
        return "back" if last < year else "ahead"
    if _LOOKING_BACK.search(heading):
        return "back"
    return "ahead" if _LOOKING_AHEAD.search(heading) else ""
