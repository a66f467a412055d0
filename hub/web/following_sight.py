"""Itinerary: cases as one caller sees them, and what the trail keeps of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.clock import today_in_china
from hub.following.due_showing import seen_dues, seen_facts
from hub.following.limits import setting_of
from hub.following.moments import aid_within, due_on, limits
from hub.following.showing import Dated, seen
from hub.following.sight import Looker, sees_task, sight
from hub.transfer.showing import showings
from hub.transfer.sight import NOBODY
from schema.records.case_powers import CaseField, Deed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from hub.acting.actor import Actor
    from hub.audit.ports import Trail
    from hub.following.doors import CaseDoors
    from hub.following.roles import Stood
    from hub.following.sight import Sight
    from schema.records.case import Case
    from schema.records.case_seen import SeenCase, SeenDue, SeenFact
    from schema.records.case_task import Seat
    from schema.records.keys import WorkerId
    from schema.records.showing import Shown


class CaseSight:
    """What one caller sees; judged anew at each look, as a subscription lasts long."""

    def __init__(self, doors: CaseDoors, trail: Trail, actor: Actor) -> None:
        """Prepare.

        Args:
            doors: What judges it.
            trail: Where what is shown is written down.
            actor: Who looks.
        """
        self._doors = doors
        self._trail = trail
        self._actor = actor

    @property
    def today(self) -> date:
        """The day, in China."""
        return today_in_china(self._doors.clock)

    @property
    def looker(self) -> Looker:
        """Who looks, by the unions and the table of roles as they are now."""
        today = self.today
        powers = self._doors.book.roles.on(today)
        return Looker(self._actor, self._doors.directory(), powers, today)

    def judged(self, stood: Stood, workers: Collection[str] = ()) -> Sight:
        """Tell how much of a case, or of a change of it, is seen."""
        return sight(self.looker, stood, workers)

    def of(self, case: Case) -> SeenCase | None:
        """Show of a case what is seen; none if nothing is."""
        return self._shown(case, self.judged(case, case.workers))

    def of_person(self, case: Case) -> SeenCase | None:
        """Show a case that was found by its worker.

        Who has no part in it needs the right to look for cases of people.
        """
        judged, looker = self.judged(case, case.workers), self.looker
        if CaseField.WORKERS not in judged.fields:
            return None  # that it was found would tell whose it is
        parties = [one.party for one in judged.parts]
        if judged.searches_only and not looker.powers.any_may(parties, Deed.SEARCH):
            return None
        return self._shown(case, judged)

    def sees_task(self, to: Seat, lead: Seat) -> bool:
        """Tell whether a task is seen: by who was given it, who gave it, inspectors."""
        return sees_task(self.looker, to, lead)

    async def note(
        self,
        shown: Shown,
        cases: Iterable[tuple[SeenCase, Iterable[WorkerId]]],
    ) -> None:
        """Write down what is about to be shown: for each worker, or for nobody.

        Raises:
            hub.audit.trail.TrailUnavailable: It is not written; show nothing.
        """
        named = [
            (worker, case.no)
            for case, workers in cases
            for worker in (list(workers) or [NOBODY])
        ]
        await self._trail.record(showings(self._actor, shown, named))

    async def note_numbers(self, shown: Shown, numbers: Iterable[str]) -> None:
        """Write down what names no worker.

        Raises:
            hub.audit.trail.TrailUnavailable: As for ``note``.
        """
        named = [(NOBODY, no) for no in numbers]
        await self._trail.record(showings(self._actor, shown, named))

    def _shown(self, case: Case, judged: Sight) -> SeenCase | None:
        if not judged.parts:
            return None
        dues: tuple[SeenDue, ...] = ()
        facts: tuple[SeenFact, ...] = ()
        if CaseField.DUE_DATES in judged.fields:
            book, today = self._doors.book, self.today
            setting = setting_of(book.agreements, case)
            within = aid_within(book, case, today)
            dues = seen_dues(book.clocks, setting, case, today, aid_within=within)
            facts = seen_facts(book.clocks, case)
        first = due_on(limits(self._doors.book, case))
        return seen(case, judged, Dated(first, dues, facts), self._actor.subject)
