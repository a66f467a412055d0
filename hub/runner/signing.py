"""Decider: the signature of a webhook (Standard Webhooks 1.0).

``webhook-signature: v1,<base64 of HMAC-SHA256 over id.timestamp.body>``, one for each
secret that is in force, with a space in between. Whoever receives it compares one of
them, and refuses timestamps that are more than minutes off.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime


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
