"""The explorer as a person uses it, in Chromium without a network."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Opener

pytestmark = pytest.mark.browser

YUNFAN, SHIQIAO, QINGHE = 8, 9, 10


def choose(page: Page, words: str) -> None:
    page.keyboard.press("/")
    page.keyboard.type(words)
    page.keyboard.press("Enter")


def test_the_first_view_shows_a_band_for_each_chain_with_its_anchors_and_roles(open_page: Opener) -> None:
    page = open_page()
    band = page.locator(".band", has_text="精密仪器产业").first
    assert band.locator(".firms .node").all_inner_texts() == ["云帆\n龙头", "石桥\n龙头"]
    assert band.locator(".parks .name").all_inner_texts() == ["仪器产业园"]


def test_a_hostile_name_stays_text_in_every_view(open_page: Opener) -> None:
    page = open_page()
    for view in ("chain", "network", "table", "text"):
        page.click(f"#view-{view}")
        assert page.locator("main img").count() == 0
    choose(page, "img src")
    assert page.locator("#panel h2").inner_text().startswith("<img src=x")
    assert page.evaluate("window.pwned") is None


def test_initials_find_a_name(open_page: Opener) -> None:
    page = open_page()
    choose(page, "gqsp")
    assert page.locator("#panel h2").inner_text() == "甘泉食品"
