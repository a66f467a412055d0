"""Decider with a memory: lets the requests of each caller in at their pace.

Each process counts for itself. What is remembered has a bound: whoever has been
silent for the longest time is forgotten first, and comes back with a full bucket;
so that many subjects of one office gain nothing, the office has a bucket too.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from contextlib import contextmanager
from math import ceil
from typing import TYPE_CHECKING

import msgspec

from hub.web import sentences
from hub.web.errors import BadRequest, Code, problem
from hub.web.throttle import filled, full, surcharge, take, wait

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hub.access.caller import Caller
    from hub.config.callers import CallerSettings, PaceSettings
    from hub.web.throttle import Bucket

#: Who is counted: a subject of an issuer, or an office.
_Who = tuple[str, ...]

#: Somebody who has too many requests under way may try again after so long.
_SOON = 1


class Turnstile:
    """Counts the requests of callers, in the long run and at once."""

    def __init__(self, settings: CallerSettings, now: Callable[[], float]) -> None:
        """Start with nobody in mind.

        Args:
            settings: How fast callers may ask.
            now: Seconds of a clock that never goes back.
        """
        self._settings = settings
        self._now = now
        self._buckets: OrderedDict[_Who, Bucket] = OrderedDict()
        self._under_way: Counter[_Who] = Counter()

    def __len__(self) -> int:
        return len(self._buckets)

    @contextmanager
    def let_in(self, caller: Caller) -> Iterator[None]:
        """Let one request in; it is under way until the block ends.

        Raises:
            BadRequest: ``RATE_LIMITED``, with the time after which to come back.
        """
        counted = self._counted(caller)
        self._take(counted)
        for who, _ in counted:
            self._under_way[who] += 1
        try:
            yield
        finally:
            for who, _ in counted:
                self._under_way[who] -= 1
                if not self._under_way[who]:
                    del self._under_way[who]

    def charge(self, caller: Caller, cost: int) -> None:
        """Take what a request with so many fields costs beyond its first token."""
        more = surcharge(cost)
        if not more:
            return
        for who, pace in self._counted(caller):
            self._keep(who, take(self._look(who, pace), more))

    def _take(self, counted: list[tuple[_Who, PaceSettings]]) -> None:
        looked = [(who, pace, self._look(who, pace)) for who, pace in counted]
        for who, pace, bucket in looked:
            if self._under_way[who] >= pace.at_once:
                raise _limited(_SOON)
            longest = wait(bucket, pace)
            if longest:
                raise _limited(ceil(longest))
        for who, _, bucket in looked:
            self._keep(who, take(bucket, 1.0))

    def _look(self, who: _Who, pace: PaceSettings) -> Bucket:
        now = self._now()
        bucket = self._buckets.get(who)
        return full(pace, now) if bucket is None else filled(bucket, pace, now)

    def _keep(self, who: _Who, bucket: Bucket) -> None:
        self._buckets[who] = bucket
        self._buckets.move_to_end(who)
        if len(self._buckets) > self._settings.remembered:
            self._buckets.popitem(last=False)

    def _counted(self, caller: Caller) -> list[tuple[_Who, PaceSettings]]:
        """Tell as whom a caller is counted, and at which pace."""
        settings = self._settings
        subject, office = settings.subject, settings.office
        for one in settings.classes:
            if one.scope in caller.scopes:
                subject, office = one.subject, one.office
                break
        return [
            (("subject", caller.issuer, caller.subject), subject),
            (("office", caller.issuer, caller.office), office),
        ]


def _limited(seconds: int) -> BadRequest:
    made = problem(Code.RATE_LIMITED, sentences.RATE, seconds=seconds)
    return BadRequest(msgspec.structs.replace(made, retry_after=seconds))
