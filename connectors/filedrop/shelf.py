"""Adapter: the index that is asked: whoever takes a batch, all processes see it."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from connectors.filedrop.looking_up import OpenBatch
from connectors.filedrop.pointer import FORMAT, read_pointer

if TYPE_CHECKING:
    from connectors.filedrop.places import Places

#: Where the pointer was renamed, these differ.
Sign = tuple[int, int, int] | None


class Shelf:
    """Holds the index that the pointer names; safe for threads."""

    def __init__(self, places: Places) -> None:
        """Open nothing yet."""
        self._places = places
        self._lock = threading.Lock()
        self._sign: Sign = None
        self._index: OpenBatch | None = None

    def current(self) -> OpenBatch | None:
        """Tell the index that is asked now; none if no batch was taken yet."""
        sign = self._look()
        if sign == self._sign:
            return self._index
        with self._lock:
            if sign != self._sign and sign is not None:
                pointer = read_pointer(self._places)
                if pointer is not None and pointer.format == FORMAT:
                    before = self._index
                    self._index = OpenBatch(
                        pointer, self._places.indexes / pointer.index
                    )
                    self._sign = sign
                    if before is not None:
                        before.close()
        return self._index

    def close(self) -> None:
        """Close what is open."""
        with self._lock:
            if self._index is not None:
                self._index.close()

    def _look(self) -> Sign:
        with suppress(OSError):
            told = self._places.pointer.stat()
            return told.st_ino, told.st_mtime_ns, told.st_size
        # It was there: whoever took it away did not take away what we have open.
        return self._sign
