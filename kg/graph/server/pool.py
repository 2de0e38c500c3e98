"""Which query runs when: a fast lane that slow queries cannot fill, and limits that really end them.

A query runs in a process, for nothing else ends one. It begins in the fast lane. When it has
used its slice of time it moves to the slow lane (few at once, soon at low priority); if that is full
and others wait, it is stopped and begins again when its turn comes there. When many wait, the
newest and the oldest go in turn: under a flood the one who has just come is served at once,
and under a steady load nobody waits for ever.
"""

import asyncio
import logging
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from kg.graph.server.limit import Limits
from kg.graph.server.process import Nursery, Worker, WorkerEndedError
from kg.graph.server.reply import RequestRefusedError

Reply = tuple[dict[str, Any], bytes]
_LOG = logging.getLogger(__name__)
_FEW = 4  # as long as no more wait, the first to come is the first served
_WORKER_JOBS = 2000
_EQUAL_SECONDS = 2.0
_PATIENCE = 5  # wall time for a slice of processor time, on a busy machine


@dataclass(slots=True, eq=False)
class _Job:
    request: dict[str, Any]
    body: bytes
    future: asyncio.Future[Reply]
    submitted: float
    timer: asyncio.TimerHandle | None = None
    run: "_Run | None" = None


@dataclass(slots=True, eq=False)
class _Run:
    job: _Job
    slow: bool
    worker: Worker | None = None
    started: float = 0.0
    used: float | None = None
    timers: list[asyncio.TimerHandle] = field(default_factory=list)
    stopped: bool = False
    task: asyncio.Task[None] | None = None


