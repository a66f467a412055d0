"""Itinerary: the door to rights cases, for one request.

Who may act is asked in the rooms behind. What is read is shown as the table of roles
lets the caller see it (``hub.following.sight``), and stands in the trail before it is
shown; what several fields of a request ask for goes to the store as one statement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from strawberry.dataloader import DataLoader

from hub.access.caller import Scope
from hub.acting.actor import actor_of
from hub.acting.reach import vouched
from hub.following import acting_refusals
from hub.following.listing import of_cases, of_tasks
from hub.following.showing import merged, seen_task, without_sight
from hub.following.sight import SEEING
from hub.following.timeline_page import page_of, read_key
from hub.web import following_refusals as no
from hub.web.following_sight import CaseSight
from schema.records.case_powers import CaseField
from schema.records.paging import Page
from schema.records.refusal import Refusal
from schema.records.showing import Shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from hub.access.caller import Caller
    from hub.audit.ports import Trail
    from hub.following.doors import CaseDoors
    from schema.records.case import Case
    from schema.records.case_list import CaseFilter, CaseTask, TaskFilter
    from schema.records.case_seen import SeenCase, SeenTask, SeenTimeline
    from schema.records.case_wish import CaseWish, IntakeWish
    from schema.records.keys import WorkerId
    from schema.records.venue import Routing

#: With one of these a caller lists cases: of own unions, or all.
LISTING: Final = SEEING - {Scope.SELF_READ.value}
#: Who lists all cases, from wherever.
_EVERYTHING: Final = frozenset({Scope.AUDIT_READ.value, Scope.HUB_OPERATE.value})


class Cases:
    """Follows rights cases for one caller, and reads what the caller may see."""

    def __init__(
        self, doors: CaseDoors, trail: Trail, caller: Caller, request: str
    ) -> None:
        """Open the door.

        Args:
            doors: What is behind it.
            trail: Where what is shown is written down.
            caller: Who asks.
            request: Id of the request.
        """
        self._doors = doors
        self._actor = actor_of(caller, request)
        self._sight = CaseSight(doors, trail, self._actor)
        self._ones: DataLoader[str, SeenCase | Refusal] = DataLoader(self._load_ones)
        self._timelines: DataLoader[SeenCase, SeenTimeline] = DataLoader(
            self._load_timelines, cache_key_fn=id
        )
        self._workers: DataLoader[WorkerId, Sequence[SeenCase]] = DataLoader(
            self._load_workers
        )

    async def open(self, wish: IntakeWish, key: str) -> SeenCase | Refusal:
        """Open a case as the union or station that received the request."""
        return self._acted(await self._doors.following.open(self._actor, wish, key))

    async def act(
        self, no: str, wish: CaseWish, by: str | None, key: str
    ) -> SeenCase | Refusal:
        """Do something about a case, for the union ``by`` or the only one that can."""
        following = self._doors.following
        return self._acted(await following.act(self._actor, no, wish, by, key))

    async def route(self, wish: IntakeWish) -> Routing | Refusal:
        """Tell where a case would go, and why; nothing is opened."""
        return await self._doors.following.route(self._actor, wish)

    async def one(self, no: str) -> SeenCase | Refusal:
        """Read one; refused if there is none that the caller may see."""
        refused = self._refused_to_look()
        return refused if refused is not None else await self._ones.load(no)

    async def now(self, no: str) -> SeenCase | Refusal:
        """Read one as it stands now, whatever was read of it before."""
        refused = self._refused_to_look()
        if refused is not None:
            return refused
        (found,) = await self._load_ones([no])
        return found

    async def page(
        self, wanted: CaseFilter, first: int, after: str | None
    ) -> Page[SeenCase] | Refusal:
        """Read some, in the order that is asked for."""
        moments = (wanted.opened_since, wanted.changed_since)
        refused = self._refused_to_list(first, *moments)
        if refused is not None:
            return refused
        over = of_cases(self._sight.looker, wanted)
        if wanted.office is not None and over.unions == ():
            return no.NOT_YOUR_OFFICE
        page = await self._doors.reading.page(
            wanted, over.unions, first, after, by=over.by
        )
        if isinstance(page, Refusal):
            return page
        pairs = [
            (found, case.workers, cursor)
            for case, cursor in zip(page.cases, page.cursors, strict=True)
            if (found := self._sight.of(case)) is not None
        ]
        await self._sight.note(
            Shown.CASE_PAGE, ((one, workers) for one, workers, _ in pairs)
        )
        return Page(
            tuple(one for one, _, _ in pairs),
            tuple(cursor for *_, cursor in pairs),
            page.more,
            resumed=after is not None,
        )

    async def tasks(
        self, wanted: TaskFilter, first: int, after: str | None
    ) -> Page[SeenTask] | Refusal:
        """Read co-handling tasks, in the order that is asked for."""
        refused = self._refused_to_list(first)
        if refused is not None:
            return refused
        over = of_tasks(self._sight.looker, wanted.office)
        if wanted.office is not None and over.unions == ():
            return no.NOT_YOUR_OFFICE
        page = await self._doors.reading.tasks(
            wanted, over.unions, first, after, by=over.by
        )
        if isinstance(page, Refusal):
            return page
        await self._sight.note_numbers(
            Shown.TASK_PAGE, (one.case_no for one in page.tasks)
        )
        return Page(
            tuple(map(_task, page.tasks)),
            page.cursors,
            page.more,
            resumed=after is not None,
        )

    async def timeline(
        self, case: SeenCase, first: int, after: str | None
    ) -> SeenTimeline | Refusal | None:
        """Read a page of the history of a case that was read; none if it is not seen."""
        if CaseField.MILESTONES in case.withheld or case.milestones is None:
            return None
        place = None if after is None else read_key(after)
        refused = no.of_page(first)
        if refused is not None or (place is None and after is not None):
            return refused or no.NO_LINE
        return page_of(await self._timelines.load(case), first, place)

    async def of_worker(self, worker: WorkerId) -> Sequence[SeenCase]:
        """Read the cases of a worker that the caller may see, the oldest first."""
        if self._refused_to_look() is not None:
            return ()
        return await self._workers.load(worker)

    def _refused_to_look(self) -> Refusal | None:
        return None if self._actor.scopes & SEEING else no.NO_SCOPE

    def _acted(self, answer: Case | Refusal) -> SeenCase | Refusal:
        """Show to who acted what is seen now; the act itself stands in the trail."""
        if isinstance(answer, Refusal):
            return answer
        return self._sight.of(answer) or without_sight(answer)

    def _refused_to_list(self, first: int, *since: datetime | None) -> Refusal | None:
        """Tell why nothing is listed; none if something is."""
        scopes = self._actor.scopes
        if not scopes & LISTING:
            return no.NO_SCOPE_TO_LIST if scopes & SEEING else no.NO_SCOPE
        refused = no.of_page(first, *since)
        if refused is not None:
            return refused
        directory, today = self._doors.directory(), self._sight.today
        if not scopes & _EVERYTHING and not vouched(directory, self._actor, today):
            return acting_refusals.OFFICE_ELSEWHERE
        return None

    async def _load_ones(self, numbers: list[str]) -> list[SeenCase | Refusal]:
        cases = await self._doors.reading.some(numbers)
        found = [
            self._sight.of(cases[one]) if one in cases else None for one in numbers
        ]
        await self._sight.note(Shown.CASE, _named(found, cases.values()))
        return [one or acting_refusals.NO_SUCH_CASE for one in found]

    async def _load_timelines(self, cases: list[SeenCase]) -> list[SeenTimeline]:
        told = await self._doors.timelines.timelines([one.no for one in cases])
        await self._sight.note(
            Shown.CASE_TIMELINE, ((one, one.workers or ()) for one in cases)
        )
        return [merged(one.milestones or (), told.get(one.no)) for one in cases]

    async def _load_workers(self, workers: list[WorkerId]) -> list[Sequence[SeenCase]]:
        found = await self._doors.reading.of_workers(workers)
        shown = {
            worker: [
                seen
                for case in cases
                if (seen := self._sight.of_person(case)) is not None
            ]
            for worker, cases in found.items()
        }
        await self._sight.note(
            Shown.CASE_OF_WORKER,
            ((one, (worker,)) for worker, some in shown.items() for one in some),
        )
        return [shown.get(one, ()) for one in workers]


def _task(one: CaseTask) -> SeenTask:
    return seen_task(one.task, one.case_no, one.lead, one.assigned_at)


def _named(
    found: Iterable[SeenCase | None], cases: Iterable[Case]
) -> Iterable[tuple[SeenCase, Iterable[WorkerId]]]:
    whose = {one.no: one.workers for one in cases}
    return ((one, whose[one.no]) for one in found if one is not None)
