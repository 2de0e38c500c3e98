"""What the explorer gives away: the same rows as CSV, as XLSX and by the copied query, under one name."""

import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page
from pyoxigraph import Store

from kg.view.page import write_page
from tests.browser.conftest import Opener
from tests.browser.explorer import copied, export, export_named, keys_of_csv, keys_of_query, make_store
from tests.view.sample import HOSTILE_REVIEWER, make_review, make_wide_sample

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def wide_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("wide") / "graph.html"
    return write_page(make_wide_sample(), path, reviews=[make_review()])


@pytest.fixture
def open_wide(chromium: Browser, wide_page: Path) -> Iterator[Opener]:
    opener = Opener(chromium, wide_page)
    yield opener
    for context in chromium.contexts:
        context.close()
    assert opener.requests == []
    assert opener.complaints == []


@cache
def wide_store() -> Store:
    return make_store(make_wide_sample())


def go(page: Page, address: str) -> None:
    page.evaluate("(address) => { location.hash = address; }", address)
    page.wait_for_function("(address) => location.hash === `#${address}`", arg=address)
    page.wait_for_timeout(60)


PROJECT = "project-qhxl-000000"
VIEWS = (
    "view=chain",
    f"view=chain&at={PROJECT}",
    "view=network",
    f"view=network&at={PROJECT}",
    "view=network&around=industry-shuzi-000000",
    "view=network&part=nanling-2025",
    "view=network&path=enterprise-hengda-000000~enterprise-dongling-000000",
    "view=network&gap=projectNoAmount",
    "view=network&no-type=Park",
    "view=table",
    f"view=table&at={PROJECT}",
    "view=table&tab=measure",
    f"view=table&at={PROJECT}&tab=measure",
    "view=table&tab=entity",
    f"view=table&at={PROJECT}&tab=entity",
    "view=text&doc=linjiang-2024",
    f"view=text&at={PROJECT}&doc=linjiang-2024",
    "view=chain&at=industry-biaozhi-000000",
    f"view=chain&at={PROJECT}&no-modality=planned",
)


def test_csv_and_query_give_the_same_rows_in_each_view_with_and_without_a_choice(open_wide: Opener) -> None:
    page = open_wide()
    counts, differing = {}, []
    for address in VIEWS:
        go(page, address)
        ours, theirs = (
            keys_of_csv(export(page, "csv")),
            keys_of_query(wide_store(), copied(page, "sparql")),
        )
        counts[address] = len(ours)
        if ours != theirs:
            differing.append((address, len(ours), len(theirs), set(ours) ^ set(theirs)))
    assert differing == []
    assert min(counts.values()) > 0
    assert counts[f"view=chain&at={PROJECT}"] == 6  # five relations and numbers of it, one of who supports it
    assert counts["view=network"] < counts["view=chain"]


def test_a_chosen_name_gives_its_relations_absences_and_numbers(open_wide: Opener) -> None:
    page = open_wide("#at=industry-biaozhi-000000")
    assert keys_of_query(wide_store(), copied(page, "sparql")) == ["m0005", "s0010"]


def test_the_workbook_holds_what_the_csv_holds(open_wide: Opener) -> None:
    page = open_wide()
    for address in (f"view=chain&at={PROJECT}", "view=network&part=nanling-2025", "view=chain"):
        go(page, address)
        book = openpyxl.load_workbook(io.BytesIO(export(page, "xlsx")))
        rows = [row for name in ("关系", "数字") for row in book[name].iter_rows(min_row=2, values_only=True)]
        assert sorted(str(row[-1]) for row in rows) == keys_of_csv(export(page, "csv")), address


@pytest.mark.parametrize(
    "address, stem",
    [
        (f"view=network&at={PROJECT}&part=nanling-2025", "青禾香料产业园"),
        ("view=network&path=enterprise-hengda-000000~enterprise-dongling-000000", "恒达-东岭"),
        ("view=network&around=industry-shuzi-000000", "数字经济"),
        ("view=network&part=nanling-2025", "南岭镇工作简报"),
    ],
)
def test_a_file_bears_the_name_of_what_it_holds(open_wide: Opener, address: str, stem: str) -> None:
    page = open_wide(f"#{address}")
    assert export_named(page, "csv")[0] == f"{stem}.csv"
    page.click("#export-button")
    assert page.locator("#export-scope").inner_text() == f"范围：{stem}"


def test_rows_that_made_no_fact_belong_to_no_name(open_wide: Opener) -> None:
    page = open_wide(f"#view=table&at={PROJECT}&tab=verdict")
    name, data = export_named(page, "csv")
    assert name == "临江新区、南岭镇-2024–2025.csv"
    assert data.decode("utf-8-sig").count("\r\n") == 4  # the header and three rows
    go(page, f"view=table&at={PROJECT}")
    book = openpyxl.load_workbook(io.BytesIO(export(page, "xlsx")))
    assert [book[name].max_row - 1 for name in ("关系", "数字", "实体", "未采纳")] == [4, 2, 1, 0]


REVIEWERS = ("甲", "乙", "", HOSTILE_REVIEWER)


@pytest.mark.parametrize("tab", ["relation", "measure", "entity"])
def test_filters_by_document_and_by_reviewer_are_in_the_query(open_wide: Opener, tab: str) -> None:
    page = open_wide(f"#view=table&tab={tab}")
    sizes, differing = set(), []
    for off in (("document", ("nanling-2025",)), ("document", ("linjiang-2024",)),
                *(("reviewer", (name,)) for name in REVIEWERS), ("reviewer", REVIEWERS[1:]),
                ("reviewer", REVIEWERS)):  # fmt: skip
        turn_off(page, *off)
        ours, theirs = (
            keys_of_csv(export(page, "csv")),
            keys_of_query(wide_store(), copied(page, "sparql")),
        )
        sizes.add(len(ours))
        if ours != theirs:
            differing.append((off, len(ours), len(theirs)))
        page.click("#clear-filter")
    assert differing == []
    assert len(sizes) > 2


def turn_off(page: Page, facet: str, values: tuple[str, ...]) -> None:
    for value in values:
        row = page.locator(f"[data-facet^='{facet}:']")
        texts = row.evaluate_all("(all) => all.map((one) => one.dataset.facet)")
        row.nth(texts.index(f"{facet}:{value}")).click()


def test_a_fact_of_two_reviewers_stays_while_one_of_them_is_on(open_wide: Opener) -> None:
    page = open_wide("#view=table")
    turn_off(page, "reviewer", ("甲",))
    assert "t0001" in keys_of_csv(export(page, "csv"))
    turn_off(page, "reviewer", ("乙",))
    assert "t0001" not in keys_of_csv(export(page, "csv"))
