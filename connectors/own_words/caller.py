"""Adapter: a request goes out with all that the province wants to see with it."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING, Self

import msgspec

from connectors.faults import ProvinceFault
from connectors.own_words.signing import signature_headers
from connectors.own_words.tokens import Tokens
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from connectors.own_words.secrets import Secrets
    from connectors.own_words.settings import AccessSettings
    from connectors.port import Clock
    from connectors.transport import Exchange, Reply, Transport


#: Rows of a kind have this part of the time less than the worker's own, and at most so
#: many seconds less: one slow endpoint must not cost what the others have told.
_EARLIER, _EARLIER_AT_MOST = 0.1, 0.1
#: How the transport tells of a 401.
_TURNED_DOWN = f"HTTP {HTTPStatus.UNAUTHORIZED.value}"


class Asked(msgspec.Struct, frozen=True):
    """What is the same for all requests of one question.

    Attributes:
        request: Its id, so that both sides' logs meet.
        purpose: Why it is asked; the province may record it.
        deadline: By the loop's clock.
    """

    request: str
    purpose: str
    deadline: float

    def sooner(self, now: float) -> Self:
        """The same a little sooner: what is late may not cost what others have told.

        Args:
            now: By the loop's clock.
        """
        early = min((self.deadline - now) * _EARLIER, _EARLIER_AT_MOST)
        return msgspec.structs.replace(self, deadline=self.deadline - early)


class Caller:
    """Whatever is sent to a province's own interface goes out here."""

    def __init__(
        self,
        settings: AccessSettings,
        held: Secrets,
        transport: Transport,
        clock: Clock,
    ) -> None:
        """Remember how to be known there.

        Args:
            settings: How the hub is known there.
            held: The secrets.
            transport: The line; it is closed with the caller.
            clock: For the moment in signatures.
        """
        self._transport = transport
        self._clock = clock
        self._headers = {"Accept": "application/json"}
        if settings.api_key_header and held.api_key:
            self._headers[settings.api_key_header] = held.api_key
        self._tokens = (
            Tokens(settings.oauth, held.client_secret, transport)
            if settings.oauth and held.client_secret
            else None
        )
        self._signing = settings.signing
        self._key = (held.signing or "").encode()

    async def send(self, exchange: Exchange, asked: Asked) -> Reply:
        """Send a request; one whose token was turned down, once more with a new one.

        Args:
            exchange: The request.
            asked: By when, and why.

        Raises:
            ProvinceFault: There is no answer.
        """
        headers = {
            **self._headers,
            "X-Request-Id": asked.request,
            "Purpose-Of-Use": asked.purpose,
            **exchange.headers,
        }
        if self._tokens is None:
            return await self._sent(exchange, headers, asked.deadline)
        token = await self._tokens.token(asked.deadline)
        headers["Authorization"] = f"Bearer {token}"
        try:
            return await self._sent(exchange, headers, asked.deadline)
        except ProvinceFault as failed:
            # 403 is about a right, which no other token brings.
            turned_down = failed.code is FaultCode.UNAUTHORISED
            if not (turned_down and failed.detail == _TURNED_DOWN):
                raise
            if not self._tokens.forget(token):
                raise
        # Who turns a token down has done nothing: an act may be sent again too.
        headers["Authorization"] = f"Bearer {await self._tokens.token(asked.deadline)}"
        return await self._sent(exchange, headers, asked.deadline)

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.close()

    async def _sent(
        self, exchange: Exchange, headers: dict[str, str], deadline: float
    ) -> Reply:
        if self._signing is not None:
            signed = signature_headers(
                exchange,
                self._signing.key_id,
                self._key,
                int(self._clock.now().timestamp()),
                secrets.token_hex(16),
            )
            headers = {**headers, **signed}
        sent = msgspec.structs.replace(exchange, headers=headers)
        return await self._transport.exchange(sent, deadline)
