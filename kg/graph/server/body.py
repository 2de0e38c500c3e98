"""A request's body, read within limits of size and time."""

import asyncio

from starlette.requests import ClientDisconnect, Request

from kg.graph.server.reply import RequestRefusedError


async def read_body(request: Request, *, limit: int, seconds: float) -> bytes:
    """Read the whole body, or raise `RequestRefusedError` (413, 408)."""
    too_large = RequestRefusedError(
        413,
        "body-too-large",
        f"请求超过 {limit >> 20} MB。",
        f"the request is larger than {limit >> 20} MB.",
        headers={"Connection": "close"},
    )
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > limit:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > limit:
                    raise too_large
    except TimeoutError:
        raise RequestRefusedError(
            408,
            "body-too-slow",
            "请求发送得太慢。",
            "the request was sent too slowly.",
            headers={"Connection": "close"},
        ) from None
    except ClientDisconnect:
        raise RequestRefusedError(400, "gone", "请求没有发完。", "the request ended early.") from None
    return bytes(body)


def read_charset(content_type: str) -> tuple[str, str]:
    """Read media type and charset (`utf-8` if it names none) of a Content-Type header."""
    media, *parameters = (part.strip() for part in content_type.split(";"))
    charset = "utf-8"
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = value.strip().strip('"').lower()
    return media.lower(), charset


def decode_body(body: bytes, content_type: str) -> str:
    """Decode a body that must be UTF-8."""
    refused = RequestRefusedError(415, "encoding", "请用 UTF-8 编码发送。", "send it in UTF-8.")
    if read_charset(content_type)[1] not in ("utf-8", "utf8", "us-ascii"):
        raise refused
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise refused from None
