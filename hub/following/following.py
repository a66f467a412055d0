"""Itinerary: acts on cases: who may, what it makes of the case, all written at once.

An act is made an event (``hub.following.acting``), the case decides, and journal, case,
notices, trail and feed are written in ONE transaction. Acts that come at once share one
(``hub.acting.desk``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from hub.access.caller import Scope
from hub.acting.desk import Desk
from hub.acting.keys import acting_key, fingerprint, key_refused
from hub.acting.reach import vouched
from hub.clock import today_in_china
from hub.following import acting_refusals as no
from hub.following.acting import event_of
from hub.following.case_events import FactStated
from hub.following.lead_events import MembershipMoved
from hub.following.limits import OF_HUB, setting_of
from hub.following.record import Cause, Now
from hub.following.room import full, no_room
from hub.following.scene import Scene
from hub.following.seats import above_lead, speaking
from hub.following.settling import Act, Look, Opening, settle
from hub.following.stating import stated
from hub.following.thresholds import Number
from schema.records.case_wish import FollowUp
from schema.records.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hub.acting.actor import Actor
    from hub.clock import Clock
    from hub.following.book import Book
    from hub.following.case_events import Event
    from hub.following.intake import Intake
    from hub.following.ports import CaseStore, HomeMove, ReportedArrears
    from hub.following.settling import Asked
    from hub.organisation.directory import Directory
    from schema.records.case import Case
    from schema.records.case_wish import CaseWish, IntakeWish
    from schema.records.clock import ClockFact
    from schema.records.keys import ProvinceCode
    from schema.records.venue import Routing

#: Acts that come so soon after a transaction go together in the next.
_GATHER_S: Final = 0.02
_WRITES: Final = Scope.CASES_WRITE.value
_REPORTS: Final = Scope.ARREARS_REPORT.value


class Following:
    """Follows cases. Whatever is answered is on disk before it is answered."""

    def __init__(
        self,
        store: CaseStore,
        directory: Callable[[], Directory],
        intake: Intake,
        book: Book,
        clock: Clock,
        *,
        gather: float = _GATHER_S,
    ) -> None:
        """Hold what is needed; nothing runs while nobody acts.

        Args:
            store: Where cases are kept.
            directory: Gives the unions as they are known now.
            intake: Makes the events that open cases.
            book: The rules.
            clock: Tells the time.
            gather: For so many seconds after a transaction acts come together.
        """
        self._store = store
        self._directory = directory
        self._intake = intake
        self._book = book
        self._clock = clock
        self._desk: Desk[Asked, Case | Refusal] = Desk(self._settle, gather=gather)

    async def close(self) -> None:
        """Wait until what waits is settled."""
        await self._desk.close()

    async def open(
        self,
        actor: Actor,
        wish: IntakeWish,
        key: str,
        report: ReportedArrears | None = None,
    ) -> Case | Refusal:
        """Open a case as the union or station that received the request.

        Args:
            actor: Who acts.
            wish: What was received.
            key: The idempotency key.
            report: The report of wage arrears that it is opened for; it is kept in the
                same transaction. Its id is no part of what makes two acts the same.

        Raises:
            schema.records.refusal.Refused: The store cannot be used; nobody knows
                whether it was done: act again with the same key.
        """
        refused = self._may(actor, key, reports=report is not None)
        if refused is not None:
            return refused
        opened = await self._intake.opened(actor, wish)
        cause = Cause(
            actor=actor,
            acting=acting_key(actor, key),
            act=fingerprint("case", wish, _unnamed(report)),
            report=report,
        )
        return await self._one(Opening(cause, opened, given=wish.no is not None))

    async def act(
        self, actor: Actor, number: str, wish: CaseWish, by: str | None, key: str
    ) -> Case | Refusal:
        """Do something about a case; raises as ``open``.

        Args:
            actor: Who acts.
            number: Number of the case.
            wish: What.
            by: The union for which the office acts; if none, the office itself, or
                the only one of the case for which it can.
            key: The idempotency key.
        """
        refused = self._may(actor, key)
        if refused is not None:
            return refused

        def make(case: Case, now: Now) -> Event | Refusal:
            find = above_lead if isinstance(wish, FollowUp) else speaking
            seat = find(now.directory, actor, case, by, now.today)
            if isinstance(seat, Refusal):
                return seat
            scene = Scene(
                case=case,
                by=seat,
                office=actor.office,
                at=now.at,
                today=now.today,
                book=now.book,
                directory=now.directory,
            )
            refused = full(case, wish, now.book.thresholds, now.today)
            return refused or event_of(scene, wish)

        name = type(wish).__name__
        cause = Cause(
            actor=actor,
            acting=acting_key(actor, key),
            act=fingerprint("case-act", number, name, wish, by),
        )
        return await self._one(Act(cause, number, make))

    async def route(self, actor: Actor, wish: IntakeWish) -> Routing | Refusal:
        """Tell where a request would go, and why; nothing is opened; raises as ``open``."""
        refused = self._may(actor)
        return refused or await self._intake.routing(actor, wish)

    async def facts_from_province(
        self,
        number: str,
        province: ProvinceCode,
        union: str,
        facts: Sequence[ClockFact],
    ) -> Case | Refusal:
        """Take in facts that the lead stated in its own province's case file.

        What is known already, word for word, changes nothing; raises as ``open``.

        Args:
            number: Number of the case.
            province: The province whose file says so.
            union: The union that stated it there.
            facts: With names and revisions of their own, in the order of the file.
        """

        def make(case: Case, now: Now) -> Event | Refusal:
            if (case.lead.union, case.lead.province) != (union, province):
                return no.NOT_THE_FILE
            new = tuple(one for one in facts if one not in case.facts)
            if any(one.kind in OF_HUB for one in new):
                return no.HUB_KNOWS
            named = {one.id for one in case.facts}
            more = sum(one.id not in named for one in new)
            refused = no_room(
                case, Number.CASE_FACTS, more, now.book.thresholds, now.today
            )
            if refused is not None:
                return refused
            setting = setting_of(now.book.agreements, case)
            found = stated(now.book, setting, case.facts, new, now.today)
            if isinstance(found, Refusal):
                return found
            return FactStated(
                at=now.at,
                by=case.lead,
                office=union,
                facts=found.facts or tuple(facts),
                dues=found.dues,
            )

        return await self._one(Act(Cause(), number, make))

    async def look(self, numbers: Sequence[str]) -> None:
        """Let pass what has passed in cases, and remind; raises as ``open``."""
        await self._desk.take([Look(one) for one in numbers])

    async def set_clocks(self, numbers: Sequence[str]) -> None:
        """Re-evaluate the clocks of cases by the rules of now; raises as ``open``."""
        await self._desk.take([Look(one, anew=True) for one in numbers])

    async def moved(self, moves: Sequence[HomeMove]) -> None:
        """Let new homes follow the cases of their members; raises as ``open``."""
        acts = [
            Act(Cause(), number, _home(one)) for one in moves for number in one.cases
        ]
        await self._desk.take(acts)

    def _may(
        self, actor: Actor, key: str | None = None, *, reports: bool = False
    ) -> Refusal | None:
        """Refuse whoever may do nothing about cases, and keys of no use."""
        today = today_in_china(self._clock)
        if _WRITES not in actor.scopes and not (reports and _REPORTS in actor.scopes):
            return no.REPORT_ONLY if _REPORTS in actor.scopes else no.NO_SCOPE
        if not vouched(self._directory(), actor, today):
            return no.OFFICE_ELSEWHERE
        return None if key is None else key_refused(key, today)

    async def _one(self, act: Asked) -> Case | Refusal:
        return (await self._desk.take([act]))[0]

    async def _settle(self, acts: Sequence[Asked]) -> Sequence[Case | Refusal]:
        now = Now(self._clock.now(), self._book, self._directory())
        async with self._store.unit() as unit:
            return await settle(unit, acts, now)


def _home(move: HomeMove) -> Callable[[Case, Now], Event | Refusal]:
    return lambda _, now: MembershipMoved(at=now.at, worker=move.worker, to=move.to)


def _unnamed(report: ReportedArrears | None) -> ReportedArrears | None:
    if report is None:
        return None
    named = msgspec.structs.replace(report.report, id="")
    return msgspec.structs.replace(report, report=named)
