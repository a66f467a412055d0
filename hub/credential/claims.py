"""Decider: what a credential says, and whether it can be believed.

Inside is a pseudonym, never a resident ID number nor a name: whoever finds a lost
printout learns of no person (RULEBOOK §9).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final

import msgspec

from hub.credential import signature
from schema.records.keys import ProvinceCode, WorkerId
from schema.records.moving import CredentialClaims, CredentialState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.access.key_sets import PublicKey

#: ``typ`` of a credential: no other kind of JWS can be taken for one.
TYPE: Final = "union-credential+jwt"
#: Longer ones are refused unread, characters.
LONGEST: Final = 2048
#: How far the clock of a verifier may be behind that of the issuer.
SKEW: Final = timedelta(seconds=60)

#: Seconds since the epoch, up to the year 9999.
Seconds = Annotated[int, msgspec.Meta(ge=0, le=253_402_300_799)]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]


class Reason(StrEnum):
    """Why a credential cannot be believed. Stable: alarms and the CLI rely on them."""

    UNREADABLE = "unreadable"
    TYPE = "type"
    ALGORITHM = "algorithm"
    KEY = "key"
    SIGNATURE = "signature"
    CLAIMS = "claims"
    ISSUER = "issuer"
    NOT_YET = "not-yet"
    EXPIRED = "expired"


class Judged(msgspec.Struct, frozen=True):
    """What can be told of a credential without asking whether it was revoked.

    Attributes:
        state: ``VALID``, ``EXPIRED``, ``FORGED`` or ``FOREIGN``.
        claims: What it says; none where the signature does not hold.
        reason: Why it is not ``VALID``.
    """

    state: CredentialState
    claims: CredentialClaims | None = None
    reason: Reason | None = None


class _Entry(msgspec.Struct, frozen=True):
    idx: Annotated[int, msgspec.Meta(ge=0, le=2**31)]
    uri: Text


class _Status(msgspec.Struct, frozen=True):
    status_list: _Entry


class _Wire(msgspec.Struct, frozen=True, kw_only=True):
    """As it is signed: short names, for the image."""

    iss: Text
    jti: Text
    sub: Text
    mno: Text
    uni: Text
    prv: Annotated[str, msgspec.Meta(pattern="^[0-9]{2}$")]
    iat: Seconds
    exp: Seconds
    status: _Status


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(_Wire).decode


def moment(seconds: int) -> datetime:
    """Tell the moment of a number of seconds since the epoch."""
    return datetime.fromtimestamp(seconds, UTC)


def payload_of(claims: CredentialClaims, issuer: str) -> bytes:
    """Write what a credential says, to be signed; moments in whole seconds."""
    return _encode(
        _Wire(
            iss=issuer,
            jti=claims.id,
            sub=claims.worker,
            mno=claims.membership_no,
            uni=claims.union,
            prv=claims.province,
            iat=int(claims.issued_at.timestamp()),
            exp=int(claims.expires_at.timestamp()),
            status=_Status(_Entry(claims.status_index, claims.status_list)),
        )
    )


def judge(
    text: str, keys: Mapping[str, PublicKey], issuer: str | None, now: datetime
) -> Judged:
    """Tell whether a credential can be believed.

    Args:
        text: The compact JWS.
        keys: The issuer's public keys, by name.
        issuer: Who must have issued it; whoever has the keys, if none.
        now: The present moment.

    Returns:
        The judgement. A key that is not known is ``FOREIGN``: nothing can be said of its
        signature.
    """
    try:
        compact = signature.read(text, LONGEST)
    except signature.UnreadableError:
        return _forged(Reason.UNREADABLE)
    if compact.head.typ != TYPE:
        return _forged(Reason.TYPE)
    key = keys.get(compact.head.kid)
    if key is None:
        # Without a signature nobody signed it, a stranger no more than we.
        unsigned = compact.head.alg not in signature.ALGORITHMS
        return _forged(Reason.ALGORITHM) if unsigned else _foreign(Reason.KEY)
    if compact.head.alg not in signature.algorithms_of(key):
        return _forged(Reason.ALGORITHM)
    if not signature.holds(compact, key):
        return _forged(Reason.SIGNATURE)
    return _judge_claims(compact.payload, issuer, now)


def _judge_claims(payload: bytes, issuer: str | None, now: datetime) -> Judged:
    try:
        wire = _decode(payload)
        signature.unique(payload)
    except (ValueError, RecursionError):
        return _forged(Reason.CLAIMS)
    if issuer is not None and wire.iss != issuer:
        return _foreign(Reason.ISSUER)
    claims = CredentialClaims(
        id=wire.jti,
        worker=WorkerId(wire.sub),
        membership_no=wire.mno,
        union=wire.uni,
        province=ProvinceCode(wire.prv),
        issued_at=moment(wire.iat),
        expires_at=moment(wire.exp),
        status_index=wire.status.status_list.idx,
        status_list=wire.status.status_list.uri,
    )
    if claims.issued_at > now + SKEW:
        return Judged(CredentialState.FORGED, claims, Reason.NOT_YET)
    if claims.expires_at <= now:
        return Judged(CredentialState.EXPIRED, claims, Reason.EXPIRED)
    return Judged(CredentialState.VALID, claims)


def _forged(reason: Reason) -> Judged:
    return Judged(CredentialState.FORGED, None, reason)


def _foreign(reason: Reason) -> Judged:
    return Judged(CredentialState.FOREIGN, None, reason)
