"""Decider: the signature of a webhook (Standard Webhooks 1.0).

``webhook-signature: v1,<base64 of HMAC-SHA256 over id.timestamp.body>``, one for each
secret that is in force, with a space in between. Whoever receives it compares one of
them, and refuses timestamps that are more than minutes off.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

_PREFIX: Final = "whsec_"
_SHORTEST, _LONGEST = 24, 64


class BadWebhookSecret(ValueError):
    """A secret cannot be used; the message does not repeat it."""


def read_secret(written: str, name: str) -> bytes:
    """Read a secret as it is written: ``whsec_`` and base64.

    Args:
        written: As it stands in the environment.
        name: Of the variable.

    Raises:
        BadWebhookSecret: It is none, or shorter than 24 bytes or longer than 64.
    """
    try:
        secret = base64.b64decode(written.strip().removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if not _SHORTEST <= len(secret) <= _LONGEST or not written.strip().startswith(
        _PREFIX
    ):
        raise BadWebhookSecret(
            f"环境变量 {name} 应存放 whsec_ 加 24 至 64 字节的 base64"
            f" / the environment variable {name} holds whsec_ and 24 to 64 bytes in"
            " base64"
        )
    return secret


def sign(
    secrets: Sequence[bytes], message: str, at: datetime, body: bytes
) -> Mapping[str, str]:
    """Make the headers of a message.

    Args:
        secrets: Those in force, the newest last.
        message: Id of the message: the same however often it is sent.
        at: When it is sent.
        body: What is sent.
    """
    stamp = str(int(at.timestamp()))
    signed = f"{message}.{stamp}.".encode() + body
    signatures = [
        base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode()
        for secret in secrets
    ]
    return {
        "webhook-id": message,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(f"v1,{one}" for one in signatures),
    }
