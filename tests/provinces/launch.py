"""Starts a province of the tests as a process, and ends it."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

_ROOT = Path(__file__).parents[2]


@contextlib.contextmanager
def running(module: str, *arguments: str) -> Iterator[dict]:
    """Run a module until the block ends.

    It tells what it serves in its first line, as JSON, once it is ready; it ends
    when its standard input does, so that nothing is left behind even when this
    process is killed.
    """
    with started([sys.executable, "-m", module, *arguments], _ROOT) as told:
        yield told


@contextlib.contextmanager
def started(
    argv: Sequence[str | Path], directory: Path, **environ: str
) -> Iterator[dict]:
    """Run a program, in whatever language, until the block ends; as ``running``."""
    process = subprocess.Popen(
        argv,
        cwd=directory,
        env={**os.environ, **environ},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        line = process.stdout.readline()
        assert line, f"{argv} ended before it was ready"
        yield {**json.loads(line), "pid": process.pid}
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def end_with_parent() -> None:
    """Wait, in a thread of the child, until the parent is gone."""
    sys.stdin.read()


def ready(told: dict) -> None:
    """Say in the child what it serves."""
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
