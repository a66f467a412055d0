"""ariadne-codegen, in an environment of its own: it needs an older graphql-core."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.peers.kept import install_by, kept

_LOCK = "requirements-ariadne.txt"
_NO_REGISTRY = (
    r"Connection refused|Failed to establish|Name or service not known"
    r"|NameResolutionError|Network is unreachable|Temporary failure|timed out"
)


def _install(place: Path) -> None:
    made = [sys.executable, "-m", "venv", place / "venv"]
    subprocess.run(made, check=True)
    pip = [place / "venv" / "bin" / "python", "-m", "pip", "install", "--quiet"]
    only = ["--disable-pip-version-check", "--no-input", "--retries", "1"]
    locked = ["--require-hashes", "--no-deps", "-r", _LOCK]
    install_by([*pip, *only, *locked], place, _NO_REGISTRY)


def installed() -> Path:
    """Install what the lock names, unless it is there already.

    Returns:
        The directory of its programs.

    Raises:
        Missing: There is no registry to install from.
    """
    return kept("ariadne", (_LOCK,), _install) / "venv" / "bin"


class Ariadne:
    """Generates a typed client, and runs programs that use it.

    Raises:
        Missing: There is no registry to install it from.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._programs = installed()

    def run(self, name: str, *words: str | Path, told: str = "") -> str:
        """Run a program of the environment, to its end."""
        done = subprocess.run(
            [self._programs / name, *words],
            cwd=self.directory,
            input=told,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout
