"""Adapter: secrets of the demo, made once and readable by their owner only.

They reach the programs by environment variables, never by a file of settings.
"""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Keyring:
    """The secrets below one directory.

    Args:
        directory: Where they are; made if missing.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def secret(self, name: str) -> str:
        """Give a secret of 32 random bytes in hex; the same at every start."""
        return self.keep(name, lambda: secrets.token_hex(32))

    def keep(self, name: str, make: Callable[[], str]) -> str:
        """Give what was kept under a name; make it the first time.

        Args:
            name: File name of the secret.
            make: Makes it.
        """
        path = self._directory / name
        if path.is_file():
            return path.read_text(encoding="ascii")
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(make())
        fresh.rename(path)  # a secret is there whole, or not at all
        return path.read_text(encoding="ascii")
