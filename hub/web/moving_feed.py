"""Itinerary: following transfers, for one subscriber.

What may be seen is judged when an event is sent, by the unions as they are known then;
and the trail names a worker before an event does.
"""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from hub.acting.actor import actor_of
from hub.clock import today_in_china
from hub.feeds.events import Topic, write_cursor
from hub.feeds.transfer_change import decode
from hub.transfer.acting import may_look
from hub.transfer.showing import showings
from hub.transfer.sight import offices_of, parties, shown, sight
from hub.web import moving_refusals as no
from hub.web.moving import SEEING
from schema.records.arriving import TransferEvent
from schema.records.refusal import Refused
from schema.records.showing import Shown

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence
    from datetime import date

    from hub.access.caller import Caller
    from hub.audit.ports import Trail
    from hub.feeds.events import Event
    from hub.feeds.following import Feeds
    from hub.transfer.moving import Moving
    from schema.records.transfer import Transfer


class TransferFeed:
    """The transfers of one subscriber's unions, as they move."""

    def __init__(
        self, moving: Moving, feeds: Feeds, trail: Trail, caller: Caller, request: str
    ) -> None:
        """Prepare.

        Args:
            moving: What the doors need.
            feeds: The live events.
            trail: Where what is shown is written down.
            caller: Who follows.
            request: Id of the request that began it.
        """
        self._moving = moving
        self._feeds = feeds
        self._trail = trail
        self._actor = actor_of(caller, request)

    async def follow(
        self, after: str | None, offices: Sequence[str] | None
    ) -> AsyncGenerator[TransferEvent, None]:
        """Follow the transfers that the caller may see.

        Args:
            after: The cursor of the last event; from now on if none.
            offices: Unions, each with those below it; all that may be seen if none.

        Raises:
            Refused: The scope is missing, or an office or the cursor cannot be used.
        """
        if not self._actor.scopes & SEEING:
            raise Refused(no.NO_SCOPE)
        today = today_in_china(self._moving.clock)
        refused = may_look(self._moving.directory(), self._actor, today)
        if refused is not None:
            raise Refused(refused)
        for office in offices or ():
            if self._below(office, today) == ():
                raise Refused(no.NOT_YOUR_OFFICE)

        def view(event: Event) -> TransferEvent | None:
            change = decode(event.body)
            today = today_in_china(self._moving.clock)
            if offices is not None and not self._concerns(
                change.transfer, offices, today
            ):
                return None
            directory = self._moving.directory()
            seen = sight(directory, self._actor, parties(change.transfer), today)
            transfer = shown(change.transfer, seen)
            if transfer is None:
                return None
            return TransferEvent(
                cursor=write_cursor(event.cursor),
                at=event.at,
                transfer=transfer,
                was=change.was,
                reminder=change.reminder,
            )

        return self._noted(await self._feeds.resume(Topic.TRANSFER, after, view))

    async def _noted(
        self, events: AsyncGenerator[TransferEvent, None]
    ) -> AsyncGenerator[TransferEvent, None]:
        """Write each event that names a worker down before it is given on.

        Raises:
            hub.audit.trail.TrailUnavailable: It is not written; resume before it.
        """
        async with aclosing(events):
            async for event in events:
                transfer = event.transfer
                if transfer.worker:
                    named = [(transfer.worker, transfer.id)]
                    shown_now = showings(self._actor, Shown.EVENT, named)
                    await self._trail.record(shown_now)
                yield event

    def _below(self, office: str, on: date) -> tuple[str, ...] | None:
        return offices_of(self._moving.directory(), self._actor, on, office)

    def _concerns(self, transfer: Transfer, offices: Sequence[str], on: date) -> bool:
        directory = self._moving.directory()
        return any(
            directory.acts_for(office, union, on)
            for office in offices
            for union in (transfer.from_union, transfer.to_union)
        )
