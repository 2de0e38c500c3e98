"""The explorer as a person uses it, in Chromium without a network."""

import csv
import io
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from playwright.sync_api import Locator, expect
from pyoxigraph import Store

from kg.model import KnowledgeBase, Record
from kg.source.document import make_document
from kg.view.page import write_page
from tests.browser.conftest import Opener
from tests.browser.explorer import choose, copied, export, make_store, title
from tests.view.sample import FORMULA, HOSTILE, make_sample

pytestmark = pytest.mark.browser

_RECTANGLES = """(nodes) => nodes.filter((node) => node.checkVisibility()).map((node) => {
  const box = node.getBoundingClientRect();
  return [node.textContent, box.left, box.top, box.right, box.bottom];
})"""


def overlapping(nodes: Locator) -> list[tuple[str, str]]:
    boxes = nodes.evaluate_all(_RECTANGLES)
    return [
        (one[0], other[0])
        for place, one in enumerate(boxes)
        for other in boxes[place + 1 :]
        if min(one[3], other[3]) - max(one[1], other[1]) > 1
        and min(one[4], other[4]) - max(one[2], other[2]) > 1
    ]


# -- readable at first sight


def test_the_first_view_shows_a_band_for_each_chain_with_its_anchors_and_roles(open_page: Opener) -> None:
    page = open_page()
    band = page.locator(".band", has_text="精密仪器产业").first
    assert band.locator(".firms .node").all_inner_texts() == ["云帆\n龙头", "石桥\n龙头"]
    assert band.locator(".parks .name").all_inner_texts() == ["仪器产业园"]
    assert page.locator(".node.prospect .name").all_inner_texts() == ["快马物流", "飞雁物流"]


def test_a_line_is_drawn_only_where_a_statement_joins_the_two(open_page: Opener) -> None:
    page = open_page()
    lines = page.locator(".wire-hit title").all_text_contents()
    stated = {(s.predicate, s.subject, s.object) for s in make_sample().statements}
    assert len(lines) >= len([s for s in stated if s[0] == "anchors"])
    assert "青禾香料产业园 位于 香料产业园区" in lines
    assert [line for line in lines if "临江文化馆" in line] == []  # no statement joins it to anything


@pytest.mark.parametrize("width, height", [(1400, 900), (390, 844)])
def test_no_two_labels_overlap_at_the_default_view(open_page: Opener, width: int, height: int) -> None:
    page = open_page(width=width, height=height)
    page.wait_for_timeout(200)
    assert page.locator(".chains .node:visible").count() > 20
    assert overlapping(page.locator(".chains .node .name, .chains .role, .chains .remark")) == []
    assert overlapping(page.locator(".chains .node")) == []


def test_no_label_is_wider_than_the_page_on_a_telephone(open_page: Opener) -> None:
    page = open_page(width=390, height=844)
    for view in ("chain", "table", "text"):
        page.click(f"#view-{view}")
        assert page.evaluate("document.getElementById('main').scrollWidth") <= 390, view


def test_what_stands_in_no_chain_is_listed(open_page: Opener) -> None:
    page = open_page()
    shown = set(page.locator("main [data-entity] .name").all_text_contents())
    assert {entity.label for entity in make_sample().entities} <= shown


# -- hostile text


def test_a_hostile_name_stays_text_in_every_view(open_page: Opener) -> None:
    page = open_page()
    for view in ("chain", "network", "table", "text"):
        page.click(f"#view-{view}")
        assert page.locator("main img, main script").count() == 0
    choose(page, "img src")
    assert title(page) == HOSTILE
    page.click("#to-compare")
    assert page.evaluate("window.pwned") is None


def test_the_policy_lets_nothing_in(open_page: Opener) -> None:
    page = open_page()
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {text: 'window.pwned = 3'}))"
    )
    fetched = page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'yes', () => 'no')")
    assert (page.evaluate("window.pwned"), fetched) == (None, "no")
    assert all("Content Security Policy" in complaint for complaint in open_page.complaints)
    open_page.complaints.clear()
    open_page.requests.clear()


# -- find


