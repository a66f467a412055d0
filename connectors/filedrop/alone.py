"""Adapter: a lock that one process of the hub holds at a time."""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def alone(lock: Path) -> Iterator[bool]:
    """Hold a lock, unless another process does; who dies gives it back.

    Args:
        lock: The file; it is made if it is not there.

    Yields:
        Whether it is held.
    """
    with lock.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True
