"""What goes wrong with a request, told in both languages as JSON or text."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from kg.errors import KgError
from kg.graph.server.negotiation import choose_media


class RequestRefusedError(KgError):
    """A request that gets an HTTP status instead of an answer; `code` never changes."""

    def __init__(
        self, status: int, code: str, zh: str, en: str, *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(zh, en)
        self.status, self.code, self.headers = status, code, dict(headers or {})


def write_refusal(request: Request, error: RequestRefusedError) -> Response:
    """Write an error as JSON for clients that accept it, else as two lines of text."""
    accept = request.headers.get("accept", "")
    media = choose_media(accept, ("text/plain", "application/json", "application/sparql-results+json"))
    if media and "json" in media:
        body = {"error": error.code, "status": error.status, "zh": error.zh, "en": error.en}
        return JSONResponse(body, error.status, error.headers)
    return PlainTextResponse(f"{error.zh}\n{error.en}\n", error.status, error.headers)