@pytest.mark.parametrize(
    "words, found",
    [("gqsp", "甘泉食品"), ("ganquanshipin", "甘泉食品"), ("青禾农业", "青禾"), ("光电", "光电产业园")],
)
def test_a_name_is_found_by_initials_pinyin_alias_and_part(open_page: Opener, words: str, found: str) -> None:
    page = open_page()
    choose(page, words)
    assert title(page) == found


def test_a_name_the_filter_hides_is_shown_when_searched_for(open_page: Opener) -> None:
    page = open_page()
    page.click("[data-facet='type:Park']")
    choose(page, "光电")
    assert page.locator("main .chosen").first.is_visible()


# -- filter


def test_the_legend_counts_and_filters(open_page: Opener) -> None:
    page = open_page()
    row = page.locator("[data-facet='type:Enterprise']")
    assert row.locator(".count").inner_text() == "12"
    row.click()
    assert page.locator("main .node.enterprise").count() == 0
    page.click("#clear-filter")
    page.click("[data-facet='modality:target']")
    assert page.locator("main .node.prospect").count() == 0


def test_only_keeps_one_value_and_all_views_follow(open_page: Opener) -> None:
    page = open_page()
    page.locator("[data-only='relation:undertakes']").focus()
    page.keyboard.press("Enter")
    page.click("#view-table")
    assert page.locator("tbody .is-relation").all_inner_texts() == ["承担", "承担"]
    page.click("#view-chain")
    assert page.locator(".band").count() == 0


def test_a_gap_lists_what_is_missing(open_page: Opener) -> None:
    page = open_page()
    page.locator(".check.gap", has_text="无企业的园区").click()
    names = page.locator("main .node .name").all_inner_texts()
    assert sorted(names) == sorted(["香料产业园区", "光电产业园", "医药产业园"])
    assert page.get_by_text("链主：原文没有点名").is_visible()
    page.locator(".check.gap", has_text="未写明名称").click()
    assert "标志性产业链" in title(page)


def test_an_amount_filters(open_page: Opener) -> None:
    page = open_page("#view=table&tab=measure")
    page.select_option("[data-facet=amount]", "10000000")
    assert page.locator("tbody .is-value .value").all_inner_texts() == [
        "5400万元",
        "200亩",
        "不低于3000亩",
        "80亿元",
        "突破100亿元",
    ]
    page.select_option("[data-facet=amount]", "1000000000")
    assert page.locator("tbody .is-value .value").all_inner_texts() == [
        "不低于3000亩",
        "80亿元",
        "突破100亿元",
    ]


def test_rejected_and_unsure_rows_are_shown_apart_and_filter_by_verdict(open_page: Opener) -> None:
    page = open_page("#view=table&tab=verdict")
    assert page.locator("tbody tr").count() == 3
    page.click("[data-facet='verdict:reject']")
    assert page.locator("tbody .is-verdict").all_inner_texts() == ["存疑"]
    page.locator("tbody .is-claim button").click()
    assert "".join(page.locator(".picked.first").all_inner_texts()) == "甘泉食品(二期)由甘泉食品承担"
    page.click("[data-facet='verdict:accept']")
    page.click("#view-chain")
    assert page.locator(".band").count() == 0


# -- understand


def test_the_panel_shows_each_fact_with_its_sentence_and_the_quote_marked(open_page: Opener) -> None:
    page = open_page()
    choose(page, "石桥")
    cards = page.locator("#panel .card")
    assert cards.count() == 2
    assert cards.first.locator("mark").inner_text() == "以云帆、石桥为龙头的精密仪器产业"
    assert cards.first.locator(".sentence").inner_text().endswith("以青禾、蓝屿为龙头的香料产业。")
    assert "甲 · 2026-11-24" in cards.first.inner_text()
    assert page.locator("#panel").get_by_text("石桥数码").count() >= 1


def test_amounts_stand_in_a_small_table_with_comparator_and_modality_in_words(open_page: Opener) -> None:
    page = open_page()
    choose(page, "临江新区")
    rows = [re.sub(r"\s+", " ", row) for row in page.locator("#panel .measures tbody tr").all_inner_texts()]
    assert "收储土地 不低于3000亩 不低于 目标 2024" in rows
    assert "合同引资额 突破100亿元 超过 力争 2024" in rows


