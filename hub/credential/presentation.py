"""Decider: a presentation: a credential shown by its holder to one union, once.

The holder proves with the confirmation code that the credential is theirs, and hands
the presentation on; who sees it cannot use it elsewhere, later or twice, and never
sees the code.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

import msgspec

from hub.credential import signature
from hub.credential.claims import SKEW, Reason, Seconds, Text, moment
from schema.records.moving import CredentialState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.access.key_sets import PublicKey

#: ``typ`` of a presentation.
TYPE: Final = "union-presentation+jwt"
LONGEST: Final = 2048


class Presentation(msgspec.Struct, frozen=True, kw_only=True):
    """A presentation.

    Attributes:
        id: Its own name; it can be used once.
        credential: Id of the credential.
        to_union: The only union that may use it.
        made_at: When it was made.
        expires_at: Until when it can be used.
    """

    id: str
    credential: str
    to_union: str
    made_at: datetime
    expires_at: datetime


class _Wire(msgspec.Struct, frozen=True, kw_only=True):
    iss: Text
    jti: Text
    sub: Text
    aud: Text
    iat: Seconds
    exp: Seconds


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(_Wire).decode


def payload_of(presentation: Presentation, issuer: str) -> bytes:
    """Write a presentation, to be signed."""
    return _encode(
        _Wire(
            iss=issuer,
            jti=presentation.id,
            sub=presentation.credential,
            aud=presentation.to_union,
            iat=int(presentation.made_at.timestamp()),
            exp=int(presentation.expires_at.timestamp()),
        )
    )


def is_one(text: str) -> bool:
    """Tell whether something says that it is a presentation."""
    try:
        return signature.read(text, LONGEST).head.typ == TYPE
    except signature.UnreadableError:
        return False


def state_of(reason: Reason) -> CredentialState:
    """Tell what one is worth that cannot be believed."""
    foreign = reason in {Reason.KEY, Reason.ISSUER}
    return CredentialState.FOREIGN if foreign else CredentialState.FORGED


def judge(
    text: str, keys: Mapping[str, PublicKey], issuer: str | None, now: datetime
) -> Presentation | Reason:
    """Read a presentation, or tell why it cannot be used."""
    read = genuine(text, keys, issuer, now)
    if isinstance(read, Reason):
        return read
    return Reason.EXPIRED if read.expires_at <= now else read


def genuine(
    text: str, keys: Mapping[str, PublicKey], issuer: str | None, now: datetime
) -> Presentation | Reason:
    """Read a presentation, expired or not, or tell why it cannot be believed.

    Args:
        text: The compact JWS.
        keys: The issuer's public keys, by name.
        issuer: Who must have made it; whoever has the keys, if none.
        now: The present moment.
    """
    try:
        compact = signature.read(text, LONGEST)
    except signature.UnreadableError:
        return Reason.UNREADABLE
    key = keys.get(compact.head.kid)
    if compact.head.typ != TYPE or key is None:
        return Reason.TYPE if compact.head.typ != TYPE else Reason.KEY
    if not signature.holds(compact, key):
        return Reason.SIGNATURE
    try:
        wire = _decode(compact.payload)
        signature.unique(compact.payload)
    except (ValueError, RecursionError):
        return Reason.CLAIMS
    return _made(wire, issuer, now)


def _made(wire: _Wire, issuer: str | None, now: datetime) -> Presentation | Reason:
    if issuer is not None and wire.iss != issuer:
        return Reason.ISSUER
    if moment(wire.iat) > now + SKEW:
        return Reason.NOT_YET
    return Presentation(
        id=wire.jti,
        credential=wire.sub,
        to_union=wire.aud,
        made_at=moment(wire.iat),
        expires_at=moment(wire.exp),
    )
