"""Programs of others, run by Node: found, installed once, and spoken to."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
CACHE = HERE.parents[1] / ".cache" / "peers"
LEAST = 20
_WHAT = ("package.json", "package-lock.json", ".npmrc")
_READY = re.compile(r"^ready (http://\S+)$", re.MULTILINE)
#: How npm names a registry that it cannot speak to; all else is our mistake.
_NO_REGISTRY = re.compile(
    r"npm error code "
    r"(EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ENOTCACHED"
    r"|ENOTFOUND|ERR_SOCKET_TIMEOUT|ETIMEDOUT)"
)


class Missing(Exception):
    """This machine cannot run programs of others; says why."""


def installed() -> Path:
    """Install what ``package-lock.json`` names, unless it is there already.

    Returns:
        The directory ``node_modules``.

    Raises:
        Missing: There is no Node that will do, or no registry to install from.
    """
    _check_version()
    content = b"\0".join((HERE / name).read_bytes() for name in _WHAT)
    place = CACHE / hashlib.sha256(content).hexdigest()[:16]
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two test runs install once
        if not (place / "whole").exists():
            _install(place)
    return place / "node_modules"


def _check_version() -> None:
    if not (shutil.which("node") and shutil.which("npm")):
        raise Missing("Node is not installed (node and npm)")
    told = subprocess.run(
        ["node", "--version"], capture_output=True, text=True, check=True
    ).stdout.strip()
    if int(told.removeprefix("v").partition(".")[0]) < LEAST:
        raise Missing(f"Node {LEAST} or newer is needed, this is {told}")


def _install(place: Path) -> None:
    for older in CACHE.iterdir():
        if older.is_dir():
            shutil.rmtree(older)
    place.mkdir()
    for name in _WHAT:
        shutil.copy(HERE / name, place)
    done = subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--loglevel=error"],
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
    )
    if unreachable := _NO_REGISTRY.search(done.stderr):
        raise Missing(f"the npm registry cannot be reached ({unreachable[1]})")
    assert done.returncode == 0, done.stderr
    (place / "whole").touch()


class Node:
    """Runs the programs beside this file.

    Args:
        directory: Where they are copied to, beside ``node_modules``, which Node
            looks for from the place of a program upwards.
        children: Where programs that go on running belong.
    """

    def __init__(self, directory: Path, children) -> None:
        self.directory = directory
        self._children = children
        (directory / "node_modules").symlink_to(installed())
        for program in HERE.glob("*.mjs"):
            shutil.copy(program, directory)
        shutil.copy(HERE / "package.json", directory)

    def tell(self, program: str, told: object, limit: float = 120.0):
        """Run a program to its end; JSON goes in and comes out."""
        done = subprocess.run(
            ["node", program],
            cwd=self.directory,
            input=json.dumps(told),
            capture_output=True,
            text=True,
            timeout=limit,
            check=False,
        )
        assert done.returncode == 0, done.stderr or done.stdout
        return json.loads(done.stdout)

    def run(self, *words: str | Path, **env: str) -> str:
        """Run a command that a package brought to its end."""
        first, *others = words
        done = subprocess.run(
            [self.directory / "node_modules" / ".bin" / first, *others],
            cwd=self.directory,
            env={**os.environ, **env},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    def start(self, program: str, told: object) -> str:
        """Start a program that serves, and tell where it does."""
        child = self._children.start(
            program.partition(".")[0],
            ["node", program, json.dumps(told)],
            cwd=self.directory,
            rank=3,
        )
        return child.wait_for(_READY, 90.0)[1]
