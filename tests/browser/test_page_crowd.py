"""The explorer with the packaged data and with a large base: readable at first sight there too."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

from kg.pipeline import packaged_data, read_knowledge
from kg.view.page import write_page
from tests.bench.page_bench import make_large
from tests.browser.conftest import Opener
from tests.browser.explorer import export
from tests.browser.test_page import boxes_overlapping, overlapping

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=["packaged", "large"])
def crowd_path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    kb = read_knowledge(packaged_data()) if request.param == "packaged" else make_large(3000, 5400)
    return write_page(kb, tmp_path_factory.mktemp("crowd") / "graph.html")


@pytest.fixture
def open_crowd(open_page: Opener, crowd_path: Path) -> Opener:
    open_page.path = crowd_path
    return open_page


def labels(page: Page) -> Locator:
    return page.locator(".bands .node .name, .bands .role, .bands .remark")


@pytest.mark.parametrize("width", [1400, 390])
def test_no_two_labels_of_the_bands_overlap(open_crowd: Opener, width: int) -> None:
    page = open_crowd(width=width)
    page.wait_for_timeout(300)
    assert page.locator(".bands .node:visible").count() > 20
    assert overlapping(labels(page)) == []
    assert overlapping(page.locator(".bands .node")) == []
    assert page.locator(".band").count() <= 24


def test_the_network_begins_small_and_stays_readable_when_grown(open_crowd: Opener) -> None:
    page = open_crowd("#view=network")
    assert 10 < count(page) <= 120
    assert boxes_overlapping(export(page, "svg")) == []
    page.focus(".canvas")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
    assert count(page) <= 300
    assert boxes_overlapping(export(page, "svg")) == []


@pytest.mark.parametrize("group", [0, 1, 3])
def test_a_part_of_the_network_is_small_and_readable(open_crowd: Opener, group: int) -> None:
    page = open_crowd("#view=network")
    first = page.locator("#net-part optgroup").nth(group).locator("option").first.get_attribute("value")
    page.select_option("#net-part", value=first)
    assert 2 <= count(page) <= 61
    assert boxes_overlapping(export(page, "svg"), least=1) == []


def count(page: Page) -> int:
    return int(page.locator("#network-count").inner_text().split()[0])
