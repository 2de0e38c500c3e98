"""What every request must pass: known host, own origin, bounded URL; what every reply carries.

A page of another site can send requests to 127.0.0.1 and, by rebinding its own name to that
address, read the answers. The Host header gives such a name away; Origin and Sec-Fetch-Site
give away a request that another site's page sent.
"""

import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.graph.server.limit import Limits
from kg.graph.server.reply import RequestRefusedError, write_refusal

LOOPBACK = ("127.0.0.1", "localhost", "::1")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
    "content-security-policy": POLICY,
}


def read_host(header: str) -> str | None:
    """Read the name or address of a Host header, without its port; `None` if it is none."""
    try:
        parts = urlsplit(f"//{header}")
        _ = parts.port  # raises for a port that is no number
    except ValueError:
        return None
    if not parts.hostname or parts.path or parts.query or parts.fragment or parts.username is not None:
        return None
    return parts.hostname.removesuffix(".")


def is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


class Guard:
    """ASGI middleware. `hosts` are the names served; `any_address` also serves any IP address."""

    def __init__(self, app: ASGIApp, *, hosts: Collection[str], any_address: bool, limits: Limits) -> None:
        self._app, self._limits = app, limits
        self._hosts, self._any_address = {host.lower() for host in hosts}, any_address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        request = Request(scope)
        try:
            self._check(request)
        except RequestRefusedError as error:
            await write_refusal(request, error)(scope, receive, send_guarded)
            return
        await self._app(scope, receive, send_guarded)

    def _check(self, request: Request) -> None:
        size = len(request.scope["raw_path"] or b"") + len(request.scope["query_string"])
        if size > self._limits.url_bytes:
            raise RequestRefusedError(
                414,
                "url-too-long",
                "网址太长。请用 POST 发送查询。",
                "the URL is too long. Send the query by POST.",
            )
        hosts = request.headers.getlist("host")
        host = read_host(hosts[0]) if len(hosts) == 1 else None
        if host is None:
            raise RequestRefusedError(400, "host", "请求缺少正确的 Host。", "the request has no valid Host.")
        if not self._is_known(host):
            raise RequestRefusedError(
                421,
                "host",
                f"本服务器不叫“{host}”。如确需此名,请用 kg serve --allow-host。",
                f"this server is not '{host}'. If it should be, use kg serve --allow-host.",
            )
        if self._is_foreign(request, hosts[0]):
            raise RequestRefusedError(
                403,
                "origin",
                "拒绝来自其他网站页面的请求。",
                "requests from pages of other sites are refused.",
            )

    def _is_known(self, host: str) -> bool:
        return host in self._hosts or (self._any_address and is_address(host))

    def _is_foreign(self, request: Request, host: str) -> bool:
        for origin in request.headers.getlist("origin"):
            parts = urlsplit(origin)
            if parts.scheme not in ("http", "https") or parts.netloc.lower() != host.lower():
                return True
        site = request.headers.get("sec-fetch-site", "none")
        is_link = request.method in ("GET", "HEAD") and request.headers.get("sec-fetch-mode") == "navigate"
        return site in ("cross-site", "same-site") and not is_link
