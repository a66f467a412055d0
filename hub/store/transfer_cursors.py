"""Value: a place in a list that is ordered by a moment and an id, as callers see it."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime, timedelta
from typing import Final

_MARK: Final = b"t1"
_WIDTH: Final = 8
_LONGEST: Final = 256
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)

#: Before whatever can be in a list.
BEFORE_ALL: Final = (_EPOCH, "")


def write_place(at: datetime, id_: str) -> str:
    """Write a place as text that says nothing."""
    micros = (at - _EPOCH) // _MICROSECOND
    packed = _MARK + micros.to_bytes(_WIDTH, "big") + id_.encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def read_place(text: str) -> tuple[datetime, str] | None:
    """Read a place that a caller sent; none if it is none of ours."""
    if len(text) > _LONGEST:
        return None
    try:
        packed = base64.b64decode(
            text.encode("ascii") + b"=" * (-len(text) % 4),
            altchars=b"-_",
            validate=True,
        )
        mark, rest = packed[: len(_MARK)], packed[len(_MARK) :]
        micros = int.from_bytes(rest[:_WIDTH], "big")
        at = _EPOCH + micros * _MICROSECOND
        id_ = rest[_WIDTH:].decode()
    except (binascii.Error, ValueError, OverflowError):
        return None
    return (at, id_) if mark == _MARK and id_ and id_.isprintable() else None
