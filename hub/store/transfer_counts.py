"""Adapter: how many transfers are open, in all and at some unions."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.store.pool import Pool

# By the index of open transfers: those that have ended are not looked at.
_OPEN: Final = """
SELECT state, count(*), count(*) FILTER (WHERE overdue), min(changed_at)
FROM transfer WHERE ended_at IS NULL GROUP BY state
"""


_OPEN_AT: Final = """
SELECT code, count(*) FROM transfer
JOIN unnest(%s::text[]) AS code ON code IN (from_union, to_union)
WHERE ended_at IS NULL GROUP BY code ORDER BY code
"""


class OpenCount(msgspec.Struct, frozen=True):
    """Open transfers in one state.

    Attributes:
        state: The state.
        transfers: How many.
        overdue: How many of them are overdue.
        oldest: When the one moved that has not moved for the longest time.
    """

    state: str
    transfers: int
    overdue: int
    oldest: datetime


class TransferCounts:
    """Counts open transfers."""

    def __init__(self, pool: Pool) -> None:
        """Use the hub's database."""
        self._pool = pool

    async def open(self) -> list[OpenCount]:
        """Count open transfers by their state.

        Raises:
            hub.store.unavailable.StoreUnavailable: The database cannot be used.
        """
        async with self._pool.connection() as connection:
            found = await connection.execute(_OPEN)
            return [OpenCount(*row) for row in await found.fetchall()]

    async def open_at(self, unions: Sequence[str]) -> dict[str, int]:
        """Count the open transfers from or to each of some unions that has any.

        Raises:
            hub.store.unavailable.StoreUnavailable: The database cannot be used.
        """
        async with self._pool.connection() as connection:
            found = await connection.execute(_OPEN_AT, (list(unions),))
            return dict(await found.fetchall())
