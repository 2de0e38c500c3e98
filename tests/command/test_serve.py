"""`kg serve` as a person starts it: the address it prints, what it refuses, how it ends."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from kg.command.serve import open_listener
from kg.errors import KgError
from kg.graph.rdf import build_graph
from kg.graph.store import build_store
from tests.graph.base import make_base

ROOT = Path(__file__).resolve().parents[2]


def start(out: Path, *options: str) -> tuple[subprocess.Popen[str], list[str]]:
    """Start it and read the lines that it prints until it serves."""
    command = [
        sys.executable,
        "-c",
        "from kg.cli import main; main()",
        "serve",
        "--port",
        "0",
        "--out",
        str(out),
    ]
    server = subprocess.Popen(
        [*command, *options], cwd=ROOT, stdout=subprocess.PIPE, text=True,
        env=os.environ | {"KG_LANG": "en", "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    assert server.stdout is not None
    lines = []
    while "Ctrl+C" not in (line := server.stdout.readline()):
        assert line, "it ended"
        lines.append(line)
    return server, lines


def read(url: str, **headers: str) -> tuple[int, str]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for _ in range(50):
        try:
            with opener.open(urllib.request.Request(url, headers=headers), timeout=20) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except urllib.error.URLError:
            continue
    raise AssertionError("not reached")


def test_it_prints_its_address_serves_there_and_ends_on_ctrl_c(tmp_path: Path) -> None:
    build_store(build_graph(make_base()), tmp_path / "store")
    (tmp_path / "graph.html").write_text("<title>the explorer</title>", "utf-8")
    server, lines = start(tmp_path)
    try:
        base = re.findall(r"http://127\.0\.0\.1:\d+/", lines[0])[0]
        assert f"{base}sparql" in lines[1]
        assert read(base) == (200, "<title>the explorer</title>")
        assert '"boolean":true' in read(f"{base}sparql?query=ASK%7B%3Fs%20a%20kg%3APark%7D")[1]
        assert read(f"{base}sparql?update=CLEAR%20ALL")[0] == 400
    finally:
        server.send_signal(signal.SIGINT)
    assert server.wait(15) in (0, 130)
    assert server.stdout is not None
    server.stdout.close()


def test_a_token_is_printed_only_when_changes_are_allowed(tmp_path: Path) -> None:
    server, lines = start(tmp_path, "--allow-update")
    server.terminate()
    server.communicate(timeout=15)
    assert len([line for line in lines if "Token" in line and len(line.split()[-1]) >= 32]) == 1


def test_a_taken_port_is_told_with_the_cure() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(KgError, match="--port"):
            open_listener("127.0.0.1", taken.getsockname()[1])
