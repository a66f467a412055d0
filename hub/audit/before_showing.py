"""Itinerary: what is shown was written down first, but need not wait in line for it.

The trail is on disk some milliseconds after a file is joined; meanwhile the answer
can be put together. So inside ``written_first`` the trail is written beside that
work, and the block does not end before all of it is on disk: whoever sends the
answer does so after the block. Outside of such a block nothing is put off.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from hub.audit.ports import Trail
    from schema.records.showing import Showing
    from schema.records.verdict import Alarm, Disclosure

#: What is being written for the answer that is put together now.
_UNDER_WAY: ContextVar[list[asyncio.Task[None]] | None] = ContextVar(
    "under_way", default=None
)


class TrailBeside:
    """A trail that is written beside other work, where somebody waits for it."""

    def __init__(self, trail: Trail) -> None:
        """Write to this trail."""
        self._trail = trail

    async def record(self, disclosures: Sequence[Disclosure | Showing]) -> None:
        """Write disclosures down, or begin to, inside ``written_first``.

        Raises:
            hub.audit.trail.TrailUnavailable: They are not written; show nothing.
                Inside ``written_first`` it is the block that raises it.
        """
        under_way = _UNDER_WAY.get()
        if under_way is None:
            await self._trail.record(disclosures)
        else:
            task = asyncio.create_task(self._trail.record(disclosures), name="trail")
            under_way.append(task)

    async def alarm(self, alarm: Alarm) -> None:
        """Write an alarm down; it is on disk when this returns.

        Raises:
            hub.audit.trail.TrailUnavailable: It is not; show nothing.
        """
        await self._trail.alarm(alarm)


@asynccontextmanager
async def written_first() -> AsyncIterator[None]:
    """Put an answer together; what it shows is on disk when the block ends.

    Raises:
        hub.audit.trail.TrailUnavailable: It is not; the answer must not be shown.
    """
    under_way: list[asyncio.Task[None]] = []
    token = _UNDER_WAY.set(under_way)
    try:
        yield
        while under_way:
            await under_way.pop()
    finally:
        _UNDER_WAY.reset(token)
        for task in under_way:  # nothing is shown of these: they end by themselves
            task.add_done_callback(_look_at)


def _look_at(task: asyncio.Task[None]) -> None:
    if not task.cancelled():
        task.exception()
