"""Itinerary: waits that have lasted too long end, and owners are reminded before."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from hub.clock import Clock
    from hub.transfer.coordinator import Coordinator
    from hub.transfer.ports import Waits

_log = logging.getLogger("hub.transfer")

#: So many waits are looked at in one go.
_AT_ONCE: Final = 500


class Deadlines:
    """Ends waits. Any number of processes may: a wait that is over does nothing."""

    def __init__(self, waits: Waits, coordinator: Coordinator, clock: Clock) -> None:
        """Hold what is needed.

        Args:
            waits: Which waits have passed.
            coordinator: Lets them end.
            clock: Tells the time.
        """
        self._waits = waits
        self._coordinator = coordinator
        self._clock = clock

    async def look(self) -> int:
        """End what has passed and remind of what is late; tell how many ended.

        Raises:
            schema.records.refusal.Refused: The store cannot be used; look again.
        """
        ended = reminded = 0
        while True:
            now = self._clock.now()
            passed = await self._waits.passed(now, _AT_ONCE)
            if passed:
                await self._coordinator.limit_passed(passed)
                ended += len(passed)
            late = await self._waits.remind(now, _AT_ONCE)
            reminded += len(late)
            if max(len(passed), len(late)) < _AT_ONCE:
                break
        if ended or reminded:
            _log.info("waits ended=%d reminded=%d", ended, reminded)
        return ended
