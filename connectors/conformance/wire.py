"""Adapter: speaks to a GraphQL province without a connector, to see what one hides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiohttp
import msgspec

from connectors.faults import ProvinceFault
from connectors.transport import from_transport_error
from schema.records.told import FaultCode

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping

#: What the hub accepts, the better first.
ACCEPT = "application/graphql-response+json, application/json;q=0.9"
#: More is no answer to any question of a probe, in bytes.
_MOST = 8 * 1024 * 1024


class Heard(msgspec.Struct, frozen=True):
    """What came over the wire.

    Attributes:
        status: Of HTTP.
        media: The media type, without its parameters.
        charset: As the media type names it; empty if it does not.
        date: The header ``Date``; empty if there is none.
        told: The JSON; none if it is no JSON in UTF-8.
    """

    status: int
    media: str
    charset: str
    date: str
    told: Any

    @property
    def data(self) -> Any:
        """The data of the answer; none if there is no such thing."""
        return self.told.get("data") if isinstance(self.told, dict) else None

    @property
    def errors(self) -> list[dict[str, Any]]:
        """The errors of the answer."""
        told = self.told.get("errors") if isinstance(self.told, dict) else None
        found = told if isinstance(told, list) else []
        return [one for one in found if isinstance(one, dict)]


class Wire:
    """One address, with the hub's own token and certificate."""

    def __init__(
        self,
        url: str,
        *,
        bearer: str | None = None,
        tls: ssl.SSLContext | None = None,
        seconds: float = 2.0,
    ) -> None:
        """Remember how to speak; each exchange has a connection of its own.

        Args:
            url: Where the province serves its subgraph.
            bearer: The token, if it wants one.
            tls: Trusted authorities and the hub's certificate, for ``https``.
            seconds: How long one exchange may take.
        """
        self.bearer = bearer
        self._url = url
        self._tls = tls
        self._seconds = seconds

    async def put(
        self,
        query: str,
        variables: Mapping[str, object] | None = None,
        *,
        accept: str = ACCEPT,
        token: bool = True,
    ) -> Heard:
        """Send a document.

        Raises:
            ProvinceFault: Nothing came back.
        """
        told = {"query": query, "variables": variables or {}}
        return await self.send(msgspec.json.encode(told), accept=accept, token=token)

    async def send(
        self, body: bytes, *, accept: str = ACCEPT, token: bool = True
    ) -> Heard:
        """Send these bytes as if they were JSON.

        Raises:
            ProvinceFault: Nothing came back.
        """
        headers = {"Accept": accept, "Content-Type": "application/json"}
        if token and self.bearer:
            headers["Authorization"] = f"Bearer {self.bearer}"
        try:
            async with (
                aiohttp.ClientSession(
                    connector=aiohttp.TCPConnector(ssl=self._tls or True),
                    cookie_jar=aiohttp.DummyCookieJar(),
                    timeout=aiohttp.ClientTimeout(total=self._seconds),
                ) as session,
                session.post(
                    self._url, data=body, headers=headers, allow_redirects=False
                ) as reply,
            ):
                text = await _read(reply)
                return Heard(
                    reply.status,
                    reply.content_type,
                    (reply.charset or "").lower(),
                    reply.headers.get("Date", ""),
                    _json(text),
                )
        except TimeoutError as error:
            raise ProvinceFault(FaultCode.TIMED_OUT) from error
        except (aiohttp.ClientError, OSError) as error:
            raise from_transport_error(error) from error


async def _read(reply: aiohttp.ClientResponse) -> bytes:
    text = b""
    async for chunk in reply.content.iter_any():
        text += chunk
        if len(text) > _MOST:
            raise ProvinceFault(FaultCode.TOO_LARGE, f"over {_MOST} bytes")
    return text


def _json(text: bytes) -> Any:
    try:
        return msgspec.json.decode(text)
    except (ValueError, RecursionError):
        return None
