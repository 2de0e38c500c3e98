"""SPARQL queries on the store: read-only, without the network, within limits."""

import re
import sys
import threading
from dataclasses import dataclass
from typing import Literal as Choice

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Store,
    Triple,
)

from kg.errors import QueryInvalidError, QueryLimitError
from kg.graph.vocab import PREFIXES

Term = NamedNode | BlankNode | Literal | Triple
MAX_ROWS = 100_000
MAX_SECONDS = 60.0

# What a query's words can hide in: comments, IRIs, strings, variables, prefixed names.
_TOKEN = re.compile(
    r"""(?P<skip>\#[^\n]*
      | <[^<>"{}|^`\\\x00-\x20]*>
      | \"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\" | '''(?:[^'\\]|\\.|'(?!''))*'''
      | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*'
      | [?$]\w+ | @[A-Za-z-]+
      | [\w.-]*:[\w.:%\\-]*)
      | (?P<word>[A-Za-z]+)""",
    re.VERBOSE | re.DOTALL,
)
_UPDATES = frozenset(("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY"))
# A clause that asks another server, wherever it stands: before it no character that would make
# it part of a name, after it (blanks and comments aside) where to ask. Comments, strings and IRIs
# are not told apart, since a query that fools such a reading would reach the network.
_BLANK = r"(?:\s|\#[^\n\r]*[\n\r])*+"
_VERB = r"(?<![?$/\#:])(SERVICE|LOAD)"
_NETWORK = re.compile(
    rf"{_VERB}{_BLANK}(?:SILENT{_BLANK})?(?:[<?$]|(?<=\s)[^\s<>{{}}()\"':]*+:)", re.IGNORECASE
)
# The same written without a blank (`SERVICE:x {`), one run of characters at a time.
_RUN = re.compile(r"(?:[^\s<>{}()\"'\\#]|\\.)++")
_JOINED = re.compile(_VERB, re.IGNORECASE)
_OPENING = re.compile(rf"{_BLANK}\{{")
_CODE_POINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_POSITION = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a query gives: rows (`select`), yes or no (`ask`) or triples (`graph`)."""

    kind: Choice["select", "ask", "graph"]
    variables: tuple[str, ...] = ()
    rows: tuple[tuple[Term | None, ...], ...] = ()
    truth: bool = False
    triples: tuple[Triple, ...] = ()


def refuse_network(text: str) -> None:
    """Refuse a query or update that asks another server (`SERVICE`, `LOAD`)."""
    for written in (text, _CODE_POINT.sub(_read_code_point, text)):
        if found := _NETWORK.search(written) or _find_joined(written):
            verb = found[1].upper()
            raise QueryInvalidError(
                f"查询里不能用 {verb}:本程序不访问网络。请去掉这一段。",
                f"{verb} is not allowed: nothing here reaches the network. Remove that part.",
            )


def _find_joined(text: str) -> re.Match[str] | None:
    for run in _RUN.finditer(text):
        found = _JOINED.search(text, run.start(), run.end())
        if found and ":" in text[found.end() : run.end()] and _OPENING.match(text, run.end()):
            return found
    return None


def _read_code_point(match: re.Match[str]) -> str:
    number = int(match[1] or match[2], 16)
    return chr(number) if number <= sys.maxunicode else match[0]


def check_query(query: str) -> None:
    """Refuse what may not run: an update, or a query that asks another server."""
    words = [match["word"].upper() for match in _TOKEN.finditer(query) if match["word"]]
    verb = next((word for word in words if word not in ("BASE", "PREFIX", "WITH")), "")
    if verb in _UPDATES:
        raise QueryInvalidError(
            f"这里只能查询,不能更改({verb})。请用 SELECT、ASK、CONSTRUCT 或 DESCRIBE。",
            f"queries only, no changes ({verb}). Use SELECT, ASK, CONSTRUCT or DESCRIBE.",
        )
    refuse_network(query)


def run_query(
    store: Store,
    query: str,
    *,
    max_seconds: float | None = MAX_SECONDS,
    max_rows: int = MAX_ROWS,
    where: str = "",
) -> Answer:
    """Answer a query; the usual prefixes need no declaration.

    Raises `QueryInvalidError` with line and column for a query that cannot be parsed, and
    `QueryLimitError` for one that runs longer than `max_seconds` or gives more than
    `max_rows`. Evaluation runs in a thread of its own: one that is given up ends with the
    process, so a server that must go on evaluates in processes instead.
    """
    check_query(query)
    outcome: list[Answer | BaseException] = []

    def evaluate() -> None:
        try:
            outcome.append(_evaluate(store, query, max_rows))
        except BaseException as error:  # handed to the caller's thread
            outcome.append(error.with_traceback(None))  # frees the results in their own thread

    thread = threading.Thread(target=evaluate, daemon=True)
    thread.start()
    thread.join(max_seconds)
    if not outcome:
        raise QueryLimitError(
            f"查询超过 {max_seconds:g} 秒,已停止。请缩小范围,或加 LIMIT。",
            f"the query ran for more than {max_seconds:g} s and was stopped. Narrow it or add a LIMIT.",
            where=where,
        )
    result = outcome[0]
    if isinstance(result, SyntaxError):
        raise explain_syntax(query, str(result), where=where) from None
    if isinstance(result, BaseException):
        raise result
    return result


def _evaluate(store: Store, query: str, max_rows: int) -> Answer:
    results = store.query(query, prefixes=PREFIXES)
    if isinstance(results, QueryBoolean):
        return Answer(kind="ask", truth=bool(results))
    if isinstance(results, QueryTriples):
        triples: dict[Triple, None] = {}
        for triple in results:
            triples[triple] = None
            _check_size(len(triples), max_rows)
        return Answer(kind="graph", triples=tuple(sorted(triples, key=str)))
    if not isinstance(results, QuerySolutions):
        raise TypeError(type(results))
    variables = tuple(variable.value for variable in results.variables)
    rows: list[tuple[Term | None, ...]] = []
    for solution in results:
        rows.append(tuple(solution[name] for name in variables))
        _check_size(len(rows), max_rows)
    return Answer(kind="select", variables=variables, rows=tuple(rows))


def _check_size(size: int, limit: int) -> None:
    if size > limit:
        raise QueryLimitError(
            f"结果超过 {limit} 行。请缩小范围,或加 LIMIT。",
            f"the answer has more than {limit} rows. Narrow the query or add a LIMIT.",
        )


def declare_prefixes(query: str) -> str:
    """Write the usual prefixes in front of a query, on its first line, for a server that lacks them."""
    used = (f"PREFIX {name}: <{iri}> " for name, iri in PREFIXES.items() if f"{name}:" in query)
    return "".join(used) + query


def explain_syntax(query: str, message: str, *, where: str = "") -> QueryInvalidError:
    """Turn the parser's message into one line with the place and the words found there."""
    match = _POSITION.match(message)
    if not match:
        line = " ".join(message.split())
        return QueryInvalidError(f"查询有误:{line}", f"the query is invalid: {line}", where=where)
    row, column = int(match[1]), int(match[2])
    lines = query.split("\n")
    line = lines[row - 1] if row <= len(lines) else ""
    before, rest = line[: column - 1], line[column - 1 :]
    zh, en = _explain_cause(query, before, rest, match[3])
    if found := re.match(r"\s*(\S{1,30})", rest):
        near_zh, near_en = f"“{found[1]}”处", f" at '{found[1]}'"
    elif found := re.search(r"(\S{1,30})\s*$", before):
        near_zh, near_en = f"“{found[1]}”之后", f" after '{found[1]}'"
    else:
        near_zh, near_en = "", ""
    return QueryInvalidError(
        f"第 {row} 行第 {column} 列{near_zh}查询有误{zh}。",
        f"line {row}, column {column}: the query is invalid{near_en}{en}.",
        where=where,
    )


def _explain_cause(query: str, before: str, rest: str, expected: str) -> tuple[str, str]:
    words = [match["word"] for match in _TOKEN.finditer(query) if match["word"]]
    verb = next((word for word in words if word.upper() not in ("BASE", "PREFIX")), "")
    if verb.upper() not in ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE"):
        return (
            f":查询要以 SELECT、ASK、CONSTRUCT 或 DESCRIBE 开头,而不是“{verb}”",
            f": a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE, not '{verb}'",
        )
    if "Prefix not found" in expected:
        around = re.search(r"([\w-]*):[^\s:]*\s*$", before) or re.match(r"\s*([\w-]*):", rest)
        name = f" {around[1]}:" if around else ""
        return f":前缀{name} 没有声明", f": the prefix{name} is not declared"
    plain = _TOKEN.sub(" ", query)
    for left, right in ("{}", "()"):
        if plain.count(left) != plain.count(right):
            return f":{left} 与 {right} 不成对", f": {left} and {right} do not pair"
    return "", ""
