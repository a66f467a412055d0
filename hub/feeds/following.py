"""Itinerary: what one subscriber gets: what was missed, and then what happens.

Nothing is kept for a subscriber while it is given what it missed: that is read from
the table page by page until it has caught up with this process. Only then does it
get a queue, which has a bound. Where more comes at once, the queue is thrown away and
it reads from the table again; if it does not catch up within a time, it is cut off.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec

from hub.feeds.broker import Overrun
from hub.feeds.events import SlowSubscriber, Topic, read_cursor, write_cursor
from hub.feeds.province_change import ProvinceChange, Stated
from schema.records.province_event import ProvinceEvent
from schema.records.refusal import Bilingual, Refusal, Refused

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence
    from datetime import datetime, timedelta

    from hub.clock import Clock
    from hub.feeds.broker import Broker
    from hub.feeds.events import Event
    from hub.feeds.ports import Feed, Statements

T = TypeVar("T")

_PAGE: Final = 200
_PATIENCE_S: Final = 5.0
_decode = msgspec.json.Decoder(ProvinceChange).decode

NOT_LISTENING: Final = Refusal(
    "STORE_UNAVAILABLE",
    "feeds.listening",
    Bilingual("暂时无法订阅事件。", "Events cannot be subscribed to just now."),
    Bilingual(
        "请稍后重试；若持续出现，请运维人员检查 PostgreSQL。",
        "Try again in a moment; if it stays so, have the operator check PostgreSQL.",
    ),
)


class Feeds:
    """The live events, for subscribers of this process."""

    def __init__(
        self,
        broker: Broker,
        feed: Feed,
        statements: Statements,
        clock: Clock,
        catch_up: timedelta,
    ) -> None:
        """Hold what is needed.

        Args:
            broker: Where this process's events are handed out.
            feed: Where they are kept.
            statements: What was last said of each province.
            clock: Tells how long a subscriber has been behind.
            catch_up: How long it may be.
        """
        self._clock = clock
        self._catch_up = catch_up
        self._broker = broker
        self._feed = feed
        self._statements = statements

    async def follow(
        self, topic: Topic, after: int, view: Callable[[Event], T | None]
    ) -> AsyncGenerator[T, None]:
        """Give every event of a topic after a cursor, once and in order.

        Args:
            topic: Which events.
            after: The cursor after which to begin.
            view: What this subscriber may see of an event; ``None`` if nothing. It
                must be pure: it is asked when the event is about to be sent.

        Raises:
            schema.records.refusal.Refused: The events after the cursor are no
                longer all kept, or it is none of ours; or the subscriber is too
                slow; or the database cannot be used.
        """
        async with aclosing(self._events(topic, after)) as events:
            async for event in events:
                shown = view(event)
                if shown is not None:
                    yield shown

    async def resume(
        self, topic: Topic, after: str | None, view: Callable[[Event], T | None]
    ) -> AsyncGenerator[T, None]:
        """Follow from where a subscriber was cut off, or from now on.

        Args:
            topic: Which events.
            after: The cursor that the subscriber got last; none: from now on.
            view: As in ``follow``.

        Raises:
            schema.records.refusal.Refused: As ``follow``; what cannot be replayed
                is refused at once, and not by the first event.
        """
        if after is None:
            await self._listening()
            return self.follow(topic, self._broker.head, view)
        position = read_cursor(after)
        await self._feed.read(topic, position, 1)
        return self.follow(topic, position, view)

    async def _listening(self) -> None:
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await self._broker.listening.wait()
        except TimeoutError as error:
            raise Refused(NOT_LISTENING) from error

    async def _events(self, topic: Topic, after: int) -> AsyncGenerator[Event, None]:
        position, behind = after, None
        while True:
            async for event in self._missed(topic, position, behind):
                position = event.cursor
                yield event
            # Nothing may be awaited between the last look at the broker and this.
            follower = self._broker.join(topic)
            try:
                while True:
                    if not len(follower):
                        behind = None
                    event = await follower.next()
                    if event.cursor > position:
                        position = event.cursor
                        yield event
            except Overrun:
                behind = behind or self._clock.now()
            finally:
                self._broker.leave(follower)

    async def _missed(
        self, topic: Topic, after: int, behind: datetime | None
    ) -> AsyncGenerator[Event, None]:
        """Read what lies between a cursor and what this process hands out next.

        Args:
            topic: Which events.
            after: The cursor.
            behind: Since when more came than the subscriber took; it may catch up
                for a while. Whoever resumes has all the time it takes.

        Raises:
            SlowSubscriber: It did not catch up.
        """
        await self._listening()
        position, first = after, True
        while first or position < self._broker.head:
            head, first = self._broker.head, False
            page = await self._feed.read(topic, position, _PAGE)
            for event in page:
                if behind is not None and self._clock.now() - behind > self._catch_up:
                    raise SlowSubscriber
                position = event.cursor
                yield event
            if len(page) < _PAGE:
                position = max(position, head)

    async def provinces(
        self, after: str | None, may_see: Callable[[ProvinceEvent], bool]
    ) -> AsyncGenerator[ProvinceEvent, None]:
        """Give the last change of every province, and then each further one.

        Those last changes are events like all others, with their own cursors, in
        order: whoever is cut off among them resumes there and misses nothing.

        Args:
            after: A cursor: give only what came after it.
            may_see: Whether this subscriber may see, and wants, an event.

        Raises:
            schema.records.refusal.Refused: As ``follow``; what cannot be replayed
                is refused at once, and not by the first event.
        """
        if after is None:
            return self._provinces(await self._statements.stated(), 0, may_see)
        position = read_cursor(after)
        await self._feed.read(Topic.PROVINCE_STATUS, position, 1)
        return self._provinces((), position, may_see)

    async def _provinces(
        self,
        stated: Sequence[Stated],
        position: int,
        may_see: Callable[[ProvinceEvent], bool],
    ) -> AsyncGenerator[ProvinceEvent, None]:
        def view(event: Event) -> ProvinceEvent | None:
            shown = _shown(Stated(event.cursor, event.at, _decode(event.body)))
            return shown if may_see(shown) else None

        for one in stated:
            position = one.cursor
            shown = _shown(one)
            if may_see(shown):
                yield shown
        async with aclosing(self.follow(Topic.PROVINCE_STATUS, position, view)) as live:
            async for shown in live:
                yield shown


def _shown(stated: Stated) -> ProvinceEvent:
    change = stated.change
    return ProvinceEvent(
        cursor=write_cursor(stated.cursor),
        at=stated.at,
        province=change.province,
        was=change.was,
        state=change.province.state,
        seen_by=change.seen_by,
    )