def test_a_sentence_opens_in_the_document_with_its_words_marked(open_page: Opener) -> None:
    page = open_page()
    choose(page, "汽车城")
    page.click(".open-text >> nth=0")
    picked = page.locator(".picked.first")
    assert "".join(picked.all_inner_texts()) == "🚗汽车城位于临江新区"
    assert page.locator(".picked.first").first.is_visible()


def test_a_path_joins_two_names_with_its_sentences(open_page: Opener) -> None:
    page = open_page()
    page.keyboard.press("p")
    page.keyboard.type("shiqiao")
    page.keyboard.press("Enter")
    page.keyboard.type("yqcyy")
    page.keyboard.press("Enter")
    assert page.locator(".route").inner_text().startswith("2 步：石桥 — 精密仪器产业 — 仪器产业园")
    assert page.locator("#panel .card").count() == 2
    assert "3 个节点" in page.locator("#network-count").inner_text()


def test_two_names_stand_side_by_side(open_page: Opener) -> None:
    page = open_page()
    page.keyboard.press("c")
    for box, words in (("left", "石桥"), ("right", "云帆")):
        page.fill(f"#compare-{box}", words)
        page.keyboard.press("Enter")
    table = page.locator(".compare")
    assert table.locator("thead th").all_inner_texts() == ["石桥", "云帆"]
    leader = table.locator("tr", has=page.locator("th", has_text="龙头"))
    assert leader.locator(".tag").count() == 2  # both lead the same chain
    page.keyboard.press("Escape")
    assert not page.locator("#compare-dialog").is_visible()


def test_the_network_holds_the_chosen_name_and_fades_the_rest(open_page: Opener) -> None:
    page = open_page("#view=network")
    before = page.locator("#network-count").inner_text()
    choose(page, "医药产业园")
    page.click("#net-expand")
    assert page.locator("#network-count").inner_text() != before


def test_no_two_labels_of_the_network_overlap_however_it_is_grown(open_page: Opener) -> None:
    page = open_page("#view=network")
    assert boxes_overlapping(export(page, "svg")) == []
    for name in ("医药产业园", "数字经济", "临江新区"):
        choose(page, name)
        page.click("#net-expand")
    assert boxes_overlapping(export(page, "svg")) == []
    page.select_option("#net-part", label="临江新区在线访谈")
    assert boxes_overlapping(export(page, "svg")) == []


def boxes_overlapping(drawing: bytes, least: int = 10) -> list[tuple[tuple[float, ...], tuple[float, ...]]]:
    root = ElementTree.fromstring(drawing)
    rectangles = root.findall("{http://www.w3.org/2000/svg}rect")
    boxes = {tuple(float(r.get(name, 0)) for name in ("x", "y", "width", "height")) for r in rectangles[1:]}
    assert len(boxes) > least
    return [
        (one, other)
        for one in boxes
        for other in boxes
        if one < other
        and abs(one[0] - other[0]) < (one[2] if one[0] < other[0] else other[2])
        and abs(one[1] - other[1]) < (one[3] if one[1] < other[1] else other[3])
    ]


def test_the_network_shows_the_part_of_a_document_or_a_chain(open_page: Opener) -> None:
    page = open_page("#view=network")
    page.select_option("#net-part", label="数字经济")
    assert title(page) == "数字经济"
    assert page.locator("#network-count").inner_text().startswith("3 个节点")
    page.select_option("#net-part", label="临江新区在线访谈")
    assert "part=linjiang-2024" in page.evaluate("location.hash")
    assert int(page.locator("#network-count").inner_text().split()[0]) > 20


# -- address


def test_an_address_reopens_the_exact_view(open_page: Opener) -> None:
    page = open_page()
    page.click("[data-facet='modality:target']")
    choose(page, "甘泉食品")
    page.click("#view-table")
    page.click("#tab-entity")
    address = page.evaluate("location.hash")
    other = open_page(address)
    assert title(other) == "甘泉食品"
    assert other.locator("#tab-entity").get_attribute("aria-selected") == "true"
    assert other.locator("[data-facet='modality:target']").get_attribute("aria-checked") == "false"
    assert other.locator("tbody").inner_text() == page.locator("tbody").inner_text()


