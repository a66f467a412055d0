"""Adapter: the note that a running PostgreSQL keeps in its data directory."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Final

_LIMIT: Final = 10.0


def is_ready(data: Path) -> bool:
    """Tell whether the server takes connections: line 8 of its own note."""
    lines = _note_of(data)
    return len(lines) > 7 and lines[7].strip() == "ready"  # noqa: PLR2004


def _note_of(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return []


def wait_for_predecessor(data: Path) -> None:
    """See a server off whose starter was killed: we hold the lock it held.

    On Linux the kernel has told it already and it is on its way out; elsewhere
    it may be told late. A note without such a process is stale, and goes: its
    number may be another program's by now.
    """
    end = time.monotonic() + _LIMIT
    told = False
    while lines := _note_of(data):
        pid = int(lines[0])
        if not _is_postgres(pid):
            (data / "postmaster.pid").unlink(missing_ok=True)
            return
        if not told:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)
            told = True
        if time.monotonic() > end:
            os.kill(pid, signal.SIGQUIT)
            end += _LIMIT
        time.sleep(0.01)


def _is_postgres(pid: int) -> bool:
    with contextlib.suppress(OSError):  # Linux; a slim image has no ps
        return "postgres" in Path(f"/proc/{pid}/comm").read_text(encoding="utf-8")
    asked = subprocess.run(  # noqa: S603
        ["/bin/ps", "-p", str(pid), "-o", "comm="],
        capture_output=True,
        text=True,
        check=False,
    )
    return "postgres" in asked.stdout
