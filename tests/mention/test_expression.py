"""What counts as a number, and what does not."""

import time

import pytest

from kg.mention.expression import find_numbers
from kg.mention.quantity import find_quantities
from kg.model import Document, Record


def texts(text: str) -> list[str]:
    return [number.text for number in find_numbers(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("开展九大行动,建好五大工程", ["九大", "五大"]),
        ("占耕地的三分之一,产值翻一番", ["三分之一", "翻一番"]),
        ("新建两个车间、三条生产线", ["两个", "三条"]),
        ("打造百亿级集群,招引亿元以上项目", ["百亿级", "亿元"]),
        ("带动上万人就业,惠及三千多万元", ["万人", "三千多万元"]),
        ("提高半个百分点,减少二成五,一点五亿元", ["半个百分点", "二成五", "一点五亿元"]),
        ("十一届十次全会部署,新建十五个项目、十一家企业", ["十五个", "十一家"]),
        ("回收率达百分之三十点五,三成以上", ["百分之三十点五", "三成"]),
    ],
)
def test_a_chinese_numeral_that_counts_or_measures_is_a_number(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "取得一定成效,统一部署,争创一流",
        "“十四五”规划的第一年",
        "一是抓项目,二要强服务",
        "(一)工业。\n一、回顾",
        "引进一批企业,进一步提升",
        "三化三制改革",
        "二〇二四年三月",
        "单位:万元",
    ],
)
def test_a_chinese_numeral_that_counts_nothing_is_none(text: str) -> None:
    assert texts(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("完成1370多亿元", ["1370多亿元"]),
        ("投入３０００万元", ["３０００万元"]),
        ("形成20-30亿级产业", ["20-30亿级"]),
        ("招引10个亿元以上项目", ["10个", "亿元"]),
        ("建设2×66万千瓦机组", ["2×66万千瓦"]),
        ("日产6200t/d熟料、1,234.5吨", ["6200t/d", "1,234.5吨"]),
        ("2024年3月11日,2024-03-11,9:30", ["2024年3月11日", "2024-03-11", "9:30"]),
        ("5G基站、4S店、PM2.5、12345热线", ["5G", "4S", "PM2.5", "12345"]),
        ("“3+3”体系和“133”工程", ["3+3", "133"]),
        ("7×24小时服务、100万5G用户", ["7×24小时", "100万", "5G"]),
        ("气温-10℃至-5℃,同比-1.5%", ["-10℃至-5℃", "-1.5%"]),
    ],
)
def test_every_run_of_digits_is_a_number_with_what_belongs_to_it(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


def test_the_number_of_a_list_item_is_none() -> None:
    assert texts("1. 总投资5亿元\n(2)占地30亩\n3、用工20人") == ["5亿元", "30亩", "20人"]


def test_a_span_is_its_text() -> None:
    text = "新增３.５万亩、翻两番,约120吨/日;三五个月内完成"
    assert all(text[number.start : number.end] == number.text for number in find_numbers(text))


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "一",
        "1,",
        "万",
        "1-",
        "一分之",
        "第1",
        "1.",
        "a1",
        "十点",
        "1个",
        "(1",
        "1万",
        "-1",
        "1亿2千",
        "半个百分点",
        "USD1",
        "二成五",
        "一点五",
        "1家-",
        "100亿大关",
        "USD ",
    ],
)
def test_time_is_linear_in_hostile_text(piece: str) -> None:
    seconds = []
    for size in (8_000, 64_000):
        text = piece * (size // len(piece))
        begin = time.process_time()
        find_numbers(text)
        seconds.append(time.process_time() - begin)
    assert seconds[1] < max(0.2, seconds[0] * 24)


@pytest.mark.parametrize(
    "text", ["9" * 2_000_000, "一分之" + "9" * 2_000_000, "99999999×" * 150_000 + "9", "一" * 1_000_000]
)
def test_a_number_too_long_to_be_an_amount_is_no_error(text: str) -> None:
    find_numbers(text)
    assert find_quantities(Document(record=Record(id="t"), text=text)) == ()
