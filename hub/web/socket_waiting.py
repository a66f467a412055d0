"""Decider with a memory: WebSockets of whom it is not yet known who they are.

They have a small share of their own, so that they never take the place of callers
who are known. A newcomer is never refused for it: where there are too many, one who
has waited is sent away, the oldest of the address that has the most. Whoever says
``connection_init`` at once is thus let in however many others say nothing; who waits
with it at an address from which many come may be sent away first.
"""

from __future__ import annotations

from collections import OrderedDict
from contextlib import contextmanager
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from starlette.types import Scope

    from hub.config.streams import Network, StreamSettings

#: One caller has a whole network of IPv6 addresses: this many bits tell them apart.
_PREFIX_V6 = 64


class WaitingRoom:
    """Keeps who waits, by their address."""

    def __init__(self, settings: StreamSettings) -> None:
        """Start with nobody in it."""
        self._settings = settings
        self._by_address: dict[str, OrderedDict[object, Callable[[], None]]] = {}
        self._waiting = 0

    def __len__(self) -> int:
        return self._waiting

    @contextmanager
    def enter(
        self, address: str, send_away: Callable[[], None]
    ) -> Iterator[Callable[[], None]]:
        """Wait until the block ends, or what is entered is called.

        Args:
            address: From where; empty if that is not known.
            send_away: Is called when others need the place, at most once.
        """
        ticket = object()
        self._by_address.setdefault(address, OrderedDict())[ticket] = send_away
        self._waiting += 1
        of_address = len(self._by_address[address])
        if address and of_address > self._settings.waiting_per_address:
            self._send_one_away(address)
        elif self._waiting > self._settings.waiting:
            crowded = max(self._by_address, key=lambda one: len(self._by_address[one]))
            self._send_one_away(crowded)
        try:
            yield lambda: self._leave(address, ticket)
        finally:
            self._leave(address, ticket)

    def _send_one_away(self, address: str) -> None:
        ticket, send_away = next(iter(self._by_address[address].items()))
        self._leave(address, ticket)
        send_away()

    def _leave(self, address: str, ticket: object) -> None:
        waiting = self._by_address.get(address)
        if waiting is None or waiting.pop(ticket, None) is None:
            return
        self._waiting -= 1
        if not waiting:
            del self._by_address[address]


def address_of(scope: Scope, proxies: Sequence[Network]) -> str:
    """Tell from where a caller comes.

    That is the address of the connection; or, if a proxy of ours is there, the last
    one of ``X-Forwarded-For`` that is none of ours: what stands before it, anybody
    may have written.

    Returns:
        The address, or the network of an IPv6 address; empty if it is not known.
    """
    client = scope.get("client")
    peer = _parsed(client[0]) if client else None
    if peer is None or not _is_ours(peer, proxies):
        return _shown(peer)
    said = b",".join(v for name, v in scope["headers"] if name == b"x-forwarded-for")
    for one in reversed(said.decode("latin-1").split(",")):
        address = _parsed(one.strip())
        if address is None or not _is_ours(address, proxies):
            return _shown(address)
    return ""


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _is_ours(address: IPv4Address | IPv6Address, proxies: Sequence[Network]) -> bool:
    return any(address in network for network in proxies)


def _shown(address: IPv4Address | IPv6Address | None) -> str:
    if address is None:
        return ""
    if isinstance(address, IPv4Address):
        return str(address)
    return f"{int(address) >> (128 - _PREFIX_V6):x}::"
