"""What the tests of the explorer share: choosing, exporting, and asking the graph the copied query."""

import csv
import io
from pathlib import Path

from playwright.sync_api import Page
from pyoxigraph import Quad, QuerySolutions, Store

from kg.graph.rdf import build_graph
from kg.model import KnowledgeBase

_COPY = """() => {
  window.copied = [];
  navigator.clipboard.writeText = (text) => { window.copied.push(text); return Promise.resolve(); };
}"""
_ID = "https://w3id.org/lianzhu/id/"


def choose(page: Page, words: str) -> None:
    page.keyboard.press("/")
    page.keyboard.type(words)
    page.keyboard.press("Enter")


def title(page: Page) -> str:
    return page.locator("#panel-title").inner_text()


def export(page: Page, kind: str) -> bytes:
    return export_named(page, kind)[1]


def export_named(page: Page, kind: str) -> tuple[str, bytes]:
    page.click("#export-button")
    with page.expect_download() as download:
        page.click(f"[data-export={kind}]")
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def copied(page: Page, kind: str) -> str:
    page.evaluate(_COPY)
    page.click("#export-button")
    page.click(f"[data-export={kind}]")
    return str(page.evaluate("window.copied.at(-1)"))


def keys_of_csv(data: bytes) -> list[str]:
    """Return the keys of all rows, of one table or of two with an empty line between."""
    keys: list[str] = []
    place = -1
    for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))):
        if not any(row):
            place = -1
        elif place < 0:
            place = row.index("编号")
        else:
            keys.append(row[place])
    return sorted(keys)


def make_store(kb: KnowledgeBase) -> Store:
    store = Store()
    store.extend(Quad(*triple) for triple in build_graph(kb))
    return store


def keys_of_query(store: Store, query: str) -> list[str]:
    """Return the key of each row that a copied query gives, as the tables write it."""
    found = store.query(query)
    assert isinstance(found, QuerySolutions)
    keys = [str(row[0].value).removeprefix(_ID) for row in found]
    for prefix in ("statement-", "measure-", "not-stated-"):
        keys = [key.removeprefix(prefix) for key in keys]
    return sorted(keys)
