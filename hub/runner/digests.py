"""Itinerary: once a day an office's own system is told what there is to do.

Which endpoint has the digest of the day is noted when it was taken (with 2xx); until
then it is tried again, with the same id, by whichever runner looks. A runner that was
down at the hour sends it when it is up again, of that day and once; days that are over
are not made up for: a digest says what is to be done today.
"""

from __future__ import annotations

import asyncio
import logging
import random
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Protocol

import msgspec

from hub.clock import day_in_china, end_of_day_in_china
from hub.runner.endpoint_calls import EndpointCalls
from schema.records.refusal import Refused
from schema.records.showing import Showing, Shown

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from contextlib import AbstractAsyncContextManager
    from datetime import date, datetime

    from hub.audit.ports import Trail
    from hub.clock import Clock
    from hub.config.moving import EndpointSettings, WebhookSettings
    from hub.following.report_doors import ReadsDigests
    from hub.organisation.directory import Directory
    from hub.runner.endpoint_calls import Post
    from hub.runner.ports import Notes
    from schema.records.digest import Digest

_log = logging.getLogger("hub.webhooks")
_FIRST_ITEMS: Final = 10
_AT_ONCE: Final = 2
_encode = msgspec.json.Encoder().encode


class Taken(Protocol):
    """A digest that is being sent, by this runner alone."""

    async def sent(self, at: datetime) -> None:
        """Note that it was taken."""
        ...


class Sent(Protocol):
    """Which endpoint was sent the digest of which day (``hub.store.digests``)."""

    async def done(self, day: date) -> Collection[str]:
        """Tell which endpoints have the digest of a day."""
        ...

    def taken(
        self, endpoint: str, day: date
    ) -> AbstractAsyncContextManager[Taken | None]:
        """Keep other runners from sending it; nothing if one of them is at it."""
        ...


class DailyDigests:
    """Sends digests. No endpoint holds up another, nor the runner."""

    def __init__(
        self,
        settings: WebhookSettings,
        secrets: Mapping[str, Sequence[bytes]],
        *,
        digests: ReadsDigests,
        sent: Sent,
        trail: Trail,
        post: Post,
        directory: Callable[[], Directory],
        clock: Clock,
        notes: Notes,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Hold what is needed.

        Args:
            settings: Who is told, and from which hour on.
            secrets: Of each endpoint, by its name.
            digests: Counts what there is to do.
            sent: Knows who has been told.
            trail: Where what they are told is written down first.
            post: Calls endpoints.
            directory: Gives the unions as they are known now.
            clock: Tells the time.
            notes: Is told of every call.
            chance: Gives a random number from 0 up to 1, for the jitter.
        """
        self._settings = settings
        self._digests = digests
        self._sent = sent
        self._directory = directory
        self._clock = clock
        self._endpoints = [one for one in settings.endpoints if one.digest]
        self._calls = EndpointCalls(
            "digest",
            settings,
            secrets,
            trail=trail,
            post=post,
            clock=clock,
            notes=notes,
            chance=chance,
        )
        self._sending: dict[str, asyncio.Task[None]] = {}
        # Each holds a connection of the database while it calls.
        self._at_once = asyncio.Semaphore(_AT_ONCE)

    async def look(self) -> None:
        """Begin to send what is due and was not sent; it goes on by itself.

        Raises:
            Refused: The store cannot be used.
        """
        now = self._clock.now()
        day = day_in_china(now)
        due = end_of_day_in_china(day - timedelta(days=1)) + timedelta(
            hours=self._settings.digest_hour
        )
        if not self._endpoints or now < due:
            return
        done = await self._sent.done(day)
        for one in self._endpoints:
            if one.name not in done and self._may_call(one):
                self._sending[one.name] = asyncio.create_task(
                    self._begin(one, day), name=f"digest-{one.name}"
                )

    async def finish(self) -> None:
        """Wait until what is being sent is sent, or has failed."""
        if self._sending:
            await asyncio.wait(list(self._sending.values()))

    def _may_call(self, endpoint: EndpointSettings) -> bool:
        return endpoint.name not in self._sending and self._calls.may_call(endpoint)

    async def _begin(self, endpoint: EndpointSettings, day: date) -> None:
        outcome = "store"
        try:
            async with self._at_once, self._sent.taken(endpoint.name, day) as taken:
                if taken is None:
                    return  # another runner is at it
                outcome = await self._send(endpoint, day)
                if outcome == "ok":
                    await taken.sent(self._clock.now())
        except Refused as refused:
            _log.warning("digest-failed reason=%s", refused.refusal.code)
        except Exception as error:  # noqa: BLE001  # the trace could quote a person's data
            outcome = type(error).__name__
        finally:
            self._sending.pop(endpoint.name, None)
        self._calls.ended(endpoint, outcome)

    async def _send(self, endpoint: EndpointSettings, day: date) -> str:
        """Count, write down, and call; tell in one word how it ended."""
        name = f"digest_{endpoint.name}_{day.isoformat()}"
        unions = sorted(self._directory().subordinates(endpoint.office, day))
        digest = await self._digests.digest(endpoint.office, unions, day, _FIRST_ITEMS)
        if not await self._noted(endpoint, digest, name):
            return "not-audited"
        body = _encode(_message(digest, self._clock.now()))
        return await self._calls.send(endpoint, name, body)

    async def _noted(
        self, endpoint: EndpointSettings, digest: Digest, name: str
    ) -> bool:
        named = {item.id: None for part in digest.parts for item in part.items}
        showing = Showing(
            shown=Shown.DIGEST,
            worker="",
            about=tuple(named),
            subject=f"webhook:{endpoint.name}",
            office=endpoint.office,
            province="",
            request=name,
        )
        return await self._calls.noted(showing)


def _message(digest: Digest, at: datetime) -> dict[str, Any]:
    """Say what there is to do, as the other messages of webhooks are written."""
    return {"type": "digest", "timestamp": at, "data": {"digest": digest}}
