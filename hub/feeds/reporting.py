"""Itinerary: looks how the provinces do, and says so when it changes.

It looks; it is not told of each call. So however many calls fail and succeed, a
province is reported at most once per look, and only what two looks in a row
have found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.feeds.province_change import change_of, may_contradict, signature

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hub.clock import Clock
    from hub.feeds.ports import Statements
    from hub.feeds.province_change import Signature, Stated
    from hub.feeds.settings import FeedSettings
    from schema.records.keys import ProvinceCode
    from schema.records.province import ProvinceStatus


class ProvinceReporter:
    """Reports what this hub process sees of the provinces."""

    def __init__(
        self,
        provinces: Callable[[], Sequence[ProvinceStatus]],
        statements: Statements,
        clock: Clock,
        settings: FeedSettings,
        name: str,
    ) -> None:
        """Begin without having looked.

        Args:
            provinces: Tells how each does, as this process sees it.
            statements: Where it is said.
            clock: Tells how old a word is.
            settings: How soon others are contradicted.
            name: Of this process; it stands in every event.
        """
        self._provinces = provinces
        self._statements = statements
        self._clock = clock
        self._after = settings.contradict_after
        self._name = name
        self._stated: dict[ProvinceCode, Stated] = {}
        self._looked: dict[ProvinceCode, Signature] = {}
        self._said: dict[ProvinceCode, Signature] = {}
        self._refresh_at = clock.now()

    async def look(self) -> None:
        """Look once.

        Raises:
            schema.records.refusal.Refused: The store cannot be used; the next look
                finds the same changes.
        """
        now = self._clock.now()
        if now >= self._refresh_at:
            stated = await self._statements.stated()
            self._stated = {one.change.province.code: one for one in stated}
            self._refresh_at = now + self._after / 3
        for seen in self._provinces():
            found = signature(seen)
            twice = self._looked.get(seen.code) == found
            self._looked[seen.code] = found
            if twice and self._is_news(seen):
                await self._say(seen)

    def _is_news(self, seen: ProvinceStatus) -> bool:
        stated = self._stated.get(seen.code)
        last = None if stated is None else stated.change
        if change_of(last, seen, self._name) is None:
            self._said[seen.code] = signature(seen)
            return False
        if stated is None or self._said.get(seen.code) != signature(seen):
            return True  # it changed before our own eyes
        return may_contradict(stated, seen, self._clock.now(), self._after)

    async def _say(self, seen: ProvinceStatus) -> None:
        stated = await self._statements.state(
            seen.code, lambda last: change_of(last, seen, self._name)
        )
        self._said[seen.code] = signature(seen)
        if stated is not None:
            self._stated[seen.code] = stated
