"""Itinerary: stands before the reader and watches for enumeration of workers.

The locator is what an attacker is after: to find out, number by number, who is
known. Look-ups by resident ID number that miss are counted per subject and per
office. Past a limit, further look-ups by number are refused before anything is
looked for, so that known and unknown people cannot be told apart, not by the
answer and not by its time; the audit trail gets an alarm, without any number.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import msgspec

from hub.access.enumeration import Tally, counts, must_wait, noted, suspected
from hub.reading import refusals
from schema.records.refusal import Refusal
from schema.records.selection import Selection
from schema.records.verdict import Alarm, Disclosure, Relation
from schema.records.wanted import ByNumber

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from typing import Protocol

    from hub.access.caller import Caller
    from hub.audit.ports import Trail
    from hub.reading.ports import Reads
    from hub.reading.reader import LookUp, Outcome

    class Watcher(Protocol):
        """Counts alarms and refusals, for the metrics."""

        def enumeration_alarm(self, whose: str) -> None:
            """Take note of an alarm about a ``subject`` or an ``office``."""
            ...

        def looked_up(self, outcome: str) -> None:
            """Take note of how one look-up ended."""
            ...


#: A subject of an issuer, or an office.
_Who = tuple[str, ...]


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


class Sentry:
    """Lets look-ups through to the reader, unless they look like guessing."""

    def __init__(
        self,
        reader: Reads,
        trail: Trail,
        watcher: Watcher,
        thresholds: Thresholds,
        now: Callable[[], float],
    ) -> None:
        """Start with nobody in mind.

        Args:
            reader: Who answers.
            trail: Where alarms and refused look-ups are written down.
            watcher: Is told of alarms.
            thresholds: When to raise one.
            now: Seconds of a clock that never goes back.
        """
        self._reader = reader
        self._trail = trail
        self._watcher = watcher
        self._thresholds = thresholds
        self._now = now
        self._tallies: OrderedDict[_Who, Tally] = OrderedDict()
        self._under_way: Counter[_Who] = Counter()
        self._ended = asyncio.Condition()

    def __len__(self) -> int:
        return len(self._tallies)

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
        counted = self._counted(caller)
        async with self._ended:
            await self._ended.wait_for(lambda: not self._full(counted))
        good = not any(suspected(self._look(who)[0], most) for who, most in counted)
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

    def _full(self, counted: list[tuple[_Who, int]]) -> bool:
        return any(
            must_wait(*self._look(who), self._under_way[who], most)
            and not suspected(self._look(who)[0], most)
            for who, most in counted
        )

    async def _refuse(
        self, lookups: Sequence[LookUp], caller: Caller, request: str
    ) -> list[Outcome]:
        """Refuse what is asked by number; whatever else is asked goes on."""
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
        ended = [
            outcome
            for one, outcome in zip(lookups, outcomes, strict=True)
            if isinstance(one.by, ByNumber)
        ]
        misses = sum(map(_is_miss, ended))
        hits = sum(one is not None and not isinstance(one, Refusal) for one in ended)
        window = self._thresholds.window
        for who, most in self._counted(caller):
            before, _ = self._look(who)
            tally = self._tallies.get(who, Tally())
            self._keep(who, noted(tally, misses, hits, self._now(), window))
            after = before + misses
            if suspected(after, most) and not suspected(before, most):
                self._watcher.enumeration_alarm(who[0])
                await self._trail.alarm(
                    Alarm(
                        whose=who[0],
                        subject=caller.subject,
                        office=caller.office,
                        province=caller.province,
                        misses=after,
                        limit=most,
                        window=round(window),
                        request=request,
                    )
                )

    def _look(self, who: _Who) -> tuple[int, int]:
        tally = self._tallies.get(who)
        window = self._thresholds.window
        return (0, 0) if tally is None else counts(tally, self._now(), window)

    def _keep(self, who: _Who, tally: Tally) -> None:
        self._tallies[who] = tally
        self._tallies.move_to_end(who)
        if len(self._tallies) > self._thresholds.remembered:
            self._tallies.popitem(last=False)

    def _counted(self, caller: Caller) -> list[tuple[_Who, int]]:
        thresholds = self._thresholds
        return [
            (("subject", caller.issuer, caller.subject), thresholds.subject),
            (("office", caller.issuer, caller.office), thresholds.office),
        ]


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
