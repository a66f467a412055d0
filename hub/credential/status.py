"""Decider: the status list of credentials (IETF Token Status List), written and read.

A list has two bits for each of its places, the first place in the lowest bits of the
first byte, compressed with zlib. A place that was never given is as good as valid:
the list tells nobody how many credentials there are.
"""

from __future__ import annotations

import base64
import zlib
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Final, Literal

import msgspec

from hub.credential import signature
from hub.credential.claims import SKEW, Seconds, Text, moment
from hub.credential.ports import Kept
from schema.records.moving import CredentialState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import timedelta

    from hub.access.key_sets import PublicKey
    from hub.credential.ports import Spent

#: ``typ`` of a status list, and the end of its media type.
TYPE: Final = "statuslist+jwt"
#: So many places does a list have: 16 kB, at most 22 kB as text.
PLACES: Final = 65_536
#: Longer lists are refused unread, characters.
LONGEST: Final = 262_144
#: Below the issuer's address.
PATH: Final = "/credentials/status"

_BITS: Final = 2
_PER_BYTE: Final = 8 // _BITS
#: The values of the registry of status types: 3 is for applications.
_VALUES: Final = {Kept.REVOKED: 1, Kept.REDEEMED: 3}
_STATES: Final = {
    0: CredentialState.VALID,
    1: CredentialState.REVOKED,
    3: CredentialState.REDEEMED,
}
_LARGEST: Final = 1_048_576


class _List(msgspec.Struct, frozen=True):
    bits: Literal[1, 2, 4, 8]
    lst: Annotated[str, msgspec.Meta(min_length=1)]


class _Wire(msgspec.Struct, frozen=True, kw_only=True):
    sub: Text
    iat: Seconds
    exp: Seconds
    ttl: Seconds
    status_list: _List


class StatusList(msgspec.Struct, frozen=True, kw_only=True):
    """A status list whose signature holds.

    Attributes:
        address: Where it is, as credentials name it.
        as_of: When it was made.
        expires_at: Until when it can be relied on.
        bits: How many bits a place has.
        packed: The places.
    """

    address: str
    as_of: datetime
    expires_at: datetime
    bits: int
    packed: bytes

    def state(self, index: int) -> CredentialState | None:
        """Tell what the credential of a place is; none if there is no such place."""
        per_byte = 8 // self.bits
        at, within = divmod(index, per_byte)
        if at >= len(self.packed):
            return None
        value = self.packed[at] >> (within * self.bits) & (1 << self.bits) - 1
        # 2 is "suspended", which this hub never says: no credential to rely on.
        return _STATES.get(value, CredentialState.REVOKED)


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(_Wire).decode


def address(issuer: str, place: int) -> tuple[str, int]:
    """Tell the list that a place is in, by its address, and the index in it."""
    number, index = divmod(place, PLACES)
    return f"{issuer}{PATH}/{number}", index


def pack(spent: Iterable[Spent], number: int) -> bytes:
    """Write the places of list ``number``, compressed."""
    places = bytearray(PLACES // _PER_BYTE)
    for one in spent:
        at, within = divmod(one.place - number * PLACES, _PER_BYTE)
        places[at] |= _VALUES[one.kept] << (within * _BITS)
    return zlib.compress(bytes(places), 9)


def payload_of(
    packed: bytes,
    address: str,
    now: datetime,
    max_age: timedelta,
    expires: timedelta,
) -> bytes:
    """Write a status list, to be signed.

    Args:
        packed: From ``pack``.
        address: Where it will be.
        now: The present moment; the list is dated with the beginning of the stretch
            of ``max_age`` that it is in, so that all processes of a hub make the same.
        max_age: How long it may be cached.
        expires: How long it can be relied on, from ``now`` at the latest.
    """
    ttl = int(max_age.total_seconds())
    iat = int(now.timestamp()) // ttl * ttl
    listed = base64.urlsafe_b64encode(packed).rstrip(b"=").decode("ascii")
    return _encode(
        _Wire(
            sub=address,
            iat=iat,
            exp=iat + int(expires.total_seconds()),
            ttl=ttl,
            status_list=_List(_BITS, listed),
        )
    )


def read(text: str, keys: Mapping[str, PublicKey], now: datetime) -> StatusList | None:
    """Read a status list; one that has expired is read too, for who is offline.

    Args:
        text: The compact JWS.
        keys: The issuer's public keys, by name.
        now: The present moment.

    Returns:
        The list; none if it is not one, not signed by these keys, or from the future.
    """
    try:
        compact = signature.read(text.strip(), LONGEST)
        key = keys.get(compact.head.kid)
        if compact.head.typ != TYPE or key is None:
            return None
        if not signature.holds(compact, key):
            return None
        signature.unique(compact.payload)
        wire = _decode(compact.payload)
        packed = _unpack(wire.status_list.lst)
    except (ValueError, RecursionError, zlib.error):
        return None
    if moment(wire.iat) > now + SKEW:
        return None
    return StatusList(
        address=wire.sub,
        as_of=moment(wire.iat),
        expires_at=moment(wire.exp),
        bits=wire.status_list.bits,
        packed=packed,
    )


def _unpack(listed: str) -> bytes:
    raw = base64.urlsafe_b64decode(listed + "=" * (-len(listed) % 4))
    # A few bytes could be a gigabyte: no more than the largest list is unpacked.
    unpacking = zlib.decompressobj()
    packed = unpacking.decompress(raw, _LARGEST)
    if not unpacking.eof:
        raise ValueError("larger than any list")
    return packed
