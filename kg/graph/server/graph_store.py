"""SPARQL 1.1 Graph Store Protocol at `/graph-store`: `?default`, `?graph=IRI`, or the URL itself."""

import hashlib
from typing import Any

from pyoxigraph import NamedNode
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import Response

from kg.graph.server.access import check_writer
from kg.graph.server.body import read_body, read_charset
from kg.graph.server.limit import Limits
from kg.graph.server.negotiation import GRAPHS, MEDIA, choose_format
from kg.graph.server.pool import QueryPool
from kg.graph.server.protocol import ask_connected, check_reply, split_form
from kg.graph.server.reply import RequestRefusedError

ROOT = "/graph-store"
_FORMATS = {media: form for media, form in GRAPHS.items() if media not in ("text/plain", "application/json")}


def name_graph(request: Request) -> str | None:
    """Name the graph that a request speaks of: an IRI, or `None` for the default graph."""
    path = request.url.path.rstrip("/")
    parameters = split_form(request.scope["query_string"].decode("latin-1"))
    if path != ROOT:
        return str(request.url.replace(query="", fragment=""))
    graphs = parameters.get("graph", [])
    if ("default" in parameters) == bool(graphs) or len(graphs) > 1:
        raise RequestRefusedError(
            400,
            "request",
            "请用 ?default 或 ?graph=IRI 指定一个图。",
            "name one graph: ?default or ?graph=IRI.",
        )
    if not graphs:
        return None
    iri = graphs[0]
    try:
        NamedNode(iri)
    except ValueError:
        raise RequestRefusedError(400, "request", f"不是正确的 IRI:{iri}", f"no valid IRI: {iri}") from None
    return iri


async def answer_graph_store(
    request: Request, pool: QueryPool, limits: Limits, token: str | None
) -> Response:
    """Read a graph; replace (PUT), add to (POST) or delete one where writing is allowed."""
    is_new = request.method == "POST" and request.url.path.rstrip("/") == ROOT and not request.url.query
    if request.method in ("GET", "HEAD"):
        return await _read_graph(request, pool, name_graph(request))
    check_writer(request, token)
    iri = None if is_new else name_graph(request)
    base = iri or str(request.url.replace(query="", fragment=""))
    parts: list[tuple[str, int]] = []
    body = b""
    if request.method != "DELETE":
        parts, body = await _read_parts(request, limits)
    headers = {}
    if is_new:
        base = iri = f"{base.rstrip('/')}/{hashlib.sha256(body).hexdigest()[:16]}"
        headers["Location"] = iri
    job = {"op": "write", "method": request.method, "iri": iri, "base": base, "parts": parts}
    header, _ = check_reply(await pool.write(job, body))
    return Response(status_code=201 if is_new else header["status"], headers=headers)


async def _read_graph(request: Request, pool: QueryPool, iri: str | None) -> Response:
    form = choose_format(request.headers.get("accept", ""), GRAPHS)
    if form is None:
        raise RequestRefusedError(
            406,
            "format",
            "可用 Turtle、N-Triples、RDF/XML、JSON-LD。请改 Accept。",
            "there are Turtle, N-Triples, RDF/XML and JSON-LD. Change Accept.",
        )
    job: dict[str, Any] = {"op": "read", "iri": iri, "format": form}
    _, body = check_reply(await ask_connected(request, pool, job))
    return Response(body, media_type=MEDIA[form], headers={"Vary": "Accept"})


async def _read_parts(request: Request, limits: Limits) -> tuple[list[tuple[str, int]], bytes]:
    """Read RDF, one piece or several of a form: their formats and lengths, and all bytes."""
    media, charset = read_charset(request.headers.get("content-type", ""))
    body = await read_body(request, limit=limits.upload_bytes, seconds=limits.update_seconds)
    if media != "multipart/form-data":
        return [(_read_format(media, charset), len(body))], body

    async def stream() -> Any:
        yield body

    try:
        parser = MultiPartParser(request.headers, stream(), max_files=100, max_fields=0)
        uploads = [part for _, part in (await parser.parse()).multi_items() if isinstance(part, UploadFile)]
    except MultiPartException as error:
        told = error.message
        raise RequestRefusedError(400, "request", f"表单有误:{told}", f"bad form: {told}") from None
    parts, joined = [], b""
    for upload in uploads:
        data = await upload.read()
        parts.append((_read_format(*read_charset(upload.content_type or "")), len(data)))
        joined += data
    return parts, joined


def _read_format(media: str, charset: str) -> str:
    form = _FORMATS.get(media or "application/rdf+xml")
    if form is None or charset not in ("utf-8", "utf8", "us-ascii"):
        raise RequestRefusedError(
            415,
            "media-type",
            "请发送 UTF-8 的 Turtle、N-Triples、RDF/XML 或 JSON-LD。",
            "send Turtle, N-Triples, RDF/XML or JSON-LD, in UTF-8.",
        )
    return form
