"""Itinerary: what goes on in every hub process so that its feeds are live."""

from __future__ import annotations

import asyncio
import logging
import random
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from hub.feeds.events import CursorExpired
from schema.records.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from hub.feeds.broker import Broker
    from hub.feeds.ports import Ear, Feed
    from hub.feeds.reporting import ProvinceReporter
    from hub.feeds.settings import FeedSettings

_log = logging.getLogger("hub.feeds")

_PAGE: Final = 500
#: Even if no notification comes, the table is looked at so often, in seconds.
_HEARTBEAT_S: Final = 5.0
#: Wait so long before listening anew after a failure, in seconds; up to twice.
_PAUSE_S: Final = 0.1


@asynccontextmanager
async def running(
    broker: Broker, feed: Feed, reporter: ProvinceReporter, settings: FeedSettings
) -> AsyncIterator[None]:
    """Listen, report and prune until the context is left."""
    tasks = [
        asyncio.create_task(listen(broker, feed), name="feed-listen"),
        asyncio.create_task(
            _again(reporter.look, settings.look_every.total_seconds()),
            name="feed-report",
        ),
        asyncio.create_task(
            _again(
                lambda: feed.prune(settings.keep, settings.most),
                settings.prune_every.total_seconds(),
            ),
            name="feed-prune",
        ),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


async def listen(broker: Broker, feed: Feed) -> None:
    """Hand out every event that any hub process writes, for ever.

    The notification only says that there is something; what it is, is read from
    the table, after the last that was handed out. So whatever happens to the
    connection, nothing is left out and nothing comes twice.
    """
    while True:
        try:
            async with feed.listen() as ear:
                if not broker.listening.is_set():
                    broker.begin(await ear.head())
                _log.info("listening head=%d", broker.head)
                while True:
                    await _catch_up(broker, ear)
                    await ear.heard(_HEARTBEAT_S)
        except Refused as refused:
            _log.warning("listening-ended reason=%s", refused.refusal.code)
        except Exception:  # noqa: BLE001  # the feeds outlive a mistake of ours
            _log.exception("listening failed")
        await asyncio.sleep(_PAUSE_S * (1 + random.random()))  # noqa: S311  # a pause is no secret


async def _catch_up(broker: Broker, ear: Ear) -> None:
    while True:
        try:
            page = await ear.read(broker.head, _PAGE)
        except CursorExpired as expired:
            # Deaf for longer than events are kept: nobody here may go on as if
            # nothing had been missed.
            head = await ear.head()
            broker.end_all(expired)
            broker.begin(head)
            return
        for event in page:
            broker.hand_out(event)
        if len(page) < _PAGE:
            return


async def _again(work: Callable[[], Awaitable[object]], every: float) -> None:
    """Do something again and again; a failure is written down, and it goes on."""
    failing = False
    while True:
        try:
            await work()
            failing = False
        except Refused as refused:
            if not failing:
                _log.warning("feed-upkeep reason=%s", refused.refusal.code)
            failing = True
        except Exception:  # noqa: BLE001  # the feeds outlive a mistake of ours
            _log.exception("feed upkeep failed")
        await asyncio.sleep(every)
