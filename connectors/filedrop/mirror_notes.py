"""Adapter: what was mirrored, and how it looked then."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from connectors.filedrop.desk_store import DeskStore

if TYPE_CHECKING:
    from pathlib import Path


class MirrorNotes:
    """What was fetched and sent, by path; safe for threads."""

    def __init__(self, state: Path) -> None:
        """Open nothing yet; ``state`` is the state directory."""
        self._store = DeskStore(state)
        self._lock = threading.Lock()

    def under(self, folder: str) -> dict[str, str]:
        """Tell what is noted of the files of a folder, by name."""
        with self._lock:
            told = self._store.read(
                "SELECT substr(path, ?), look FROM mirrored WHERE substr(path, 1, ?) = ?",
                (len(folder) + 2, len(folder) + 1, f"{folder}/"),
            )
        return dict(told)

    def note(self, path: str, look: str) -> None:
        """Note how a file looked when it was mirrored."""
        with self._lock, self._store.writing() as db:
            db.execute("INSERT OR REPLACE INTO mirrored VALUES (?, ?)", (path, look))

    def forget(self, path: str) -> None:
        """Forget a file."""
        with self._lock, self._store.writing() as db:
            db.execute("DELETE FROM mirrored WHERE path = ?", (path,))

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._store.close()
