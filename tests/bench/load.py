"""Adapter: the load generator, a process of its own.

``python -m tests.bench.load JOB RESULT`` does the steps of a job file one after
the other and writes what they came to. Every answer is read and checked.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Final

import msgspec
import uvloop

from tests.bench.job import Job, Slice, Step
from tests.bench.people import provinces_of, visit
from tests.bench.questions import QUESTIONS
from tests.bench.wire import Line, connect, get, post

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.job import Target
    from tests.bench.questions import Question

_TICK: Final = os.sysconf("SC_CLK_TCK")
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_WARM: Final = 3
_OK: Final = 200


class Running:
    """One step under way."""

    def __init__(
        self, step: Step, target: Target, token: str, turns: Iterator[int]
    ) -> None:
        self.step = step
        self.target = target
        self.question: Question = QUESTIONS[step.question]
        self.took: list[float] = []
        self.direct: list[float] = []
        self.errors = 0
        self.error = ""
        self.size = 0
        self._head = f"authorization: Bearer {token}\r\n"
        self._turns = turns
        self._stubs: dict[str, tuple[Line, bytes]] = {}

    async def one(self, line: Line, *, count: bool = True) -> None:
        """Make one request, and check its answer."""
        numbers = [
            visit(next(self._turns), self.target.workers)
            for _ in range(self.question.workers)
        ]
        request = post("/graphql", self.question.body(numbers), self._head)
        start = perf_counter()
        status, answer = await line.ask(request)
        took = perf_counter() - start
        flaw = f"HTTP {status} {answer[:300]!r}" if status != _OK else ""
        flaw = flaw or self.question.flaw(answer, numbers)
        if flaw:
            self.errors += 1
            self.error = self.error or flaw
        if count:
            self.took.append(took)
            self.size = len(answer)
            if self._stubs:
                await self._ask_directly(numbers[0])

    async def prepare(self) -> None:
        """Set the stubs, warm up, and learn the hub's own question to each."""
        for province, port in self.target.stubs.items():
            line = await connect(port)
            wait = self.step.latency.get(province, 0.0)
            await line.ask(post("/latency", str(wait).encode()))
            line.close()
        line = await connect(self.target.port)
        for _ in range(_WARM * self.step.concurrency):
            await self.one(line, count=False)
        line.close()
        if self.step.paired:
            for province, port in self.target.stubs.items():
                stub = await connect(port)
                _, body = await stub.ask(get("/last"))
                self._stubs[province] = (stub, post("/graphql", body))

    async def finish(self) -> None:
        """Hang up on the stubs."""
        for line, _ in self._stubs.values():
            line.close()

    async def _ask_directly(self, number: int) -> None:
        slowest = max(
            provinces_of(number), key=lambda code: self.step.latency.get(code, 0.0)
        )
        line, request = self._stubs[slowest]
        start = perf_counter()
        await line.ask(request)
        self.direct.append(perf_counter() - start)


def cpu_seconds(pid: int) -> float:
    """Tell how much processor time a process used so far, of its own and the kernel's."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


def resident_bytes(pid: int) -> int:
    """Tell how much memory a process holds now."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE


async def _figures(port: int) -> str:
    line = await connect(port)
    try:
        return (await line.ask(get("/metrics")))[1].decode()
    finally:
        line.close()


async def run_step(step: Step, job: Job, turns: Iterator[int]) -> Slice:
    """Do one step."""
    target = job.targets[step.target]
    running = Running(step, target, job.token, turns)
    await running.prepare()
    lines = [await connect(target.port) for _ in range(step.concurrency)]
    before = await _figures(target.port)
    gc.collect()
    cpu = cpu_seconds(target.pid)
    start = perf_counter()

    async def ask_on(line: Line) -> None:
        while perf_counter() - start < step.seconds:
            await running.one(line)

    async with asyncio.TaskGroup() as group:
        for line in lines:
            group.create_task(ask_on(line))
    elapsed = perf_counter() - start
    cpu = cpu_seconds(target.pid) - cpu
    after = await _figures(target.port)
    for line in lines:
        line.close()
    await running.finish()
    return Slice(
        step=step,
        took=running.took,
        direct=running.direct,
        elapsed=elapsed,
        errors=running.errors,
        error=running.error,
        cpu=cpu,
        rss=resident_bytes(target.pid),
        before=before,
        after=after,
        bytes=running.size,
    )


async def _run(job: Job, result: Path) -> None:
    turns = iter(range(job.turn, 1 << 62))
    gc.freeze()
    with result.open("wb") as file:
        for number, step in enumerate(job.steps, 1):
            done = await run_step(step, job, turns)
            file.write(msgspec.json.encode(done) + b"\n")
            file.flush()
            sys.stdout.write(f"done {number}\n")
            sys.stdout.flush()


def main() -> None:
    """Do the job that a file holds."""
    job, result = map(Path, sys.argv[1:])
    uvloop.run(_run(msgspec.json.decode(job.read_bytes(), type=Job), result))


if __name__ == "__main__":
    main()
