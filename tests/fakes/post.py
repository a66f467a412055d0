"""A sentry with all that is around it: a reader, a trail and a watcher of its own."""

from __future__ import annotations

import asyncio
from itertools import count

from hub.reading.reader import LookUp
from hub.reading.sentry import Sentry
from hub.reading.sightings import Sightings
from hub.reading.suspects import Thresholds
from schema.records.purpose import PurposeOfUse
from schema.records.refusal import Bilingual, Refusal
from schema.records.selection import Selection
from schema.records.wanted import ById, ByNumber
from tests.builders.linking import FixedClock
from tests.fakes.hub import Trail, caller

KNOWN = "known"
_FRESH = count()


def strangers(number):
    """So many numbers that nobody has, never the same ones."""
    return [f"nobody-{next(_FRESH)}" for _ in range(number)]


WRONG = Refusal("WRONG_CHECK_DIGIT", "GB-11643", Bilingual("", ""), Bilingual("", ""))
DENIED = Refusal("PURPOSE_NOT_ALLOWED", "p", Bilingual("", ""), Bilingual("", ""))


class Reader:
    """Knows one number; notes what it is asked, and how much at once."""

    def __init__(self):
        self.asked = []
        self.at_once = self.most_at_once = 0
        self.pause = 0.0

    async def read(self, lookups, _caller, _request):
        self.asked += lookups
        self.at_once += len(lookups)
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(self.pause)
        self.at_once -= len(lookups)
        return [self._find(one.by) for one in lookups]

    def _find(self, by):
        if isinstance(by, ById) or by.text.startswith(KNOWN):
            return "a file"
        return {"wrong": WRONG, "denied": DENIED}.get(by.text.partition("-")[0])


class Watcher:
    def __init__(self):
        self.alarms = []
        self.ends = []

    def enumeration_alarm(self, whose):
        self.alarms.append(whose)

    def looked_up(self, outcome):
        self.ends.append(outcome)


class Post:
    """A sentry, and all that is around it."""

    def __init__(self, subject=10, office=1000, remembered=100, seen=10_000):
        self.now = 1000.0
        self.reader, self.trail, self.watcher = Reader(), Trail(), Watcher()
        self.sentry = Sentry(
            self.reader,
            self.trail,
            self.watcher,
            Thresholds(60.0, subject, office, remembered),
            lambda: self.now,
            sightings=Sightings(FixedClock(), seen),
        )

    async def ask(self, *texts, who=None):
        lookups = [
            LookUp(
                ById(text[3:]) if text.startswith("id:") else ByNumber(text),
                PurposeOfUse.MEMBERSHIP_SERVICE,
                Selection(),
            )
            for text in texts
        ]
        return await self.sentry.read(lookups, who or caller(), "request-1")
