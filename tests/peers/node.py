"""Programs of others that run on Node: found, installed once, and spoken to."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

from tests.peers.kept import HERE, Missing, install_by, kept

LEAST = 20
_READY = re.compile(r"^ready (http://\S+)$", re.MULTILINE)
_NO_REGISTRY = (
    r"npm error code "
    r"(EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ENOTCACHED"
    r"|ENOTFOUND|ERR_SOCKET_TIMEOUT|ETIMEDOUT)"
)


def _install(place: Path) -> None:
    # Nothing that is installed needs its scripts, and none should run unseen.
    npm = ["npm", "ci", "--ignore-scripts", "--loglevel=error"]
    # Where there is no registry, it should not take minutes to find that out.
    patience = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000"]
    install_by([*npm, *patience], place, _NO_REGISTRY)


def installed(kind: str = "node", beside: Path = HERE) -> Path:
    """Install what ``package-lock.json`` names, unless it is there already.

    Args:
        kind: Names what is kept.
        beside: Where ``package-lock.json`` is.

    Returns:
        The directory ``node_modules``.

    Raises:
        Missing: There is no Node that will do, or no registry to install from.
    """
    if not (shutil.which("node") and shutil.which("npm")):
        raise Missing("Node is not installed (node and npm)")
    told = subprocess.run(
        ["node", "--version"], capture_output=True, text=True, check=True
    ).stdout.strip()
    if int(told.removeprefix("v").partition(".")[0]) < LEAST:
        raise Missing(f"Node {LEAST} or newer is needed, this is {told}")
    locks = ("package.json", "package-lock.json", ".npmrc")
    return kept(kind, locks, _install, beside) / "node_modules"


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
        for program in (*HERE.glob("*.mjs"), HERE / "package.json"):
            shutil.copy(program, directory)

    def tell(self, program: str, told: object, limit: float = 120.0):
        """Run a program to its end; JSON goes in and comes out."""
        return json.loads(self._run(["node", program], limit, json.dumps(told)))

    def run(self, name: str, *words: str | Path) -> str:
        """Run a command that a package brought, to its end."""
        command = self.directory / "node_modules" / ".bin" / name
        return self._run([command, *words], 120.0)

    def _run(self, argv, limit, told=""):
        done = subprocess.run(
            argv,
            cwd=self.directory,
            env={**os.environ, "NO_COLOR": "1"},
            input=told,
            capture_output=True,
            text=True,
            timeout=limit,
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
