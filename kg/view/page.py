"""Write the explorer: one HTML file that needs no network and makes no request."""

import base64
import csv
import hashlib
import json
import re
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any

from kg.file import replace_file
from kg.model import KnowledgeBase, Review
from kg.view.order import order_by_text
from kg.view.payload import pack
from kg.view.undecided import find_undecided

# Concatenated in this order; each part is one concern.
STYLES = ("base", "chain", "network", "table", "text", "panel", "dialog", "narrow", "print")
SCRIPTS = (
    "element",
    "wording",
    "data",
    "state",
    "filter",
    "search",
    "node",
    "legend",
    "chain",
    "wire",
    "arrange",
    "network",
    "row",
    "table",
    "text",
    "query",
    "panel",
    "path",
    "compare",
    "scene",
    "archive",
    "export",
    "keyboard",
    "main",
)
_VIS = "lib/vis-9.1.2/vis-network.min.js"
_SOURCE_MAP = re.compile(r"^//[#@] sourceMappingURL=.*$", re.MULTILINE)


def write_page(
    kb: KnowledgeBase,
    path: Path,
    *,
    title: str = "",
    accounted: tuple[int, int] | None = None,
    reviews: Iterable[Review] = (),
) -> Path:
    """Write the explorer of a knowledge base to `path` and return it.

    `title` defaults to the place and year of the documents. `accounted` is how many
    numeric expressions of the documents are covered by a verdict, and how many there are.
    Of `reviews` the page lists the rows that a person rejected or left open.
    """
    path = Path(path)
    replace_file(path, make_page(kb, title=title, accounted=accounted, reviews=reviews).encode("utf-8"))
    return path


def make_page(
    kb: KnowledgeBase,
    *,
    title: str = "",
    accounted: tuple[int, int] | None = None,
    reviews: Iterable[Review] = (),
) -> str:
    """Return the page as text; the same knowledge base gives the same text."""
    from kg.view.network import draw_network  # pyvis takes a second to import: only who draws pays

    kb = order_by_text(kb)
    network = draw_network(kb)
    data = pack(kb, find_undecided(kb.documents, reviews))
    data["title"] = title or _title(kb)
    data["accounted"] = list(accounted) if accounted else None
    data["wording"] = read_wording()
    data["network"] = network.data()
    style = "\n".join(_read(f"style/{name}.css") for name in STYLES)
    library = _SOURCE_MAP.sub("", _read_library())
    script = (
        "(() => {\n'use strict';\n" + "\n".join(_read(f"script/{name}.js") for name in SCRIPTS) + "\n})();\n"
    )
    return network.render(
        title=data["title"],
        policy=_policy(scripts=(library, script), styles=(style,)),
        style=style,
        library=library,
        script=script,
        data=embed(data),
    )


def embed(data: Any) -> str:
    """Return data as JSON that can stand inside a `script` element, whatever its text holds."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def read_wording() -> dict[str, list[str]]:
    """Read the page's words in Chinese and English."""
    rows = csv.reader(_read("wording.tsv").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return {row[0]: row[1:3] for row in rows if row and not row[0].startswith("#")}


def _policy(*, scripts: Iterable[str], styles: Iterable[str]) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            "script-src " + " ".join(_hash(script) for script in scripts),
            "style-src " + " ".join(_hash(style) for style in styles),
            "img-src data: blob:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _title(kb: KnowledgeBase) -> str:
    places = list(dict.fromkeys(document.record.place for document in kb.documents if document.record.place))
    years = sorted({document.record.issued[:4] for document in kb.documents if document.record.issued})
    span = years[0] if len(years) == 1 else f"{years[0]}–{years[-1]}" if years else ""
    return " ".join(part for part in ("、".join(places[:2]), span) if part)


def _read(name: str) -> str:
    return files("kg.view").joinpath(f"page/{name}").read_text("utf-8").replace("\r\n", "\n")


def _read_library() -> str:
    return files("pyvis").joinpath(_VIS).read_text("utf-8").replace("\r\n", "\n")
