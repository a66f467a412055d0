"""Adapter: a country's open cases, made by the deciders themselves, kept by the store.

Nothing here knows what a case looks like: each is opened, accepted and worked on as
offices do it, with the rules, the directory and the writing of the hub; only nobody asks
for it over HTTP. So lists are read from what the hub itself wrote.
"""

from __future__ import annotations

import asyncio
import random
import uuid
from datetime import datetime, timedelta
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import msgspec

from deploy.demo.population.shares import CORRIDOR, HOME, MATTER, PROVINCES
from hub.acting.actor import Actor
from hub.clock import SystemClock
from hub.following.acting import event_of
from hub.following.book import Book
from hub.following.case import decide, open_case
from hub.following.clocks import FIRST_TOUCH
from hub.following.decision import Decision
from hub.following.lead_events import Opened
from hub.following.limits import dues_of, setting_of
from hub.following.record import Cause, Now, written
from hub.following.scene import Scene
from hub.organisation.directory import Directory
from hub.store.case_unit import Cases
from hub.store.organisations import OrganisationStore
from hub.store.pool import open_pool
from hub.store.settings import DatabaseSettings
from schema.records import case_wish as wishes
from schema.records.case import ActKind
from schema.records.case_task import Seat, TaskKind
from schema.records.clock import ClockFact
from schema.records.membership import OrganisationKind
from schema.records.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hub.following.ports import Written
    from schema.records.case import Case

#: Raised when the same number of cases is no longer the same population.
VERSION: Final = 1
_SEED: Final = 1
#: So many cases are written in one transaction.
_TOGETHER: Final = 200
#: The oldest was opened so many days ago. They are open: what took longer has ended.
_AGE_DAYS: Final = 40
#: Half of all cases are in a tenth of the unions: industry stands close together.
_CROWDED: Final = 0.1
_ACTS: Final = (ActKind.MEDIATION, ActKind.ARBITRATION, ActKind.HINT_LETTER)


def populate(address: str, cases: int, tell: Callable[[int, int], None]) -> None:
    """Fill a database that has the unions already.

    Args:
        address: Of the database.
        cases: How many open cases there shall be.
        tell: Told how many there are, and of how many.
    """
    asyncio.run(_populate(address, cases, tell))


async def _populate(address: str, cases: int, tell: Callable[[int, int], None]) -> None:
    pool = await open_pool(DatabaseSettings(url=address), {})
    try:
        directory = Directory(await OrganisationStore(pool).all())
        making, store = _Making(directory), Cases(pool)
        for done in range(0, cases, _TOGETHER):
            numbers = range(done, min(done + _TOGETHER, cases))
            lines = [line for number in numbers for line in making.case(number)]
            async with store.unit() as unit:
                await unit.write(lines)
            tell(numbers.stop, cases)
    finally:
        await pool.close()


