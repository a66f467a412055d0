"""Value: events, their cursors, and how following them may end."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec

from schema.records.refusal import Bilingual, Refusal, Refused


class Topic(StrEnum):
    """What events are about; a subscriber follows one."""

    #: A province's system answers, fails, or serves something else than before.
    PROVINCE_STATUS = "province-status"
    #: A transfer of membership moves (``hub.feeds.transfer_change``).
    TRANSFER = "transfer"
    #: A question of a duplicate membership is asked, answered or undone; the body is
    #: ``schema.records.duplicate.DuplicateQuestion``.
    DUPLICATE = "duplicate"
    #: Something happens in a rights case (``hub.feeds.case_change.CaseChange``).
    CASE = "case"
    #: A co-handling task moves (``hub.feeds.case_change.TaskChange``).
    TASK = "task"


class Event(msgspec.Struct, frozen=True):
    """Something that happened, as it stands in the feed.

    Attributes:
        cursor: Its place among all events; larger is later. Some numbers are
            never used.
        topic: What it is about; a newer hub may know more than ``Topic`` lists.
        at: When it was written down.
        body: JSON, as the topic has it.
    """

    cursor: int
    topic: str
    at: datetime
    body: bytes


#: Cursors are shown as text that says nothing, so that nobody counts with them.
_MARK: Final = b"c1"
_WIDTH: Final = 8
_LONGEST: Final = 32

CURSOR_INVALID: Final = Refusal(
    "CURSOR_INVALID",
    "feeds.after",
    Bilingual(
        "参数 after 不是本枢纽给出的游标。",
        "after is no cursor that this hub gave out.",
    ),
    Bilingual(
        "请原样使用上一个事件的 cursor，或省略 after。",
        "Use the cursor of the last event as it was, or leave after out.",
    ),
)
CURSOR_EXPIRED: Final = Refusal(
    "CURSOR_EXPIRED",
    "feeds.retention",
    Bilingual(
        "此后的事件已部分清除，无法补发。",
        "Events after this cursor are no longer all kept, so they cannot be replayed.",
    ),
    Bilingual(
        "请省略 after 重新订阅：先得到现状，再得到变化。",
        "Subscribe again without after: you get what is now, and then the changes.",
    ),
)
SLOW_SUBSCRIBER: Final = Refusal(
    "SLOW_SUBSCRIBER",
    "feeds.waiting",
    Bilingual(
        "接收太慢，积压的事件过多，订阅已中断。",
        "Events were taken too slowly, and too many were waiting: cut off.",
    ),
    Bilingual(
        "请以最后收到的 cursor 作为 after 重新订阅，并加快接收。",
        "Subscribe again with the last cursor you got as after, and read faster.",
    ),
)


class CursorExpired(Refused):
    """What came after a cursor is no longer kept whole."""

    def __init__(self) -> None:
        super().__init__(CURSOR_EXPIRED)


class SlowSubscriber(Refused):
    """More events were waiting for a subscriber than may wait."""

    def __init__(self) -> None:
        super().__init__(SLOW_SUBSCRIBER)


def write_cursor(cursor: int) -> str:
    """Write a cursor as callers see it."""
    packed = _MARK + cursor.to_bytes(_WIDTH, "big")
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def read_cursor(text: str) -> int:
    """Read a cursor that a caller sent.

    Raises:
        Refused: It is none of ours.
    """
    if len(text) <= _LONGEST:
        try:
            packed = base64.b64decode(
                text.encode("ascii") + b"=" * (-len(text) % 4),
                altchars=b"-_",
                validate=True,
            )
        except (binascii.Error, ValueError):
            packed = b""
        mark, number = packed[: len(_MARK)], packed[len(_MARK) :]
        if mark == _MARK and len(number) == _WIDTH and number[0] < 0x80:  # noqa: PLR2004  # bigint's sign
            return int.from_bytes(number, "big")
    raise Refused(CURSOR_INVALID)
