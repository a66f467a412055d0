"""Adapter: calls offices' own systems, signed, and remembers how each call went."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

import msgspec

from hub.audit.trail import TrailUnavailable
from hub.runner.backoff import wait_after
from hub.runner.signing import sign

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hub.audit.ports import Trail
    from hub.clock import Clock
    from hub.config.moving import EndpointSettings, WebhookSettings
    from hub.runner.ports import Notes
    from schema.records.showing import Showing

_log = logging.getLogger("hub.webhooks")


class Post(Protocol):
    """Who calls endpoints."""

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> str:
        """Post something; tell ``ok``, or in one word why it did not arrive."""
        ...


class _Standing(msgspec.Struct):
    """How calling an endpoint goes."""

    failures: int = 0
    rests_until: datetime | None = None


class EndpointCalls:
    """Calls endpoints with one sort of message; one that failed rests for a while."""

    def __init__(
        self,
        sort: str,
        settings: WebhookSettings,
        secrets: Mapping[str, Sequence[bytes]],
        *,
        trail: Trail,
        post: Post,
        clock: Clock,
        notes: Notes,
        chance: Callable[[], float],
    ) -> None:
        """Hold what is needed.

        Args:
            sort: The sort of message, for the log.
            settings: Who is told, and how long one rests.
            secrets: Of each endpoint, by its name.
            trail: Where what they are told is written down first.
            post: Calls endpoints.
            clock: Tells the time.
            notes: Is told of every call.
            chance: Gives a random number from 0 up to 1, for the jitter.
        """
        self._sort = sort
        self._settings = settings
        self._secrets = secrets
        self._trail = trail
        self._post = post
        self._clock = clock
        self._notes = notes
        self._chance = chance
        self._standing = {one.name: _Standing() for one in settings.endpoints}

    def may_call(self, endpoint: EndpointSettings) -> bool:
        """Tell whether an endpoint may be called now."""
        rests = self._standing[endpoint.name].rests_until
        return not endpoint.paused and (rests is None or rests <= self._clock.now())

    async def noted(self, showing: Showing) -> bool:
        """Write down what an endpoint is about to be told; if not, it is not told."""
        try:
            await self._trail.record([showing])
        except TrailUnavailable:
            return False
        return True

    async def send(self, endpoint: EndpointSettings, name: str, body: bytes) -> str:
        """Send a message, signed; tell ``ok``, or in one word why it did not arrive.

        Args:
            endpoint: To whom.
            name: The id of the message: the same when it is sent again.
            body: What is sent.
        """
        headers = {
            "content-type": "application/json",
            "user-agent": "union-federation-hub",
            **sign(self._secrets[endpoint.name], name, self._clock.now(), body),
        }
        return await self._post.post(endpoint.url, body, headers)

    def ended(self, endpoint: EndpointSettings, outcome: str) -> bool:
        """Take note of how a call ended, and tell whether it went well."""
        self._notes.called(endpoint.name, outcome)
        standing = self._standing[endpoint.name]
        if outcome == "ok":
            standing.failures, standing.rests_until = 0, None
            return True
        standing.failures += 1
        wait = wait_after(
            standing.failures,
            self._settings.first_wait.total_seconds(),
            self._settings.longest_wait.total_seconds(),
            self._chance(),
        )
        standing.rests_until = self._clock.now() + timedelta(seconds=wait)
        _log.warning(
            "%s-failed endpoint=%s outcome=%s failures=%d wait_s=%.1f",
            self._sort,
            endpoint.name,
            outcome,
            standing.failures,
            wait,
        )
        return False
