"""How the page fares with large graphs in Chromium, beside pyvis as it comes.

`python tests/bench/bench.py page` prints one line a size, and one for pyvis.
"""

import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from playwright.sync_api import Page, Playwright, TimeoutError, sync_playwright

from kg.model import Document, Entity, Evidence, KnowledgeBase, Measure, Record, Span, Statement
from kg.view.page import write_page

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip
_TYPES = ("Enterprise", "Enterprise", "Enterprise", "Project", "Project", "Park", "Place", "Organization")
_FIRST = "云石青蓝远甘快飞光仪香医临江海山河林星宏"
_SECOND = "帆桥禾屿山泉马雁电器料药汇达通盛源泰科创"
_ENDINGS = {
    "Industry": "产业",
    "Enterprise": "实业",
    "Project": "项目",
    "Park": "产业园",
    "Place": "镇",
    "Organization": "管委会",
}
_ROLES = ("龙头", "领军企业", "围绕…招引", "骨干")

# Pans the network by dragging and counts the frames that were drawn meanwhile.
_FRAMES = """async (seconds) => {
  let frames = 0, running = true;
  const count = () => { frames += 1; if (running) requestAnimationFrame(count); };
  requestAnimationFrame(count);
  await new Promise((done) => setTimeout(done, seconds * 1000));
  running = false;
  return frames / seconds;
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFigures:
    """Seconds, megabytes and frames a second of one page."""

    nodes: int
    edges: int
    write_seconds: float
    megabytes: float
    open_seconds: float
    network_seconds: float
    scroll_frames: float
    pan_frames: float
    memory_megabytes: float


def measure_page(nodes: int = 10_000, edges: int = 18_000) -> PageFigures:
    """Write a page of that size, open it in Chromium, scroll the bands and pan the network."""
    with sync_playwright() as playwright:
        return measure_in(playwright, nodes, edges)


def measure_in(playwright: Playwright, nodes: int, edges: int) -> PageFigures:
    """Measure with a Playwright that runs already: two at once cannot be."""
    kb = make_large(nodes, edges)
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        path = write_page(kb, Path(folder) / "graph.html")
        write_seconds = time.perf_counter() - start
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        start = time.perf_counter()
        page.goto(path.as_uri())
        page.wait_for_selector("html[data-ready]", timeout=120_000)
        page.wait_for_selector(".band .node", timeout=120_000)
        open_seconds = time.perf_counter() - start
        scroll_frames = _count_frames(page, wheel=True)
        start = time.perf_counter()
        page.click("#view-network")
        page.wait_for_selector(".canvas canvas")
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        network_seconds = time.perf_counter() - start
        pan_frames = _count_frames(page, wheel=False)
        memory = page.evaluate("performance.memory.usedJSHeapSize") / 1e6
        browser.close()
        return PageFigures(
            nodes=nodes,
            edges=edges,
            write_seconds=round(write_seconds, 2),
            megabytes=round(path.stat().st_size / 1e6, 2),
            open_seconds=round(open_seconds, 2),
            network_seconds=round(network_seconds, 2),
            scroll_frames=round(scroll_frames, 1),
            pan_frames=round(pan_frames, 1),
            memory_megabytes=round(memory, 1),
        )


def measure_plain_pyvis(nodes: int = 2_000, edges: int = 3_600, limit: float = 120.0) -> float:
    """Seconds until pyvis as it comes has settled a graph; `limit` where it has not by then."""
    import random

    from pyvis.network import Network

    chance = random.Random(1)
    network = Network(directed=True, cdn_resources="in_line")
    for number in range(nodes):
        network.add_node(number, label=f"节点{number}")
    for _ in range(edges):
        network.add_edge(chance.randrange(nodes), chance.randrange(nodes))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "plain.html"
        path.write_text(network.generate_html(), encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_context(offline=True).new_page()
        start = time.perf_counter()
        page.goto(path.as_uri(), timeout=limit * 1000, wait_until="commit")
        settled = "() => document.getElementById('loadingBar')?.style.opacity === '0'"
        try:
            page.wait_for_function(settled, timeout=limit * 1000)
        except TimeoutError:  # not settled within the limit: that is the figure
            return limit
        finally:
            seconds = time.perf_counter() - start
            browser.close()
        return round(seconds, 1)


def _count_frames(page: Page, *, wheel: bool, seconds: float = 2.0) -> float:
    page.mouse.move(620, 500)
    page.evaluate(f"window.frameCount = ({_FRAMES})({seconds})")
    stop = time.perf_counter() + seconds
    if not wheel:
        page.mouse.move(360, 200)
        page.mouse.down()
    step = 0
    while time.perf_counter() < stop:
        step += 1
        if wheel:
            page.mouse.wheel(0, 60)
        else:
            page.mouse.move(360 + step * 7 % 300, 200 + step * 5 % 240)
    if not wheel:
        page.mouse.up()
    return float(page.evaluate("window.frameCount"))


def make_large(nodes: int, edges: int) -> KnowledgeBase:
    """Return an invented knowledge base of that size: a hundred documents, an industry in fifteen names."""
    types = ["Industry" if number % 15 == 0 else _TYPES[number % len(_TYPES)] for number in range(nodes)]
    names = [_name(number, kind) for number, kind in enumerate(types)]
    by_type: dict[str, list[int]] = {}
    for number, kind in enumerate(types):
        by_type.setdefault(kind, []).append(number)
    relations = [_relation(number, types, by_type) for number in range(edges)]
    documents, evidence = _write_documents(names, relations)
    keys = [f"{kind.lower()}-n{number}-{number:06x}" for number, kind in enumerate(types)]
    mentions: dict[int, list[Evidence]] = {}
    for piece, (_, subject, target, _, _) in zip(evidence, relations, strict=True):
        mentions.setdefault(subject, []).append(_part(piece, names[subject]))
        mentions.setdefault(target, []).append(_part(piece, names[target]))
    return KnowledgeBase(
        documents=documents,
        entities=tuple(
            Entity(
                key=keys[number],
                types=(kind,),
                label=names[number],
                name=names[number],
                documents=tuple(dict.fromkeys(m.document for m in mentions.get(number, ()))),
                mentions=tuple(mentions.get(number, ())),
            )
            for number, kind in enumerate(types)
        ),
        statements=tuple(
            Statement(
                key=f"s{number:08x}",
                predicate=predicate,
                subject=keys[subject],
                object=keys[target],
                basis=basis,
                modality=modality,
                period=str(2020 + number % 6),
                evidence=(piece,),
                reviewers=("甲",),
                reviewed_on="2026-01-01",
            )
            for number, ((predicate, subject, target, basis, modality), piece) in enumerate(
                zip(relations, evidence, strict=True)
            )
        ),
        measures=tuple(_measure(number, keys[number], evidence[0]) for number in by_type["Project"][::3]),
    )


def _name(number: int, kind: str) -> str:
    first, rest = _FIRST[number % 20], number // 20
    second, rest = _SECOND[rest % 20], rest // 20
    return f"{first}{second}{rest or ''}{_ENDINGS[kind]}"


def _relation(number: int, types: list[str], by_type: dict[str, list[int]]) -> tuple[str, int, int, str, str]:
    def pick(kind: str, salt: int) -> int:
        pool = by_type[kind]
        return pool[(number * 7919 + salt * 104729 + number // 7) % len(pool)]

    modality = ("actual", "planned", "target")[number % 3]
    if number % 9 == 0:
        return "anchors", pick("Enterprise", 1), pick("Industry", 2), _ROLES[number // 9 % 4], modality
    if number % 3 == 1:
        return "undertakes", pick("Enterprise", 3), pick("Project", 4), "承担", modality
    if number % 3 == 2:
        return "locatedIn", pick(("Project", "Enterprise")[number % 2], 5), pick("Park", 6), "位于", modality
    return (
        "inIndustry",
        pick(("Project", "Park", "Enterprise")[number % 7 % 3], 7),
        pick("Industry", 8),
        "",
        modality,
    )


def _write_documents(
    names: list[str], relations: list[tuple[str, int, int, str, str]]
) -> tuple[tuple[Document, ...], list[Evidence]]:
    documents, evidence = [], []
    size = -(-len(relations) // 100)
    for place, begin in enumerate(range(0, len(relations), size)):
        record = Record(id=f"doc-{place:03d}", title=f"文件{place}", issued="2024-01-01", place="样区")
        text, spans = "", []
        for _, subject, target, basis, _ in relations[begin : begin + size]:
            sentence = f"{names[subject]}与{names[target]}{basis}。"
            spans.append(Span(start=len(text), end=len(text) + len(sentence), text=sentence))
            text += sentence + ("\n" if len(spans) % 8 == 0 else "")
        documents.append(Document(record=record, text=text, sentences=tuple(spans)))
        evidence += [_evidence(record.id, span) for span in spans]
    return tuple(documents), evidence


def _evidence(document: str, span: Span) -> Evidence:
    return Evidence(
        start=span.start,
        end=span.end - 1,
        text=span.text[:-1],
        document=document,
        prefix="",
        suffix="。",
        sections=("一、产业",),
        sentence=span,
    )


def _part(piece: Evidence, name: str) -> Evidence:
    start = piece.start + piece.text.index(name)
    return Evidence(
        start=start,
        end=start + len(name),
        text=name,
        document=piece.document,
        prefix="",
        suffix="",
        sections=piece.sections,
        sentence=piece.sentence,
    )


def _measure(number: int, key: str, piece: Evidence) -> Measure:
    from decimal import Decimal

    amount = Decimal(number % 97 + 1) * 10_000_000
    return Measure(
        key=f"m{number:08x}",
        subject=key,
        indicator="总投资",
        value_text=f"{number % 97 + 1}000万元",
        low=amount,
        high=amount,
        unit="CNY",
        comparator="eq",
        kind="level",
        base="",
        modality="planned",
        period="2024",
        evidence=(piece,),
    )


def main() -> None:
    """Print the page's figures at 10,000 and 50,000 nodes, and pyvis as it comes beside them."""
    for size, links in ((10_000, 18_000), (50_000, 90_000)):
        print(asdict(measure_page(size, links)), flush=True)
    limit = 120.0
    seconds = measure_plain_pyvis(limit=limit)
    settled = f"settled after {seconds} s" if seconds < limit else f"not settled after {limit:.0f} s"
    print(f"plain pyvis, 2,000 nodes and 3,600 edges: {settled}", flush=True)


if __name__ == "__main__":
    main()
