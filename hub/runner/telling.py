"""Decider: an event of a feed → what an endpoint is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from hub.feeds.events import Topic, write_cursor
from hub.feeds.transfer_change import decode as decode_change
from schema.records.duplicate import DuplicateQuestion
from schema.records.showing import Shown

if TYPE_CHECKING:
    from datetime import datetime

    from hub.feeds.events import Event

_encode = msgspec.json.Encoder().encode
_decode_question = msgspec.json.Decoder(DuplicateQuestion).decode


class Told(msgspec.Struct, frozen=True):
    """What an event is for an endpoint.

    Attributes:
        kind: ``transfer.opened``, ``transfer.moved``, ``transfer.reminder``,
            ``duplicate.changed``, ``case.opened``, ``case.changed``,
            ``case.reminder``, ``task.given``, ``task.moved``, or ``events.lost``.
        unions: Whom it concerns; of cases it is asked otherwise.
        data: The body.
        shown: What it shows …
        worker: … of whom …
        about: … by its id.
    """

    kind: str
    unions: frozenset[str]
    data: Any
    shown: Shown
    worker: str
    about: str


def told(event: Event) -> Told:
    """Read an event of the feed."""
    if event.topic == Topic.DUPLICATE:
        question = _decode_question(event.body)
        unions = {question.first.union, question.second.union}
        return Told(
            "duplicate.changed",
            frozenset(unions),
            {"question": question},
            *(Shown.DUPLICATE, question.worker, question.id),
        )
    change = decode_change(event.body)
    transfer = change.transfer
    kind = "opened" if change.was is None else "moved"
    return Told(
        f"transfer.{'reminder' if change.reminder else kind}",
        frozenset({transfer.from_union, transfer.to_union, *change.parties}),
        {"transfer": transfer, "was": change.was, "seq": change.seq},
        *(Shown.EVENT, transfer.worker, transfer.id),
    )


def message(kind: str, at: datetime, cursor: int, data: Any) -> bytes:
    """Write the body of a webhook: always the same for the same event."""
    return _encode(
        {
            "type": kind,
            "timestamp": at,
            "data": {"cursor": write_cursor(cursor), **data},
        }
    )
