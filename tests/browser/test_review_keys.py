"""The review page by every key and by touch: numbers, order, help, pairs, years, colours, counts."""

import re
from pathlib import Path
from typing import cast

import pytest
from playwright.sync_api import Page, expect

from kg.model import EntityVerdict, Review
from kg.review import review_path, write_review
from kg.review.names import read_pairs
from kg.source import read_documents, read_index
from tests.browser.test_review import Visit, decide, go, press, rows_of, settle, title, visit  # noqa: F401
from tests.review.running import Running
from tests.review.sample import find_numbers, make_data, propose

# ruff: noqa: F811 - `visit` is a fixture
pytestmark = pytest.mark.browser
ID = "linchuan-2025"
CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")


@pytest.fixture
def sample(tmp_path: Path, visit: Visit) -> Running:
    """The sample document with the proposals of `tests.review.sample`, nothing decided."""
    return visit.start(make_data(tmp_path / "data"), propose=propose, find_numbers=find_numbers)


@pytest.fixture
def named(tmp_path: Path, visit: Visit) -> Running:
    """A document whose accepted names make two pairs."""
    data = make_data(
        tmp_path / "data", "天穗农业投产。天穗农业科技上市。云岭机械集团扩建。云岭机器集团搬迁。\n"
    )
    (document,) = read_documents(data)
    names = ("天穗农业", "天穗农业科技", "云岭机械集团", "云岭机器集团")
    rows = tuple(EntityVerdict(verdict="accept", type="Enterprise", name=n, quote=n) for n in names)
    write_review(review_path(data, ID), Review(document=ID, entities=rows), document)
    return visit.start(data, propose=propose, find_numbers=find_numbers)


def counts(page: Page) -> list[int]:
    """Give the counts of the head: decided, proposals, open numbers, decided sentences, sentences."""
    return [int(number) for number in re.findall(r"\d+", page.locator(".counts").inner_text())]


def style(page: Page, selector: str, name: str) -> str:
    script = "([s, n]) => getComputedStyle(document.querySelector(s)).getPropertyValue(n)"
    return cast(str, page.evaluate(script, [selector, name]))


# ---------------------------------------------------------------- pairs of names


@pytest.mark.parametrize(("key", "judgement"), [("s", "same"), ("d", "different"), ("u", "possible")])
def test_p_goes_to_the_pair_and_a_letter_judges_it(
    named: Running, visit: Visit, key: str, judgement: str
) -> None:
    page = visit.open(named)
    question = page.locator("#pair .question")
    first = question.locator(".names").inner_text()
    press(page, "p")
    expect(question.locator("details")).to_have_attribute("open", "")
    expect(question.locator("details p")).to_have_count(2)
    expect(question.locator("[data-judge=same]")).to_be_focused()
    before = rows_of(named)
    press(page, key)
    expect(question.locator(".names")).not_to_have_text(first)
    assert [pair.judgement for pair in read_pairs(named.data)] == [judgement]
    press(page, key)
    expect(question).to_have_count(0)
    assert [pair.judgement for pair in read_pairs(named.data)] == [judgement] * 2
    assert rows_of(named) == before
    press(page, "Escape", "z")
    expect(question).to_have_count(1)
    assert len(read_pairs(named.data)) == 1


# ---------------------------------------------------------------- keys


def test_j_and_k_go_one_on_and_one_back_and_decide_nothing(sample: Running, visit: Visit) -> None:
    page = visit.open(sample)
    first = page.locator("#card article").get_attribute("data-item") or ""
    press(page, "j")
    expect(page.locator("#card article")).not_to_have_attribute("data-item", first)
    press(page, "k")
    expect(page.locator("#card article")).to_have_attribute("data-item", first)
    press(page, "k")  # from the first to the last
    last = page.locator("#card article").get_attribute("data-item") or ""
    press(page, "j")
    expect(page.locator("#card article")).to_have_attribute("data-item", first)
    assert last != first and rows_of(sample) == Review(document=ID)


