"""The explorer's smaller promises: what fades, which way a path goes, each control by hand and by key."""

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page

from kg.model import KnowledgeBase
from kg.view.layout import shorten
from kg.view.page import write_page
from tests.browser.conftest import Opener
from tests.browser.explorer import choose, export, title
from tests.view.sample import HUB, make_sample, make_wide_sample

pytestmark = pytest.mark.browser

_SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def wide_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_page(make_wide_sample(), tmp_path_factory.mktemp("wide") / "graph.html")


@pytest.fixture
def open_wide(open_page: Opener, wide_path: Path) -> Opener:
    open_page.path = wide_path
    return open_page


# -- the rest fades


def opacities(page: Page) -> dict[str, float]:
    return dict(
        page.locator(".chains .node").evaluate_all(
            "(all) => all.map((n) =>"
            " [n.querySelector('.name').textContent, Number(getComputedStyle(n).opacity)])"
        )
    )


def test_in_the_bands_all_fades_but_the_choice_and_its_neighbours(open_page: Opener) -> None:
    page = open_page()
    assert set(opacities(page).values()) == {1}
    choose(page, "云帆")
    bright = {name for name, opacity in opacities(page).items() if opacity == 1}
    assert bright == {"云帆", "精密仪器产业", "制药产业", "仪器产业园"}
    assert {opacity for name, opacity in opacities(page).items() if name not in bright} == {0.38}
    page.keyboard.press("Escape")
    assert set(opacities(page).values()) == {1}


def test_lines_that_do_not_end_at_the_choice_fade(open_page: Opener) -> None:
    page = open_page("#at=enterprise-yunfan-000000")
    seen = dict(
        page.locator(".wire").evaluate_all(
            "(all) => all.map((w) => [w.nextSibling.textContent, getComputedStyle(w).opacity])"
        )
    )
    assert seen["云帆 位于 仪器产业园"] == "1"
    assert seen["青禾 承担 青禾香料产业园"] == "0.38"


def test_what_a_filter_hides_joins_nothing(open_page: Opener) -> None:
    page = open_page("#at=enterprise-yunfan-000000&no-relation=locatedIn")
    assert opacities(page)["仪器产业园"] == 0.38


def test_a_chosen_fact_keeps_its_two_ends_bright(open_page: Opener) -> None:
    page = open_page("#fact=s0019")
    assert {name for name, opacity in opacities(page).items() if opacity == 1} == {"云帆", "仪器产业园"}


def test_in_the_network_a_stranger_fades_and_a_neighbour_does_not(open_page: Opener) -> None:
    page = open_page("#view=network&at=enterprise-yunfan-000000")
    drawn = drawn_opacities(export(page, "svg"))
    assert (drawn["云帆"], drawn["精密仪器产业"], drawn["蓝屿"]) == (1, 1, 0.25)
    page.keyboard.press("Escape")
    assert set(drawn_opacities(export(page, "svg")).values()) == {1}


def drawn_opacities(drawing: bytes) -> dict[str, float]:
    parts = list(ElementTree.fromstring(drawing))
    return {
        str(part.text): float(before.get("opacity", 1))
        for before, part in pairwise(parts)
        if part.tag == f"{_SVG}text" and before.tag == f"{_SVG}rect"
    }


# -- paths


def route(page: Page, one: str, other: str) -> str:
    page.keyboard.press("p")
    for name in (one, other):
        page.keyboard.type(name)
        page.keyboard.press("Enter")
    return page.locator("#path-steps").inner_text().split("\n")[0]


def test_a_longer_path_of_few_links_goes_before_a_shorter_one_through_a_hub(open_wide: Opener) -> None:
    assert route(open_wide(), "恒达", "东岭") == "3 步：恒达 — 恒达一号 — 梅溪园 — 东岭"


def test_a_hub_is_taken_where_nothing_else_joins_the_two(open_wide: Opener) -> None:
    assert route(open_wide(), "恒达", "蓝屿") == f"2 步：恒达 — {HUB} — 蓝屿"


def test_a_path_keeps_to_what_passes_the_filter(open_wide: Opener) -> None:
    page = open_wide("#no-relation=undertakes")
    assert route(page, "恒达", "东岭") == f"2 步：恒达 — {HUB} — 东岭"
    page = open_wide("#no-relation=undertakes,supports")
    assert route(page, "恒达", "东岭") == "没有连通的路径"


def test_names_that_nothing_joins_have_no_path(open_wide: Opener) -> None:
    assert route(open_wide(), "临江文化馆", "恒达") == "没有连通的路径"


# -- the text by keyboard


def test_names_of_the_text_are_reached_and_chosen_by_keyboard(open_page: Opener) -> None:
    page = open_page("#view=text")
    assert page.locator(".mention[tabindex='0']").count() == 1
    page.focus("main select")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className").startswith("mention")
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    words = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    assert title(page) == words != ""
    assert page.evaluate("document.activeElement.textContent") == words
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    assert title(page) == page.evaluate("document.activeElement.textContent") != words
    assert page.locator(".mention[tabindex='0']").count() == 1


# -- bands


