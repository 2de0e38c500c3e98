"""When a text speaks of, and which year it speaks from."""

import pytest

from kg.mention.period import find_periods, suggest_anchor_year
from kg.model import Record
from kg.source.document import make_document


def values(text: str, *, issued: str = "2024-03-11", anchors: str = "") -> list[tuple[str, str]]:
    document = make_document(Record(id="t", issued=issued, anchors=anchors), text)
    return [(period.text, period.value) for period in find_periods(document)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2023年", "2023"),
        ("２０２３年", "2023"),
        ("2021-2025年", "2021-2025"),
        ("2011年至2015年", "2011-2015"),
        ("2024年3月", "2024-03"),
        ("2024年3月11日", "2024-03-11"),
        ("2023年上半年", "2023H1"),
        ("2023年第三季度", "2023Q3"),
        ("2023年1-6月", "2023H1"),
        ("今年", "2024"),
        ("明年", "2025"),
        ("去年", "2023"),
        ("今年上半年", "2024H1"),
        ("一季度", "2024Q1"),
        ("近五年", "2019-2023"),
        ("未来三年", "2024-2026"),
        ("“十四五”末", "2025"),
        ("“十四五”时期", "2021-2025"),
    ],
)
def test_a_time_is_resolved_from_the_date_of_issue(text: str, value: str) -> None:
    assert [found[1] for found in values(f"到{text},完成投资")][:1] == [value]


def test_what_cannot_be_placed_has_an_empty_value() -> None:
    assert values("三年期间翻一番") == [("三年期间", "")]
    assert values("今年开工,明年投产", issued="") == [("今年", ""), ("明年", "")]


def test_passages_set_by_a_person_say_what_this_year_means() -> None:
    text = "今年完成。今年开工。"
    assert values(text, anchors="0-5=2022;5-10=2023") == [("今年", "2022"), ("今年", "2023")]


def test_a_month_without_a_year_is_of_the_year_named_last() -> None:
    assert values("2011年报告显示,截至6月30日负债下降", issued="")[1] == ("6月30日", "2011-06-30")


@pytest.mark.parametrize(
    ("title", "issued", "text", "year"),
    [
        ("2023年工作要点", "2024-01-05", "正文。", 2023),
        ("", "2024-03", "正文。", 2024),
        ("", "", "工作报告\n——2019年2月1日在某区人民代表大会上\n正文。", 2019),
        ("", "", "正文没有日期。", None),
    ],
)
def test_the_year_a_text_speaks_from_is_in_its_title_or_its_date(
    title: str, issued: str, text: str, year: int | None
) -> None:
    assert suggest_anchor_year(make_document(Record(id="t", title=title, issued=issued), text)) == year


@pytest.mark.parametrize(
    "text",
    [
        "比重下降百分之十五，其中",
        "居全市第十五，",
        "共二十五。",
        "排名十五。",
        "以上十五，",
        "十五的企业",
        "之十五，",
    ],
)
def test_fifteen_is_no_plan(text: str) -> None:
    assert values(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("“十五”，我们起步", ("“十五”", "2001-2005")),
        ("“十五”期间", ("“十五”", "2001-2005")),
        ("十五末", ("十五末", "2005")),
        ("十五时期", ("十五", "2001-2005")),
        ("十四五，再出发", ("十四五", "2021-2025")),
        ("十五五规划", ("十五五", "2026-2030")),
    ],
)
def test_a_plan_is_known_by_its_quotes_or_by_what_follows(text: str, found: tuple[str, str]) -> None:
    assert values(text) == [found]
