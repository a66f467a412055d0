"""Value: a place in a list of cases or tasks, as callers see it.

It says in which list it is, as of which event of the feed the list is ordered, and
where in it: to the hub alone. The day that a case is due and the moment at which it was
opened are not everybody's to see, so a place is sealed: who has a cursor reads nothing
in it, and nobody makes one up to ask where a case would stand.
"""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, date, datetime, timedelta
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from schema.records.refusal import Bilingual, Refusal

_MARK: Final = b"k2"
_WIDTH: Final = 8
_LONGEST: Final = 512
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_BETWEEN: Final = "\t"

CURSOR_INVALID: Final = Refusal(
    "CURSOR_INVALID",
    "cases.after",
    Bilingual(
        "参数 after 不是本枢纽为此列表、此排序给出的游标。",
        "after is no cursor that this hub gave out for this list in this order.",
    ),
    Bilingual(
        "请原样使用同一列表上一页的游标，或省略 after 从头读取。",
        "Use a cursor of the last page of the same list as it was, or leave after out"
        " and read from the beginning.",
    ),
)
CURSOR_EXPIRED: Final = Refusal(
    "CURSOR_EXPIRED",
    "cases.retention",
    Bilingual(
        "该列表开始读取的时间过早，当时的排序已清除，无法接着读。",
        "This list was begun too long ago: the order that it had then is no longer kept,"
        " so it cannot be gone on with.",
    ),
    Bilingual(
        "请省略 after 从头读取。",
        "Leave after out, and read from the beginning.",
    ),
)


class Place(msgspec.Struct, frozen=True):
    """A place in a list.

    Attributes:
        of: Which list, and in which order; one byte.
        version: As of which event of the feed; 0 if the order never changes.
        key: What the list is ordered by: a day, or a moment.
        no: Number of the case.
        task: Number of the task; empty if it is a list of cases.
    """

    of: bytes
    version: int
    key: date | datetime
    no: str
    task: str = ""


def write_place(place: Place, seal: bytes) -> str:
    """Write a place as text that says nothing; one place is always one text.

    Args:
        place: The place.
        seal: The key of all processes of this hub, 32 bytes.
    """
    number = (
        (place.key - _EPOCH) // _MICROSECOND
        if isinstance(place.key, datetime)
        else place.key.toordinal()
    )
    packed = (
        place.version.to_bytes(_WIDTH, "big")
        + number.to_bytes(_WIDTH, "big")
        + f"{place.no}{_BETWEEN}{place.task}".encode()
    )
    sealed = AESSIV(seal).encrypt(packed, [_MARK + place.of])
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def read_place(text: str, of: bytes, seal: bytes, *, by_day: bool) -> Place | None:
    """Read a place that a caller sent; none if it is none of ours.

    Args:
        text: What was sent.
        of: In which list it must be.
        seal: The key of all processes of this hub.
        by_day: Whether that one is ordered by days.
    """
    if len(text) > _LONGEST:
        return None
    try:
        sealed = base64.b64decode(
            text.encode("ascii") + b"=" * (-len(text) % 4),
            altchars=b"-_",
            validate=True,
        )
        rest = AESSIV(seal).decrypt(sealed, [_MARK + of])
        version, number = (
            int.from_bytes(rest[at : at + _WIDTH], "big") for at in (0, _WIDTH)
        )
        key = date.fromordinal(number) if by_day else _EPOCH + number * _MICROSECOND
        no, between, task = rest[2 * _WIDTH :].decode().partition(_BETWEEN)
    except (binascii.Error, InvalidTag, ValueError, OverflowError):
        return None
    sound = no and between and (no + task).isprintable() and version < 1 << 63
    return Place(of, version, key, no, task) if sound else None
