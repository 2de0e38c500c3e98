"""The server: its addresses and what answers each."""

import asyncio
import contextlib
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from importlib.util import find_spec
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from kg.graph.server.description import COUNTS, describe_graph, describe_service
from kg.graph.server.entity import answer_entity
from kg.graph.server.graph_store import ROOT, answer_graph_store
from kg.graph.server.guard import LOOPBACK, POLICY, Guard
from kg.graph.server.limit import Limits
from kg.graph.server.negotiation import GRAPHS, MEDIA, choose_format, choose_media
from kg.graph.server.page import FOLDER, choose_language, render_page
from kg.graph.server.pool import QueryPool
from kg.graph.server.process import CAN_FORK, Nursery
from kg.graph.server.protocol import (
    answer_operation,
    check_reply,
    make_query,
    name_endpoint,
    read_parameters,
    split_form,
)
from kg.graph.server.reply import RequestRefusedError, write_refusal
from kg.graph.server.vocabulary import collect_vocabulary
from kg.graph.store import read_generation

_LOG = logging.getLogger(__name__)
_META = re.compile(rb'<meta http-equiv="Content-Security-Policy" content="([^"]*)"')
_STATIC = {
    "query.js": "text/javascript",
    "chart.js": "text/javascript",
    "editor.js": "text/javascript",
    "style.css": "text/css",
    "icon.svg": "image/svg+xml",
}
Handler = Callable[[Request], Awaitable[Response]]


def make_app(
    store_path: Path,
    page_path: Path,
    *,
    hosts: Collection[str] = LOOPBACK,
    any_address: bool = False,
    token: str | None = None,
    limits: Limits | None = None,
    fork: bool = CAN_FORK,
) -> Starlette:
    """Make the server of a store and an explorer page.

    `hosts` are the names it answers to; without a `token` it is read-only.
    """
    limits = limits or Limits()
    server = _Server(store_path, page_path, limits, token, fork=fork)
    routes = [
        Route("/", server.show_explorer),
        Route("/sparql", server.answer_sparql, methods=["GET", "POST"]),
        Route("/sparql/", server.answer_sparql, methods=["GET", "POST"]),
        Route("/query", server.show_query_page),
        Route("/vocabulary", server.list_vocabulary),
        Route("/static/{name}", server.send_static),
        Route("/.well-known/void", server.describe_graph),
        Route("/entity/{key}", server.answer_entity),
        Route(ROOT, server.answer_graph_store, methods=["GET", "PUT", "POST", "DELETE"]),
        Route(ROOT + "/{path:path}", server.answer_graph_store, methods=["GET", "PUT", "POST", "DELETE"]),
    ]
    return Starlette(
        routes=routes,
        middleware=[Middleware(Guard, hosts=hosts, any_address=any_address, limits=limits)],
        exception_handlers={RequestRefusedError: _refuse, HTTPException: _refuse_plain, Exception: _fail},
        lifespan=server.live,
    )


async def _refuse(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestRefusedError):
        raise error
    return write_refusal(request, error)