def test_the_number_key_goes_to_the_numbers_that_nothing_accounts_for(sample: Running, visit: Visit) -> None:
    page = visit.open(sample)
    open_numbers = page.locator("#text [data-n][data-open]")
    total = open_numbers.count()
    assert total == counts(page)[2] > 2
    assert "underline" in style(page, "#text [data-n][data-open]", "text-decoration-line")
    assert style(page, "#text [data-n][data-open]", "text-decoration-style") == "dotted"
    press(page, "#")
    expect(page.locator("#card article")).to_have_attribute("data-table", "measures")
    shown = title(page)
    assert any(number in shown for number in open_numbers.all_inner_texts())
    decide(page, "r", "6")
    expect(open_numbers).to_have_count(total - 1)
    expect(page.locator(".counts b")).to_have_text(str(total - 1))
    assert style(page, "#text [data-n]:not([data-open])", "text-decoration-style") != "dotted"
    seen = set()
    for _ in range(total - 1):
        press(page, "#")
        page.wait_for_timeout(60)
        seen.add(title(page))
    assert shown not in seen and len(seen) > 1


def test_a_number_that_was_decided_is_underlined_again_after_undo(sample: Running, visit: Visit) -> None:
    page = visit.open(sample)
    go(page, "年产值")
    number = page.locator("#text [data-n]", has_text="12.5亿元")
    expect(number).to_have_attribute("data-open", "")
    decide(page, "a")
    expect(number).not_to_have_attribute("data-open", "")
    press(page, "z")
    expect(number).to_have_attribute("data-open", "")


def test_o_asks_the_surest_first_and_back_by_place(sample: Running, visit: Visit) -> None:
    page = visit.open(sample)
    by_place = title(page)
    press(page, "o")
    expect(page.locator("#announce")).to_have_text("按把握次序")
    expect(page.locator("#card .meta")).to_contain_text("0.95")
    press(page, "o")
    expect(page.locator("#announce")).to_have_text("按原文次序")
    expect(page.locator("#card h2")).to_contain_text(by_place.split()[0])


def test_help_names_every_key_and_escape_closes_it(sample: Running, visit: Visit) -> None:
    page = visit.open(sample)
    press(page, "?")
    dialog = page.get_by_role("dialog", name="按键")
    expect(dialog).to_be_visible()
    told = dialog.locator("dt kbd").all_inner_texts()
    assert told == ["A", "R", "U", "E", "Z", "N", "J K", "#", "B", "␣", "T", "P", "L", "O", "?"]
    shown = title(page)
    page.keyboard.press("a")  # decides nothing while the help is open
    page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()
    expect(page.locator("#card article")).to_be_focused()
    assert title(page) == shown and rows_of(sample) == Review(document=ID)


def test_escape_leaves_an_edit_and_a_rejection_undone(sample: Running, visit: Visit) -> None:
    page = visit.open(sample)
    go(page, "云岭机械")
    press(page, "e")
    expect(page.locator("#card form.edit")).to_be_visible()
    press(page, "Escape")
    expect(page.locator("#card form.edit")).not_to_be_visible()
    expect(page.locator("#card article")).to_be_focused()
    press(page, "r")
    expect(page.locator("#reject")).to_be_visible()
    press(page, "Escape")
    expect(page.locator("#reject")).not_to_be_visible()
    assert rows_of(sample) == Review(document=ID)


# ---------------------------------------------------------------- what is seen


def test_mentions_are_coloured_by_type(sample: Running, visit: Visit) -> None:
    page = visit.open(sample)
    kinds = ("Enterprise", "Industry", "Park")
    for name, kind in (("云岭机械", "Enterprise"), ("装备制造产业", "Industry"), ("松山冷链物流园", "Park")):
        expect(page.locator("#text .m", has_text=name).first).to_have_class(re.compile(kind))
    colours = {style(page, f"#text .m.{kind}", "background-color") for kind in kinds}
    assert len(colours) == len(kinds)
    assert style(page, "#text .m.Enterprise", "border-bottom-style") == "dashed"
    go(page, "云岭机械")
    decide(page, "a")
    mark = page.locator("#text .m", has_text="云岭机械").first
    expect(mark).to_have_attribute("data-v", "accept")
    assert style(page, "#text .m[data-v=accept]", "border-bottom-style") == "solid"


def test_the_counts_go_up_with_every_decision_and_down_with_undo(sample: Running, visit: Visit) -> None:
    page = visit.open(sample)
    before = counts(page)
    assert before[0] == 0 and before[1] > 9 and before[3] <= before[4]
    go(page, "年产值")
    decide(page, "a")  # with the name of its subject
    after = counts(page)
    assert after[0] == 2 and after[1] == before[1] and after[2] == before[2] - 1
    bar = page.locator("[role=progressbar]")
    assert int(bar.get_attribute("aria-valuenow") or 0) == 100 * after[0] // after[1]
    press(page, "z")
    expect(bar).to_have_attribute("aria-valuenow", "0")
    assert counts(page) == before


