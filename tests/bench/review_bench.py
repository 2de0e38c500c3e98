"""How the review page fares with a document of 200,000 characters and 5,000 proposals.

Proposals are made here, not extracted, so that the figure is the page's own. Run as a script
it prints one line a measure.
"""

import shutil
import statistics
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Page, sync_playwright  # noqa: E402

from kg.model import (  # noqa: E402
    Document,
    EntityCandidate,
    MeasureCandidate,
    Mention,
    Proposal,
    RelationCandidate,
    Span,
)
from tests.bench.page_bench import ARGUMENTS, CHROMIUM  # noqa: E402
from tests.review.running import run_page  # noqa: E402
from tests.review.sample import make_data  # noqa: E402

_SENTENCES = 1250  # of 160 characters, with four proposals each
_KEYS = 60
_HAN = "云石青蓝远甘快飞光仪香临江海山河林星宏帆"


def _name(number: int) -> str:
    letters = "".join(_HAN[number // 20**place % 20] for place in range(3))
    return f"{letters}实业"


def make_text() -> str:
    """Write sentences of a firm, an industry and an amount."""
    lines = []
    for number in range(_SENTENCES):
        head = f"以{_name(number)}为龙头的{_HAN[number % 20]}{_HAN[number // 20 % 20]}产业加快壮大,"
        body = f"总投资{number + 100}万元,"
        lines.append(head + body + "要把各项工作抓实抓细" * 13 + "。\n")
    return "".join(lines)


def make_proposal(document: Document) -> Proposal:
    """Propose a firm, an industry, a relation and an amount a sentence."""
    entities: dict[str, list[Mention]] = {}
    relations, measures = [], []
    start = 0
    for number, line in enumerate(document.text.splitlines(keepends=True)):
        firm = _name(number)
        place = line.index("产业") - 2
        industry = line[place : place + 4]
        for kind, name, where in (("Enterprise", firm, 1), ("Industry", industry, place)):
            mention = Mention(
                start=start + where, end=start + where + len(name), text=name, type=kind, confidence=0.9
            )
            entities.setdefault(name, []).append(mention)
        quote = line[: place + 4]
        evidence = Span(start=start, end=start + len(quote), text=quote)
        relations.append(
            RelationCandidate(
                type="anchors", subject=firm, object=industry, basis="龙头", modality="actual",
                evidence=evidence, confidence=0.9,
            )
        )  # fmt: skip
        value = f"{number + 100}万元"
        at = start + line.index(value)
        for indicator in ("总投资", "投资额"):
            measures.append(
                MeasureCandidate(
                    subject=None, indicator=indicator, low=Decimal(number), high=Decimal(number), unit="CNY",
                    comparator="eq", modality="planned", period="",
                    value=Span(start=at, end=at + len(value), text=value),
                    evidence=Span(start=at - 3, end=at + len(value), text=f"总投资{value}"), confidence=0.8,
                )
            )  # fmt: skip
        start += len(line)
    candidates = tuple(
        EntityCandidate(type=mentions[0].type, name=name, mentions=tuple(mentions), confidence=0.9)
        for name, mentions in entities.items()
    )
    return Proposal(
        document=document, entities=candidates, relations=tuple(relations), measures=tuple(measures)
    )


# Resolves when the card shows another item and the browser has painted it.
_ANSWER = """(key) => new Promise((done) => {
  const card = document.getElementById("card"), start = performance.now();
  const watcher = new MutationObserver(() => {
    watcher.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
  });
  watcher.observe(card, { childList: true });
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
})"""


def time_keys(page: Page, keys: str) -> list[float]:
    """Press keys in turn; give milliseconds from each press to the painted answer."""
    times = []
    for number in range(_KEYS):
        times.append(float(page.evaluate(_ANSWER, keys[number % len(keys)])))
        page.wait_for_timeout(20)
    return times


def print_review_load() -> None:
    """Print how long such a document takes to open and to answer a key."""
    folder = Path(tempfile.mkdtemp())
    try:
        data = make_data(folder / "data", make_text())
        with run_page(data, propose=make_proposal) as running, sync_playwright() as playwright:
            document = next(iter(running.office.documents.values()))
            start = time.perf_counter()
            board = running.office.board(document.id)
            assert board is not None
            ready = time.perf_counter() - start
            count = len(board.session.state.order)
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            opened = []
            for _ in range(3):
                page = browser.new_page(viewport={"width": 1400, "height": 900})
                start = time.perf_counter()
                page.goto(running.address)
                page.wait_for_selector("html[data-ready]")
                opened.append(time.perf_counter() - start)
            print(f"review page: {len(document.text):,} characters, {count:,} things to decide")
            print(f"review page: proposals matched and ready {ready:>26.2f} s")
            print(f"review page: open to usable, median of three {statistics.median(opened):>23.2f} s")
            for words, keys in (("accept", "a"), ("next, on, back", "njk"), ("accept and undo", "az")):
                times = sorted(time_keys(page, keys))
                middle, late = statistics.median(times), times[int(len(times) * 0.95)]
                print(f"review page: key {words}: median, 95 % {middle:>20.0f} ms {late:.0f} ms")
            browser.close()
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    print_review_load()
