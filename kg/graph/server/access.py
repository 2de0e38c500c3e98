"""Who may change the graph: only with `--allow-update`, and only with its token."""

import base64
import binascii
import hmac

from starlette.requests import Request

from kg.graph.server.reply import RequestRefusedError


def check_writer(request: Request, token: str | None) -> None:
    """Let a request write if it brings the token (Bearer, or Basic with it as password)."""
    if token is None:
        raise RequestRefusedError(
            403,
            "read-only",
            "本服务器只读。要允许更改,请用 kg serve --allow-update 启动。",
            "this server is read-only. Start it with kg serve --allow-update to allow changes.",
        )
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    given = value.strip() if scheme.lower() == "bearer" else _read_password(scheme, value)
    if not hmac.compare_digest(given.encode(), token.encode()):
        raise RequestRefusedError(
            401,
            "token",
            "更改需要令牌(Authorization: Bearer …),见 kg serve 启动时的提示。",
            "changes need the token (Authorization: Bearer …) that kg serve printed.",
            headers={"WWW-Authenticate": 'Bearer realm="lianzhu"'},
        )


def _read_password(scheme: str, value: str) -> str:
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""
