"""Headings and sentences of documents as offices write them."""

import time

import pytest

from kg.source.section import find_sections
from kg.source.sentence import find_sentences

REPORT = (
    "某省政府工作报告\n——2026年1月20日在某省人民代表大会上\n2025年工作回顾\n"
    "一年来,完成投资3亿元。\n(一)工业稳中有进\n大力提振消费。顺应新的形势,出台支持政策,全年社会消费品零售总额增长百分之五以上。\n"
    "——产业发展迈出新步伐。建成园区3个。\n二、2026年工作安排\n1. 抓项目。\n2. 抓招商。\n"
)


def test_numbered_and_plain_headings_have_their_levels_and_reach() -> None:
    sections = find_sections(REPORT)
    assert [(s.level, s.heading.text) for s in sections] == [
        (2, "2025年工作回顾"),
        (3, "(一)工业稳中有进"),
        (7, "大力提振消费"),
        (6, "——产业发展迈出新步伐"),
        (2, "二、2026年工作安排"),
        (4, "1. 抓项目"),
        (4, "2. 抓招商"),
    ]
    assert REPORT[sections[0].end :].startswith("二、")
    assert all(REPORT[s.heading.start : s.heading.end] == s.heading.text for s in sections)


def test_a_sentence_ends_at_a_stop_with_its_quotes_or_at_a_line_end() -> None:
    text = "他说:“要抓紧。”项目开工!\n标题\n总投资3.5亿元;占地20亩"
    assert [s.text for s in find_sentences(text)] == [
        "他说:“要抓紧。”",
        "项目开工!",
        "标题",
        "总投资3.5亿元;",
        "占地20亩",
    ]


def test_a_line_that_was_wrapped_ends_no_sentence() -> None:
    body = (
        "园区坚持把招商引资作为头等大事来抓,全年共引进项目三十个,总投资超过一百亿元,为全市的发展作出了贡献。"
        * 4
    )
    wrapped = "\n".join(body[start : start + 20] for start in range(0, len(body), 20))
    assert [s.text.replace("\n", "") for s in find_sentences(wrapped)] == [body[: len(body) // 4]] * 4


def test_lines_of_a_list_stay_apart() -> None:
    text = "\n".join(
        ["新材料产业园", "物流园", "智能制造基地二期", "生物医药产业园", "冷链中心", "水厂", "路网"]
    )
    assert len(find_sentences(text)) == 7


@pytest.mark.parametrize("piece", ["一", "(一", "1.", "。", "\n", "——", "目标", "“", "甲乙丙,"])
def test_time_is_linear_in_hostile_text(piece: str) -> None:
    seconds = []
    for size in (50_000, 400_000):
        text = piece * (size // len(piece))
        begin = time.process_time()
        find_sections(text)
        find_sentences(text)
        seconds.append(time.process_time() - begin)
    assert seconds[1] < max(0.3, seconds[0] * 24)
