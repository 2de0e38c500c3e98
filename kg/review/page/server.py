"""The review page's server: who may ask, its addresses, and what answers each.

It listens on this machine alone. Whoever opens the printed address has the token of this
start and gets it as a cookie; a change also needs the page's own second token in a header,
which no other site can read or send. Requests that name another host or come from another
origin are refused.
"""

import contextlib
import json
import secrets
import threading
from collections.abc import Callable, Mapping
from importlib.resources import files
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.errors import KgError
from kg.model import Document
from kg.review.page.board import LANGUAGES, ORDERS, Board, Reply, word_error
from kg.review.page.pair import PairQuestion
from kg.review.page.session import ItemConflictError
from kg.review.page.view import environment, read_wording
from kg.review.table import COLUMNS

HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}
_STATIC = {"review.css": "text/css"} | dict.fromkeys(
    ("review.js", "place.js", "dialog.js"), "text/javascript"
)
_LONGEST = 8 << 20  # bytes of a request
_CLOSED = (
    "请用 kg review open 打印的完整地址打开这一页(每次启动地址不同)。\n"
    "Open the whole address that kg review open printed (it is another at every start).\n"
)
_STRANGE = "拒绝:来自别的网页或主机名。\nRefused: it comes from another page or host name.\n"


class Guard:
    """ASGI middleware: known host, own origin, bounded body; the headers every reply carries."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        app = self._app if is_own(Request(scope)) else PlainTextResponse(_STRANGE, 403)
        await app(scope, receive, send_guarded)


def is_own(request: Request) -> bool:
    """Tell whether a request names this machine and comes from our own page or from nobody's."""
    host = request.headers.get("host", "")
    try:
        name = urlsplit(f"//{host}").hostname
    except ValueError:
        return False
    origin = request.headers.get("origin")
    if name not in HOSTS or origin not in (None, f"http://{host}"):
        return False
    site = request.headers.get("sec-fetch-site", "none")
    # A link elsewhere may lead here; only a change or a script's question must be our own.
    return site in ("none", "same-origin") or (
        request.method == "GET" and request.headers.get("sec-fetch-mode") == "navigate"
    )


class Office:
    """The documents of a folder, each opened when it is first asked for; one change at a time."""

    def __init__(self, documents: Mapping[str, Document], open_board: Callable[[Document], Board]) -> None:
        self.documents = documents
        self._open_board = open_board
        self._boards: dict[str, Board] = {}
        self.lock = threading.RLock()

    def board(self, document_id: str) -> Board | None:
        """Give the board of a document, or nothing for an unknown id."""
        with self.lock:
            if document_id in self.documents and document_id not in self._boards:
                self._boards[document_id] = self._open_board(self.documents[document_id])
            return self._boards.get(document_id)


class Asked:
    """What a browser asks of a board: the parameters it may give, read strictly."""

    def __init__(self, board: Board, language: str, given: Mapping[str, object]) -> None:
        self.board, self.language, self._given = board, language, given
        self.order = self.text("order") if self.text("order") in ORDERS else "place"
        since = self.whole("since", -1)
        self.since = since if since == board.edition else -1
        self.item = board.find(self.text("item"))

    def text(self, name: str) -> str:
        """Give a parameter as text."""
        value = self._given.get(name, "")
        return value if isinstance(value, str) else ""

    def whole(self, name: str, other: int) -> int:
        """Give a parameter as a whole number, or another."""
        try:
            return int(str(self._given.get(name, "")))
        except ValueError:
            return other

    def fields(self, table: str) -> dict[str, str] | None:
        """Give the fields of a row, those the table has alone."""
        given = self._given.get("fields")
        if not isinstance(given, dict):
            return None
        return {c: v for c, v in given.items() if c in COLUMNS[table] and isinstance(v, str)}

    @property
    def seen_anchors(self) -> str | None:
        """Give the anchors that the page showed, if it says so."""
        return self.text("anchors") if "anchors" in self._given else None

    def texts(self, name: str) -> list[str]:
        """Give a parameter as a list of texts."""
        given = self._given.get(name)
        return [value for value in given if isinstance(value, str)] if isinstance(given, list) else []

    def show(self) -> Reply:
        """Answer with the item asked for."""
        return self.board.show(self.language, self.item, self.order, self.since)


def answer_card(asked: Asked) -> Reply:
    """Show an item."""
    return asked.show()


def answer_next(asked: Asked) -> Reply:
    """Show the next thing: undecided, a number, or one on or back."""
    queue, what = asked.board.queue, asked.text("what")
    if what == "number":
        asked.item = queue.next_number(asked.item) or asked.item
    elif what == "mark":
        asked.item = queue.number_item(asked.text("number")) or asked.item
    elif what in ("forward", "back"):
        asked.item = queue.step(asked.item, asked.order, 1 if what == "forward" else -1)
    else:
        asked.item = queue.next_open(asked.item, asked.order)
    return asked.show()


