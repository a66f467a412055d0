"""Adapter: what a hub publishes of its credentials: status lists and public keys.

Anybody may fetch them, so a fetch must not cost the database anything: a list is read
at most every few seconds, whoever asks and however many.
"""

from __future__ import annotations

import asyncio
import hashlib
from time import monotonic
from typing import TYPE_CHECKING, Final

import msgspec

from hub.credential import status

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.clock import Clock
    from hub.credential.keys import Ring
    from hub.credential.ports import Credentials
    from hub.credential.settings import CredentialSettings

#: A revocation is in the list after so many seconds.
REFRESH_S: Final = 5.0
#: Public keys change rarely; a new one is published long before it signs.
KEYS_MAX_AGE_S: Final = 3600


class Published(msgspec.Struct, frozen=True):
    """A document that anybody may fetch and keep for a while.

    Attributes:
        media_type: What it is.
        body: The document.
        etag: By which a copy is known to be the same.
        max_age: For how many seconds it may be kept.
    """

    media_type: str
    body: bytes
    etag: str
    max_age: int


class _Held(msgspec.Struct, frozen=True):
    read_at: float
    packed: bytes
    window: int
    published: Published


class Publisher:
    """Makes the documents, and keeps them at hand."""

    def __init__(
        self,
        settings: CredentialSettings,
        ring: Ring,
        store: Credentials,
        clock: Clock,
        ticking: Callable[[], float] = monotonic,
    ) -> None:
        """Prepare; nothing is read yet.

        Args:
            settings: How long lists hold, and where the hub is.
            ring: The keys.
            store: Where credentials are kept.
            clock: Tells the time.
            ticking: Tells seconds that never go backwards.
        """
        self._settings = settings
        self._ring = ring
        self._store = store
        self._clock = clock
        self._ticking = ticking
        self._lists: dict[int, _Held] = {}
        self._last = -1
        self._last_at = float("-inf")
        self._reading = asyncio.Lock()
        body = ring.jwks()
        self._keys = Published(
            "application/jwk-set+json", body, _etag(body), KEYS_MAX_AGE_S
        )

    def keys(self) -> Published:
        """Give the public keys (RFC 7517)."""
        return self._keys

    async def status_list(self, number: int) -> Published | None:
        """Give a status list; none if no credential has a place in it.

        Raises:
            hub.store.unavailable.StoreUnavailable: It must be read and cannot be.
        """
        held = self._lists.get(number)
        if held is not None and self._fresh(held):
            return held.published
        # One at a time: who waited finds what the one before has read.
        async with self._reading:
            held = self._lists.get(number)
            if held is not None and self._fresh(held):
                return held.published
            if not await self._exists(number):
                return None
            return await self._read(number, held)

    async def _exists(self, number: int) -> bool:
        # The first one is always there: who prepares to be offline fetches it early.
        if number * status.PLACES <= max(self._last, 0):
            return True
        if self._ticking() < self._last_at + REFRESH_S:
            return False
        self._last = await self._store.last_place()
        self._last_at = self._ticking()
        return number * status.PLACES <= self._last

    def _fresh(self, held: _Held) -> bool:
        return (
            self._ticking() < held.read_at + REFRESH_S and held.window == self._window()
        )

    def _window(self) -> int:
        """Tell in which stretch of the maximal age we are: it dates the list."""
        ttl = int(self._settings.status_max_age.total_seconds())
        return int(self._clock.now().timestamp()) // ttl

    async def _read(self, number: int, held: _Held | None) -> Published:
        first = number * status.PLACES
        at, window = self._ticking(), self._window()
        packed = status.pack(
            await self._store.spent(first, first + status.PLACES), number
        )
        same = held is not None and held.packed == packed and held.window == window
        published = held.published if held and same else self._made(packed, number)
        self._lists[number] = _Held(at, packed, window, published)
        return published

    def _made(self, packed: bytes, number: int) -> Published:
        address, _ = status.address(self._settings.issuer, number * status.PLACES)
        max_age, expires = self._settings.status_max_age, self._settings.status_expires
        payload = status.payload_of(
            packed, address, self._clock.now(), max_age, expires
        )
        body = self._ring.sign(status.TYPE, payload).encode()
        # Of what it says, not of its signature: ES256 never signs twice alike, and
        # all processes of a hub should know each other's lists again.
        return Published(
            f"application/{status.TYPE}",
            body,
            _etag(self._ring.kid.encode() + payload),
            int(max_age.total_seconds()),
        )


def _etag(content: bytes) -> str:
    return f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'
