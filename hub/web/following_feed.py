"""Itinerary: following rights cases and co-handling tasks, for one subscriber.

What may be seen is judged when an event is sent, by the unions and the table of roles
as they are then; and the trail has it before the subscriber does.
"""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, TypeVar

from hub.acting.actor import actor_of
from hub.acting.reach import vouched
from hub.feeds.case_change import decode_case, decode_task
from hub.feeds.events import Topic, write_cursor
from hub.following import acting_refusals
from hub.following.showing import event_seen, seen_task
from hub.following.sight import SEEING, acts_for, of_no_union, unions_of
from hub.web import following_refusals as no
from hub.web.following_sight import CaseSight
from schema.records.case_seen import CaseEvent, TaskEvent
from schema.records.refusal import Refused
from schema.records.showing import Shown

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable, Sequence

    from hub.access.caller import Caller
    from hub.audit.ports import Trail
    from hub.feeds.events import Event
    from hub.feeds.following import Feeds
    from hub.following.doors import CaseDoors
    from schema.records.case_task import Seat

E = TypeVar("E", CaseEvent, TaskEvent)


class CaseFeed:
    """The cases and tasks of one subscriber, as they move."""

    def __init__(
        self, doors: CaseDoors, feeds: Feeds, trail: Trail, caller: Caller, request: str
    ) -> None:
        """Prepare.

        Args:
            doors: What the doors need.
            feeds: The live events.
            trail: Where what is shown is written down.
            caller: Who follows.
            request: Id of the request that began it.
        """
        self._doors = doors
        self._feeds = feeds
        self._actor = actor_of(caller, request)
        self._sight = CaseSight(doors, trail, self._actor)

    async def cases(
        self, after: str | None, offices: Sequence[str] | None
    ) -> AsyncGenerator[CaseEvent, None]:
        """Follow the cases that the caller may see.

        Args:
            after: The cursor of the last event; from now on if none.
            offices: Unions, each with those below it; all that may be seen if none.

        Raises:
            Refused: The scope is missing, or an office or the cursor cannot be used.
        """
        self._may_follow(offices)

        def view(event: Event) -> CaseEvent | None:
            change = decode_case(event.body)
            seats = {one.seat for one in change.held} | {one.to for one in change.told}
            if change.asked is not None:
                seats.add(change.asked)
            if not self._concerns(seats, offices):
                return None
            looker = self._sight.looker
            own = frozenset(one for one in seats if acts_for(looker, one))
            judged = self._sight.judged(change)
            return event_seen(change, judged, own, write_cursor(event.cursor), event.at)

        events = await self._feeds.resume(Topic.CASE, after, view)
        return self._noted(events, Shown.CASE_EVENT, lambda one: one.no)

    async def tasks(
        self, after: str | None, offices: Sequence[str] | None
    ) -> AsyncGenerator[TaskEvent, None]:
        """Follow the tasks that the caller may see; as ``cases``.

        Raises:
            Refused: As for ``cases``.
        """
        self._may_follow(offices)

        def view(event: Event) -> TaskEvent | None:
            change = decode_task(event.body)
            to, lead = change.task.to, change.lead
            if not self._concerns((to, lead), offices):
                return None
            if not self._sight.sees_task(to, lead):
                return None
            return TaskEvent(
                cursor=write_cursor(event.cursor),
                at=event.at,
                task=seen_task(change.task, change.no, lead),
                was=change.was,
            )

        events = await self._feeds.resume(Topic.TASK, after, view)
        return self._noted(events, Shown.TASK_EVENT, lambda one: one.task.case_no)

    def _may_follow(self, offices: Sequence[str] | None) -> None:
        if not self._actor.scopes & SEEING:
            raise Refused(no.NO_SCOPE)
        directory, today = self._doors.directory(), self._sight.today
        everything = bool(of_no_union(self._actor))
        if not everything and not vouched(directory, self._actor, today):
            raise Refused(acting_refusals.OFFICE_ELSEWHERE)
        for office in offices or ():
            if unions_of(directory, self._actor, today, office) == ():
                raise Refused(no.NOT_YOUR_OFFICE)

    def _concerns(self, seats: Iterable[Seat], offices: Sequence[str] | None) -> bool:
        if offices is None:
            return True
        directory, today = self._doors.directory(), self._sight.today
        return any(
            directory.acts_for(office, one.union, today)
            for office in offices
            for one in seats
        )

    async def _noted(
        self,
        events: AsyncGenerator[E, None],
        shown: Shown,
        number: Callable[[E], str],
    ) -> AsyncGenerator[E, None]:
        """Write each event down before it is given on.

        Raises:
            hub.audit.trail.TrailUnavailable: It is not written; resume before it.
        """
        async with aclosing(events):
            async for event in events:
                await self._sight.note_numbers(shown, [number(event)])
                yield event
