"""Itinerary: a request that a union received → the event that opens its case.

Where the case goes is for the rules of venue; whose it is, the links know; who follows
it, the homes that the hub or a register knows before those that the caller names.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Final

import msgspec

from hub.acting.reach import reaches
from hub.clock import day_in_china, new_request_id
from hub.following import acting_refusals as no
from hub.following.case import open_case
from hub.following.clock_refusals import FACT_IN_FUTURE
from hub.following.clocks import FIRST_TOUCH
from hub.following.implied import at_opening
from hub.following.lead_events import Opened
from hub.following.limits import setting_of
from hub.following.seats import seat_of
from hub.following.stating import facts_of, stated
from hub.following.venue import route
from hub.following.written import number_of
from hub.linking.validation import checked_local_key
from schema.records.case_task import Seat
from schema.records.case_wish import FactWish, IntakeWish
from schema.records.keys import LocalKey, WorkerId
from schema.records.refusal import Refusal, Refused
from schema.records.told import Located
from schema.records.venue import VenueQuestion
from schema.records.wanted import ById, ByLocalKey

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hub.acting.actor import Actor
    from hub.clock import Clock
    from hub.following.book import Book
    from hub.following.homes import Homes
    from hub.organisation.directory import Directory
    from hub.reading.ports import Links, Wanted
    from schema.records.venue import Routing

#: So many workers are named in one case at the most.
_MOST_WORKERS: Final = 1000
_RANDOM_BYTES: Final = 10


class _Taken(msgspec.Struct, frozen=True):
    """A request whose words were read."""

    wish: IntakeWish
    by: Seat
    workers: Mapping[WorkerId, Located]
    known: Mapping[WorkerId, frozenset[Seat]]
    home: Seat | None
    today: date

    @property
    def homes(self) -> tuple[Seat, ...]:
        """The home unions: what is known goes before what the caller says."""
        found: Sequence[Seat] = sorted(set().union(*self.known.values()))
        if self.home is not None and (not self.workers or self.unknown):
            found = (*found, self.home)
        return tuple(dict.fromkeys(found))

    @property
    def unknown(self) -> list[Located]:
        """Workers of whom no home is known."""
        return [one for name, one in self.workers.items() if name not in self.known]


class Intake:
    """Makes the events that open cases."""

    def __init__(
        self,
        directory: Callable[[], Directory],
        links: Links,
        homes: Homes,
        book: Book,
        clock: Clock,
    ) -> None:
        """Hold what is needed.

        Args:
            directory: Gives the unions as they are known now.
            links: Tells whose local keys are.
            homes: Finds where workers are at home.
            book: The rules.
            clock: Tells the time.
        """
        self._directory = directory
        self._links = links
        self._homes = homes
        self._book = book
        self._clock = clock

    async def opened(self, actor: Actor, wish: IntakeWish) -> Opened | Refusal:
        """Make the event, or say why there is none.

        Raises:
            schema.records.refusal.Refused: The store cannot be asked now.
        """
        taken = await self._taken(actor, wish)
        if isinstance(taken, Refusal):
            return taken
        directory, now = self._directory(), self._clock.now()
        if taken.unknown:
            asked = await self._homes.asked(
                taken.unknown, directory, taken.today, actor.request
            )
            taken = msgspec.structs.replace(taken, known={**taken.known, **asked})
        routing = self._routed(taken)
        if isinstance(routing, Refusal):
            return routing
        to = seat_of(directory, routing.lead, taken.today)
        if isinstance(to, Refusal):
            return to
        wishes = (
            FactWish(kind=FIRST_TOUCH, on=wish.received_on),
            *wish.facts,
            *at_opening(wish),
        )
        facts = facts_of(wishes, (), 1, taken.today)
        if isinstance(facts, Refusal):
            return facts
        opened = Opened(
            at=now,
            by=taken.by,
            office=actor.office,
            no=taken.wish.no or _new_number(taken.today),
            matter=wish.matter,
            workers=frozenset(taken.workers),
            to=to,
            outflow=self._outflow(taken, routing),
            homes=taken.homes,
            green=wish.green,
            facts=facts,
        )
        return self._with_dues(opened, taken.today)

    async def routing(self, actor: Actor, wish: IntakeWish) -> Routing | Refusal:
        """Tell where a request would go; raises as ``opened``.

        No register is asked: a preview leaves no trace with the worker, so it tells
        no home that only a register knows.
        """
        taken = await self._taken(actor, wish)
        return taken if isinstance(taken, Refusal) else self._routed(taken)

    def _with_dues(self, opened: Opened, today: date) -> Opened | Refusal:
        begun = open_case(opened)
        if isinstance(begun, Refusal):
            return begun
        setting = setting_of(self._book.agreements, begun.case)
        found = stated(self._book, setting, (), opened.facts, today)
        if isinstance(found, Refusal):
            return found
        return msgspec.structs.replace(opened, dues=found.dues)

    def _outflow(self, taken: _Taken, routing: Routing) -> tuple[Seat, ...]:
        """List who helps by default (002 §10): of each home in another province.

        If there is none, whoever took it in, as the routing says.
        """
        lead, helpers = routing.lead_province, []
        for home in taken.homes:
            if home.province != lead:
                each = self._routed(taken, home)
                helpers.append(None if isinstance(each, Refusal) else each.co_handler)
        found = [
            seat_of(self._directory(), union, taken.today)
            for union in dict.fromkeys(helpers or [routing.co_handler])
            if union is not None
        ]
        return tuple(one for one in found if isinstance(one, Seat))

    def _routed(self, taken: _Taken, home: Seat | None = None) -> Routing | Refusal:
        """Route a request, for workers of one of their homes: of the first if none."""
        wish = taken.wish
        home = home or next(iter(taken.homes), None)
        question = VenueQuestion(
            matter=wish.matter,
            on=taken.today,
            intake=taken.by.union,
            forum=wish.forum,
            workplace=wish.workplace,
            employer_seat=wish.employer_seat,
            insurance_place=wish.insurance_place,
            body_place=wish.body_place,
            employer_union=wish.employer_union,
            home=None if home is None else home.union,
        )
        return route(self._book.atlas(self._directory()), question)

    async def _taken(self, actor: Actor, wish: IntakeWish) -> _Taken | Refusal:
        today = day_in_china(self._clock.now())
        by = self._receiver(actor, wish, today)
        if isinstance(by, Refusal):
            return by
        if wish.no is not None:
            number = number_of(wish.no, by.province, today)
            if number is None:
                return no.CASE_NO_UNUSABLE
            wish = msgspec.structs.replace(wish, no=number)
        home = self._named(wish, today)
        if isinstance(home, Refusal):
            return home
        workers = await self._workers(wish, by, today)
        if isinstance(workers, Refusal):
            return workers
        known = await self._homes.known(workers)
        return _Taken(wish, by, workers, known, home, today)

    def _receiver(self, actor: Actor, wish: IntakeWish, today: date) -> Seat | Refusal:
        directory = self._directory()
        by = seat_of(directory, wish.by, today)
        if isinstance(by, Refusal):
            return by
        if not reaches(directory, actor, wish.by, today):
            return no.not_your_union(wish.by)
        return FACT_IN_FUTURE if wish.received_on > today else by

    def _named(self, wish: IntakeWish, today: date) -> Seat | Refusal | None:
        """Read the unions that a request names; the home, if it names one."""
        directory = self._directory()
        if wish.employer_union is not None:
            found = seat_of(directory, wish.employer_union, today)
            if isinstance(found, Refusal):
                return found
        return None if wish.home is None else seat_of(directory, wish.home, today)

    async def _workers(
        self, wish: IntakeWish, by: Seat, today: date
    ) -> Mapping[WorkerId, Located] | Refusal:
        if len(wish.workers) + len(wish.local_ids) > _MOST_WORKERS:
            return no.too_many("workers", _MOST_WORKERS)
        wanted: list[Wanted] = [ById(one) for one in wish.workers]
        try:
            for one in wish.local_ids:
                name = checked_local_key(one, today)
                wanted.append(ByLocalKey(LocalKey(by.province, name)))
        except Refused as refused:
            return refused.refusal
        found = await self._links.locate(wanted) if wanted else []
        known = [one for one in found if one is not None]
        if len(known) < len(wanted):
            return no.UNKNOWN_WORKER
        return {one.worker: one for one in known}


def _new_number(today: date) -> str:
    """Make a case number that nobody guesses."""
    random = bytes.fromhex(new_request_id())[:_RANDOM_BYTES]
    return f"C{today:%Y%m%d}-{base64.b32encode(random).decode()}"
