"""Adapter: posts to an endpoint, and to nowhere else that it may point at.

An address is judged when it is connected to, so that a name that changes its mind
between two look-ups gains nothing; redirects are not followed.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver
from aiohttp.resolver import ThreadedResolver

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp.abc import ResolveResult

_FINE: Final = range(200, 300)
#: Nothing that an endpoint answers is looked at.
_LONGEST_ANSWER: Final = 1024


class Forbidden(OSError):
    """An address that may not be called."""


def may_be_called(address: str, *, loopback: bool, private: bool) -> bool:
    """Tell whether an IP address may be called.

    Args:
        address: Of the endpoint.
        loopback: Whether this machine may be.
        private: Whether private networks may be.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    if ip.is_loopback:
        return loopback
    # Where a cloud hands out its secrets, among others.
    if ip.is_link_local or ip.is_multicast or ip.is_unspecified:
        return False
    return ip.is_global or (private and ip.is_private and not ip.is_reserved)


class _Careful(AbstractResolver):
    """Finds addresses of names, and leaves out those that may not be called."""

    def __init__(self, *, loopback: bool, private: bool) -> None:
        self._loopback = loopback
        self._private = private
        self._found = ThreadedResolver()

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,
    ) -> list[ResolveResult]:
        """Find the addresses of a name.

        Raises:
            Forbidden: None of them may be called.
        """
        found = [
            one
            for one in await self._found.resolve(host, port, family)
            if may_be_called(
                one["host"], loopback=self._loopback, private=self._private
            )
        ]
        if not found:
            raise Forbidden("forbidden address")
        return found

    async def close(self) -> None:
        """Nothing is open."""


class Caller:
    """Posts to endpoints; close it."""

    def __init__(self, *, deadline: float, loopback: bool, private: bool) -> None:
        """Get ready; must be made where the event loop runs.

        Args:
            deadline: How long one call may take, in seconds.
            loopback: Whether this machine may be called, also by plain http.
            private: Whether private networks may be called.
        """
        self._loopback = loopback
        self._private = private
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=_Careful(loopback=loopback, private=private),
                use_dns_cache=False,
                limit=100,
                limit_per_host=2,
            ),
            timeout=aiohttp.ClientTimeout(total=deadline),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
        )

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> str:
        """Post something; tell ``ok``, or in one word why it did not arrive."""
        why = self._forbidden(url)
        if why:
            return why
        try:
            async with self._session.post(
                url, data=body, headers=headers, allow_redirects=False
            ) as response:
                await response.content.read(_LONGEST_ANSWER)
                fine = response.status in _FINE
                return "ok" if fine else f"status-{response.status}"
        except (aiohttp.ClientError, OSError) as error:  # a time-out is an OSError too
            return _why(error)

    async def close(self) -> None:
        """Close all connections."""
        await self._session.close()

    def _forbidden(self, url: str) -> str:
        parts = urlsplit(url)
        host = parts.hostname or ""
        try:
            ipaddress.ip_address(host)
            literal = True
        except ValueError:
            literal = False
        # Literal addresses are not looked up, so they are judged here.
        if literal and not may_be_called(
            host, loopback=self._loopback, private=self._private
        ):
            return "forbidden-address"
        if parts.scheme != "https" and not (
            self._loopback and host in {"127.0.0.1", "::1", "localhost"}
        ):
            return "not-https"
        return ""


def _why(error: Exception) -> str:
    match error:
        case TimeoutError():
            return "timed-out"
        case aiohttp.ClientConnectorDNSError():
            refused = isinstance(error.os_error, Forbidden)
            return "forbidden-address" if refused else "unknown-host"
        case aiohttp.ClientConnectorCertificateError():
            return "bad-certificate"
        case _:
            return "no-connection"


__all__ = ["Caller", "Forbidden", "may_be_called"]
