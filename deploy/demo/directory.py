"""Adapter: the demo's directory: what lies where, and who holds it."""

from __future__ import annotations

import errno
import fcntl
import os
import shlex
import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from deploy.demo.failure import DemoFailed, not_writable
from deploy.demo.postgres_place import forget
from schema.records.refusal import Bilingual

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

#: Where the issuer was at the last start.
ISSUER_NOTE: Final = "issuer.note"

#: By what name the hub has issued credentials since the first start.
CREDENTIALS_NOTE: Final = "credentials.note"

_ANEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


class Directory:
    """The demo's directory.

    Args:
        root: Where it is; made when it is first held.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.keys = self.root / "keys"
        self.logs = self.root / "logs"
        self.postgres = self.root / "postgres"
        self.population = self.root / "population"
        self.provinces = self.root / "provinces"
        self.hub_toml = self.root / "hub.toml"
        self.environment = self.root / "env.sh"
        self._lock = self.root / "lock"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other demos off; the system lets go when this process dies.

        Raises:
            DemoFailed: Another demo holds it, or it cannot be written.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            lock = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise not_writable(self.root, error) from error
        try:
            _take(lock, self.root)
            yield
        finally:
            os.close(lock)

    def remember(self, name: str, text: str) -> None:
        """Write a note down for the next start."""
        (self.root / name).write_text(text, encoding="utf-8")

    def keep_environment(self, secrets: Mapping[str, str]) -> None:
        """Write the hub's secrets for a shell, readable by their owner only.

        With ``. .demo/env.sh`` every command of the hub works on the demo.
        """
        lines = [f"export {name}={shlex.quote(v)}\n" for name, v in secrets.items()]
        descriptor = os.open(self.environment, _ANEW, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.writelines(lines)

    def remembered(self, name: str) -> str:
        """Read a note of an earlier start; empty if there is none."""
        with suppress(FileNotFoundError):
            return (self.root / name).read_text(encoding="utf-8")
        return ""

    def forget(self) -> None:
        """Delete what the demo made, and nothing else that lies there.

        Raises:
            DemoFailed: A demo holds the directory.
        """
        if not self._lock.exists():
            return
        with self.held():
            forget(self.postgres)
            for made in (self.keys, self.logs, self.population, self.provinces):
                shutil.rmtree(made, ignore_errors=True)
            for note in (
                self.hub_toml,
                self.environment,
                *self.root.glob("*.note"),
                self._lock,
            ):
                note.unlink(missing_ok=True)
        with suppress(OSError):  # somebody keeps something else there
            self.root.rmdir()


def _take(lock: int, root: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in {errno.EAGAIN, errno.EACCES}:
            raise not_writable(root, error) from error
        raise DemoFailed(
            Bilingual(
                f"另一个演示正在使用目录 {root}。",
                f"Another demo is using the directory {root}.",
            ),
            Bilingual(
                "请先停止它（Ctrl-C），或用 --dir 指定另一个目录。",
                "Stop it first (Ctrl-C), or choose another directory with --dir.",
            ),
        ) from None