class _Making:
    """Makes cases, one like the other for the same seed."""

    def __init__(self, directory: Directory) -> None:
        rules = files("hub.rules")
        self._book = Book.load(lambda name: rules.joinpath(name).read_bytes())
        self._directory = directory
        self._rng = random.Random(_SEED)  # noqa: S311  # a seed, no secret
        self._now = SystemClock().now()
        today = Now(self._now, self._book, directory).today
        #: The unions of each province that take cases in or are a worker's home.
        self._unions = {code: self._seats(code, today) for code in PROVINCES}

    def _seats(self, province: str, on: Any) -> Sequence[Seat]:
        found = (
            self._directory.get(union, on)
            for union in sorted(self._directory.subordinates(f"{province}0000-01", on))
        )
        seats = [
            Seat(one.code, one.province)
            for one in found
            if one is not None and one.kind is not OrganisationKind.PROVINCE
        ]
        self._rng.shuffle(seats)
        return seats

    def case(self, number: int) -> Iterator[Written]:
        """Make a case and all that has happened in it."""
        rng = self._rng
        home = HOME(rng)
        place = CORRIDOR[home](rng)
        opened_at = self._now - timedelta(days=rng.random() * _AGE_DAYS, hours=1)
        lead, by = self._one(place), self._one(place)
        helper, follower = self._one(home), self._one(home)
        if rng.random() < 0.5:
            by = lead  # half are taken in where they are led
        elif rng.random() < 0.2:
            by = helper  # a few at home
        parts = {"by": by, "to": lead, "outflow": (helper,), "homes": (follower,)}
        lines = self._opened(number, opened_at, by, parts)
        yield from lines
        case, at = lines[-1].case, opened_at
        for seat_of_case, wish in self._course(case, lead, helper):
            at += (self._now - at) * rng.random() * 0.4
            after = self._acted(case, seat_of_case, wish, at)
            yield from after
            case = after[-1].case if after else case

    def _one(self, province: str) -> Seat:
        unions, rng = self._unions[province], self._rng
        crowded = max(1, int(len(unions) * _CROWDED))
        return unions[rng.randrange(crowded if rng.random() < 0.5 else len(unions))]

    def _course(
        self, case: Case, lead: Seat, helper: Seat
    ) -> Iterator[tuple[Seat, wishes.CaseWish]]:
        """Tell what unions did about it, one after the other."""
        rng = self._rng
        if not case.accepted:
            if rng.random() < 0.1:
                return  # nobody has answered yet
            yield lead, wishes.AcceptLead()
        if rng.random() < 0.5:
            kind = rng.choice(list(TaskKind))
            yield lead, wishes.AssignTask(kind=kind, to=helper.union)
            if rng.random() < 0.6:
                yield helper, wishes.AcknowledgeTask(no="")
        while rng.random() < 0.4:
            yield lead, wishes.RecordAct(kind=rng.choice(_ACTS), on=self._now.date())

    def _opened(
        self, number: int, at: datetime, by: Seat, parts: dict[str, Any]
    ) -> tuple[Written, ...]:
        rng, now = self._rng, Now(at, self._book, self._directory)
        received = now.today - timedelta(days=rng.randrange(3))
        event = Opened(
            at=at,
            office=by.union,
            no=f"B{number:07d}",
            matter=MATTER(rng),
            workers=frozenset({str(uuid.UUID(int=rng.getrandbits(128), version=4))}),
            green=rng.random() < 0.05,
            facts=(ClockFact(id="f1.0", kind=FIRST_TOUCH, on=received),),
            **parts,
        )
        begun = open_case(event)
        assert isinstance(begun, Decision), begun
        setting = setting_of(self._book.agreements, begun.case)
        dues = dues_of(self._book, setting, event.facts)
        event = msgspec.structs.replace(event, dues=dues)
        decision = open_case(event)
        assert isinstance(decision, Decision), decision
        return written(None, event, decision, now, _cause(by))

    def _acted(
        self, case: Case, by: Seat, wish: wishes.CaseWish, at: datetime
    ) -> tuple[Written, ...]:
        """Do as a union wishes; what is refused by then does not happen."""
        now = Now(at, self._book, self._directory)
        if isinstance(wish, wishes.AcknowledgeTask):
            if not case.tasks:
                return ()
            wish = wishes.AcknowledgeTask(no=case.tasks[-1].no)
        elif isinstance(wish, wishes.RecordAct):
            wish = msgspec.structs.replace(wish, on=now.today)
        scene = Scene(
            case=case,
            by=by,
            office=by.union,
            at=at,
            today=now.today,
            book=self._book,
            directory=self._directory,
        )
        event = event_of(scene, wish)
        if isinstance(event, Refusal):
            return ()
        decision = decide(case, event, now.powers)
        if not isinstance(decision, Decision):
            return ()
        return written(case, event, decision, now, _cause(by))


def _cause(by: Seat) -> Cause:
    return Cause(actor=Actor("bench", by.union, by.province))
