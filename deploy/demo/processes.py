"""Adapter: child processes that never outlive the demo."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple, Self

from deploy.demo.failure import DemoFailed, tail_of
from schema.records.refusal import Bilingual

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType

_GRACE = 4.0
_LEASH = Path(__file__).with_name("leash.py")
#: Linux, and a Python that can call the kernel.
_KERNEL_WATCHES = sys.platform == "linux" and find_spec("_ctypes") is not None


class Identity(NamedTuple):
    """A user of the system that a child becomes."""

    uid: int
    gid: int


class Leashed(NamedTuple):
    """A running child, and what keeps the leash on it.

    Attributes:
        process: The child.
        pipe: Our end of the pipe that the leash watches; below zero where the
            kernel watches.
    """

    process: subprocess.Popen[bytes]
    pipe: int

    def let_go(self) -> None:
        """Close our end; call it when the child has ended."""
        if self.pipe >= 0:
            os.close(self.pipe)


def spawn(
    argv: Sequence[str | Path],
    *,
    log: IO[bytes] | int,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    deadly: signal.Signals = signal.SIGTERM,
    identity: Identity | None = None,
    kernel_watches: bool = _KERNEL_WATCHES,
) -> Leashed:
    """Start a program that is stopped when this process dies, however it dies.

    The child gets a session of its own, so that Ctrl-C in the terminal reaches
    only us and we can stop our children in order.

    Args:
        argv: The program and its arguments.
        log: Where its output goes.
        env: Its environment; ours when not given.
        cwd: Where it runs.
        deadly: The signal that it gets when we die.
        identity: Whom it becomes first; only root can say so.
        kernel_watches: Whether the kernel tells it of our death (Linux); else
            a pipe does. Call from a thread that outlives the child.
    """
    ours, theirs = (-1, -1) if kernel_watches else _pipe()
    uid, gid = identity or (-1, -1)
    words = (os.getpid(), deadly.value, uid, gid, theirs)
    process = subprocess.Popen(  # noqa: S603  # argv comes from the demo itself
        [sys.executable, "-I", "-S", _LEASH, *map(str, words), *argv],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        env=None if env is None else dict(env),
        cwd=cwd,
        pass_fds=() if kernel_watches else (theirs,),
        start_new_session=True,
    )
    if theirs >= 0:
        os.close(theirs)
    return Leashed(process, ours)


def _pipe() -> tuple[int, int]:
    theirs, ours = os.pipe()
    return ours, theirs


class Child:
    """One running program of the demo, by its name and its log."""

    def __init__(self, name: str, leashed: Leashed, log: Path, rank: int) -> None:
        self.name = name
        self.log = log
        self.rank = rank
        self._leashed = leashed

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The process itself."""
        return self._leashed.process

    def wait_for(self, pattern: re.Pattern[str], limit: float) -> re.Match[str]:
        """Wait until a line of the log matches.

        Args:
            pattern: What to look for, per line.
            limit: Seconds.

        Raises:
            DemoFailed: The program ended, or the time did.
        """
        end = time.monotonic() + limit
        while True:
            ended = self.process.poll() is not None  # before the last read
            found = pattern.search(self.log.read_text("utf-8", errors="replace"))
            if found is not None:
                return found
            if ended:
                raise self.stopped()
            if time.monotonic() > end:
                raise self.silent(limit)
            time.sleep(0.02)

    def wait_until(self, ready: Callable[[], bool], limit: float) -> None:
        """Wait until something holds that the program brings about.

        Raises:
            DemoFailed: The program ended, or the time did.
        """
        end = time.monotonic() + limit
        while not ready():
            if self.process.poll() is not None:
                raise self.stopped()
            if time.monotonic() > end:
                raise self.silent(limit)
            time.sleep(0.02)

    def stopped(self) -> DemoFailed:
        """Say that the program ended, with the end of its log."""
        return DemoFailed(
            Bilingual(
                f"进程“{self.name}”意外退出（退出码 {self.process.poll()}）。",
                f"The process “{self.name}” ended (exit code {self.process.poll()}).",
            ),
            Bilingual(f"日志：{self.log}", f"Its log: {self.log}"),
            tail_of(self.log),
        )

    def silent(self, limit: float) -> DemoFailed:
        """Say that the program did not become ready in time."""
        return DemoFailed(
            Bilingual(
                f"进程“{self.name}”在 {limit:g} 秒内没有就绪。",
                f"The process “{self.name}” was not ready within {limit:g} seconds.",
            ),
            Bilingual(
                f"机器可能过于繁忙，请稍后重试。日志：{self.log}",
                f"The machine may be too busy: try again. Its log: {self.log}",
            ),
            tail_of(self.log),
        )

    def let_go(self) -> None:
        """Close the leash; the process has ended."""
        self._leashed.let_go()


class Children:
    """All programs of the demo: started one by one, stopped in order.

    Args:
        logs: Directory of their logs; made if missing.
    """

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._running: list[Child] = []

    def __enter__(self) -> Self:
        """Be ready to start some."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop all."""
        self.stop()

    def start(
        self,
        name: str,
        argv: Sequence[str | Path],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        rank: int = 0,
    ) -> Child:
        """Start a program; the one of higher rank is stopped earlier.

        Args:
            name: What people call it; also names the log.
            argv: The program and its arguments.
            env: What its environment has besides ours.
            cwd: Where it runs.
            rank: Who depends on others has a higher one.
        """
        self._logs.mkdir(parents=True, exist_ok=True)
        log = self._logs / f"{name}.log"
        with log.open("wb") as output:
            leashed = spawn(
                argv,
                log=output,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **(env or {})},
                cwd=cwd,
                deadly=signal.SIGKILL,
            )
        child = Child(name, leashed, log, rank)
        self._running.append(child)
        return child

    @property
    def running(self) -> tuple[Child, ...]:
        """All that were started and not stopped."""
        return tuple(self._running)

    def forget(self, child: Child) -> None:
        """Look no more after a program that has ended, and was meant to."""
        self._running.remove(child)
        child.let_go()

    def ended(self) -> list[Child]:
        """Find the programs that ended though nobody stopped them."""
        return [each for each in self._running if each.process.poll() is not None]

    def stop(self) -> None:
        """Stop all, rank by rank: asked first, killed when they do not hear."""
        for rank in sorted({child.rank for child in self._running}, reverse=True):
            group = [child for child in self._running if child.rank == rank]
            _stop(group)
            for child in group:
                child.let_go()
        self._running.clear()


def _stop(group: list[Child]) -> None:
    for child in group:
        child.process.terminate()
    end = time.monotonic() + _GRACE
    for child in group:
        try:
            child.process.wait(max(0.0, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.process.kill()
            child.process.wait()
