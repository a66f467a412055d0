"""Itinerary: who misses too often, and whether the audit trail knows it.

An alarm that could not be written stays due, and whoever comes next writes it. It is
written whether or not they wait for it: to leave in time must not keep it out of the
trail. It may stand there twice, if only its confirmation was lost.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import TYPE_CHECKING, Protocol

import msgspec

from hub.access.enumeration import Tally, counts, noted, surely, suspected
from schema.records.verdict import Alarm

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hub.access.caller import Caller
    from hub.audit.ports import Trail
    from hub.reading.sightings import Sightings


#: A subject of an issuer, or an office.
Who = tuple[str, ...]


class Alarmed(Protocol):
    """Counts alarms, for the metrics."""

    def enumeration_alarm(self, whose: str) -> None:
        """Take note of an alarm about a ``subject`` or an ``office``."""
        ...


class Thresholds(msgspec.Struct, frozen=True):
    """When look-ups look like guessing.

    Attributes:
        window: Seconds over which misses are counted.
        subject: Misses of one subject after which their look-ups are refused.
        office: Misses of all of an office.
        remembered: How many callers are kept in mind.
    """

    window: float
    subject: int
    office: int
    remembered: int


class _Watched(msgspec.Struct):
    """What is kept of one subject or office.

    Attributes:
        tally: Their misses and hits.
        noticed: Whether they are past the limit, and an alarm was made of it.
        due: An alarm that is not written yet, nor being written.
    """

    tally: Tally = Tally()
    noticed: bool = False
    due: Alarm | None = None


class Suspects:
    """Counts the misses of all who ask, and raises alarms."""

    def __init__(
        self,
        trail: Trail,
        alarmed: Alarmed,
        thresholds: Thresholds,
        now: Callable[[], float],
        sightings: Sightings,
    ) -> None:
        """Start with nobody in mind; see ``Sentry``."""
        self._trail = trail
        self._alarmed = alarmed
        self._thresholds = thresholds
        self._now = now
        self._sightings = sightings
        self._watched: OrderedDict[Who, _Watched] = OrderedDict()
        self._writing: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._watched)

    def limits_of(self, caller: Caller) -> list[tuple[Who, int]]:
        """Name as whom a caller counts, and how often each may miss."""
        thresholds = self._thresholds
        return [
            (("subject", caller.issuer, caller.subject), thresholds.subject),
            (("office", caller.issuer, caller.office), thresholds.office),
        ]

    def counts(self, who: Who) -> tuple[int, int]:
        """Tell the misses and the hits within the window."""
        watched = self._watched.get(who)
        if watched is None:
            return 0, 0
        return counts(watched.tally, self._now(), self._thresholds.window)

    def note(
        self, caller: Caller, request: str, missed: Sequence[str], found: Sequence[str]
    ) -> None:
        """Count what look-ups by number came to; past a limit, an alarm is due.

        Args:
            caller: Who asked.
            request: Id of the request.
            missed: The numbers that nobody has, as they were written.
            found: Those that somebody has.
        """
        digest = self._sightings.digest
        digests = [digest(text) for text in missed], [digest(text) for text in found]
        for who, most in self.limits_of(caller):
            watched = self._watch(who)
            before, _ = self.counts(who)
            self._count(who, watched, *digests)
            misses, _ = self.counts(who)
            watched.noticed = watched.noticed and suspected(before, most)
            if not watched.noticed and suspected(misses, most):
                watched.noticed = True
                self._alarmed.enumeration_alarm(who[0])
                watched.due = self._alarm(who, caller, request, misses, most)

    def _count(
        self,
        who: Who,
        watched: _Watched,
        missed: Sequence[bytes],
        found: Sequence[bytes],
    ) -> None:
        new = self._sightings.new
        now, window = self._now(), self._thresholds.window
        kept = surely(window)  # whoever no longer counts is new again
        misses = new(who, missed, found=False, now=now, window=kept)
        hits = new(who, found, found=True, now=now, window=kept)
        watched.tally = noted(watched.tally, misses, hits, now, window)

    def _alarm(
        self, who: Who, caller: Caller, request: str, misses: int, most: int
    ) -> Alarm:
        return Alarm(
            whose=who[0],
            subject=caller.subject,
            office=caller.office,
            province=caller.province,
            misses=misses,
            limit=most,
            window=round(self._thresholds.window),
            request=request,
        )

    async def raise_alarms(self, caller: Caller) -> None:
        """Write the alarms that are due; each for itself, and whoever leaves.

        Raises:
            hub.audit.trail.TrailUnavailable: One is not written, and stays due.
        """
        tasks: list[asyncio.Task[None]] = []
        for who, _ in self.limits_of(caller):
            watched = self._watched.get(who)
            if watched is not None and watched.due is not None:
                alarm, watched.due = watched.due, None
                tasks.append(asyncio.create_task(self._write(watched, alarm)))
        for task in tasks:
            self._writing.add(task)
            task.add_done_callback(self._written)
        for task in tasks:
            await asyncio.shield(task)

    async def _write(self, watched: _Watched, alarm: Alarm) -> None:
        try:
            await self._trail.alarm(alarm)
        except BaseException:
            watched.due = alarm
            raise

    def _written(self, task: asyncio.Task[None]) -> None:
        self._writing.discard(task)
        if not task.cancelled():
            task.exception()  # whoever waits for it raises it

    def _watch(self, who: Who) -> _Watched:
        watched = self._watched.setdefault(who, _Watched())
        self._watched.move_to_end(who)
        if len(self._watched) > self._thresholds.remembered:
            self._watched.popitem(last=False)
        return watched
