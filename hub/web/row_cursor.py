"""Decider: cursors of lists whose items are numbered; as text that says nothing."""

from __future__ import annotations

import base64
import binascii
from typing import Final

_MARK: Final = b"r1"
_WIDTH: Final = 4
_LONGEST: Final = 16


def write_row(row: int) -> str:
    """Write the cursor of a row."""
    packed = _MARK + row.to_bytes(_WIDTH, "big")
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def read_row(text: str) -> int | None:
    """Read a cursor that a caller sent; none if it is none of ours."""
    if len(text) > _LONGEST:
        return None
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        packed = base64.b64decode(padded, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    mark, number = packed[: len(_MARK)], packed[len(_MARK) :]
    if mark != _MARK or len(number) != _WIDTH or number[0] >= 0x80:  # noqa: PLR2004  # integer's sign
        return None
    return int.from_bytes(number, "big")
