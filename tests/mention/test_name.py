"""Names: what is found, where, and that nothing makes it fail or slow."""

import itertools
import time

import pytest

from kg.errors import ModelUnreadableError
from kg.mention.lexicon import read_list
from kg.mention.name import find_mentions
from kg.mention.tagger import Tagger
from kg.mention.training import train_tagger
from kg.mention.view import view_text
from kg.mention.word import cut_words
from kg.model import Document, Mention, Record
from kg.source import make_document


def _find(text: str, **options: object) -> list[tuple[str, str]]:
    document = make_document(Record(id="t"), text)
    found = find_mentions(document, **options)  # type: ignore[arg-type]
    assert all(text[m.start : m.end] == m.text for m in found)
    assert all(first.end <= second.start for first, second in itertools.pairwise(found))
    assert all(0.0 <= m.confidence <= 1.0 for m in found)
    return [(m.text, m.type) for m in found]


def test_items_of_a_list_are_found_one_by_one() -> None:
    found = _find("大力发展装备制造、生物医药、电子信息等产业，培育壮大低空经济。")
    assert [name for name, _ in found] == ["装备制造", "生物医药", "电子信息", "低空经济"]
    assert {kind for _, kind in found} == {"Industry"}


def test_every_other_occurrence_of_a_found_name_is_a_mention() -> None:
    text = "江陵重工集团有限公司落户我市。会上，江陵重工集团有限公司负责人作了发言。"
    assert [name for name, kind in _find(text) if kind == "Enterprise"] == ["江陵重工集团有限公司"] * 2


def test_the_longest_name_wins_where_names_nest() -> None:
    found = _find("新能源汽车产业发展迅速，我市大力发展新能源汽车产业。")
    assert set(found) == {("新能源汽车产业", "Industry")}


def test_words_for_kinds_name_nothing() -> None:
    assert _find("推动主导产业、传统产业和龙头企业发展，加强产业园区和重点项目建设。") == []


def test_a_line_broken_by_the_layout_does_not_break_a_name() -> None:
    text = (
        "今年我市坚持把发展实体经济作为主攻方向，大力发展高端装备制\n"
        "造业和生物医药产业，推动全市经济实现持续健康稳步较快的发展\n态势。"
    )
    view = view_text(text)
    assert "高端装备制造业" in view.text
    start, end = view.locate(*_span(view.text, "高端装备制造业"))
    assert text[start:end] == "高端装备制\n造业"


def _span(text: str, name: str) -> tuple[int, int]:
    start = text.index(name)
    return start, start + len(name)


def test_headings_and_table_cells_stay_lines_of_their_own() -> None:
    text = "主导产业\n生命健康产业\n新材料产业\n"
    assert view_text(text).text == text


@pytest.mark.parametrize("part", ["rules", "lists", "tagger"])
def test_each_part_works_by_itself(part: str) -> None:
    assert ("装备制造产业", "Industry") in _find("重点发展装备制造产业，推进项目建设。", parts=(part,))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "。，、；：！？" * 500,
        "The quick brown fox jumps over the lazy dog. " * 100,
        "臺灣積體電路製造股份有限公司與鴻海精密工業股份有限公司簽約。",
        "\U00020000\U0002a6d6\ue000\uf8ff" * 200,
        "\ud83d\ude00名字\udc00",
        "\n\n\t \u3000\r\n",
    ],
)
def test_no_text_makes_it_fail(text: str) -> None:
    _find(text)


@pytest.mark.parametrize(
    "unit",
    ["龙", "产业园", "、", "（", "“", "项目等", "1", "a", "建设推进", "海川公司、", "的产业园区"],
)
def test_time_grows_with_length_only(unit: str) -> None:
    def spent(length: int) -> float:
        document = make_document(Record(id="t"), unit * (length // len(unit)))
        before = time.process_time()
        find_mentions(document)
        return time.process_time() - before

    spent(2_000)
    assert spent(40_000) < 12 * max(spent(10_000), 0.05)


def test_a_thousand_firms_in_one_list_are_read_in_time() -> None:
    firms = "、".join(
        f"{a}{b}科技有限公司" for a in "东西南北中海江山" for b in read_list("industry.txt")[:125]
    )
    before = time.process_time()
    found = _find(f"入驻企业有{firms}等企业。")
    assert len(found) > 500
    assert time.process_time() - before < 20


def test_words_join_to_the_text_again() -> None:
    text = "２０２４年，Ａ公司 投资3.5亿元建设x\u3000项目。" + "龙" * 1_000
    assert "".join(cut_words(text)) == text


def _lesson(number: int) -> tuple[Document, tuple[Mention, ...]]:
    text = f"推进第{number}中学建设，发展纺织产业。引进东海{number}集团。"
    document = make_document(Record(id=f"d{number}"), text)
    names = ((f"第{number}中学", "Project"), ("纺织产业", "Industry"), (f"东海{number}集团", "Enterprise"))
    mentions = tuple(
        Mention(start=text.index(name), end=text.index(name) + len(name), text=name, type=kind)
        for name, kind in names
    )
    return document, mentions


def test_training_twice_gives_the_same_bytes_and_a_tagger_that_learnt() -> None:
    lessons = [_lesson(number) for number in range(8)]
    data, unseen = train_tagger(lessons)
    assert (data, unseen) == train_tagger(lessons)
    assert len(unseen) == len(lessons)
    document = make_document(Record(id="t"), "推进第9中学建设，发展纺织产业。")
    assert ("纺织产业", "Industry") in {(m.text, m.type) for m in find_mentions(document, Tagger(data))}


def test_a_file_that_is_no_model_gets_a_message() -> None:
    with pytest.raises(ModelUnreadableError):
        Tagger(b"no model")
