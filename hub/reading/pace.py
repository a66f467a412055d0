"""Adapter: lets others have their turn while one request has much to be worked on.

The event loop serves all requests; whoever works on without a pause makes all
others wait. Long work asks ``spent`` at each step, and gives way when it is.
"""

from __future__ import annotations

import asyncio
from time import perf_counter

#: So long may work in hand go on within one turn of the loop, in seconds; all
#: work that keeps to the same pace together.
_SLICE = 0.01


class Pace:
    """Shared by all long work of a process."""

    def __init__(self, seconds: float = _SLICE) -> None:
        """Give each turn of the loop so many seconds."""
        self._seconds = seconds
        self._until: float | None = None

    def spent(self) -> bool:
        """Tell whether this turn of the loop has had its share of work."""
        now = perf_counter()
        if self._until is None:
            self._until = now + self._seconds
            # Runs in the next turn, before whoever gave way in this one.
            asyncio.get_running_loop().call_soon(self._begin_anew)
            return False
        return now >= self._until

    async def breathe(self) -> None:
        """Give way if the share is spent, until there is some again."""
        while self.spent():  # noqa: ASYNC110  # it is the loop that is waited for
            await asyncio.sleep(0)

    def _begin_anew(self) -> None:
        self._until = None
