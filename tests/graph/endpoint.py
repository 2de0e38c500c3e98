"""A running endpoint for tests: a real server on a free port of 127.0.0.1, in a thread."""

import contextlib
import http.client
import os
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn

from kg.graph.server.app import make_app
from kg.graph.server.limit import Limits

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "a-token-for-tests"


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(frozen=True)
class Endpoint:
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def send(
        self,
        method: str,
        path: str,
        body: bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = 60,
    ) -> Reply:
        """Send one request as given; no header is added but Host and Content-Length."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        with contextlib.closing(connection):
            data = body.encode() if isinstance(body, str) else body
            connection.request(method, path, data, dict(headers or {}))
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, response.read(), found)

    def ask(self, query: str, accept: str = "application/sparql-results+json", **more: Any) -> Reply:
        headers = {"Content-Type": "application/sparql-query", "Accept": accept}
        return self.send("POST", "/sparql", query, headers, **more)


@contextlib.contextmanager
def run_endpoint(store: Path, page: Path | None = None, **options: Any) -> Iterator[Endpoint]:
    """Serve a store until the block ends."""
    options.setdefault("limits", Limits())
    app = make_app(store, page or store.parent / "graph.html", **options)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(256)
    config = uvicorn.Config(
        app, http="h11", ws="none", log_level="critical", h11_max_incomplete_event_size=64 << 10,
        timeout_graceful_shutdown=1, lifespan="on",
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        deadline = time.monotonic() + 20
        while not server.started:
            if not thread.is_alive() or time.monotonic() > deadline:
                raise RuntimeError("the server did not start")
            time.sleep(0.01)
        yield Endpoint(listener.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(20)
        listener.close()


def find_w3c() -> Path | None:
    """Find the W3C's tests: `LIANZHU_SHARED`, else the folder `shared` beside the checkout."""
    shared = Path(os.environ.get("LIANZHU_SHARED") or ROOT.parent / "shared")
    folder = shared / "w3c" / "sparql" / "sparql11"
    return folder if folder.is_dir() else None