def answer_progress(asked: Asked) -> Reply:
    """Tell whether anything changed since; if so the item and the text as they stand now."""
    if asked.since == asked.board.edition:
        return {"edition": asked.board.edition}
    return asked.show()


def answer_decide(asked: Asked) -> Reply:
    """Accept, reject, edit or leave unsure; then show the next thing undecided."""
    board, verdict = asked.board, asked.text("verdict")
    item = board.session.item(asked.text("item"))
    if verdict not in ("accept", "reject", "unsure"):
        raise KgError("不认识的判断。", "an unknown verdict.")
    delta = board.session.decide(
        item.id,
        verdict,
        seen=asked.text("seen"),
        fields=asked.fields(item.table) if verdict != "reject" else None,
        reason=_join_reason(asked.text("reason"), asked.text("note")),
    )
    following = board.queue.next_open(board.find(item.id) or item, asked.order)
    return board.tell(asked.language, delta, following, asked.order, asked.since)


def _join_reason(reason: str, note: str) -> str:
    note = " ".join(note.split())
    return f"{reason}: {note}" if note else reason


def answer_undo(asked: Asked) -> Reply:
    """Undo the last change and show what it had decided."""
    board = asked.board
    words = board.view(asked.language).words
    delta = board.session.undo()
    if delta is None:
        return asked.show() | {"message": words["nothingToUndo"]}
    item = board.find(delta.focus) or asked.item
    item = board.find(item.id) if item else None
    return board.tell(asked.language, delta, item, asked.order, asked.since) | {"message": words["undone"]}


def answer_add(asked: Asked) -> Reply:
    """Add a fact that nothing proposed; the item that was shown stays."""
    table = asked.text("table")
    if table not in COLUMNS:
        raise KgError("不认识的表。", "an unknown table.")
    delta = asked.board.session.add(table, asked.fields(table) or {})
    item = asked.board.find(asked.text("item"))
    return asked.board.tell(asked.language, delta, item, asked.order, asked.since)


def answer_bulk(asked: Asked) -> Reply:
    """Accept the items that were shown."""
    board = asked.board
    delta, refused = board.session.bulk([i for i in asked.texts("items") if board.find(i)])
    item = board.queue.next_open(None, asked.order)
    message = board.word_refused(asked.language, refused)
    return board.tell(asked.language, delta, item, asked.order, asked.since) | {"message": message}


def answer_list(asked: Asked) -> Reply:
    """List what a bulk would accept."""
    try:
        confidence = float(asked.text("confidence"))
    except ValueError:
        confidence = 1.0
    return asked.board.list_bulk(asked.language, confidence)


def answer_pair(asked: Asked) -> Reply:
    """Judge two names."""
    sides = asked.text("left"), asked.text("right")
    judgement = asked.text("judgement")
    known: tuple[PairQuestion, ...] = asked.board.queue.pairs()
    pair = next((p for p in known if (p.left, p.right) == sides), None)
    if pair is None or judgement not in ("same", "different", "possible"):
        raise KgError("这一对名称已有判断。", "this pair has been judged.")
    delta = asked.board.session.judge(pair, judgement)
    return asked.board.tell(asked.language, delta, asked.item, asked.order, asked.since)


def answer_anchors(asked: Asked) -> Reply:
    """Say what 今年 means in a passage."""
    board = asked.board
    length = len(board.session.document.text)
    start, end, year = asked.whole("start", 0), asked.whole("end", length), asked.whole("year", 0)
    if not (0 <= start < end <= length and 1900 <= year <= 2999):
        raise KgError("年份或起止不对。", "the year or the passage is wrong.")
    delta = board.session.set_anchor(start, end, year, asked.seen_anchors)
    item = board.find(asked.text("item"))
    return board.tell(asked.language, delta, item, asked.order, asked.since)


def answer_stale(asked: Asked) -> Reply:
    """List the stale verdicts."""
    return {"list": asked.board.list_stale(asked.language)}


def answer_confirm(asked: Asked) -> Reply:
    """Take a stale verdict back where sync proposes it; the item that was shown stays."""
    board = asked.board
    before = len(board.session.memory.stale)
    delta = board.session.confirm(asked.text("row"))
    back = before - len(board.session.memory.stale)
    reply = board.tell(asked.language, delta, board.find(asked.text("item")), asked.order, asked.since)
    message = board.view(asked.language).word("staleBack", back)
    return reply | {"list": board.list_stale(asked.language), "message": message}


def answer_restore(asked: Asked) -> Reply:
    """Put back, or let go, the rows that an editor's save removed."""
    session = asked.board.session
    if asked.text("act") == "let-go":
        session.lost = []
        return asked.show()
    delta = session.restore()
    return asked.board.tell(asked.language, delta, asked.board.find(asked.text("item")), asked.order, -1)


Answer = Callable[[Asked], Reply]
_QUESTIONS: Mapping[str, Answer] = {
    "card": answer_card,
    "next": answer_next,
    "bulk": answer_list,
    "progress": answer_progress,
    "stale": answer_stale,
}
_CHANGES: Mapping[str, Answer] = {
    "decide": answer_decide,
    "undo": answer_undo,
    "add": answer_add,
    "bulk": answer_bulk,
    "pair": answer_pair,
    "anchors": answer_anchors,
    "restore": answer_restore,
    "confirm": answer_confirm,
}


