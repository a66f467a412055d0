"""Decider: the claims of a token whose signature holds → who asks."""

from __future__ import annotations

import math
import re
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from hub.access.caller import Caller, Scope

if TYPE_CHECKING:
    from hub.access.settings import IssuerSettings

_LONGEST_TEXT: Final = 256
_PROVINCE = re.compile(r"[0-9]{2}", re.ASCII)
#: The look of a resident ID number: division, date of birth, sequence, check.
_ID_NUMBER = re.compile(
    r"[1-9][0-9]{5}(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]"
)
_KNOWN_SCOPES = frozenset(Scope)


class Reason(StrEnum):
    """Why a token does not do. Stable: alarms rely on them."""

    TOO_LONG = "too-long"
    MALFORMED = "malformed"
    HEADER = "header"
    ISSUER = "issuer"
    ALGORITHM = "algorithm"
    KEY = "key"
    SIGNATURE = "signature"
    CLAIM = "claim"
    EXPIRED = "expired"
    NOT_YET = "not-yet"
    AUDIENCE = "audience"
    PROVINCE = "province"
    SCOPE = "scope"


class InvalidToken(Exception):
    """The token does not do.

    Attributes:
        reason: Why, for the log and the metrics; never for the caller.
    """

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def read_caller(claims: dict[str, Any], settings: IssuerSettings, now: float) -> Caller:
    """Read who asks from the claims of a token whose signature holds.

    Args:
        claims: As the issuer signed them.
        settings: Of that issuer.
        now: Seconds since the epoch.

    Raises:
        InvalidToken: A claim is missing, of the wrong type, or says what the
            issuer may not say.
    """
    leeway = settings.leeway.total_seconds()
    expires_at = _moment(claims.get("exp")) + leeway
    if now >= expires_at:
        raise InvalidToken(Reason.EXPIRED)
    for name in ("nbf", "iat"):
        if name in claims and _moment(claims[name]) > now + leeway:
            raise InvalidToken(Reason.NOT_YET)
    audience = claims.get("aud")
    if settings.audience not in (
        audience if isinstance(audience, list) else [audience]
    ):
        raise InvalidToken(Reason.AUDIENCE)
    province = _text(claims.get(settings.claims.province))
    if not _PROVINCE.fullmatch(province) or not settings.speaks_for(province):
        raise InvalidToken(Reason.PROVINCE)
    scopes = frozenset(_text(claims.get(settings.claims.scope)).split(" "))
    if not scopes & _KNOWN_SCOPES <= settings.scopes:
        raise InvalidToken(Reason.SCOPE)
    subject = _text(claims.get("sub"))
    office = _text(claims.get(settings.claims.office))
    if _ID_NUMBER.search(subject) or _ID_NUMBER.search(office):
        # It would stand readable in every log line and audit entry.
        raise InvalidToken(Reason.CLAIM)
    return Caller(
        subject=subject,
        issuer=settings.issuer,
        office=office,
        province=province,
        scopes=scopes,
        expires_at=expires_at,
    )


def _moment(claim: object) -> float:
    if isinstance(claim, int | float) and not isinstance(claim, bool):
        try:
            moment = float(claim)
        except OverflowError:
            moment = math.inf
        if math.isfinite(moment):
            return moment
    raise InvalidToken(Reason.CLAIM)


def _text(claim: object) -> str:
    """Take a claim that goes to the log and the trail: short and printable."""
    if not isinstance(claim, str) or not 0 < len(claim) <= _LONGEST_TEXT:
        raise InvalidToken(Reason.CLAIM)
    if not claim.isprintable() or claim.strip() != claim:
        raise InvalidToken(Reason.CLAIM)
    return claim
