"""What a number with its unit and its comparing words means."""

import pytest

from kg.mention.quantity import find_quantities
from kg.model import Document, Quantity, Record


def read(text: str) -> tuple[Quantity, ...]:
    return find_quantities(Document(record=Record(id="t"), text=text))


def one(text: str) -> tuple[str, str, str, str, str]:
    (found,) = read(text)
    low, high = ("" if bound is None else f"{bound.normalize():f}" for bound in (found.low, found.high))
    return found.text, low, high, found.unit, found.comparator


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("总投资221.66亿元", ("221.66亿元", "22166000000", "22166000000", "CNY", "eq")),
        ("收储土地不低于3000亩", ("不低于3000亩", "3000", "", "亩", "ge")),
        ("再谋划60个左右", ("60个左右", "60", "60", "个", "approx")),
        ("总数超过了100个", ("超过了100个", "100", "", "个", "gt")),
        ("失业率控制在5.5%以内", ("5.5%以内", "", "5.5", "%", "le")),
        ("完成总投资1370多亿元", ("1370多亿元", "137000000000", "", "CNY", "gt")),
        ("形成20-30亿级产业", ("20-30亿级", "2000000000", "3000000000", "CNY", "range")),
        ("引进亿元以上项目", ("亿元以上", "100000000", "", "CNY", "ge")),
        ("带动上万人", ("上万人", "10000", "", "人", "ge")),
        ("出口2.5亿美元", ("2.5亿美元", "250000000", "250000000", "USD", "eq")),
        ("机组2×35万千瓦", ("2×35万千瓦", "700000", "700000", "千瓦", "eq")),
        ("占耕地的三分之一", ("三分之一", "33.3333", "33.3333", "%", "eq")),
        ("提高1.2个百分点", ("1.2个百分点", "1.2", "1.2", "个百分点", "eq")),
        ("争取1万亿特别国债", ("1万亿", "1000000000000", "1000000000000", "CNY", "eq")),
        ("总人口38万", ("38万", "380000", "380000", "人", "eq")),
        ("房价每平方米约5000元", ("约5000元", "5000", "5000", "CNY/平方米", "approx")),
        ("奖励20 万元", ("20 万元", "200000", "200000", "CNY", "eq")),
        ("總投資3.5億元", ("3.5億元", "350000000", "350000000", "CNY", "eq")),
        ("銷售收入超過三億元", ("超過三億元", "300000000", "", "CNY", "gt")),
        ("投入３０００万元", ("３０００万元", "30000000", "30000000", "CNY", "eq")),
    ],
)
def test_an_amount_is_read_in_its_base_unit_with_its_bounds(text: str, expected: tuple[str, ...]) -> None:
    assert one(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2024年3月11日",
        "2023年",
        "拨打12345热线",
        "5G基站",
        "4A级景区",
        "第23届",
        "国道318线",
        "“133”工程",
        "(2019)15号",
        "985高校",
    ],
)
def test_a_date_a_code_or_a_name_is_no_quantity(text: str) -> None:
    assert read(text) == ()


@pytest.mark.parametrize(
    ("text", "kind", "base"),
    [
        ("同比增长8.2%", "change", "同比"),
        ("较2020年下降了5.1%", "change", "2020年"),
        ("占生产总值比重达到40%以上", "share", "生产总值"),
        ("产值翻一番", "multiple", ""),
        ("增长1.5倍", "change", ""),
        ("是2010年的2.6倍", "multiple", "2010年"),
        ("建成百亿级园区", "class", ""),
        ("占地200亩", "level", ""),
    ],
)
def test_the_kind_says_what_the_number_does(text: str, kind: str, base: str) -> None:
    (found,) = read(text)
    assert (found.kind, found.base) == (kind, base)


def test_a_comparing_word_governs_its_whole_list() -> None:
    assert [q.comparator for q in read("普及率超过98%、85%")] == ["gt", "gt"]
    assert [q.comparator for q in read("处理率分别达到95%、85%、80%以上")] == ["ge", "ge", "ge"]
    assert [q.comparator for q in read("建厂房3栋、仓库80座以上")] == ["eq", "ge"]


def test_a_bare_number_takes_the_unit_of_its_list() -> None:
    assert [(q.low, q.unit) for q in read("分别完成37820、28104元")] == [(37820, "CNY"), (28104, "CNY")]


def test_counts_of_classes_are_counts_and_classes() -> None:
    assert [(q.low, q.unit, q.kind) for q in read("招引10个亿元以上项目")] == [
        (10, "个", "level"),
        (100000000, "CNY", "class"),
    ]
    assert one("投资10个亿")[1:4] == ("1000000000", "1000000000", "CNY")


def test_a_span_is_its_text() -> None:
    text = "奖 励20 万元,收入不少于３万 元;\n占比 15.5 %"
    assert [q.text for q in read(text)] == [text[q.start : q.end] for q in read(text)]