async def _refuse_plain(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    words = {
        404: ("没有这个地址。", "there is nothing at this address."),
        405: ("这个地址不接受这种请求。", "this address does not take such a request."),
    }
    zh, en = words.get(status, ("请求有误。", "the request is wrong."))
    headers = getattr(error, "headers", None)
    return write_refusal(request, RequestRefusedError(status, "request", zh, en, headers=headers))


async def _fail(request: Request, error: Exception) -> Response:
    return write_refusal(
        request, RequestRefusedError(500, "bug", "程序出错,已记入日志。", "a bug; the server's log has it.")
    )


class _Server:
    """What the addresses share: the pool of query processes, paths, limits."""

    def __init__(
        self, store_path: Path, page_path: Path, limits: Limits, token: str | None, *, fork: bool
    ) -> None:
        self._store_path, self._page_path = store_path, page_path
        self._limits, self._token, self._fork = limits, token, fork
        self._pool: QueryPool | None = None
        self._void: tuple[str | None, dict[str, bytes]] = (None, {})

    @contextlib.asynccontextmanager
    async def live(self, app: Starlette) -> AsyncIterator[None]:
        nursery = Nursery(self._store_path, self._limits, fork=self._fork)
        self._pool = QueryPool(nursery, self._limits)
        self._pool.warm()
        try:
            yield
        finally:
            await self._pool.close()

    @property
    def pool(self) -> QueryPool:
        if self._pool is None:
            raise RuntimeError("the server has not started")
        return self._pool

    async def show_explorer(self, request: Request) -> Response:
        """Send `graph.html` with the policy that it states for itself."""
        try:
            page = await asyncio.to_thread(self._page_path.read_bytes)
        except OSError:
            language = choose_language(request, {})
            return HTMLResponse(render_page("missing.html.j2", language=language), 404)
        stated = _META.search(page[:8192])
        own = stated[1].decode().replace("&#39;", "'").replace("&amp;", "&") if stated else POLICY
        headers = {"Content-Security-Policy": f"{own.rstrip('; ')}; frame-ancestors 'none'"}
        return HTMLResponse(page, headers=headers)

    async def answer_sparql(self, request: Request) -> Response:
        parameters = await read_parameters(request, self._limits)
        accept = request.headers.get("accept", "")
        is_page = (
            request.method != "POST"
            and "format" not in parameters
            and (
                choose_media(accept, ("application/sparql-results+json", *GRAPHS, "text/html")) == "text/html"
            )
        )
        if is_page:
            return await self.show_query_page(request)
        if request.method != "POST" and not {"query", "update"} & parameters.keys():
            return self._describe_service(request)
        return await answer_operation(request, self.pool, self._limits, self._token, parameters)

    def _describe_service(self, request: Request) -> Response:
        form = choose_format(request.headers.get("accept", ""), GRAPHS)
        if form is None:
            raise RequestRefusedError(
                406, "format", "服务描述只有 RDF 格式。", "the service description is RDF only."
            )
        body = describe_service(name_endpoint(request), form, can_update=self._token is not None)
        return Response(body, media_type=MEDIA[form], headers={"Vary": "Accept"})

    async def show_query_page(self, request: Request) -> Response:
        parameters = split_form(request.scope["query_string"].decode("latin-1"))
        language = choose_language(request, parameters)
        page = render_page("query.html.j2", language=language, seconds=self._limits.query_seconds)
        return HTMLResponse(page, headers={"Vary": "Accept, Accept-Language"})

    async def list_vocabulary(self, request: Request) -> Response:
        return JSONResponse(await asyncio.to_thread(collect_vocabulary))

    async def send_static(self, request: Request) -> Response:
        name = request.path_params["name"]
        headers = {"Cache-Control": "no-cache"}
        if name == "vis-network.min.js":
            path = _find_vis_network()
            body = await asyncio.to_thread(path.read_bytes)
            return Response(body, media_type="text/javascript", headers=headers)
        if name not in _STATIC:
            raise HTTPException(404)
        body = await asyncio.to_thread((FOLDER / name).read_bytes)
        return Response(body, media_type=_STATIC[name], headers=headers)

    async def describe_graph(self, request: Request) -> Response:
        form = choose_format(request.headers.get("accept", ""), GRAPHS) or "ttl"
        generation = read_generation(self._store_path)
        known, counts = self._void
        if known != generation or not counts:
            names = list(COUNTS)
            replies = [await self.pool.answer(make_query(COUNTS[name], self._limits)) for name in names]
            counts = {name: check_reply(reply)[1] for name, reply in zip(names, replies, strict=True)}
            self._void = generation, counts
        body = describe_graph(name_endpoint(request), counts, form)
        return Response(body, media_type=MEDIA[form], headers={"Vary": "Accept"})

    async def answer_entity(self, request: Request) -> Response:
        return await answer_entity(request, self.pool, self._limits)

    async def answer_graph_store(self, request: Request) -> Response:
        return await answer_graph_store(request, self.pool, self._limits, self._token)


def _find_vis_network() -> Path:
    """Find the drawing library that pyvis carries; the newest version it has."""
    spec = find_spec("pyvis")
    folder = Path(spec.origin).parent if spec and spec.origin else Path()
    found = sorted(folder.glob("templates/lib/vis-*/vis-network.min.js"))
    if not found:
        raise HTTPException(404)
    return found[-1]
