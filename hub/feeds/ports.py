"""Port: what the feeds ask of the world. The store fulfils it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractAsyncContextManager
    from datetime import timedelta

    from hub.feeds.events import Event, Topic
    from hub.feeds.province_change import ProvinceChange, Stated
    from schema.records.keys import ProvinceCode


class Ear(Protocol):
    """Hears that events were written, by whichever hub process."""

    async def head(self) -> int:
        """Tell the cursor of the last event; 0 if there is none yet."""
        ...

    async def read(self, after: int, most: int) -> Sequence[Event]:
        """Read the events of all topics after a cursor, in order.

        Raises:
            hub.feeds.events.CursorExpired: Some of them are no longer kept.
        """
        ...

    async def heard(self, patience: float) -> bool:
        """Wait until something was written, or for so many seconds.

        Returns:
            Whether something was.
        """
        ...


class Feed(Protocol):
    """The stored events."""

    def listen(self) -> AbstractAsyncContextManager[Ear]:
        """Listen on a connection of its own, until the context is left.

        Raises:
            hub.store.unavailable.StoreUnavailable: Entering or while inside: the
                database cannot be reached. Leave, and enter anew.
        """
        ...

    async def read(self, topic: Topic, after: int, most: int) -> Sequence[Event]:
        """Read events of one topic after a cursor, in order.

        Raises:
            hub.feeds.events.CursorExpired: Some of them are no longer kept.
            schema.records.refusal.Refused: The cursor is later than any event.
        """
        ...

    async def prune(self, keep: timedelta, most: int) -> int:
        """Remove what is older than ``keep``, and more than ``most``; tell how many."""
        ...


class Statements(Protocol):
    """What was last said of each province."""

    async def stated(self) -> Sequence[Stated]:
        """Tell the last statement of each province, in the order of their cursors."""
        ...

    async def state(
        self,
        province: ProvinceCode,
        decide: Callable[[ProvinceChange | None], ProvinceChange | None],
    ) -> Stated | None:
        """Publish a change, if there is one still when it is our turn.

        Args:
            province: Which.
            decide: Is given the last statement, says what to publish, or nothing.

        Returns:
            What was said last, now.
        """
        ...
