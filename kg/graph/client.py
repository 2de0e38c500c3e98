"""Other SPARQL servers: ask one, send the graph to one. Only where a person names an address."""

import base64
import contextlib
import http.client
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from kg.errors import KgError

JSON_ROWS = "application/sparql-results+json"
NTRIPLES = "application/n-triples"


class EndpointFailedError(KgError):
    """A server that cannot be reached, refuses, or answers with something else."""

    exit_code = 1


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is an error: credentials and graphs go where the person said, nowhere else."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


def query_endpoint(
    url: str,
    query: str,
    accept: str = JSON_ROWS,
    *,
    seconds: float = 60.0,
    max_bytes: int = 256 << 20,
    user: tuple[str, str] | None = None,
    token: str = "",
) -> tuple[str, bytes]:
    """Ask a SPARQL 1.1 endpoint by POST; its media type and the bytes of the answer."""
    data = urllib.parse.urlencode({"query": query}).encode()
    headers = {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded"}
    request = urllib.request.Request(_check_url(url), data, headers, method="POST")
    with _open(request, seconds, user, token) as response:
        body = response.read(max_bytes + 1)
        media = response.headers.get_content_type()
    if len(body) > max_bytes:
        raise EndpointFailedError(
            f"答案超过 {max_bytes >> 20} MB。请加 LIMIT。",
            f"the answer is larger than {max_bytes >> 20} MB. Add a LIMIT.",
            where=url,
        )
    return media, body


def push_graph(
    url: str,
    path: Path,
    *,
    graph: str = "",
    replace: bool = True,
    seconds: float = 600.0,
    user: tuple[str, str] | None = None,
    token: str = "",
) -> int:
    """Send an N-Triples file to a Graph Store endpoint: into a named graph, else the default one.

    Replaces what the graph holds (PUT) or adds to it (POST); returns the HTTP status.
    """
    named = f"graph={urllib.parse.quote(graph, safe='')}" if graph else "default"
    target = f"{_check_url(url)}{'&' if '?' in url else '?'}{named}"
    headers = {"Content-Type": NTRIPLES, "Content-Length": str(path.stat().st_size)}
    try:
        with path.open("rb") as file:
            request = urllib.request.Request(target, file, headers, method="PUT" if replace else "POST")
            with _open(request, seconds, user, token) as response:
                response.read()
                return int(response.status)
    except EndpointFailedError as error:
        if isinstance(error.__cause__, OSError):  # refused amid the file? nothing added says why
            nothing = urllib.request.Request(target, b"", {"Content-Type": NTRIPLES}, method="POST")
            with _open(nothing, seconds, user, token):
                pass
        raise


def _check_url(url: str) -> str:
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise EndpointFailedError(
            f"“{url}”不是 http:// 或 https:// 网址。", f"'{url}' is no http:// or https:// address."
        )
    return url


@contextlib.contextmanager
def _open(
    request: urllib.request.Request, seconds: float, user: tuple[str, str] | None, token: str
) -> Iterator[http.client.HTTPResponse]:
    handlers: list[urllib.request.BaseHandler] = [_NoRedirect()]
    if urllib.parse.urlsplit(request.full_url).hostname in ("127.0.0.1", "localhost", "::1"):
        handlers.append(urllib.request.ProxyHandler({}))
    opener = urllib.request.build_opener(*handlers)
    try:
        if token:
            request.add_unredirected_header("Authorization", f"Bearer {token}")
        elif user:
            login = _make_login(opener, request, user, seconds)
            request.add_unredirected_header("Authorization", login)
        with opener.open(request, timeout=seconds) as response:
            yield response
    except urllib.error.HTTPError as error:
        with error:
            raise _explain(error, request.full_url) from None
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise EndpointFailedError(
            f"连不上这个服务器({reason})。", f"cannot reach this server ({reason}).", where=request.full_url
        ) from error


def _make_login(
    opener: urllib.request.OpenerDirector,
    request: urllib.request.Request,
    user: tuple[str, str],
    seconds: float,
) -> str:
    """Make the Authorization header that the server asks for: Digest, else Basic.

    Asked with HEAD, since a server that refuses a large body closes the connection amid it.
    """
    challenge = ""
    try:
        opener.open(urllib.request.Request(request.full_url, method="HEAD"), timeout=seconds).close()
    except urllib.error.HTTPError as error:
        with error:
            challenge = error.headers.get("WWW-Authenticate", "")
    scheme, _, rest = challenge.partition(" ")
    if scheme.lower() == "digest":
        passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        passwords.add_password(None, request.full_url, *user)
        digest = urllib.request.HTTPDigestAuthHandler(passwords)
        parts = urllib.request.parse_keqv_list(
            [part for part in urllib.request.parse_http_list(rest) if part]
        )
        # the handler reads the body for qop=auth-int alone, which no header here may ask of it
        bare = urllib.request.Request(request.full_url, method=request.get_method())
        if answer := digest.get_authorization(bare, parts):
            return f"Digest {answer}"
    return "Basic " + base64.b64encode(":".join(user).encode()).decode()


def _explain(error: urllib.error.HTTPError, url: str) -> EndpointFailedError:
    told = error.read(2000).decode("utf-8", "replace").strip()
    with contextlib.suppress(ValueError, KeyError, TypeError):
        told = json.loads(told)["en"]
    line = "".join(char if char.isprintable() else " " for char in " ".join(told.split()))[:300]
    return EndpointFailedError(
        f"服务器回答 {error.code} {error.reason}:{line}",
        f"the server answered {error.code} {error.reason}: {line}",
        where=url,
    )
