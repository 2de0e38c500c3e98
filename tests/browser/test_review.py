"""The review page as a person uses it: by keyboard alone, with undo, conflicts, two tabs, hostile text."""

import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from kg.graph.rdf import build_graph, write_ntriples
from kg.model import (
    Document,
    EntityCandidate,
    EntityVerdict,
    MeasureCandidate,
    Mention,
    Proposal,
    RelationCandidate,
    Review,
    Span,
    Verdict,
)
from kg.pipeline import read_knowledge
from kg.review import read_review, review_path
from kg.review.table import COLUMNS, render_cells, write_review
from tests.review.running import Running, run_page
from tests.review.sample import find_numbers, make_data, propose, sample_document, span_of

pytestmark = pytest.mark.browser
GOLDEN = Path(__file__).resolve().parent.parent / "golden"
GOLDEN_ID = "qinghe-2024-brief"


class Visit:
    """Starts review pages and opens them; remembers requests elsewhere and every complaint."""

    def __init__(self, browser: Browser, stack: ExitStack) -> None:
        self.browser, self._stack = browser, stack
        self.elsewhere: list[str] = []
        self.complaints: list[str] = []

    def start(self, data: Path, **more: object) -> Running:
        """Run the page of a folder."""
        return self._stack.enter_context(run_page(data, **more))  # type: ignore[arg-type]

    def open(self, running: Running, *, width: int = 1400, height: int = 900, touch: bool = False) -> Page:
        """Open it as a person would: by the printed address."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", has_touch=touch, is_mobile=touch
        )
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on("request", lambda request: self._note(request.url, running))
        page.on("console", lambda message: self._complain(message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(running.address)
        page.wait_for_selector("html[data-ready]")
        return page

    def _note(self, url: str, running: Running) -> None:
        if urlsplit(url).scheme != "data" and not url.startswith(running.url):
            self.elsewhere.append(url)

    def _complain(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and "status of 4" not in text:
            self.complaints.append(text)


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Visit]:
    with ExitStack() as stack:
        visit = Visit(chromium, stack)
        yield visit
        for context in chromium.contexts:
            context.close()
    assert visit.elsewhere == []
    assert visit.complaints == []


@pytest.fixture
def sample(tmp_path: Path, visit: Visit) -> Running:
    """The sample document with the proposals of `tests.review.sample`, nothing decided."""
    return visit.start(make_data(tmp_path / "data"), propose=propose, find_numbers=find_numbers)


def settle(page: Page) -> None:
    """Wait until the page has its answer."""
    expect(page.locator("#card")).not_to_have_attribute("aria-busy", "true")


def press(page: Page, *keys: str) -> None:
    """Press keys, each when the page has answered the one before."""
    for key in keys:
        page.keyboard.press(key)
        settle(page)


def decide(page: Page, *keys: str) -> None:
    """Press keys that decide the item shown, and wait for another."""
    item = str(page.locator("#card article").get_attribute("data-item"))
    press(page, *keys)
    expect(page.locator("#card article")).not_to_have_attribute("data-item", item)


def go(page: Page, words: str) -> None:
    """Go on, item by item, to one whose heading has these words."""
    for _ in range(40):
        if words in title(page):
            return
        press(page, "j")
    raise AssertionError(f"no item {words}")


def title(page: Page) -> str:
    return " ".join(page.locator("#card h2").inner_text().split())


def rows_of(running: Running) -> Review:
    document = next(iter(running.office.documents))
    return read_review(review_path(running.data, document), document)


# ---------------------------------------------------------------- from empty to finished


class Robot:
    """A person who knows the golden tables and has nothing but a keyboard."""

    def __init__(self, page: Page, gold: Review) -> None:
        self.page = page
        self.left: dict[str, list[Verdict]] = {
            table: [row for row in getattr(gold, table) if row.verdict == "accept"] for table in COLUMNS
        }

    def decide_shown(self) -> None:
        """Decide the item on the card as the golden rows say."""
        card = self.page.locator("#card article")
        table = str(card.get_attribute("data-table"))
        fields = self._read("#card form.edit")
        row = self._find(table, fields)
        if row is None:
            decide(self.page, "r", "6")
            return
        wanted = self._wanted(table, row)
        if {c: fields[c] for c in wanted} == wanted:
            decide(self.page, "a")
        else:
            self.page.keyboard.press("e")
            self._fill(wanted, fields)
            decide(self.page, "Enter")
        self.left[table].remove(row)

    def add_rest(self) -> None:
        """Add what nothing proposed, names first."""
        for number, table in enumerate(COLUMNS, 1):
            for row in self.left[table]:
                self.page.locator("#card article").focus()
                self.page.keyboard.press("Space")
                self.page.keyboard.press(f"Alt+{number}")
                form = f"#add form[data-table={table}]"
                self._fill(self._wanted(table, row), self._read(form))
                press(self.page, "Enter")
                expect(self.page.locator("#add")).not_to_be_visible()
            self.left[table] = []

    def _find(self, table: str, fields: Mapping[str, str]) -> Verdict | None:
        keys = {
            "entities": ("name",), "relations": ("relation", "subject", "object"), "measures": ("value",),
        }[table]  # fmt: skip
        same = (r for r in self.left[table] if all(getattr(r, k) == fields[k] for k in keys))
        return next(same, None)

    @staticmethod
    def _wanted(table: str, row: Verdict) -> dict[str, str]:
        cells = dict(zip(COLUMNS[table], render_cells(table, row), strict=True))
        return {c: v for c, v in cells.items() if c not in ("verdict", "reviewer", "reviewed")}

    def _read(self, form: str) -> dict[str, str]:
        fields: dict[str, str] = self.page.eval_on_selector(
            form, "f => Object.fromEntries([...f.elements].filter(e => e.name).map(e => [e.name, e.value]))"
        )
        return fields

    def _fill(self, wanted: Mapping[str, str], fields: Mapping[str, str]) -> None:
        """Go through the fields with Tab and type what differs."""
        left = {c for c in wanted if wanted[c] != fields[c]}
        for _ in range(60):
            if not left:
                return
            name, kind, value = self.page.evaluate(
                "(({name, localName, value}) => [name, localName, value])(document.activeElement)"
            )
            if name in left:
                if kind == "select":
                    self._choose(wanted[name])
                elif value != wanted[name]:
                    self.page.keyboard.press("Control+a")
                    if wanted[name]:
                        self.page.keyboard.insert_text(wanted[name])
                    else:
                        self.page.keyboard.press("Delete")
                left.discard(name)
            if left:
                self.page.keyboard.press("Tab")
        raise AssertionError(f"not reached by Tab: {left}")

    def _choose(self, value: str) -> None:
        self.page.keyboard.press("Home")
        for _ in range(40):
            if self.page.evaluate("document.activeElement.value") == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no choice {value}")


def propose_golden(document: Document) -> Proposal:
    """Propose as an extractor might: some right, some of a wrong type or number, some not at all."""
    text = document.text

    def span(words: str) -> Span:
        return span_of(text, words)

    def entity(kind: str, name: str, sure: float) -> EntityCandidate:
        places = (m.start() for m in re.finditer(name, text))
        mentions = tuple(Mention(start=s, end=s + len(name), text=name, type=kind) for s in places)
        return EntityCandidate(type=kind, name=name, mentions=mentions, confidence=sure)

    def relation(subject: str, quote: str) -> RelationCandidate:
        return RelationCandidate(
            type="anchors", subject=subject, object="储能装备产业", basis="龙头" if "龙头" in quote else "",
            modality="actual", evidence=span(quote), confidence=0.8,
        )  # fmt: skip

    def measure(indicator: str, value: str, amount: int, unit: str, quote: str) -> MeasureCandidate:
        return MeasureCandidate(
            subject=None, indicator=indicator, low=Decimal(amount), high=Decimal(amount), unit=unit,
            comparator="eq", modality="actual", period="2023", value=span(value), evidence=span(quote),
            confidence=0.9,
        )  # fmt: skip

    anchor = "以恒岳电气、白鹿重工为龙头的储能装备产业"
    return Proposal(
        document=document,
        entities=(
            entity("Park", "青禾高新区", 0.6),
            entity("Enterprise", "恒岳电气", 0.97),
            entity("Enterprise", "白鹿重工", 0.96),
            entity("Industry", "储能装备产业", 0.9),
            entity("Enterprise", "配套企业", 0.4),
            entity("Project", "恒岳储能产业园一期", 0.8),
            entity("Enterprise", "云杉生物", 0.9),
        ),
        relations=(
            relation("恒岳电气", anchor),
            relation("白鹿重工", anchor),
            relation("云杉生物", "云杉生物等企业"),
        ),
        measures=(
            measure("规模以上工业企业", "126家", 126, "家", "全区规模以上工业企业达到126家"),
            measure("产值", "突破480亿元", 480, "CNY", "工业总产值突破480亿元"),
            measure("总投资", "12.6亿元", 12, "CNY", "恒岳电气投资12.6亿元"),
        ),
    )


def test_a_document_is_checked_by_keyboard_alone_and_its_graph_is_the_expected_one(
    tmp_path: Path, visit: Visit
) -> None:
    data = tmp_path / "data"
    shutil.copytree(GOLDEN / "data", data)
    gold = read_review(review_path(data, GOLDEN_ID), GOLDEN_ID)
    shutil.rmtree(review_path(data, GOLDEN_ID))
    running = visit.start(data, propose=propose_golden)
    page = visit.open(running)
    robot = Robot(page, gold)
    for _ in range(80):
        if page.locator("#card .done").count():
            break
        robot.decide_shown()
    robot.add_rest()
    expect(page.locator("#card h2")).to_have_text(re.compile("核对完成"))
    write_ntriples(build_graph(read_knowledge(data), with_ontology=False), tmp_path / "graph.nt")
    assert (tmp_path / "graph.nt").read_bytes() == (GOLDEN / "expected.nt").read_bytes()


# ---------------------------------------------------------------- deciding


def test_a_rejection_keeps_its_reason_and_is_not_asked_again(sample: Running, visit: Visit) -> None:
    page = visit.open(sample)
    go(page, "云岭机械")
    shown = title(page)
    decide(page, "r", "2")
    (row,) = rows_of(sample).entities
    assert (row.verdict, row.note) == ("reject", "type")
    seen = {title(page)}
    for _ in range(12):
        press(page, "n")
        seen.add(title(page))
    assert shown not in seen


def test_accepting_a_fact_accepts_its_names_and_undo_takes_all_of_it_back(
    sample: Running, visit: Visit
) -> None:
    page = visit.open(sample)
    go(page, "龙头")
    decide(page, "a")
    review = rows_of(sample)
    assert [r.relation for r in review.relations] == ["anchors"]
    assert {r.name for r in review.entities} == {review.relations[0].subject, "装备制造产业"}
    press(page, "z")
    expect(page.locator("#card h2")).to_contain_text("龙头")
    assert rows_of(sample) == Review(document="linchuan-2025")


def test_undo_goes_back_to_the_first_decision_also_after_a_reload(sample: Running, visit: Visit) -> None:
    page = visit.open(sample)
    first = title(page)
    decide(page, "r", "6")
    decide(page, "u")
    decide(page, "r", "6")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    for count in (2, 1, 0):
        press(page, "z")
        expect(page.locator("#announce")).to_be_visible()
        page.wait_for_timeout(150)
        review = rows_of(sample)
        assert sum(len(getattr(review, t)) for t in COLUMNS) == count
    assert title(page) == first
    press(page, "z")
    expect(page.locator("#announce")).to_have_text("没有可撤销的了")


def test_a_reload_in_the_middle_stays_at_the_item_and_keeps_what_was_decided(
    sample: Running, visit: Visit
) -> None:
    page = visit.open(sample)
    decide(page, "r", "1")
    press(page, "j", "j")
    page.wait_for_timeout(150)
    shown, counts = title(page), page.locator(".counts").inner_text()
    page.reload()
    page.wait_for_selector("html[data-ready]")
    expect(page.locator("#card h2")).to_contain_text(shown.split()[0])
    page.wait_for_timeout(150)
    assert (title(page), page.locator(".counts").inner_text()) == (shown, counts)


def test_bulk_accepts_only_what_it_has_shown(sample: Running, visit: Visit) -> None:
    page = visit.open(sample)
    press(page, "b")
    page.keyboard.type("0.93")
    page.keyboard.press("Enter")
    expect(page.locator("#bulk-list li")).to_have_count(4)
    page.keyboard.press("Enter")
    expect(page.locator("#bulk")).not_to_be_visible()
    page.wait_for_timeout(200)
    review = rows_of(sample)
    assert {r.name for r in review.entities} == {"云岭机械", "天穗农业", "装备制造产业"}
    assert len(review.relations) == 2 and not review.measures


def test_selected_words_become_a_fact_with_their_clause_as_quote(sample: Running, visit: Visit) -> None:
    page = visit.open(sample)
    page.evaluate(
        """() => {
          const walker = document.createTreeWalker(document.getElementById("text"), NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const place = walker.currentNode.data.indexOf("临川开发区");
            if (place < 0) continue;
            getSelection().setBaseAndExtent(walker.currentNode, place, walker.currentNode, place + 5);
            return;
          }
        }"""
    )
    page.keyboard.press("Space")
    form = page.locator("#add form[data-table=entities]")
    expect(form.locator("[name=name]")).to_have_value("临川开发区")
    expect(form.locator("[name=quote]")).to_have_value("临川开发区2025年工作要点")
    page.keyboard.type("Park")
    page.keyboard.press("Enter")
    expect(page.locator("#add")).not_to_be_visible()
    (row,) = rows_of(sample).entities
    assert (row.type, row.name, row.verdict) == ("Park", "临川开发区", "accept")


def test_a_broken_rule_is_told_on_the_card_and_nothing_is_written(sample: Running, visit: Visit) -> None:
    page = visit.open(sample)
    go(page, "云岭机械")
    press(page, "e")
    page.locator("#card form [name=quote]").fill("这句话不在原文里")
    page.keyboard.press("Enter")
    expect(page.locator("#card .error")).to_contain_text("原文中没有这段引文")
    assert rows_of(sample) == Review(document="linchuan-2025")


def test_the_year_of_a_passage_is_set_and_undone(sample: Running, visit: Visit) -> None:
    page = visit.open(sample)
    press(page, "t")
    page.locator("#anchor [data-span=whole]").click()
    page.locator("#anchor [name=year]").fill("2026")
    page.keyboard.press("Enter")
    expect(page.locator("#text .anchor")).to_have_text("今年 = 2026")
    index = sample.data / "documents" / "index.tsv"
    assert "\t2026\t" in index.read_text(encoding="utf-8")
    press(page, "z")
    expect(page.locator("#text .anchor")).to_have_count(0)
    assert "\t2026\t" not in index.read_text(encoding="utf-8")


# ---------------------------------------------------------------- two writers


def test_an_editor_that_decided_the_same_item_meanwhile_is_a_conflict_with_both_versions(
    sample: Running, visit: Visit
) -> None:
    page = visit.open(sample)
    go(page, "云岭机械")
    document = sample_document()
    name = str(page.locator("#card form [name=name]").input_value())
    kind = str(page.locator("#card form [name=type]").input_value())
    quote = str(page.locator("#card form [name=quote]").input_value())
    theirs = EntityVerdict(
        verdict="reject", type=kind, name=name, quote=quote, reviewer="乙", note="type 乙的意见"
    )
    write_review(
        review_path(sample.data, document.id), Review(document=document.id, entities=(theirs,)), document
    )
    page.keyboard.press("a")
    conflict = page.locator("#conflict")
    expect(conflict).to_be_visible()
    expect(conflict).to_contain_text("已接受")
    expect(conflict).to_contain_text("type 乙的意见")
    assert rows_of(sample).entities == (theirs,)
    conflict.locator("[data-keep=mine]").click()
    expect(conflict).not_to_be_visible()
    page.wait_for_timeout(200)
    (row,) = rows_of(sample).entities
    assert (row.verdict, row.reviewer) == ("accept", "test")


def test_rows_that_an_editor_saved_over_are_told_and_put_back(sample: Running, visit: Visit) -> None:
    page = visit.open(sample)
    go(page, "云岭机械")
    decide(page, "a")
    kept = rows_of(sample)
    document = sample_document()
    write_review(review_path(sample.data, document.id), Review(document=document.id), document)
    press(page, "n")
    expect(page.locator("#notice")).to_contain_text("被别处的保存盖掉")
    page.locator("[data-act=restore]").click()
    expect(page.locator("#notice article")).to_have_count(0)
    assert rows_of(sample) == kept


def test_a_table_that_an_editor_broke_is_told_with_file_and_line_and_left_alone(
    sample: Running, visit: Visit
) -> None:
    page = visit.open(sample)
    go(page, "云岭机械")
    decide(page, "a")
    path = review_path(sample.data, "linchuan-2025") / "entities.tsv"
    broken = path.read_text(encoding="utf-8").rstrip("\n") + "\t多\t出\t来\n"
    path.write_text(broken, encoding="utf-8")
    press(page, "a")
    expect(page.locator("#card .error")).to_contain_text("entities.tsv:2")
    expect(page.locator("#saved")).to_have_text("没有保存")
    assert path.read_text(encoding="utf-8") == broken


def test_the_second_of_two_tabs_sees_what_the_first_decided_and_does_not_overwrite_it(
    sample: Running, visit: Visit
) -> None:
    first, second = visit.open(sample), visit.open(sample)
    go(first, "云岭机械")
    go(second, "云岭机械")
    shown = title(second)
    decide(first, "r", "2")
    second.keyboard.press("a")
    expect(second.locator("#conflict")).to_be_visible()
    second.locator("[data-keep=theirs]").click()
    expect(second.locator("#card .state")).to_have_text("已否定")
    assert title(second) == shown
    assert [row.verdict for row in rows_of(sample).entities] == ["reject"]
    decide(second, "n")
    decide(second, "a")
    first.evaluate("dispatchEvent(new Event('focus'))")
    expect(first.locator(".counts")).to_have_text(second.locator(".counts").inner_text())


# ---------------------------------------------------------------- hostile

_HOSTILE = "</p><img src=x onerror=alert(1)>\"'<script>alert(2)</script>{{7*7}}"


def test_hostile_text_and_names_are_shown_as_text(tmp_path: Path, visit: Visit) -> None:
    name = '<b onclick="alert(3)">甲</b>"\u202e乙'
    text = f"开发区\n{_HOSTILE}\n{name}年产值5亿元,javascript:alert(4)。\n" + "长" * 1_000_000 + "\n"

    def hostile(document: object) -> Proposal:
        one = sample_document(text)
        start = text.index(name)
        mention = Mention(start=start, end=start + len(name), text=name, type="Enterprise")
        firm = EntityCandidate(type="Enterprise", name=name, mentions=(mention,), confidence=0.9)
        return Proposal(document=one, entities=(firm,))

    running = visit.start(make_data(tmp_path / "data", text), propose=hostile, find_numbers=find_numbers)
    page = visit.open(running)
    page.on("dialog", lambda dialog: visit.complaints.append(dialog.message))
    expect(page.locator("#card h2")).to_contain_text("onclick")
    assert page.locator("#text img, #text script, #text b, #card img, #card b, #decide script").count() == 0
    assert _HOSTILE in str(page.locator("#text").text_content())
    decide(page, "a")
    (row,) = rows_of(running).entities
    assert (row.name, row.verdict) == (name, "accept")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert page.locator("#names option").evaluate_all("o => o.map(e => e.value)") == [name]


# ---------------------------------------------------------------- who may ask


def test_nobody_without_the_token_of_this_start_reads_or_writes(sample: Running) -> None:
    path = "/d/linchuan-2025"
    for method, where in (("GET", "/"), ("GET", path), ("GET", f"{path}?token=x"), ("POST", f"{path}/undo")):
        assert sample.send(method, where, {} if method == "POST" else None)[0] == 403


def test_another_site_cannot_write_even_with_the_cookie(sample: Running) -> None:
    _, headers, _ = sample.send("GET", "/?token=a-token-for-tests")
    cookie = {"Cookie": headers["set-cookie"].split(";")[0]}
    assert "HttpOnly" in headers["set-cookie"] and "SameSite=strict" in headers["set-cookie"]
    status, headers, body = sample.send("GET", "/d/linchuan-2025", headers=cookie)
    assert status == 200 and headers["content-security-policy"].startswith("default-src 'none'")
    key = re.search(r'name="token" content="([^"]+)"', body)
    assert key is not None
    own = {**cookie, "X-Token": key[1]}
    undo = "/d/linchuan-2025/undo"
    assert sample.send("POST", undo, {}, own)[0] == 200
    assert sample.send("POST", undo, {}, cookie)[0] == 403
    assert sample.send("POST", undo, {}, {**own, "Origin": "http://elsewhere.example"})[0] == 403
    assert sample.send("POST", undo, {}, {**own, "Host": "elsewhere.example"})[0] == 403
    assert sample.send("POST", undo, {}, {**own, "Sec-Fetch-Site": "same-site"})[0] == 403
    assert sample.send("POST", undo, [], own)[0] == 400
    assert sample.send("POST", "/d/linchuan-2025/decide", {"verdict": "accept"}, own)[0] == 422


# ---------------------------------------------------------------- arrangement


@pytest.mark.parametrize(("width", "height"), [(1400, 900), (390, 844)])
def test_everything_is_in_the_window_and_has_a_label(
    sample: Running, visit: Visit, width: int, height: int
) -> None:
    page = visit.open(sample, width=width, height=height)
    sizes = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.scrollHeight, "
        "...['#text', '#decide', '#card .actions'].map(s => document.querySelector(s).clientHeight)]"
    )
    assert sizes[0] <= width and sizes[1] <= height and min(sizes[2:]) > 30
    for role in ("banner", "main", "region", "navigation", "contentinfo"):
        assert page.get_by_role(role).count() >= 1, role  # type: ignore[arg-type]
    unnamed = page.evaluate(
        "[...document.querySelectorAll('input, select, textarea')].filter(e => !e.labels.length).length"
    )
    assert unnamed == 0
    go(page, "云岭机械")
    page.locator("#card").get_by_role("button", name="接受").click()
    page.wait_for_timeout(300)
    assert len(rows_of(sample).entities) == 1


def test_the_page_speaks_english_when_asked(sample: Running, visit: Visit) -> None:
    page = visit.open(sample)
    page.locator("#language").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("button", name="Accept").first).to_be_visible()
