"""Adapter: whether this process's clock agrees with the database's.

Limits that pass and members who move on cannot be taken back. A runner whose clock is
wrong would let them pass in one sweep: what goes by the day waits until its clock is put
right. Machines that keep time by NTP differ by milliseconds.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from hub.clock import Clock
    from hub.store.pool import Pool

_log = logging.getLogger("hub.clock")

#: More than NTP ever leaves, and less than any limit is long.
TOLERATED: Final = timedelta(minutes=2)


class ServerTime:
    """Compares clocks; every process that lets limits pass asks it before."""

    def __init__(self, pool: Pool, clock: Clock) -> None:
        """Hold both.

        Args:
            pool: Of the hub's database, whose clock all processes share.
            clock: This process's.
        """
        self._pool = pool
        self._clock = clock

    async def agrees(self) -> bool:
        """Tell whether both clocks show the same, but for two minutes.

        Raises:
            hub.store.unavailable.StoreUnavailable: The database cannot be used.
        """
        async with self._pool.connection() as connection:
            before = self._clock.now()
            found = await connection.execute("SELECT clock_timestamp()")
            row = await found.fetchone()
            after = self._clock.now()
        assert row is not None, "a SELECT of one value has a row"  # noqa: S101
        agrees = before - TOLERATED <= row[0] <= after + TOLERATED
        if not agrees:
            _log.error(
                "clock-wrong ahead_s=%d: limits wait until it is put right",
                (after - row[0]).total_seconds(),
            )
        return bool(agrees)
