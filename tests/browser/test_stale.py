"""Stale verdicts on the review page: the notice, the list, one taken back, by keyboard and on a phone."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Page, expect

from kg.command.review import review_command
from kg.review import read_review, review_path, write_review
from kg.review.stale import read_stale
from tests.browser.test_review import Visit, press, visit  # noqa: F401 - `visit` is a fixture
from tests.review.running import Running
from tests.review.sample import TEXT, find_numbers, make_data, propose, sample_document, sample_review

pytestmark = pytest.mark.browser
ID = "linchuan-2025"
# A quote reworded, another gone.
CHANGED = TEXT.replace("云岭机械年产值达到", "云岭机械年产值已达到").replace("2025年", "二〇二五年")


@pytest.fixture
def changed(tmp_path: Path, visit: Visit) -> Running:  # noqa: F811 - the fixture
    """The sample document, reviewed, then changed and synced."""
    data = make_data(tmp_path / "data")
    write_review(review_path(data, ID), sample_review(), sample_document())
    sync_text(data, CHANGED)
    return visit.start(data, propose=propose, find_numbers=find_numbers)


def sync_text(data: Path, text: str) -> None:
    new = data.parent / "new.txt"
    new.write_text(text, encoding="utf-8")
    arguments = ["sync", ID, "--data", str(data), "--text", str(new)]
    CliRunner().invoke(review_command, arguments, catch_exceptions=False)


def states_of(running: Running) -> list[str]:
    return [row.state for row in read_stale(review_path(running.data, ID))]


def quotes_of(running: Running) -> set[str]:
    return {row.quote for row in read_review(review_path(running.data, ID), ID).measures}


def tab_to(page: Page, selector: str) -> None:
    """Go with Tab to what a selector names."""
    for _ in range(12):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"not reached by Tab: {selector}")


def test_stale_verdicts_are_listed_and_confirmed_by_keyboard_and_undone(
    changed: Running,
    visit: Visit,  # noqa: F811 - the fixture
) -> None:
    page = visit.open(changed)
    notice, rows = page.locator("#stale button"), page.locator("#stale-list li")
    expect(notice).to_contain_text("失效 2")
    press(page, "l")
    dialog = page.get_by_role("dialog", name="失效的判断")
    expect(dialog).to_be_visible()
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("原判断:已接受")
    expect(rows.nth(0).locator("mark")).to_have_text(
        ["云岭机械年产值达到12.5亿元", "云岭机械年产值已达到12.5亿元"]
    )
    expect(rows.nth(1)).to_contain_text("引文已不在正文中")
    tab_to(page, "[data-confirm]")
    press(page, "Enter")
    expect(dialog.get_by_role("status")).to_have_text("已放回 1 条")
    expect(rows).to_have_count(1)
    assert "云岭机械年产值已达到12.5亿元" in quotes_of(changed) and states_of(changed) == ["stale"]
    press(page, "Escape")
    expect(dialog).not_to_be_visible()
    expect(notice).to_contain_text("失效 1")
    press(page, "z")
    expect(notice).to_contain_text("失效 2")
    assert "云岭机械年产值已达到12.5亿元" not in quotes_of(changed)
    assert states_of(changed) == ["fuzzy", "stale"]


def test_without_stale_verdicts_there_is_no_notice(
    tmp_path: Path,
    visit: Visit,  # noqa: F811 - the fixture
) -> None:
    page = visit.open(visit.start(make_data(tmp_path / "data"), propose=propose, find_numbers=find_numbers))
    expect(page.locator("#stale")).to_be_hidden()
    press(page, "l")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_on_a_phone_the_list_fits_and_speaks_english(
    changed: Running,
    visit: Visit,  # noqa: F811 - the fixture
) -> None:
    page = visit.open(changed, width=360, height=740)
    page.locator("#language").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("button", name="2 stale").click()
    dialog = page.get_by_role("dialog", name="Stale verdicts")
    expect(dialog).to_contain_text("formerly accepted")
    wide = "e => e.scrollWidth > e.clientWidth"
    assert not page.locator("#stale-rows").evaluate(wide) and not page.locator("html").evaluate(wide)
    dialog.get_by_role("button", name="Confirm: the same").click()
    expect(dialog.get_by_role("status")).to_have_text("1 put back")
    assert states_of(changed) == ["stale"]


def test_a_refused_confirmation_is_told_in_the_list(
    changed: Running,
    visit: Visit,  # noqa: F811 - the fixture
) -> None:
    page = visit.open(changed)
    press(page, "l")
    path = review_path(changed.data, ID) / "stale.tsv"
    broken = path.read_text(encoding="utf-8").replace("{", "{{", 1)
    path.write_text(broken, encoding="utf-8")
    page.locator("[data-confirm]").click()
    expect(page.locator("#stale-list li .error:visible")).to_contain_text("stale.tsv:2")
    expect(page.locator("#saved")).to_have_text("没有保存")
    assert path.read_text(encoding="utf-8") == broken


def test_after_one_is_confirmed_the_next_to_confirm_has_the_focus(
    tmp_path: Path,
    visit: Visit,  # noqa: F811 - the fixture
) -> None:
    data = make_data(tmp_path / "data")
    write_review(review_path(data, ID), sample_review(), sample_document())
    moved = "以云岭机械、天穗农业为龙头的装备制造产业"
    text = CHANGED.replace(moved, "有关产业") + f"据介绍,{moved}。\n"
    sync_text(data, text)
    running = visit.start(data, propose=propose, find_numbers=find_numbers)
    page = visit.open(running)
    press(page, "l")
    waiting = page.locator("#stale-list li:has([data-confirm])")
    before = waiting.count()
    assert before > 2
    second, third = (str(waiting.nth(n).get_attribute("data-row")) for n in (1, 2))
    waiting.nth(1).locator("[data-confirm]").focus()
    press(page, "Enter")
    expect(page.locator(f"[data-row='{second}']")).to_have_count(0)
    expect(page.locator(f"[data-row='{third}']")).to_be_focused()