class QueryPool:
    """The lanes and their processes; lives in one event loop."""

    def __init__(self, nursery: Nursery, limits: Limits) -> None:
        self._nursery, self._limits = nursery, limits
        self._waiting: list[_Job] = []
        self._parked: deque[_Job] = deque()
        self._runs: set[_Run] = set()
        self._idle: list[Worker] = []
        self._writing = asyncio.Lock()
        self._closed = False
        self._newest = False
        self._refill: asyncio.Task[None] | None = None

    def warm(self) -> None:
        """Start the first processes before anyone asks."""
        self._dispatch()

    async def answer(self, request: dict[str, Any], body: bytes = b"") -> Reply:
        """Answer a reading job, or raise `RequestRefusedError` (busy, too long, out of memory)."""
        if len(self._waiting) + len(self._parked) >= self._limits.queue:
            raise _busy()
        loop = asyncio.get_running_loop()
        job = _Job(
            request | {"seconds": self._limits.query_seconds}, body, loop.create_future(), time.monotonic()
        )
        job.timer = loop.call_later(self._limits.wait_seconds, self._give_up, job)
        self._waiting.append(job)
        self._dispatch()
        try:
            return await job.future
        finally:
            self._forget(job)

    async def write(self, request: dict[str, Any], body: bytes = b"") -> Reply:
        """Do a writing job: one at a time, each in a process of its own."""
        seconds = self._limits.update_seconds
        async with self._writing:
            worker = await self._nursery.start_worker()
            try:
                return await asyncio.wait_for(worker.ask(request | {"seconds": seconds}, body), seconds)
            except TimeoutError:
                raise _too_long(seconds) from None
            except WorkerEndedError:
                raise _out_of_memory() from None
            finally:
                worker.kill()

    async def close(self) -> None:
        self._closed = True
        tasks = [run.task for run in self._runs if run.task] + ([self._refill] if self._refill else [])
        for run in list(self._runs):
            self._stop(run)
        for worker in self._idle:
            worker.kill()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._nursery.end()

    # ---------------------------------------------------------------- scheduling

    def _dispatch(self) -> None:
        if self._closed:
            return
        self._leave_fast_lane()
        while self._waiting and self._count(slow=False) < self._limits.fast:
            self._start(self._waiting.pop(self._choose_waiting()), slow=False)
        while self._parked and self._count(slow=True) < self._limits.slow:
            self._start(self._parked.popleft(), slow=True)
        if self._refill is None or self._refill.done():
            self._refill = asyncio.create_task(self._keep_spare())

    def _choose_waiting(self) -> int:
        self._newest = len(self._waiting) > _FEW and not self._newest
        return -1 if self._newest else 0

    def _count(self, *, slow: bool) -> int:
        return sum(run.slow is slow for run in self._runs)

    def _leave_fast_lane(self) -> None:
        wanted = len(self._waiting)
        overdue = sorted((run for run in self._runs if self._is_overdue(run)), key=lambda run: run.started)
        for run in overdue:
            if run.worker and self._count(slow=True) < self._limits.slow:
                run.slow = True
                self._lower_later(run)
            elif wanted > 0:
                wanted -= 1
                self._stop(run)
                run.job.run = None
                self._parked.append(run.job)
                job = run.job
                left = max(1.0, job.submitted + self._limits.wait_seconds - time.monotonic())
                job.timer = asyncio.get_running_loop().call_later(left, self._give_up, job)

    def _lower_later(self, run: _Run) -> None:
        """Let a query of a second or two be no slower for the endless ones beside it."""
        if run.worker:
            later = asyncio.get_running_loop().call_later(_EQUAL_SECONDS, run.worker.lower_priority)
            run.timers.append(later)

    def _is_overdue(self, run: _Run) -> bool:
        if run.slow or run.worker is None:
            return False
        wall = time.monotonic() - run.started
        if wall < self._limits.slice_seconds:
            return False
        now = run.worker.read_processor_time()
        if now is None or run.used is None or wall > _PATIENCE * self._limits.slice_seconds:
            return True
        return now - run.used >= self._limits.slice_seconds * 0.8

    def _start(self, job: _Job, *, slow: bool) -> None:
        if job.timer:
            job.timer.cancel()
        run = job.run = _Run(job, slow)
        self._runs.add(run)
        run.task = asyncio.create_task(self._carry_out(run))

    async def _carry_out(self, run: _Run) -> None:
        job, loop, slice_seconds = run.job, asyncio.get_running_loop(), self._limits.slice_seconds
        try:
            worker = self._idle.pop() if self._idle else await self._nursery.start_worker()
            if run.stopped:
                worker.kill()
                return
            run.worker, run.started, run.used = worker, time.monotonic(), worker.read_processor_time()
            if run.slow:
                self._lower_later(run)
            run.timers.append(loop.call_later(self._limits.query_seconds, self._end, run))
            for times in (1, 2, 4, _PATIENCE):
                run.timers.append(loop.call_later(slice_seconds * times * 1.05, self._dispatch))
            reply = await worker.ask(job.request, job.body)
            if not job.future.done():
                job.future.set_result(reply)
            self._release(run)
        except WorkerEndedError:
            if not run.stopped and not job.future.done():
                job.future.set_exception(_out_of_memory())
        except Exception as error:  # handed to whoever asked
            if not job.future.done():
                job.future.set_exception(error)
        finally:
            self._finish(run)

    def _release(self, run: _Run) -> None:
        worker = run.worker
        fit = worker and not run.slow and not run.stopped and worker.asked < _WORKER_JOBS
        if worker and fit and not self._closed:
            self._idle.append(worker)
            run.worker = None

    def _finish(self, run: _Run) -> None:
        for timer in run.timers:
            timer.cancel()
        if run.worker:
            run.worker.kill()
        self._runs.discard(run)
        self._dispatch()

    def _stop(self, run: _Run) -> None:
        run.stopped = True
        self._runs.discard(run)
        if run.worker:
            run.worker.kill()

    async def _keep_spare(self) -> None:
        while len(self._idle) < self._limits.spare and not self._closed:
            try:
                self._idle.insert(0, await self._nursery.start_worker())
            except (OSError, WorkerEndedError):
                _LOG.exception("a worker could not be started")
                return

    # ---------------------------------------------------------------- ends

    def _end(self, run: _Run) -> None:
        """End a query that ran too long, with its process."""
        if not run.job.future.done():
            run.job.future.set_exception(_too_long(self._limits.query_seconds))
        self._stop(run)

    def _give_up(self, job: _Job) -> None:
        if job in self._waiting or job in self._parked:
            self._drop(job)
            if not job.future.done():
                job.future.set_exception(_busy())

    def _forget(self, job: _Job) -> None:
        """Clear away a job whose answer is there, or is wanted no more."""
        if job.timer:
            job.timer.cancel()
        self._drop(job)
        if job.run in self._runs and job.future.cancelled():
            self._stop(job.run)
            self._dispatch()

    def _drop(self, job: _Job) -> None:
        if job in self._waiting:
            self._waiting.remove(job)
        if job in self._parked:
            self._parked.remove(job)


def _busy() -> RequestRefusedError:
    return RequestRefusedError(
        503,
        "busy",
        "服务器正忙,请稍后再试。",
        "the server is busy, try again later.",
        headers={"Retry-After": "5"},
    )


def _too_long(seconds: float) -> RequestRefusedError:
    return RequestRefusedError(
        504,
        "too-long",
        f"运行超过 {seconds:g} 秒,已停止。请缩小范围,或加 LIMIT。",
        f"it ran for more than {seconds:g} s and was stopped. Narrow it or add a LIMIT.",
    )


def _out_of_memory() -> RequestRefusedError:
    return RequestRefusedError(
        422,
        "memory",
        "这个查询需要的内存太多,已停止。请缩小范围,或加 LIMIT。",
        "this query needs too much memory and was stopped. Narrow it or add a LIMIT.",
    )
