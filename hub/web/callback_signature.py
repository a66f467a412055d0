"""Decider: is a pushed message signed by a province, and just now?

The same scheme as the hub's own webhooks (Standard Webhooks 1.0, ``hub.runner.signing``):
``webhook-signature: v1,<base64 of HMAC-SHA256 over id.timestamp.body>``, several with a
space in between while a secret is changed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

import msgspec

from hub.following.written import names_somebody

if TYPE_CHECKING:
    from collections.abc import Sequence

#: How far the moment of signing may lie from the present, to either side.
WINDOW: Final = timedelta(minutes=5)

_ID: Final = re.compile(r"[!-~]{1,64}", re.ASCII)
_STAMP: Final = re.compile(r"[0-9]{1,11}", re.ASCII)
#: More signatures than a rotation of secrets needs.
_MOST: Final = 8


class Signed(msgspec.Struct, frozen=True):
    """The headers of a message.

    Attributes:
        id: Its own id: the nonce.
        stamp: Seconds since 1970, as they were written.
        signatures: The signatures that can be compared.
    """

    id: str
    stamp: str
    signatures: tuple[bytes, ...]

    @property
    def at(self) -> datetime:
        """When it was signed."""
        return datetime.fromtimestamp(int(self.stamp), UTC)


def read_headers(
    message: str | None, stamp: str | None, signature: str | None
) -> Signed | None:
    """Read the headers; ``None`` if they are not what they should be."""
    if not (message and _ID.fullmatch(message) and stamp and _STAMP.fullmatch(stamp)):
        return None
    if names_somebody(message, date.max):  # it is kept, for a while
        return None
    found = tuple(
        one.removeprefix("v1,").encode("latin-1", "replace")
        for one in (signature or "").split(" ")[:_MOST]
        if one.startswith("v1,")
    )
    return Signed(message, stamp, found) if found else None


def is_timely(signed: Signed, now: datetime) -> bool:
    """Tell whether it was signed just now; more than minutes off is stale or forged."""
    return abs(signed.at - now) <= WINDOW


def is_signed(signed: Signed, body: bytes, secrets: Sequence[bytes]) -> bool:
    """Tell whether one of the signatures is by one of the secrets.

    Each is compared in the same time whatever it is.
    """
    text = f"{signed.id}.{signed.stamp}.".encode("ascii") + body
    right = [
        base64.b64encode(hmac.digest(secret, text, hashlib.sha256))
        for secret in secrets
    ]
    return any(
        hmac.compare_digest(one, expected)
        for one in signed.signatures
        for expected in right
    )