@pytest.mark.parametrize("keys", ["", "e", "r", "?", "b", "t"])
@pytest.mark.parametrize("width", [1400, 390])
def test_every_word_and_every_key_label_has_a_contrast_of_four_and_a_half(
    named: Running, visit: Visit, width: int, keys: str
) -> None:
    page = visit.open(named, width=width)
    press(page, *keys)
    assert page.evaluate(CONTRAST) == []


def test_the_card_marks_the_edited_quote_in_the_text(sample: Running, visit: Visit) -> None:
    page = visit.open(sample)
    go(page, "年产值")
    item = str(page.locator("#card article").get_attribute("data-item"))
    quote = "装备制造产业加快壮大。云岭机械年产值达到12.5亿元"
    press(page, "e")
    page.locator("#card form [name=quote]").fill(quote)
    decide(page, "Enter")
    page.goto(f"{sample.url}/d/{ID}#{item}")
    page.reload()
    page.wait_for_selector(f"#card [data-item={item}]")
    assert "".join(page.locator("#card blockquote mark").all_inner_texts()) == quote
    expect(page.locator("#card .questions")).to_contain_text("✓ 机器已证")
    marked = "[...CSS.highlights.get('quote')].map(range => range.toString()).join('')"
    assert page.evaluate(marked) == quote


# ---------------------------------------------------------------- two pages, one year


def test_two_pages_that_set_the_year_of_one_passage_do_not_overwrite_each_other(
    sample: Running, visit: Visit
) -> None:
    first, second = visit.open(sample), visit.open(sample)
    set_year(first, "2026")
    expect(first.locator("#anchor")).not_to_be_visible()
    set_year(second, "2024")
    expect(second.locator("#anchor .error")).to_contain_text("2026")
    expect(second.locator("#anchor .error")).to_contain_text("2024")
    (record,) = read_index(sample.data)
    assert record.anchors == "2026"
    second.keyboard.press("Escape")
    second.evaluate("dispatchEvent(new Event('focus'))")
    expect(second.locator("#text .anchor")).to_have_text("今年 = 2026")


def set_year(page: Page, year: str) -> None:
    press(page, "t")
    page.locator("#anchor [data-span=whole]").click()
    page.locator("#anchor [name=year]").fill(year)
    page.keyboard.press("Enter")
    settle(page)


# ---------------------------------------------------------------- touch


def test_by_touch_alone_one_goes_on_and_back_decides_and_sets_the_year(sample: Running, visit: Visit) -> None:
    page = visit.open(sample, width=390, height=844, touch=True)
    assert page.evaluate("matchMedia('(pointer: coarse)').matches")
    first = page.locator("#card article").get_attribute("data-item") or ""
    foot = page.locator(".keys")
    foot.get_by_role("button", name="后一条").tap()
    expect(page.locator("#card article")).not_to_have_attribute("data-item", first)
    foot.get_by_role("button", name="前一条").tap()
    expect(page.locator("#card article")).to_have_attribute("data-item", first)
    for _ in range(20):
        if "云岭机械 企业" in title(page):
            break
        foot.get_by_role("button", name="后一条").tap()
        settle(page)
    expect(page.locator("#card article")).to_have_attribute("data-table", "entities")
    page.locator("#card").get_by_role("button", name="今年").tap()
    expect(page.locator("#anchor")).to_be_visible()
    page.locator("#anchor [data-span=whole]").tap()
    page.locator("#anchor [name=year]").fill("2026")
    page.locator("#anchor button[type=submit]").tap()
    expect(page.locator("#text .anchor")).to_have_text("今年 = 2026")
    item = page.locator("#card article").get_attribute("data-item") or ""
    page.locator("#card").get_by_role("button", name="接受").first.tap()
    expect(page.locator("#card article")).not_to_have_attribute("data-item", item)
    assert [row.name for row in rows_of(sample).entities] == ["云岭机械"]
    for button in foot.get_by_role("button").all():
        box = button.bounding_box()
        assert box is None or box["height"] >= 36
