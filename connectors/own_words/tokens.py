"""Adapter: an OAuth 2.0 token, fetched when there is none and renewed in time."""

from __future__ import annotations

import asyncio
import base64
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import msgspec

from connectors.faults import ProvinceFault
from connectors.own_words.reading import failure
from connectors.transport import Exchange
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from connectors.own_words.settings import OAuthSettings
    from connectors.transport import Reply, Transport

#: A token is renewed this long before its end, in seconds, or in the last quarter of
#: its life if that is shorter.
_MARGIN = 60.0
#: Who turns down a token this young, in seconds, turns down more than the token.
_FRESH = 1.0
#: How long a token holds whose end is not told, in seconds.
_UNTOLD = 300.0


class _Given(msgspec.Struct):
    """RFC 6749 §5.1."""

    access_token: str
    token_type: str = "bearer"  # noqa: S105  # a kind, not a token
    expires_in: float = _UNTOLD


_GIVEN = msgspec.json.Decoder(_Given, strict=False)


class Tokens:
    """The token for one province."""

    def __init__(
        self, settings: OAuthSettings, client_secret: str, transport: Transport
    ) -> None:
        """Fetch nothing before it is needed.

        Args:
            settings: Where tokens are given, and to whom.
            client_secret: The hub's secret there.
            transport: The line to the province, with its authorities and limits.
        """
        self._transport = transport
        form = {"grant_type": "client_credentials"}
        if settings.scope:
            form["scope"] = settings.scope
        # RFC 6749 §2.3.1: each is form-encoded before the colon joins them.
        pair = f"{quote(settings.client_id, safe='')}:{quote(client_secret, safe='')}"
        self._asked = Exchange(
            "POST",
            settings.token_url,
            {
                "Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}",
                "Content-Type": "application/x-www-form-urlencoded",
                "Accept": "application/json",
            },
            urlencode(form).encode(),
        )
        self._fetching = asyncio.Lock()
        self._token = ""
        self._given_at = 0.0
        self._renew_at = 0.0
        self._ends_at = 0.0

    async def token(self, deadline: float) -> str:
        """Tell the token that holds now.

        It is fetched by one, while the others wait for it.

        Args:
            deadline: By the loop's clock.

        Raises:
            ProvinceFault: There is none.
        """
        now = asyncio.get_running_loop().time
        if self._token and now() < self._renew_at:
            return self._token
        async with self._fetching:
            if self._token and now() < self._renew_at:
                return self._token
            try:
                await self._fetch(deadline)
            except ProvinceFault:
                if not (self._token and now() < self._ends_at):
                    raise
                # The old one still holds: asked again for in a little while.
                self._renew_at = now() + 1
            return self._token

    def forget(self, token: str) -> bool:
        """Take note that a token was turned down; tell whether another may do better.

        One that was given a moment ago is kept: a province that turns down whatever
        is shown must not have tokens fetched for every question.
        """
        if token == self._token:
            now = asyncio.get_running_loop().time()
            if now < self._given_at + _FRESH:
                return False
            self._token = ""
        return True

    async def _fetch(self, deadline: float) -> None:
        began = asyncio.get_running_loop().time()
        given = _given(await self._transport.exchange(self._asked, deadline))
        life = max(0.0, given.expires_in)
        self._token = given.access_token
        self._given_at = began
        self._ends_at = began + life
        self._renew_at = self._ends_at - min(_MARGIN, life / 4)


def _given(reply: Reply) -> _Given:
    """Read what the token endpoint said; nothing of it is ever shown."""
    if HTTPStatus.BAD_REQUEST <= reply.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        raise ProvinceFault(FaultCode.UNAUTHORISED, f"no token: HTTP {reply.status}")
    if reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise failure(reply)
    try:
        given = _GIVEN.decode(reply.body)
    except ValueError:
        raise ProvinceFault(FaultCode.MALFORMED, "no token in the answer") from None
    token = given.access_token
    sound = token.isascii() and token.isprintable() and " " not in token
    if not (token and sound) or given.token_type.lower() != "bearer":
        raise ProvinceFault(FaultCode.MALFORMED, "a token that is none")
    return given
