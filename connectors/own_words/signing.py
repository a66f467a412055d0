"""Decider (pure): the signature of a request, and what is signed.

HMAC-SHA256 over six lines: method, host, path with query, moment (seconds since
1970), nonce, and the SHA-256 of the body in hexadecimal. The moment and the nonce
let a province refuse what is old or comes twice.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connectors.transport import Exchange


def signature_headers(
    exchange: Exchange, key_id: str, secret: bytes, moment: int, nonce: str
) -> Mapping[str, str]:
    """Make the headers that sign a request.

    Args:
        exchange: What is sent, its address complete.
        key_id: Which key signs.
        secret: The key.
        moment: Seconds since 1970.
        nonce: Never used before.
    """
    told = signed_text(
        exchange.method, exchange.address, moment, nonce, exchange.body or b""
    )
    return {
        "X-Signature-Key": key_id,
        "X-Signature-Time": str(moment),
        "X-Signature-Nonce": nonce,
        "X-Signature": hmac.new(secret, told, hashlib.sha256).hexdigest(),
    }


def signed_text(
    method: str, address: str, moment: int, nonce: str, body: bytes
) -> bytes:
    """Write what is signed."""
    parts = urlsplit(address)
    query = f"?{parts.query}" if parts.query else ""
    lines = (
        method,
        parts.netloc,
        f"{parts.path}{query}",
        str(moment),
        nonce,
        hashlib.sha256(body).hexdigest(),
    )
    return "\n".join(lines).encode()