def test_back_returns_to_what_was_chosen_before(open_page: Opener) -> None:
    page = open_page()
    choose(page, "石桥")
    choose(page, "青禾")
    page.go_back()
    assert title(page) == "石桥"


@pytest.mark.parametrize(
    "address", ["#at=none", "#view=<b>&gap=1&path=a~b", "#no-type=%E0%A4%A", "#doc=../../x&quote=1-2"]
)
def test_a_broken_address_opens_the_first_view(open_page: Opener, address: str) -> None:
    assert open_page(address).locator("main").inner_text() != ""


# -- take away


def test_the_csv_holds_the_rows_shown_and_no_formula(open_page: Opener) -> None:
    page = open_page("#view=table&tab=entity")
    data = export(page, "csv")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert data.startswith(b"\xef\xbb\xbf")
    assert len(rows) - 1 == len(make_sample().entities)
    assert f"'{FORMULA}" in [row[0] for row in rows]
    assert [cell for row in rows for cell in row if cell[:1] in tuple("=+-@")] == []


def test_the_workbook_holds_three_tables_and_no_formula(open_page: Opener) -> None:
    page = open_page()
    book = openpyxl.load_workbook(io.BytesIO(export(page, "xlsx")))
    assert book.sheetnames == ["关系", "数字", "实体", "未采纳"]
    assert book["关系"].max_row - 1 == len(make_sample().statements)
    assert FORMULA in [row[0].value for row in book["实体"].iter_rows()]
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {
        "s",
        "n",
        "inlineStr",
    }


@pytest.mark.parametrize("view", ["chain", "network"])
def test_a_picture_shows_every_name_of_the_view(open_page: Opener, view: str) -> None:
    page = open_page(f"#view={view}")
    page.wait_for_timeout(200)
    drawing = export(page, "svg").decode("utf-8")
    assert "精密仪器产业" in drawing and "<img" not in drawing and "foreignObject" not in drawing
    assert export(page, "png").startswith(b"\x89PNG")


FILTERS = (
    "",
    "no-modality=target,stretch",
    "no-type=Park",
    "no-type=Enterprise,Place&no-role=longtou",
    "no-relation=anchors,measure",
    "no-year=2024",
    "no-year=",
    "gap=parkNoFirm",
    "gap=notStated-s0010",
    "amount=10000000",
    "no-verdict=accept",
)


@pytest.mark.parametrize("tab", ["relation", "measure", "entity"])
def test_the_sparql_gives_the_same_rows(open_page: Opener, tab: str) -> None:
    page = open_page(f"#view=table&tab={tab}")
    differing = []
    for part in FILTERS:
        page.evaluate("(address) => { location.hash = address; }", f"view=table&tab={tab}&{part}")
        page.wait_for_function("(part) => location.hash.includes(part)", arg=part)
        page.wait_for_timeout(60)
        shown = int(page.locator(f"#tab-{tab} .count").inner_text())
        found = len(answer(copied(page, "sparql")))
        if shown != found:
            differing.append((part, shown, found))
    assert differing == []


def test_the_sparql_of_a_name_gives_its_facts(open_page: Opener) -> None:
    page = open_page("#at=project-qhxl-000000")
    cards = page.locator("#panel .card").count() + page.locator("#panel .measures tbody tr").count()
    assert len(answer(copied(page, "sparql"))) == cards == 5


@cache
def sample_store() -> Store:
    return make_store(make_sample())


def answer(query: str) -> list[object]:
    return list(sample_store().query(query))  # type: ignore[arg-type]


def test_a_copied_link_is_the_address(open_page: Opener) -> None:
    page = open_page("#at=enterprise-shiqiao-000000")
    assert copied(page, "link") == page.url


# -- other knowledge


