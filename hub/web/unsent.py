"""Adapter: what was answered and not yet taken, over all connections of a process.

The server hands a whole answer to the connection, which keeps what the caller does not
take; nothing of asyncio or uvicorn limits for how long, or how much all keep together.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

#: Why a connection was dropped: nothing was taken for too long, or all together kept
#: too much and this one had waited longest.
SLOW: Final = "slow"
CROWDED: Final = "crowded"


class Unsent:
    """Drops connections whose callers do not take their answers."""

    def __init__(
        self, seconds: float, most: int, dropped: Callable[[str], None]
    ) -> None:
        """Begin with nothing that waits.

        Args:
            seconds: So long an answer may wait for its caller.
            most: So many bytes may wait, of all connections together; one that alone
                has more may.
            dropped: Is told of each that was dropped: ``SLOW`` or ``CROWDED``.
        """
        self._seconds = seconds
        self._most = most
        self._dropped = dropped
        #: The one that waits longest comes first.
        self._waiting: dict[asyncio.Transport, asyncio.TimerHandle] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def look(self, transport: asyncio.Transport) -> None:
        """Look at a connection that was written to: does anything wait in it?"""
        if not transport.get_write_buffer_size():
            self.forget(transport)
            return
        if transport not in self._waiting:
            loop = asyncio.get_running_loop()
            timer = loop.call_later(self._seconds, self._late, transport)
            self._waiting[transport] = timer
        self._make_room(transport)

    def taken(self, transport: asyncio.Transport) -> None:
        """Take note that a caller took most of what waited: the rest has new time."""
        self.forget(transport)
        self.look(transport)

    def forget(self, transport: asyncio.Transport) -> None:
        """Forget a connection in which nothing waits, or that is no more."""
        timer = self._waiting.pop(transport, None)
        if timer is not None:
            timer.cancel()

    def _late(self, transport: asyncio.Transport) -> None:
        self.forget(transport)
        if transport.get_write_buffer_size():
            self._drop(transport, SLOW)

    def _make_room(self, newest: asyncio.Transport) -> None:
        kept = sum(one.get_write_buffer_size() for one in self._waiting)
        for one in list(self._waiting):
            if kept <= self._most:
                return
            if one is not newest:
                kept -= one.get_write_buffer_size()
                self._drop(one, CROWDED)

    def _drop(self, transport: asyncio.Transport, why: str) -> None:
        self.forget(transport)
        self._dropped(why)
        transport.abort()
