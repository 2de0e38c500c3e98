"""What a number with its unit and its comparing words means."""

import pytest

from kg.mention.numeral import narrow_text
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


def amounts(text: str) -> list[tuple[float | None, float | None, str]]:
    return [
        (None if q.low is None else float(q.low), None if q.high is None else float(q.high), q.unit)
        for q in read(text)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("人均GDP8.5万元，GDP500亿元", [(85e3, 85e3, "CNY"), (5e10, 5e10, "CNY")]),
        ("GDP增速为GDP5.3%", [(5.3, 5.3, "%")]),
        ("出资RMB500万元", [(5e6, 5e6, "CNY")]),
        ("出资USD5000万", [(5e7, 5e7, "USD")]),
        ("出资USD 5000万", [(5e7, 5e7, "USD")]),
        ("出资US$500万元", [(5e6, 5e6, "USD")]),
        ("出资500万USD", [(5e6, 5e6, "USD")]),
        ("出资500万 USD", [(5e6, 5e6, "USD")]),
        ("出资超过EUR300", [(300, None, "EUR")]),
        ("PM2.5浓度、5G基站、A4纸、XUSD500", []),
    ],
)
def test_money_beside_latin_letters_is_money(text: str, expected: list[tuple[float, float, str]]) -> None:
    assert amounts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("投资一点五亿元", (1.5e8, 1.5e8, "CNY")),
        ("亩产一点二吨", (1.2, 1.2, "吨")),
        ("投资1亿2千万元", (1.2e8, 1.2e8, "CNY")),
        ("投资3亿5000万元", (3.5e8, 3.5e8, "CNY")),
        ("占地2万5千亩", (25000, 25000, "亩")),
        ("投资1-2亿5千万元", (1e8, 2.5e8, "CNY")),
        ("增长二成五，", (25, 25, "%")),
        ("三成一线城市", (30, 30, "%")),
        ("一百二十三亿四千五百六十七万元", (12345670000, 12345670000, "CNY")),
        ("提高半个百分点", (0.5, 0.5, "个百分点")),
        ("投资5万2024年建成", (5e4, 5e4, "CNY")),
        ("投资1000万元及以上至5000万元", (1e7, 5e7, "CNY")),
    ],
)
def test_a_number_in_several_parts_is_one_amount(text: str, expected: tuple[float, float, str]) -> None:
    assert amounts(text) == [expected]


@pytest.mark.parametrize("text", ["总投资20亿15个项目", "总投资5.16 亿15 个项目"])
def test_a_count_behind_an_amount_is_its_own_number(text: str) -> None:
    assert [q.text for q in read(text)][-1].replace(" ", "") == "15个"


def test_letters_before_a_word_of_tenths_stay_a_code() -> None:
    assert read("无人机E3000成功首飞") == ()


def test_an_age_behind_a_number_of_people_is_its_own_number() -> None:
    assert amounts("为390万65岁以上老年人体检")[-1] == (65, None, "岁")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("突破100亿大关", [(1e10, None, "CNY")]),
        ("产值突破百亿大关", [(1e10, None, "CNY")]),
        ("收入突破一百亿大关", [(1e10, None, "CNY")]),
        ("总人口突破100万大关", [(1e6, None, "人")]),
        ("产量突破100亿大关", []),
        ("九大工程", [(9, 9, "个")]),
        ("九大关键枢纽", [(9, 9, "个")]),
    ],
)
def test_a_mark_passed_is_money_unless_something_counted_is_named(
    text: str, expected: list[tuple[float, float | None, str]]
) -> None:
    assert amounts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("增速-3.2%", (-3.2, -3.2, "%")),
        ("同比-1.5%", (-1.5, -1.5, "%")),
        ("利润-500万元", (-5e6, -5e6, "CNY")),
        ("-5℃到30℃", (-5, 30, "℃")),
        ("-10℃至-5℃", (-10, -5, "℃")),
        ("3亿元-5亿元", (3e8, 5e8, "CNY")),
        ("A-5%", (5, 5, "%")),
        ("十亿-20亿元", (2e9, 2e9, "CNY")),
        ("\n-3个项目", (3, 3, "个")),
        ("歼-35系列", (35, 35, "系列")),
        ("-5-10℃", (-5, 10, "℃")),
        ("项目-2年", (2, 2, "年")),
    ],
)
def test_a_stroke_is_a_minus_unless_it_joins_or_lists(text: str, expected: tuple[float, float, str]) -> None:
    assert amounts(text) == [expected]


def test_a_stroke_behind_a_unit_is_no_minus() -> None:
    assert [q.low for q in read("租金20元/㎡/月-42元/㎡/月，5家以上-10家")] == [20, 42, 5, 10]


def test_a_fall_against_the_year_before_is_a_change() -> None:
    (found,) = read("同比-1.5%")
    assert (found.kind, found.base) == ("change", "同比")


@pytest.mark.parametrize("text", ["7×24小时服务", "5×8小时", "7*24 小时"])
def test_hours_of_service_are_no_measure(text: str) -> None:
    assert read(text) == ()


def test_traditional_characters_read_as_simplified_ones() -> None:
    kinds = [(float(q.low or 0), q.kind, q.base) for q in read("佔全市比重達30%，預計較上年減少5億元")]
    assert kinds == [(30, "share", "全市"), (5e8, "change", "上年")]
    assert len(narrow_text("預計佔比與發展")) == 7
    assert narrow_text("預計佔比與發展後較從") == "预计占比与发展后较从"
