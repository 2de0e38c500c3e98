"""Short unknown names are found where a set form of speech gives them away."""

import pytest

from kg.mention.led import find_led


def _names(text: str) -> list[str]:
    return [text[start:end] for start, end, _ in find_led(text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("以甲岭、乙溪为龙头的储能产业", ["甲岭", "乙溪"]),
        ("围绕丙川、恒岳等招引冷链企业", ["丙川", "恒岳"]),
        ("形成以央企丁岳、民企戊澜等为龙头的格局", ["丁岳", "戊澜"]),
    ],
)
def test_leaders_of_an_industry_are_firms(text: str, names: list[str]) -> None:
    assert _names(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "以科技创新为龙头",
        "以旅游为龙头的服务业",
        "围绕主导产业招引项目",
        "围绕产业链招商",
        "以重点项目为龙头",
        "以国家实验室为龙头",
    ],
)
def test_generic_words_are_no_firms(text: str) -> None:
    assert _names(text) == []