def make_app(office: Office, token: str, *, language: str = "zh", folder: str = "data") -> Starlette:
    """Make the server of a folder's documents; `token` opens it, `language` is the first one shown."""
    server = _Server(office, token, language, folder)
    routes = [
        Route("/", server.show_index),
        Route("/static/{name}", server.send_static),
        Route("/d/{document}", server.show_page),
        Route("/d/{document}/{what}", server.answer, methods=["GET", "POST"]),
    ]
    app = Starlette(routes=routes)
    app.add_middleware(Guard)
    return app


class _Server:
    def __init__(self, office: Office, token: str, language: str, folder: str) -> None:
        self._office, self._token, self._folder = office, token, folder
        self._language = language
        self._key = secrets.token_urlsafe(24)

    def _cookie(self, request: Request) -> str:
        return f"kg_review_{request.url.port or 80}"  # ports share cookies

    def _language_of(self, request: Request) -> str:
        asked = request.cookies.get("kg_language", self._language)
        return asked if asked in LANGUAGES else self._language

    def _is_known(self, request: Request) -> bool:
        given = request.cookies.get(self._cookie(request), "")
        return secrets.compare_digest(given.encode(), self._token.encode())

    def _let_in(self, request: Request) -> Response | None:
        """Turn the token of the address into a cookie; refuse who has neither."""
        given = request.query_params.get("token", "")
        if given and secrets.compare_digest(given.encode(), self._token.encode()):
            reply = RedirectResponse(request.url.path, 303)
            reply.set_cookie(self._cookie(request), self._token, httponly=True, samesite="strict")
            return reply
        return None if self._is_known(request) else PlainTextResponse(_CLOSED, 403)

    async def show_index(self, request: Request) -> Response:
        refused = self._let_in(request)
        if refused is not None:
            return refused
        language = self._language_of(request)
        words = read_wording(language)
        page = environment().get_template("index.html.j2")
        documents = list(self._office.documents.values())
        return HTMLResponse(
            page.render(
                w=lambda key, *values: words[key].format(*values), language=language, documents=documents
            )
        )

    async def show_page(self, request: Request) -> Response:
        refused = self._let_in(request)
        if refused is not None:
            return refused

        def render() -> Response:
            with self._office.lock:
                board = self._office.board(request.path_params["document"])
                if board is None:
                    return RedirectResponse("/", 303)
                name = f"{self._folder}/reviews/{board.session.document.id}"
                return HTMLResponse(board.open_page(self._language_of(request), self._key, name))

        return await self._try(request, render)

    async def send_static(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in _STATIC:
            return PlainTextResponse("404\n", 404)
        data = files("kg.review.page").joinpath("static", name).read_bytes()
        return Response(data, media_type=_STATIC[name])

    async def answer(self, request: Request) -> Response:
        """Answer a question (GET) or make a change (POST, with the page's own token)."""
        if not self._is_known(request):
            return PlainTextResponse(_CLOSED, 403)
        is_change = request.method == "POST"
        answers = _CHANGES if is_change else _QUESTIONS
        what = answers.get(request.path_params["what"])
        if what is None:
            return PlainTextResponse("404\n", 404)
        given: Mapping[str, object] = dict(request.query_params)
        if is_change:
            key = request.headers.get("x-token", "")
            if not secrets.compare_digest(key.encode(), self._key.encode()):
                return PlainTextResponse(_CLOSED, 403)
            read = await _read_body(request)
            if read is None:
                return PlainTextResponse("400\n", 400)
            given = read
        return await self._try(request, lambda: self._run(request, what, given))

    def _run(self, request: Request, what: Answer, given: Mapping[str, object]) -> Response:
        language = self._language_of(request)
        with self._office.lock:
            board = self._office.board(request.path_params["document"])
            if board is None:
                return PlainTextResponse("404\n", 404)
            if request.method == "GET":
                board.session.refresh()
            try:
                return JSONResponse(what(Asked(board, language, given)))
            except ItemConflictError as error:
                return JSONResponse(board.word_conflict(language, error), 409)

    async def _try(self, request: Request, work: Callable[[], Response]) -> Response:
        try:
            return await run_in_threadpool(work)
        except KgError as error:
            words = word_error(error, self._language_of(request))
            is_page = "what" not in request.path_params
            return PlainTextResponse(words + "\n", 422) if is_page else JSONResponse({"error": words}, 422)
        except OSError as error:
            return JSONResponse({"error": f"{error.strerror}: {error.filename}"}, 500)


async def _read_body(request: Request) -> dict[str, object] | None:
    body = b""
    with contextlib.suppress(ClientDisconnect):
        async for block in request.stream():
            body += block
            if len(body) > _LONGEST:
                return None
    try:
        data = json.loads(body)
    except ValueError:
        return None
    return data if isinstance(data, dict) else None