@pytest.mark.parametrize("kind", ["nothing", "names without facts", "two documents"])
def test_other_knowledge_opens_in_every_view(open_page: Opener, tmp_path: Path, kind: str) -> None:
    kb = make_sample()
    if kind == "nothing":
        kb = KnowledgeBase(documents=(), entities=(), statements=(), measures=())
    elif kind == "names without facts":
        kb = replace(kb, statements=(), measures=(), pairs=())
    else:
        kb = replace(kb, documents=(*kb.documents, make_document(Record(id="other", title="另一篇"), "无。")))
    open_page.path = write_page(kb, tmp_path / "graph.html")
    page = open_page()
    for view in ("network", "table", "text", "chain"):
        page.click(f"#view-{view}")
    for key in ("p", "Escape", "c", "Escape", "e", "Escape"):
        page.keyboard.press(key)
    if kind == "two documents":
        page.click("#view-text")
        page.select_option("main select >> nth=0", label="另一篇")
        expect(page.locator("article")).to_have_text("无。")  # drawn a moment later


# -- for everyone


def test_everything_is_reached_by_keyboard_alone(open_page: Opener) -> None:
    page = open_page()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    first = title(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert title(page) != first
    for key, view in (("2", "network"), ("3", "table"), ("4", "text"), ("1", "chain")):
        page.keyboard.press(key)
        assert page.locator(f"#view-{view}").get_attribute("aria-selected") == "true"
    page.keyboard.press("Escape")
    assert page.locator("#panel-title").count() == 0
    page.keyboard.press("e")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.dataset.export") == "svg"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "export-button"


def test_arrows_walk_the_network(open_page: Opener) -> None:
    page = open_page("#view=network")
    page.focus(".canvas")
    page.keyboard.press("ArrowRight")
    first = title(page)
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    assert title(page) != first


def test_the_table_says_what_the_bands_say(open_page: Opener) -> None:
    page = open_page()
    bands = {
        (node.split("\n")[0], band.locator(".chain .name").inner_text())
        for band in page.locator(".band").all()
        for node in band.locator(".firms .node:has(.role)").all_inner_texts()
    }
    page.click("#view-table")
    rows = {
        (row.locator(".is-subject").inner_text().strip(), row.locator(".is-object").inner_text().strip())
        for row in page.locator("tbody tr", has=page.locator(".role")).all()
    }
    assert bands == rows


def test_the_page_has_landmarks_and_names_for_all_controls(open_page: Opener) -> None:
    page = open_page()
    for role in ("banner", "navigation", "main", "complementary", "contentinfo"):
        assert page.get_by_role(role).count() == 1, role
    unnamed = "(all) => all.filter((one) => !(one.ariaLabel || one.textContent).trim()).length"
    assert page.locator("button, select, input").evaluate_all(unnamed) == 0


_CONTRAST = (Path(__file__).parent / "contrast.js").read_text("utf-8")


@pytest.mark.parametrize("dark", [False, True])
def test_all_text_has_contrast_in_both_themes(open_page: Opener, dark: bool) -> None:
    page = open_page("#at=project-qhxl-000000", dark=dark)
    for view in ("chain", "table", "text"):
        page.click(f"#view-{view}")
        assert page.evaluate(_CONTRAST) == [], view


def test_theme_and_language_switch_by_hand(open_page: Opener) -> None:
    page = open_page()
    page.click("#theme-button")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(15, 23, 42)"
    page.click("#language-button")
    assert page.locator("#view-chain").inner_text() == "Chains"
    assert page.locator("html").get_attribute("lang") == "en"
    page.reload()
    assert page.locator("#view-chain").inner_text() == "Chains"
    page.click("#language-button")
    assert page.locator("#view-chain").inner_text() == "产业链图"


def test_on_a_telephone_filter_and_details_are_drawers(open_page: Opener) -> None:
    page = open_page(width=390, height=844)
    assert not page.locator("#legend").is_visible()
    page.click("#legend-button")
    assert page.locator("[data-facet='type:Industry']").is_visible()
    page.keyboard.press("Escape")
    page.locator("main [data-entity]").first.click()
    assert page.locator("#panel-title").is_visible()
    page.click("#panel-close")
    assert not page.locator("#panel").is_visible()


def test_print_shows_the_bands_alone(open_page: Opener) -> None:
    page = open_page()
    page.emulate_media(media="print")
    assert page.locator(".band").first.is_visible()
    assert not page.locator("#legend").is_visible()
    assert not page.locator("#search").is_visible()
    assert len(page.pdf()) > 10_000
