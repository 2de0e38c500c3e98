"""The server's side of its worker processes: start, ask, lower in priority, kill."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from kg.graph.server.limit import Limits

CAN_FORK = hasattr(os, "fork") and hasattr(socket, "send_fds")
_SLOW_PRIORITY = 5  # a third of the processor time of a quick query


class WorkerEndedError(Exception):
    """A worker that ended before it replied: killed, or out of memory."""


class Worker:
    """A running worker and the pipe to it."""

    def __init__(
        self, pid: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, process: Any = None
    ) -> None:
        self.pid, self.asked = pid, 0
        self._reader, self._writer, self._process = reader, writer, process
        self._ended = False

    async def ask(self, job: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
        self.asked += 1
        try:
            self._writer.write(json.dumps(job | {"body": len(body)}).encode() + b"\n")
            if body:
                self._writer.write(body)
            await self._writer.drain()
            line = await self._reader.readline()
            if not line:
                raise WorkerEndedError
            header = json.loads(line)
            return header, await self._reader.readexactly(header.pop("body"))
        except (OSError, asyncio.IncompleteReadError) as error:
            raise WorkerEndedError from error

    def read_processor_time(self) -> float | None:
        """Read the processor seconds used so far, where the system tells (Linux)."""
        try:
            return time.clock_gettime((~self.pid << 3) | 2) if sys.platform == "linux" else None
        except OSError:
            return None

    def lower_priority(self) -> None:
        if hasattr(os, "setpriority"):
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self.pid, _SLOW_PRIORITY)

    def kill(self) -> None:
        if self._ended:
            return
        self._ended = True
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if self._process is not None:
                self._process.kill()
            else:
                os.kill(self.pid, signal.SIGKILL)
        self._writer.close()


class Nursery:
    """Starts workers: by forking a prepared process where possible, else each anew."""

    def __init__(self, path: Path, limits: Limits, *, fork: bool = CAN_FORK) -> None:
        self._command = [
            sys.executable,
            "-m",
            "kg.graph.server.worker",
            str(path),
            str(limits.memory_bytes),
        ]
        self._fork = fork
        self._parent: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._processes: list[asyncio.subprocess.Process] = []

    async def start_worker(self) -> Worker:
        if not self._fork:
            return await self._start_process()
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self._send(theirs)
            except OSError:  # the parent of workers is gone: begin again
                self.close()
                self._send(theirs)
        reader, writer = await asyncio.open_connection(sock=ours)
        return Worker(await _read_number(reader), reader, writer)

    def _send(self, theirs: socket.socket) -> None:
        if self._control is None:
            ours, other = socket.socketpair()
            with other:
                self._parent = subprocess.Popen(
                    [*self._command, str(other.fileno())],
                    pass_fds=(other.fileno(),),
                    env=_environment(),
                    stdin=subprocess.DEVNULL,
                )
            self._control = ours
        socket.send_fds(self._control, [b"w"], [theirs.fileno()])

    async def _start_process(self) -> Worker:
        process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=_environment(),
        )
        self._processes = [other for other in self._processes if other.returncode is None] + [process]
        if process.stdout is None or process.stdin is None:
            raise TypeError("the worker has no pipes")
        return Worker(await _read_number(process.stdout), process.stdout, process.stdin, process)

    async def end(self) -> None:
        """End all that was started, and wait for it."""
        for process in self._processes:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        self.close()

    def close(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._parent is not None:
            try:
                self._parent.wait(2)
            except subprocess.TimeoutExpired:
                self._parent.kill()
                self._parent.wait()
        self._control = self._parent = None


async def _read_number(reader: asyncio.StreamReader) -> int:
    line = await reader.readline()
    if not line:
        raise WorkerEndedError
    return int(json.loads(line)["pid"])


def _environment() -> dict[str, str]:
    """Let the worker find this very package, wherever it was imported from."""
    root = str(Path(__file__).resolve().parents[3])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {"PYTHONPATH": os.pathsep.join(paths)}
