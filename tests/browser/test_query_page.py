"""What `kg serve` shows, as a person uses it, under its policy, without a request elsewhere."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from kg.graph.rdf import build_graph
from kg.graph.server.limit import Limits
from kg.graph.store import build_store, change_store
from tests.graph.base import make_base
from tests.graph.endpoint import Endpoint, run_endpoint

pytestmark = pytest.mark.browser
HOSTILE = "=cmd|'/C calc'!A0<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory, sample_page: Path) -> Iterator[Endpoint]:
    from pyoxigraph import Quad

    from kg.graph.term import chinese
    from kg.graph.vocab import entity_iri, kg, term

    store = tmp_path_factory.mktemp("query") / "store"
    build_store(build_graph(make_base()), store)
    thing = entity_iri("enterprise-x-1")
    quads = [
        Quad(thing, term("skos:prefLabel"), chinese(HOSTILE)),
        Quad(thing, term("rdf:type"), kg("Enterprise")),
    ]
    change_store(lambda target: target.extend(quads), store)
    with run_endpoint(store, sample_page, limits=Limits(query_seconds=3)) as running:
        yield running


class Visit:
    """Opens pages of the endpoint; remembers requests elsewhere and every complaint."""

    def __init__(self, browser: Browser, endpoint: Endpoint) -> None:
        self.browser, self.endpoint = browser, endpoint
        self.elsewhere: list[str] = []
        self.complaints: list[str] = []

    def __call__(self, path: str, *, width: int = 1400, height: int = 900, locale: str = "zh-CN") -> Page:
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, locale=locale, accept_downloads=True
        )
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("request", lambda request: self._note(request.url))
        page.on("console", lambda message: self._complain(message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(self.endpoint.url + path)
        if page.locator("#question-list").count():
            page.wait_for_selector("#question-list button", state="attached")
        if urlsplit(path).path == "/":
            page.wait_for_selector("html[data-ready]")
        return page

    def _note(self, url: str) -> None:
        if urlsplit(url).scheme not in ("blob", "data") and not url.startswith(self.endpoint.url):
            self.elsewhere.append(url)

    def _complain(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and "status of 4" not in text and "status of 5" not in text:
            self.complaints.append(text)


@pytest.fixture
def visit(chromium: Browser, endpoint: Endpoint) -> Iterator[Visit]:
    visit = Visit(chromium, endpoint)
    yield visit
    for context in chromium.contexts:
        context.close()
    assert visit.elsewhere == []
    assert visit.complaints == []


def export(page: Page, kind: str) -> bytes:
    page.click("#export-button")
    with page.expect_download() as download:
        page.click(f"[data-export={kind}]")
    return Path(download.value.path()).read_bytes()


def ask(page: Page, query: str) -> None:
    page.fill("#query", query)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#message")).not_to_have_text("查询中…")


def test_a_question_is_found_and_answered_as_a_table(visit: Visit) -> None:
    page = visit("/sparql")
    page.fill("#question-search", "角色引领")
    expect(page.locator("#question-list button")).to_have_count(1)
    page.click("#question-list button")
    expect(page.locator("#view tbody tr")).to_have_count(3)
    expect(page.locator("#view th").nth(1)).to_have_text("产业")
    expect(page.locator("#message")).to_contain_text("3 行")


def test_typing_a_chinese_word_completes_a_class(visit: Visit) -> None:
    page = visit("/query")
    page.fill("#query", "SELECT ?s { ?s a ")
    page.locator("#query").press_sequentially("企业")
    first = page.locator("#completions li").first
    expect(first).to_contain_text("kg:Enterprise")
    expect(page.locator("#query")).to_have_attribute("aria-activedescendant", "completion-0")
    page.keyboard.press("Enter")
    expect(page.locator("#query")).to_have_value("SELECT ?s { ?s a kg:Enterprise ")
    page.keyboard.type("; kg:anch")
    expect(page.locator("#completions li").first).to_contain_text("kg:anchor")
    page.keyboard.press("Escape")
    expect(page.locator("#completions")).to_be_hidden()


def test_a_parameter_is_filled_and_stays_a_string(visit: Visit) -> None:
    page = visit("/query")
    page.fill("#question-search", "龙头")
    page.locator("#question-list button[data-name=dragon-heads]").click()
    page.locator("#parameters input").fill('陶"瓷} SERVICE <x')
    value = page.locator("#query").input_value()
    assert '"陶\\"瓷} SERVICE <x"' in value
    page.locator("#parameters input").fill("陶瓷")
    page.keyboard.press("Enter")
    expect(page.locator("#view tbody tr")).to_have_count(2)


def test_an_answer_as_chart_and_as_graph(visit: Visit) -> None:
    page = visit("/query")
    ask(page, "SELECT ?name ?amount { ?m kg:about/skos:prefLabel ?name ; kg:high ?amount }")
    page.click("#tab-chart")
    expect(page.locator(".chart rect").first).to_be_visible()
    expect(page.locator(".chart .amount").first).to_contain_text("亿")
    ask(page, "SELECT ?enterprise ?industry { ?enterprise kg:anchors ?industry }")
    page.click("#tab-graph")
    expect(page.locator(".canvas canvas")).to_be_visible()
    expect(page.locator(".canvas")).to_have_attribute("aria-label", "关系图,3 个节点,2 条边;表格有同样的内容")
    ask(page, "CONSTRUCT WHERE { ?s kg:anchors ?o }")
    expect(page.locator(".canvas canvas")).to_be_visible()


def test_tabs_move_by_arrow_keys(visit: Visit) -> None:
    page = visit("/query")
    ask(page, "SELECT ?s { ?s a kg:Park }")
    page.focus("#tab-table")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#tab-chart")).to_be_focused()
    expect(page.locator("#tab-chart")).to_have_attribute("aria-selected", "true")


def test_an_error_says_where_and_a_long_query_ends(visit: Visit) -> None:
    page = visit("/query")
    ask(page, "SELECT * {\n ?s ?p nope:x }")
    expect(page.locator("#message.error")).to_contain_text("第 2 行")
    ask(page, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")
    expect(page.locator("#message.error")).to_contain_text("已停止")
    ask(page, "ASK { ?s a kg:Park }")
    expect(page.locator(".truth")).to_have_text("是")


def test_a_query_can_be_stopped_by_hand(visit: Visit) -> None:
    page = visit("/query")
    page.fill("#query", "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")
    page.click("#run")
    page.click("#stop")
    expect(page.locator("#message")).to_have_text("已停止。")


def test_rows_are_sorted_by_a_heading(visit: Visit) -> None:
    page = visit("/query")
    ask(page, "SELECT ?n { VALUES ?n { 10 9 100 } }")
    heading = page.locator("#view th button")
    heading.click()
    assert page.locator("#view td").all_inner_texts() == ["9", "10", "100"]
    heading.click()
    assert page.locator("#view td").all_inner_texts() == ["100", "10", "9"]


def test_hostile_text_is_inert_and_no_formula_in_a_file(visit: Visit) -> None:
    page = visit("/query")
    ask(page, 'SELECT ?label { ?s skos:prefLabel ?label FILTER(STRSTARTS(?label, "=cmd")) }')
    expect(page.locator("#view td")).to_have_text(HOSTILE)
    assert page.locator("#view img").count() == 0
    with page.expect_download() as download:
        page.click("#save-csv")
    rows = list(csv.reader(Path(download.value.path()).read_text("utf-8-sig").splitlines()))
    assert rows[1] == ["'" + HOSTILE]
    with page.expect_download() as download:
        page.click("#save-json")
    assert json.loads(Path(download.value.path()).read_bytes())["results"]["bindings"]


def test_a_link_opens_the_same_query_in_either_language(visit: Visit) -> None:
    page = visit("/query")
    query = "SELECT ?s { ?s a kg:Park }"
    ask(page, query)
    address = page.evaluate("location.pathname + location.search + location.hash")
    again = visit(address)
    expect(again.locator("#query")).to_have_value(query)
    expect(again.locator("#view tbody tr")).to_have_count(1)
    again.click("#language")
    expect(again.locator("html")).to_have_attribute("lang", "en")
    expect(again.locator("#query")).to_have_value(query)
    expect(again.locator("#message")).to_contain_text("1 row,")
    assert again.url.count("query=") == 1
    from_elsewhere = visit("/sparql?query=ASK%20%7B%7D")
    expect(from_elsewhere.locator(".truth")).to_have_text("是")


def test_a_thing_in_an_answer_leads_to_its_page_and_sentence(visit: Visit) -> None:
    page = visit("/query")
    ask(page, "SELECT ?s { ?s a kg:Park }")
    page.click("#view td a")
    expect(page.locator("h1")).to_have_text("云溪陶瓷园")
    expect(page.locator("mark").first).to_be_visible()
    page.click("#language")
    expect(page.locator("h2").first).to_contain_text("Facts")


@pytest.mark.parametrize("path", ["/query", "/entity/park-yunxi-000004"])
def test_a_phone_shows_it_without_scrolling_sideways(visit: Visit, path: str) -> None:
    page = visit(path, width=390, height=844)
    if path == "/query":
        page.click("#run")
        page.wait_for_selector("#view table")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


# -- the explorer, served


def test_the_served_explorer_shows_every_view(visit: Visit) -> None:
    page = visit("/")
    expect(page.locator(".band .firms .node").first).to_be_visible()
    shown = {"network": "#main canvas", "table": "#main tbody tr", "text": "#main .mention", "chain": ".band"}
    for view, content in shown.items():
        page.click(f"#view-{view}")
        expect(page.locator(content).first).to_be_visible()
    assert page.evaluate("window.pwned") is None


def test_the_served_explorer_finds_a_name_and_its_sentence(visit: Visit) -> None:
    page = visit("/")
    page.keyboard.press("/")
    page.keyboard.type("gqsp")
    page.keyboard.press("Enter")
    expect(page.locator("#panel-title")).to_have_text("甘泉食品")
    again = visit(page.evaluate("location.pathname + location.hash"))
    expect(again.locator("#panel-title")).to_have_text("甘泉食品")


@pytest.mark.parametrize("view", ["chain", "network"])
def test_the_served_explorer_exports_a_picture(visit: Visit, view: str) -> None:
    page = visit("/")
    page.click(f"#view-{view}")
    page.wait_for_timeout(300)
    assert export(page, "png").startswith(b"\x89PNG")
    assert b"<svg" in export(page, "svg")
    assert export(page, "xlsx").startswith(b"PK")


def test_the_header_alone_guards_the_served_explorer(visit: Visit) -> None:
    """The file states its policy too; without that, the header's still lets the page work and no more."""
    page = visit("/")
    bodies: list[str] = []

    def strip(route: Route) -> None:
        response = route.fetch()
        bodies.append(re.sub(r"<meta http-equiv=[^>]*>", "", response.text()))
        route.fulfill(response=response, body=bodies[-1])

    page.route(visit.endpoint.url + "/", strip)
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert len(bodies) == 1 and "Content-Security-Policy" not in bodies[0]
    page.click("#view-network")
    expect(page.locator("#main canvas").first).to_be_visible()
    assert export(page, "png").startswith(b"\x89PNG")
    assert visit.complaints == []
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {text: 'window.pwned = 3'}))"
    )
    fetched = page.evaluate("fetch('/vocabulary').then(() => 'yes', () => 'no')")
    assert (page.evaluate("window.pwned"), fetched) == (None, "no")
    assert all("Content Security Policy" in complaint for complaint in visit.complaints)
    visit.complaints.clear()
