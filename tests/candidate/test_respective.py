"""Numbers told one by one of a list: each is about its own item."""

import time

import pytest

from kg.candidate.draft import draft_measures
from kg.candidate.indicator import find_indicators
from kg.candidate.measure import propose_measures
from kg.candidate.respective import find_shares
from kg.mention.period import find_periods
from kg.mention.quantity import find_quantities
from kg.model import Document, MeasureCandidate, Mention, Record
from kg.source.document import make_document


def propose(text: str, *names: str, kind: str = "Enterprise") -> list[MeasureCandidate]:
    document = make_document(Record(id="t"), text)
    mentions = [
        Mention(start=text.index(name), end=text.index(name) + len(name), text=name, type=kind)
        for name in names
    ]
    return list(propose_measures(document, find_quantities(document), find_periods(document), mentions))


def indicators(text: str) -> list[str]:
    document = make_document(Record(id="t"), text)
    periods = find_periods(document)
    drafts = draft_measures(document, find_quantities(document), periods)
    return [found.words for found in find_indicators(drafts, periods, find_shares(drafts))]


@pytest.mark.parametrize(
    "text",
    [
        "2023年，甲公司、乙公司分别完成投资3亿元和5亿元。",
        "2023年，甲公司和乙公司分别完成投资3亿元、5亿元。",
        "2023年,甲公司、乙公司去年产值分别为3亿元、5亿元。",
        "2023年，“甲公司”、“乙公司”产值分别达到3亿元和5亿元。",
    ],
)
def test_numbers_told_respectively_go_to_the_names_in_order(text: str) -> None:
    measures = propose(text, "甲公司", "乙公司")
    assert [(m.value.text, m.subject) for m in measures] == [("3亿元", "甲公司"), ("5亿元", "乙公司")]


def test_three_names_take_three_numbers() -> None:
    measures = propose("东园、西园和南园产值分别为1亿元、2亿元和3亿元。", "东园", "西园", "南园", kind="Park")
    assert [m.subject for m in measures] == ["东园", "西园", "南园"]
    assert {m.indicator for m in measures} == {"产值"}


def test_places_that_are_no_entities_stand_in_the_indicator() -> None:
    assert indicators("东山县、西河县分别完成投资3亿元和5亿元。") == ["东山县投资", "西河县投资"]


def test_lists_and_rows_of_different_length_are_left_alone() -> None:
    assert not shares("甲公司、乙公司、丙公司分别完成投资3亿元和5亿元。")
    assert not shares("甲公司、乙公司分别于东区和西区完成投资3亿元，同时招工5人。")
    assert not shares("甲公司、乙公司完成投资3亿元和5亿元。")


def shares(text: str) -> dict[int, object]:
    document = make_document(Record(id="t"), text)
    drafts = draft_measures(document, find_quantities(document), find_periods(document))
    return dict(find_shares(drafts))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("工业产值、农业产值同比分别增长6.5%、9.4%。", ["工业产值增长", "农业产值增长"]),
        ("工业产值、农业产值分别同比增长6.5%和9.4%。", ["工业产值增长", "农业产值增长"]),
        ("工业产值、农业产值分别比上年增长6.5%和9.4%。", ["工业产值增长", "农业产值增长"]),
        ("工业产值、农业产值分别增长6.5%、下降9.4%。", ["工业产值增长", "农业产值下降"]),
        ("煤炭、钢铁、水泥产量分别达到1万吨、2万吨、3万吨。", ["煤炭产量", "钢铁产量", "水泥产量"]),
        ("网络零售额、旅游收入分别增长6%、7%。", ["网络零售额增长", "旅游收入增长"]),
        ("东部、西部产值占全市比重分别为6%、7%。", ["东部比重", "西部产值占全市比重"]),
        (
            "成交量73亿手，成交额60亿元，同比分别增长14.8%和21.8%。",
            ["成交量", "成交额", "成交量增长", "成交额增长"],
        ),
    ],
)
def test_each_number_of_a_row_has_its_own_indicator(text: str, wanted: list[str]) -> None:
    assert indicators(text) == wanted


def test_no_part_of_a_comparing_word_is_left_in_an_indicator() -> None:
    for text in ("同比分别增长6.5%、9.4%。", "产值同比分别增长6.5%、9.4%。", "产值环比又增长6%。"):
        assert not any(word in found for found in indicators(text) for word in "同比环分别")


def test_the_numbers_of_a_row_share_kind_and_base() -> None:
    for text in (
        "2023年，工业产值、农业产值同比分别增长6.5%、9.4%。",
        "2023年，工业产值、农业产值同比分别增长6.5%、下降9.4%。",
        "2023年，出口同比增长6.5%、9.4%。",
    ):
        assert [(m.kind, m.base) for m in propose(text)] == [("change", "同比")] * 2


def test_points_of_growth_and_decline_are_proposed() -> None:
    found = propose("2023年，森林覆盖率提高1.5个百分点，失业率下降0.3个百分点。")
    assert [(m.indicator, m.unit, m.kind) for m in found] == [
        ("森林覆盖率提高", "个百分点", "change"),
        ("失业率下降", "个百分点", "change"),
    ]


def test_evidence_of_a_row_holds_item_and_number() -> None:
    text = "2023年，工业产值、农业产值同比分别增长6.5%、9.4%。"
    for measure, item in zip(propose(text), ("工业产值", "农业产值"), strict=True):
        evidence = measure.evidence
        assert text[evidence.start : evidence.end] == evidence.text
        assert item in evidence.text and measure.value.text in evidence.text


@pytest.mark.parametrize("piece", ["6.5%、", "分别增长6.5%、", "甲、乙分别增长6.5%和"])
def test_a_row_without_end_is_read_in_linear_time(piece: str) -> None:
    seconds = []
    for count in (500, 4_000):
        document: Document = make_document(Record(id="t"), "分别增长" + piece * count)
        drafts = draft_measures(document, find_quantities(document), find_periods(document))
        begin = time.process_time()
        find_shares(drafts)
        seconds.append(time.process_time() - begin)
    assert seconds[1] < max(0.2, 24 * seconds[0])
