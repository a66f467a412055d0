"""Itinerary: what passes in cases by itself is noted, and new homes follow."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from schema.records.refusal import Refused

if TYPE_CHECKING:
    from hub.clock import Clock
    from hub.following.following import Following
    from hub.following.ports import CaseMoments

_log = logging.getLogger("hub.following")

#: So many are looked at in one go.
_AT_ONCE: Final = 500


class Watching:
    """Looks for what passed. Any number of processes may: it is noted once."""

    def __init__(
        self, moments: CaseMoments, following: Following, clock: Clock
    ) -> None:
        """Hold what is needed.

        Args:
            moments: Which cases have a moment that came, and which homes moved.
            following: Decides what becomes of them.
            clock: Tells the time.
        """
        self._moments = moments
        self._following = following
        self._clock = clock

    async def look(self) -> int:
        """Note what has passed, and remind; tell at how many cases was looked.

        Raises:
            schema.records.refusal.Refused: The store cannot be used; look again.
        """
        seen: set[str] = set()
        while True:
            numbers = await self._moments.passed(self._clock.now(), _AT_ONCE)
            new = [one for one in numbers if one not in seen]
            if not new:
                break
            seen.update(new)
            try:
                await self._following.look(new)
            except Refused:
                raise
            except Exception as error:  # noqa: BLE001  # of one case; the others go on
                # The trace could quote a person's data.
                _log.error("cases looked=%d error=%s", len(new), type(error).__name__)
            if len(numbers) < _AT_ONCE:
                break
        if seen:
            _log.info("cases looked=%d", len(seen))
        return len(seen)

    async def homes(self) -> int:
        """Let new homes follow the cases of their members; tell how many moved.

        Raises:
            schema.records.refusal.Refused: The store cannot be used; look again.
        """
        done = 0
        while moves := await self._moments.moves(_AT_ONCE):
            await self._following.moved(moves)
            await self._moments.told([one.id for one in moves])
            done += len(moves)
            if len(moves) < _AT_ONCE:
                break
        if done:
            _log.info("cases homes=%d", done)
        return done
