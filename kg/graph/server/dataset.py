"""The dataset of an update, given by the request (SPARQL 1.1 Protocol, section 2.2.3).

The library takes no dataset for updates, so each operation with a WHERE gets the clauses
USING and USING NAMED that say the same.
"""

import re
from collections.abc import Sequence

from pyoxigraph import NamedNode

from kg.errors import QueryInvalidError

_TOKEN = re.compile(
    r"""\#[^\n\r]*
      | <(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>
      | \"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\" | '''(?:[^'\\]|\\.|'(?!''))*'''
      | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*'
      | [?$]\w+ | @[A-Za-z-]+
      | [\w.-]*:(?:[\w.:%-]|\\.)*
      | (?P<word>[A-Za-z]+)
      | (?P<brace>[{}])""",
    re.VERBOSE | re.DOTALL,
)


def add_dataset(update: str, default: Sequence[str], named: Sequence[str]) -> str:
    """Put the graphs of the request into each operation; refuse an update that names its own."""
    if not default and not named:
        return update
    clauses = "".join(f" USING {NamedNode(iri)}" for iri in default)
    clauses += "".join(f" USING NAMED {NamedNode(iri)}" for iri in named)
    pieces, end, depth, previous = [], 0, 0, ""
    for match in _TOKEN.finditer(update):
        if match["brace"]:
            depth += 1 if match["brace"] == "{" else -1
            previous = match["brace"]
        elif match["word"] and depth == 0:
            word = match["word"].upper()
            if word in ("USING", "WITH"):
                raise QueryInvalidError(
                    "请求参数 using-graph-uri 与语句里的 USING 或 WITH 只能用一种。",
                    "the parameter using-graph-uri and a USING or WITH clause exclude each other.",
                )
            if word == "WHERE":
                if previous == "DELETE":
                    raise QueryInvalidError(
                        "带 using-graph-uri 时请把 DELETE WHERE 写成 DELETE { … } WHERE { … }。",
                        "with using-graph-uri, write DELETE WHERE as DELETE { … } WHERE { … }.",
                    )
                pieces.append(f"{update[end : match.start()]}{clauses} ")
                end = match.start()
            previous = word
    return "".join(pieces) + update[end:]
