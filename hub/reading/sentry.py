"""Itinerary: stands before the reader and watches for enumeration of workers.

The locator is what an attacker is after: to find out, number by number, who is
known. Distinct resident ID numbers that miss are counted per subject and per
office. Past a limit, further look-ups by number are refused before anything is
looked for, so that known and unknown people cannot be told apart, not by the
answer and not by its time; the audit trail gets an alarm, without any number.
An alarm that could not be written stays due: the next look-up by number writes it.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Protocol

from hub.access.enumeration import must_wait, suspected
from hub.reading import refusals
from hub.reading.suspects import Suspects
from schema.records.refusal import Refusal
from schema.records.selection import Selection
from schema.records.verdict import Disclosure, Relation
from schema.records.wanted import ByNumber

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from hub.access.caller import Caller
    from hub.audit.ports import Trail
    from hub.reading.ports import Reads
    from hub.reading.reader import LookUp, Outcome
    from hub.reading.sightings import Sightings
    from hub.reading.suspects import Alarmed, Thresholds, Who

    class Watcher(Alarmed, Protocol):
        """Counts alarms and refusals, for the metrics."""

        def looked_up(self, outcome: str) -> None:
            """Take note of how one look-up ended."""
            ...


class Sentry:
    """Lets look-ups through to the reader, unless they look like guessing."""

    def __init__(
        self,
        reader: Reads,
        trail: Trail,
        watcher: Watcher,
        thresholds: Thresholds,
        now: Callable[[], float],
        *,
        sightings: Sightings,
    ) -> None:
        """Start with nobody in mind.

        Args:
            reader: Who answers.
            trail: Where alarms and refused look-ups are written down.
            watcher: Is told of alarms.
            thresholds: When to raise one.
            now: Seconds of a clock that never goes back.
            sightings: Tell which numbers are new.
        """
        self._reader = reader
        self._trail = trail
        self._watcher = watcher
        self._suspects = Suspects(trail, watcher, thresholds, now, sightings)
        self._under_way: Counter[Who] = Counter()
        self._ended = asyncio.Condition()

    def __len__(self) -> int:
        return len(self._suspects)

    async def read(
        self, lookups: Sequence[LookUp], caller: Caller, request: str
    ) -> list[Outcome]:
        """Answer look-ups, in their order; see ``Reader.read``."""
        numbers = sum(isinstance(one.by, ByNumber) for one in lookups)
        if not numbers:
            return await self._reader.read(lookups, caller, request)
        async with self._watching(caller, numbers) as good:
            if not good:
                return await self._refuse(lookups, caller, request)
            outcomes = await self._reader.read(lookups, caller, request)
            await self._note(lookups, outcomes, caller, request)
            return outcomes

    @asynccontextmanager
    async def _watching(self, caller: Caller, numbers: int) -> AsyncIterator[bool]:
        """Wait until so many look-ups may be under way; tell whether they may."""
        counted = self._suspects.limits_of(caller)
        async with self._ended:
            await self._ended.wait_for(lambda: not self._full(counted))
        good = not any(
            suspected(self._suspects.counts(who)[0], most) for who, most in counted
        )
        held = numbers if good else 0
        for who, _ in counted:
            self._under_way[who] += held
        try:
            yield good
        finally:
            for who, _ in counted:
                self._under_way[who] -= held
                if not self._under_way[who]:
                    del self._under_way[who]
            async with self._ended:
                self._ended.notify_all()

    def _full(self, counted: list[tuple[Who, int]]) -> bool:
        return any(
            must_wait(*self._suspects.counts(who), self._under_way[who], most)
            and not suspected(self._suspects.counts(who)[0], most)
            for who, most in counted
        )

    async def _refuse(
        self, lookups: Sequence[LookUp], caller: Caller, request: str
    ) -> list[Outcome]:
        """Refuse what is asked by number; whatever else is asked goes on."""
        await self._suspects.raise_alarms(caller)
        refusal = refusals.enumeration()
        others = [one for one in lookups if not isinstance(one.by, ByNumber)]
        refused = [one for one in lookups if isinstance(one.by, ByNumber)]
        await self._trail.record(
            [_refused(one, refusal, caller, request) for one in refused]
        )
        for _ in refused:
            self._watcher.looked_up("refused")
        found: list[Outcome] = []
        if others:
            found = await self._reader.read(others, caller, request)
        answers = iter(found)
        return [
            refusal if isinstance(one.by, ByNumber) else next(answers)
            for one in lookups
        ]

    async def _note(
        self,
        lookups: Sequence[LookUp],
        outcomes: Sequence[Outcome],
        caller: Caller,
        request: str,
    ) -> None:
        """Count what look-ups by number came to; raise an alarm past a limit.

        Raises:
            hub.audit.trail.TrailUnavailable: The alarm could not be written, so
                nothing is shown.
        """
        missed: list[str] = []
        found: list[str] = []
        for one, outcome in zip(lookups, outcomes, strict=True):
            if not isinstance(one.by, ByNumber):
                continue
            if _is_miss(outcome):
                missed.append(one.by.text)
            elif not isinstance(outcome, Refusal):
                found.append(one.by.text)
        self._suspects.note(caller, request, missed, found)
        await self._suspects.raise_alarms(caller)


def _is_miss(outcome: Outcome) -> bool:
    """Tell whether a look-up by number would be one of a guesser's.

    Where the purpose was not allowed, nothing was looked for.
    """
    if isinstance(outcome, Refusal):
        return outcome.code != refusals.PURPOSE_NOT_ALLOWED
    return outcome is None


def _refused(
    lookup: LookUp, refusal: Refusal, caller: Caller, request: str
) -> Disclosure:
    return Disclosure(
        worker="",
        subject=caller.subject,
        office=caller.office,
        province=caller.province,
        purpose=lookup.purpose,
        relation=Relation.NONE,
        selection=Selection(),
        withheld=0,
        asked=(),
        answered=(),
        request=request,
        outcome="refused",
        rule=f"{refusal.rule}/{refusal.code}",
    )
