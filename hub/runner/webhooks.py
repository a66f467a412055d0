"""Itinerary: offices' own systems are told of their transfers and cases, in order.

Each endpoint has a cursor of the feed: what lies before it has been taken (with 2xx).
Whatever fails is sent again, with the same id, before anything later is sent. Each
sending stands in the trail before it: an endpoint is told whose membership it is, or
of which case.
"""

from __future__ import annotations

import logging
import random
from typing import TYPE_CHECKING, Final, Protocol

from hub.clock import day_in_china
from hub.feeds.events import CursorExpired, Topic, write_cursor
from hub.runner.case_telling import looker_of, told_of_case
from hub.runner.endpoint_calls import EndpointCalls
from hub.runner.telling import message, told
from schema.records.showing import Showing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hub.audit.ports import Trail
    from hub.clock import Clock
    from hub.config.moving import EndpointSettings, WebhookSettings
    from hub.feeds.events import Event
    from hub.following.roles import RoleTable
    from hub.organisation.directory import Directory
    from hub.runner.endpoint_calls import Post
    from hub.runner.ports import Notes
    from hub.runner.telling import Told
    from hub.transfer.keeping import Cursors

_log = logging.getLogger("hub.webhooks")

_OF_CASES: Final = (Topic.CASE, Topic.TASK)
_TOPICS: Final = (Topic.TRANSFER, Topic.DUPLICATE, *_OF_CASES)


class Feed(Protocol):
    """Where events are read."""

    async def read(self, topic: Topic, after: int, most: int) -> Sequence[Event]:
        """Read events of one topic after a cursor, in order.

        Raises:
            CursorExpired: Some of them are no longer kept.
        """
        ...

    async def head(self) -> int:
        """Tell the cursor of the last event; 0 if there is none yet."""
        ...


class Webhooks:
    """Tells endpoints. No endpoint holds up another."""

    def __init__(
        self,
        settings: WebhookSettings,
        secrets: Mapping[str, Sequence[bytes]],
        *,
        feed: Feed,
        cursors: Cursors,
        trail: Trail,
        post: Post,
        directory: Callable[[], Directory],
        roles: RoleTable,
        clock: Clock,
        notes: Notes,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Hold what is needed.

        Args:
            settings: Who is told.
            secrets: Of each endpoint, by its name.
            feed: Where events are read.
            cursors: How far each has been told.
            trail: Where what they are told is written down first.
            post: Calls endpoints.
            directory: Gives the unions as they are known now.
            roles: What they may be told of cases.
            clock: Tells the time.
            notes: Is told of every call.
            chance: Gives a random number from 0 up to 1, for the jitter.
        """
        self._settings = settings
        self._feed = feed
        self._cursors = cursors
        self._directory = directory
        self._roles = roles
        self._clock = clock
        self._endpoints = {one.name: one for one in settings.endpoints}
        self._calls = EndpointCalls(
            "webhook",
            settings,
            secrets,
            trail=trail,
            post=post,
            clock=clock,
            notes=notes,
            chance=chance,
        )

    async def behind(self) -> list[str]:
        """Name the endpoints that have something to be told, and may be called now.

        One that is new is told what happens from now on.

        Raises:
            Refused: The store cannot be used.
        """
        live = [
            name for name, one in self._endpoints.items() if self._calls.may_call(one)
        ]
        if not live:
            return []
        head, told = await self._feed.head(), await self._cursors.all()
        for name in live:
            if name not in told:
                await self._cursors.move(name, head)
        return [name for name in live if told.get(name, head) < head]

    async def call(
        self, endpoint: str, go_on: Callable[[], bool] = lambda: True
    ) -> None:
        """Tell an endpoint what it has not been told, until it fails.

        Args:
            endpoint: Its name.
            go_on: Asked before each call.

        Raises:
            Refused: The store cannot be used.
        """
        settings = self._endpoints.get(endpoint)
        cursor = (await self._cursors.all()).get(endpoint)
        if settings is None or cursor is None:
            return
        at: int | None = cursor
        while at is not None and go_on() and self._calls.may_call(settings):
            at = await self._go_on(settings, at, go_on)

    async def _go_on(
        self, endpoint: EndpointSettings, cursor: int, go_on: Callable[[], bool]
    ) -> int | None:
        """Tell the next events; say up to where, or nothing if that is the end."""
        try:
            page, past = await self._page(cursor)
        except CursorExpired:
            page, past = [], await self._feed.head()
            if not await self._lost(endpoint, past):
                return None
        for event in page:
            if not go_on() or not await self._tell(endpoint, event):
                return None
            if not await self._cursors.advance(endpoint.name, cursor, event.cursor):
                return None  # somebody has set it elsewhere: it is told from there
            cursor = event.cursor
        if past > cursor and not await self._cursors.advance(
            endpoint.name, cursor, past
        ):
            return None
        return max(cursor, past) if page else None

    async def _page(self, after: int) -> tuple[list[Event], int]:
        """Read the next events of all topics, and up to where that is all of them."""
        past = await self._feed.head()
        found: list[Event] = []
        for topic in _TOPICS:
            events = await self._feed.read(topic, after, self._settings.events)
            if len(events) == self._settings.events:
                past = min(past, events[-1].cursor)
            found += events
        found = [event for event in found if event.cursor <= past]
        return sorted(found, key=lambda event: event.cursor), past

    async def _tell(self, endpoint: EndpointSettings, event: Event) -> bool:
        about = self._about(endpoint, event)
        if about is None:
            return True
        name = f"msg_{write_cursor(event.cursor)}"
        if not await self._noted(endpoint, about, name):
            return False
        body = message(about.kind, event.at, event.cursor, about.data)
        return await self._send(endpoint, name, body)

    async def _noted(self, endpoint: EndpointSettings, about: Told, name: str) -> bool:
        """Write down what an endpoint is about to be told; if not, it is not told."""
        showing = Showing(
            shown=about.shown,
            worker=about.worker,
            about=(about.about,),
            subject=f"webhook:{endpoint.name}",
            office=endpoint.office,
            province="",
            request=name,
        )
        if await self._calls.noted(showing):
            return True
        return self._calls.ended(endpoint, "not-audited")

    async def _lost(self, endpoint: EndpointSettings, head: int) -> bool:
        """Say that events are no longer kept: the endpoint must look for itself."""
        _log.error("webhook-events-lost endpoint=%s", endpoint.name)
        body = message("events.lost", self._clock.now(), head, {})
        return await self._send(endpoint, f"lost_{write_cursor(head)}", body)

    async def _send(self, endpoint: EndpointSettings, id_: str, body: bytes) -> bool:
        outcome = await self._calls.send(endpoint, id_, body)
        return self._calls.ended(endpoint, outcome)

    def _about(self, endpoint: EndpointSettings, event: Event) -> Told | None:
        """Say what an event is for an endpoint; none if it is not for it."""
        if event.topic in _OF_CASES:
            directory, today = self._directory(), day_in_china(self._clock.now())
            looker = looker_of(endpoint.office, directory, self._roles, today)
            return told_of_case(event, looker)
        about = told(event)
        return about if self._concerns(endpoint, about.unions) else None

    def _concerns(self, endpoint: EndpointSettings, unions: frozenset[str]) -> bool:
        directory, today = self._directory(), day_in_china(self._clock.now())
        return any(directory.acts_for(endpoint.office, one, today) for one in unions)
