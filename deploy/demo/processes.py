"""Adapter: child processes that never outlive the demo."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
