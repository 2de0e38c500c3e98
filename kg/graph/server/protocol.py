"""SPARQL 1.1 Protocol: query and update operations."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl

from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.responses import Response

from kg.graph.server.access import check_writer
from kg.graph.server.body import decode_body, read_body, read_charset
from kg.graph.server.limit import Limits
from kg.graph.server.negotiation import GRAPHS, MEDIA, ROWS, choose_format
from kg.graph.server.pool import QueryPool
from kg.graph.server.reply import RequestRefusedError

_LOG = logging.getLogger(__name__)
_FORM = "application/x-www-form-urlencoded"
Parameters = dict[str, list[str]]


async def read_parameters(request: Request, limits: Limits) -> Parameters:
    """Read the operation, from URL and body: `query` or `update`, graphs, format."""
    parameters = split_form(request.scope["query_string"].decode("latin-1"))
    if "update" in parameters:
        raise _bad("更改要用 POST 发送。", "an update is sent by POST.")
    if request.method != "POST":
        return parameters
    content_type = request.headers.get("content-type", "")
    media, _ = read_charset(content_type)
    if media not in (_FORM, "application/sparql-query", "application/sparql-update"):
        raise RequestRefusedError(
            415,
            "media-type",
            f"POST 的 Content-Type 应为 application/sparql-query 或 {_FORM}。",
            f"the Content-Type of a POST is application/sparql-query or {_FORM}.",
        )
    body = await read_body(request, limit=limits.query_bytes, seconds=limits.body_seconds)
    text = decode_body(body, content_type)
    found = split_form(text) if media == _FORM else {media.removeprefix("application/sparql-"): [text]}
    for name, values in found.items():
        parameters.setdefault(name, []).extend(values)
    return parameters


def split_form(text: str) -> Parameters:
    """Split `name=value&…`, percent-encoded UTF-8."""
    parameters: Parameters = {}
    try:
        for name, value in parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=1000):
            parameters.setdefault(name, []).append(value)
    except ValueError:
        raise _bad("参数不是正确的 UTF-8 编码。", "the parameters are not valid UTF-8.") from None
    return parameters


def _bad(zh: str, en: str) -> RequestRefusedError:
    return RequestRefusedError(400, "request", zh, en)


async def answer_operation(
    request: Request, pool: QueryPool, limits: Limits, token: str | None, parameters: Parameters
) -> Response:
    """Answer a query, or make an update."""
    operations = [(name, value) for name in ("query", "update") for value in parameters.get(name, [])]
    if len(operations) != 1:
        raise _bad("请求里要恰好有一个 query(或 update)。", "a request has exactly one query (or update).")
    name, text = operations[0]
    if name == "update":
        check_writer(request, token)
        job = {
            "op": "update",
            "text": text,
            "base": name_endpoint(request),
            "default": _read_graphs(parameters, "using-graph-uri"),
            "named": _read_graphs(parameters, "using-named-graph-uri"),
        }
        header, _ = check_reply(await pool.write(job))
        return Response(status_code=header["status"])
    return await answer_query(request, pool, limits, parameters, text)


async def answer_query(
    request: Request, pool: QueryPool, limits: Limits, parameters: Parameters, text: str
) -> Response:
    accept = request.headers.get("accept", "")
    if len(text) > limits.query_bytes:
        raise RequestRefusedError(413, "body-too-large", "查询太长。", "the query is too long.")
    rows, graph = choose_format(accept, ROWS), choose_format(accept, GRAPHS)
    if wanted := parameters.get("format"):
        rows = graph = wanted[0]
        rows = rows if rows in ROWS.values() else None
        graph = graph if graph in GRAPHS.values() else None
    default = _read_graphs(parameters, "default-graph-uri")
    named = _read_graphs(parameters, "named-graph-uri")
    given = bool(default or named)
    job = make_query(
        text,
        limits,
        rows=rows,
        graph=graph,
        base=name_endpoint(request),
        default=default if given else None,
        named=named if given else None,
    )
    header, body = check_reply(await ask_connected(request, pool, job))
    return Response(body, media_type=MEDIA[header["format"]], headers={"Vary": "Accept"})


def make_query(
    text: str,
    limits: Limits,
    *,
    rows: str | None = "json",
    graph: str | None = "ttl",
    base: str | None = None,
    default: Sequence[str] | None = None,
    named: Sequence[str] | None = None,
) -> dict[str, Any]:
    """Make the job of a query for the pool."""
    return {
        "op": "query",
        "text": text,
        "base": base,
        "default": default,
        "named": named,
        "rows": rows,
        "graph": graph,
        "max_rows": limits.rows,
        "max_bytes": limits.answer_bytes,
    }


def _read_graphs(parameters: Parameters, name: str) -> list[str]:
    graphs = parameters.get(name, [])
    for iri in graphs:
        try:
            NamedNode(iri)
        except ValueError:
            raise _bad(f"{name} 不是正确的 IRI:{iri}", f"{name} is no valid IRI: {iri}") from None
    return graphs


def check_reply(reply: tuple[dict[str, Any], bytes]) -> tuple[dict[str, Any], bytes]:
    """Pass a worker's reply on, or raise what it reports."""
    header, _ = reply
    if header["status"] < 400:
        return reply
    if header["code"] == "bug":
        _LOG.error("a job failed:\n%s", header["trace"])
        raise RequestRefusedError(500, "bug", "程序出错,已记入日志。", "a bug; the server's log has it.")
    raise RequestRefusedError(header["status"], header["code"], header["zh"], header["en"])


async def ask_connected(
    request: Request, pool: QueryPool, job: dict[str, Any]
) -> tuple[dict[str, Any], bytes]:
    """Ask the pool as long as the client stays: a query nobody waits for is ended."""
    answer = asyncio.ensure_future(pool.answer(job))
    gone = asyncio.ensure_future(_wait_gone(request))
    try:
        await asyncio.wait((answer, gone), return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            raise RequestRefusedError(499, "gone", "客户端已离开。", "the client is gone.")
        return answer.result()
    finally:
        answer.cancel()
        gone.cancel()


async def _wait_gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def name_endpoint(request: Request) -> str:
    """Name this endpoint as the client reached it."""
    return str(request.url.replace(path="/sparql", query="", fragment=""))