def test_a_long_band_folds_and_unfolds(open_wide: Opener, tmp_path: Path) -> None:
    open_wide.path = write_page(crowded(), tmp_path / "crowded.html")
    page = open_wide()
    band = page.locator(".band", has_text="精密仪器产业").first
    assert band.locator(".firms .node").count() == 5
    band.locator(".fold").click()
    assert band.locator(".firms .node").count() == 10
    assert page.evaluate("document.activeElement.getAttribute('aria-expanded')") == "true"
    band.locator(".fold").click()
    assert band.locator(".firms .node").count() == 5


def crowded() -> KnowledgeBase:
    """Ten firms anchor one chain, and thirty more chains have an anchor each."""
    kb = make_sample()
    firms = [entity for entity in kb.entities if entity.types == ("Enterprise",)]
    led = next(s for s in kb.statements if s.predicate == "anchors")
    chain = next(entity for entity in kb.entities if entity.key == led.object)
    chains = [
        replace(chain, key=f"industry-more-{n:06d}", label=f"第{n}产业", name=f"第{n}产业") for n in range(30)
    ]
    others = [s for s in kb.statements if s.object != chain.key]
    return replace(
        kb,
        entities=(*kb.entities, *chains),
        statements=(
            *others,
            *(replace(led, key=f"f{n}", subject=firm.key) for n, firm in enumerate(firms[:10])),
            *(replace(led, key=f"g{n}", object=one.key) for n, one in enumerate(chains)),
        ),
    )


def test_more_bands_are_shown_when_asked_for(open_wide: Opener, tmp_path: Path) -> None:
    open_wide.path = write_page(crowded(), tmp_path / "crowded.html")
    page = open_wide()
    assert page.locator(".band").count() == 24
    more = page.locator(".more-bands button")
    rest = int(re.findall(r"\d+", more.inner_text())[0])
    more.click()
    assert page.locator(".band").count() == 24 + rest
    assert more.count() == 0


# -- facets


@pytest.mark.parametrize(
    "facet, value, shared",
    [("year", "2025", 0), ("document", "nanling-2025", 0), ("reviewer", "乙", 1)],  # one fact has two
)
def test_a_facet_takes_its_rows_away_and_only_it_keeps_them(
    open_wide: Opener, facet: str, value: str, shared: int
) -> None:
    page = open_wide("#view=table")
    row = f"[data-facet='{facet}:{value}']"
    all_rows = int(page.locator("#tab-relation .count").inner_text())
    counted = int(page.locator(f"{row} .count").inner_text())
    page.click(row)
    without = int(page.locator("#tab-relation .count").inner_text())
    page.click("#clear-filter")
    page.locator(f"[data-only='{facet}:{value}']").focus()
    page.keyboard.press("Enter")
    only = int(page.locator("#tab-relation .count").inner_text())
    measures = int(page.locator("#tab-measure .count").inner_text())
    assert only + measures == counted > 0
    assert without < all_rows
    assert without + only == all_rows + shared


# -- parks side by side, order of the table


def test_two_parks_are_compared(open_wide: Opener) -> None:
    page = open_wide()
    page.keyboard.press("c")
    for box, words in (("left", "仪器产业园"), ("right", "光电产业园")):
        page.fill(f"#compare-{box}", words)
        page.keyboard.press("Enter")
    rows = {
        row.locator("th").inner_text(): row.locator("td").all_inner_texts()
        for row in page.locator(".compare tbody tr").all()
    }
    assert rows["发展"] == ["精密仪器产业", "原文未写明"]
    assert rows["← 位于"] == ["云帆", "云港数据中心"]
    assert rows["← 支持"] == [f"{HUB}两者都有"] * 2


def test_the_table_sorts_amounts_as_numbers(open_page: Opener) -> None:
    page = open_page("#view=table&tab=measure")
    page.click("[data-sort=value]")
    values = page.locator("tbody .is-value .value").all_inner_texts()
    assert values == ["6条", "200亩", "不低于3000亩", "12.4公里", "5400万元", "80亿元", "突破100亿元"]
    page.click("[data-sort=value]")
    assert page.locator("tbody .is-value .value").all_inner_texts() == values[::-1]


# -- the picture


@pytest.mark.parametrize("view", ["chain", "network"])
@pytest.mark.parametrize("width", [1400, 390])
def test_a_picture_holds_every_name_that_can_be_seen(open_wide: Opener, view: str, width: int) -> None:
    page = open_wide(f"#view={view}", width=width)
    page.wait_for_timeout(200)
    root = ElementTree.fromstring(export(page, "svg"))
    text = squeeze("".join(str(part.text) for part in root.iter(f"{_SVG}text")))
    if view == "chain":
        names = page.locator(".chains .node:visible .name").all_inner_texts()
    else:
        count = int(page.locator("#network-count").inner_text().split()[0])
        drawn = {str(part.text) for part in root.iter(f"{_SVG}text")}
        names = [shorten(entity.label) for entity in make_wide_sample().entities]
        names = [name for name in names if name in drawn]
        assert len(drawn) == count == len(names)
    assert len(names) > 10
    assert [name for name in names if squeeze(name) not in text] == []


def squeeze(words: str) -> str:
    """A space at which a line breaks is not drawn."""
    return re.sub(r"\s", "", words)
