"""Programs of others: installed once, and kept until what is locked changes.

Node and ariadne-codegen are no part of the hub: where a machine cannot have them,
the tests that need them are reported as skipped, each by its name, with the
reason. This is the one place that decides so (``tests/house`` holds it to that).
"""

from __future__ import annotations

import fcntl
import hashlib
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

HERE = Path(__file__).parent
CACHE = HERE.parents[1] / ".cache" / "peers"


class Missing(Exception):
    """This machine cannot run programs of others; says why."""


def unless_missing(make, *arguments):
    """Make what a test needs, or skip the test where this machine cannot have it."""
    try:
        return make(*arguments)
    except Missing as why:
        pytest.skip(f"not run without its peer: {why}")


def kept(
    kind: str,
    locks: Sequence[str],
    install: Callable[[Path], None],
    beside: Path = HERE,
) -> Path:
    """Find what is installed, or install it.

    Args:
        kind: Names the directory; older ones of the same kind are removed.
        locks: The files that say what is installed.
        install: Installs into a directory that holds copies of these files.
        beside: Where these files are.

    Raises:
        Missing: This machine has no registry to install from.
    """
    content = b"\0".join((beside / name).read_bytes() for name in locks)
    place = CACHE / kind / hashlib.sha256(content).hexdigest()[:16]
    place.parent.mkdir(parents=True, exist_ok=True)
    with (place.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two test runs install once
        if not (place / "whole").exists():
            for older in place.parent.iterdir():
                if older.is_dir():
                    shutil.rmtree(older)
            place.mkdir()
            for name in locks:
                shutil.copy(beside / name, place)
            install(place)
            (place / "whole").touch()
    return place


def install_by(argv: Sequence[str | Path], place: Path, no_registry: str) -> None:
    """Run an installer.

    Args:
        argv: The command.
        place: Where.
        no_registry: Pattern of what it says when no registry can be reached; any
            other failure is our mistake.

    Raises:
        Missing: No registry can be reached.
    """
    done = subprocess.run(argv, cwd=place, capture_output=True, text=True, check=False)
    if done.returncode and (why := re.search(no_registry, done.stderr)):
        raise Missing(f"no registry to install from can be reached: {why[0]}")
    assert done.returncode == 0, done.stderr
