"""The link: whatever view it was copied from opens again in another browser as it was."""

import pytest
from playwright.sync_api import Page

from kg.view.page import write_page
from tests.browser.conftest import Opener
from tests.browser.explorer import choose, copied, export, title
from tests.view.sample import make_sample, make_wide_sample

pytestmark = pytest.mark.browser


@pytest.fixture
def open_wide(open_page: Opener, tmp_path_factory: pytest.TempPathFactory) -> Opener:
    open_page.path = write_page(make_wide_sample(), tmp_path_factory.mktemp("wide") / "graph.html")
    return open_page


def reopen(opener: Opener, page: Page) -> Page:
    """Open the copied link where nothing is remembered of the first reader."""
    return opener("#" + copied(page, "link").partition("#")[2])


def test_a_link_reopens_the_network_with_all_that_was_added_to_it(open_wide: Opener) -> None:
    page = open_wide("#view=network")
    for name, expanded in (("临江文化馆", False), ("沿江大道", False), ("数字经济", True), ("恒达", True)):
        choose(page, name)
        if expanded:
            page.click("#net-expand")
    choose(page, "青禾")
    drawing = export(page, "svg")
    for name in ("临江文化馆", "恒达一号", "沿江大道"):
        assert name in drawing.decode()
    assert export(reopen(open_wide, page), "svg") == drawing


def test_a_filter_set_after_an_expansion_reopens_too(open_wide: Opener) -> None:
    page = open_wide("#view=network&around=industry-shuzi-000000")
    choose(page, "恒达")
    page.click("#net-expand")
    page.click("[data-facet='type:Park']")
    drawing = export(page, "svg")
    assert export(reopen(open_wide, page), "svg") == drawing
    page.click("[data-facet='type:Park']")
    assert export(page, "svg") != drawing


def test_the_start_view_takes_back_what_was_added(open_wide: Opener) -> None:
    page = open_wide("#view=network")
    before = page.locator("#network-count").inner_text()
    choose(page, "恒达")
    page.click("#net-expand")
    page.keyboard.press("Escape")
    assert page.locator("#network-count").inner_text() != before
    page.click("#net-first")
    assert page.locator("#network-count").inner_text() == before
    page.go_back()
    assert page.locator("#network-count").inner_text() != before


@pytest.mark.parametrize("tab, column", [("relation", "object"), ("measure", "value"), ("entity", "facts")])
def test_a_link_reopens_the_table_in_its_order(open_wide: Opener, tab: str, column: str) -> None:
    page = open_wide(f"#view=table&tab={tab}")
    plain = page.locator("tbody").inner_text()
    page.click(f"[data-sort={column}]")
    page.click(f"[data-sort={column}]")
    assert page.evaluate("document.activeElement.dataset.sort") == column
    other = reopen(open_wide, page)
    assert other.locator("tbody").inner_text() == page.locator("tbody").inner_text() != plain
    assert other.locator(f"th:has([data-sort={column}])").get_attribute("aria-sort") == "descending"


def test_an_order_of_another_tab_is_forgotten(open_wide: Opener) -> None:
    page = open_wide("#view=table&tab=relation&sort=-value")
    assert page.locator("th[aria-sort=descending]").count() == 0
    page.click("[data-sort=subject]")
    page.click("#tab-measure")
    assert "sort" not in page.evaluate("location.hash")


def test_a_link_reopens_unfolded_bands_and_the_language(open_wide: Opener) -> None:
    page = open_wide("#bands=industry-shuzi-000000")
    page.click("#language-button")
    choose(page, "青禾香料产业园")
    other = reopen(open_wide, page)
    assert "bands=industry-shuzi-000000" in other.evaluate("location.hash")
    assert other.locator("html").get_attribute("lang") == "en"
    assert other.locator("main").inner_text() == page.locator("main").inner_text()
    assert other.locator("#panel").inner_text() == page.locator("#panel").inner_text()


def test_a_link_in_chinese_opens_so_for_a_reader_of_english(open_wide: Opener) -> None:
    page = open_wide()
    page.click("#language-button")
    page.goto(open_wide.path.as_uri() + "#view=table")
    page.reload()
    assert page.locator("html").get_attribute("lang") == "zh"


def test_a_link_reopens_the_text_at_its_passage(open_wide: Opener) -> None:
    page = open_wide()
    choose(page, "恒达一号")
    page.click(".open-text >> nth=0")
    other = reopen(open_wide, page)
    picked = page.locator(".picked.first").all_inner_texts()
    assert picked and other.locator(".picked.first").all_inner_texts() == picked
    assert other.locator(".text-head h2").inner_text() == "南岭镇工作简报"
    assert title(other) == "恒达一号"


def test_a_link_reopens_a_path(open_wide: Opener) -> None:
    page = open_wide()
    page.keyboard.press("p")
    for name in ("恒达", "东岭"):
        page.keyboard.type(name)
        page.keyboard.press("Enter")
    other = reopen(open_wide, page)
    assert other.locator(".route").inner_text() == page.locator(".route").inner_text()
    assert export(other, "svg") == export(page, "svg")


def test_a_link_reopens_a_comparison(open_wide: Opener) -> None:
    page = open_wide()
    page.keyboard.press("c")
    for box, words in (("left", "石桥"), ("right", "云帆")):
        page.fill(f"#compare-{box}", words)
        page.keyboard.press("Enter")
    other = open_wide("#" + page.url.partition("#")[2])
    assert other.locator("#compare-dialog").inner_text() == page.locator("#compare-dialog").inner_text()


def test_a_link_reopens_the_part_of_a_document_under_a_filter(open_wide: Opener) -> None:
    page = open_wide("#view=network")
    page.select_option("#net-part", label="南岭镇工作简报")
    page.click("[data-facet='relation:supports']")
    page.select_option("[data-facet=amount]", "100000000")
    other = reopen(open_wide, page)
    assert export(other, "svg") == export(page, "svg")
    assert other.locator("#legend").inner_text() == page.locator("#legend").inner_text()
    assert other.locator("[data-facet=amount]").input_value() == "100000000"


def test_a_gap_is_named_by_its_fact_and_not_by_its_place(open_wide: Opener) -> None:
    page = open_wide()
    page.locator(".check.gap", has_text="未写明名称").click()
    assert "gap=notStated-s0010" in page.evaluate("location.hash")
    other = reopen(open_wide, page)
    assert other.locator(".check.gap[aria-pressed=true]").inner_text() == "标志性产业链：未写明名称"
    open_wide.path = write_page(make_sample(), open_wide.path.with_name("less.html"))
    less = open_wide("#gap=notStated-s0010")  # other gaps, other places
    assert less.locator(".check.gap[aria-pressed=true]").inner_text() == "标志性产业链：未写明名称"
