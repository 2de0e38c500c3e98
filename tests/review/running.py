"""A running review page for tests: a real server on a free port of 127.0.0.1, in a thread."""

import contextlib
import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from kg.command.desk import make_desk, make_office
from kg.model import Document, Proposal, Span
from kg.review.page.server import Office, make_app
from kg.source import read_documents

TOKEN = "a-token-for-tests"
DAY = "2024-03-01"


@dataclass(frozen=True)
class Running:
    """A server, with the folder it writes to."""

    port: int
    data: Path
    office: Office

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def address(self) -> str:
        """The address of the only document, with the token, as the command prints it."""
        document = next(iter(self.office.documents))
        return f"{self.url}/d/{document}?token={TOKEN}"

    def send(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, dict[str, str], str]:
        """Send one request as given."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with contextlib.closing(connection):
            data = None if body is None else json.dumps(body).encode()
            connection.request(method, path, data, dict(headers or {}))
            reply = connection.getresponse()
            found = {name.lower(): value for name, value in reply.getheaders()}
            return reply.status, found, reply.read().decode()


@contextlib.contextmanager
def run_page(
    data: Path,
    *,
    reviewer: str = "test",
    propose: Callable[[Document], Proposal] | None = None,
    find_numbers: Callable[[str], tuple[Span, ...]] | None = None,
) -> Iterator[Running]:
    """Run the page of a folder; the day is fixed."""
    documents = read_documents(data)
    desk = make_desk(data, documents, reviewer, propose=propose, find_numbers=find_numbers, today=lambda: DAY)
    office = make_office(desk, documents)
    listener = socket.create_server(("127.0.0.1", 0))
    app = make_app(office, TOKEN, folder="data")
    server = uvicorn.Server(uvicorn.Config(app, http="h11", ws="none", log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield Running(listener.getsockname()[1], data, office)
    finally:
        server.should_exit = True
        thread.join(timeout=10)
