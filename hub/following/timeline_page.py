"""Decider: a page of a timeline, by keys that stay good while lines come in."""

from __future__ import annotations

import base64
import binascii
from datetime import date
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from schema.records.case_seen import SeenTimeline, TimelineLine

#: So many gaps, and so many contradictions, are named: people ask the province then.
_MOST_NAMED: Final = 100
_LONGEST: Final = 128
_BETWEEN: Final = "|"

#: Day; the hub's lines before those of provinces; province; number.
Key = tuple[date, int, str, int]


def key_of(line: TimelineLine) -> Key:
    """Tell where a line stands: of one day, the hub's come first, as written down."""
    if line.milestone is not None:
        return line.on, 0, "", line.milestone.seq
    province = line.change.province if line.change is not None else ""
    return line.on, 1, province, line.seq


def page_of(whole: SeenTimeline, first: int, after: Key | None) -> SeenTimeline:
    """Cut a page out of a timeline.

    Args:
        whole: All of it, in its order.
        first: So many lines at the most.
        after: The line after which it goes on; the page begins it all if none.
    """
    rest = [one for one in whole.lines if after is None or key_of(one) > after]
    return msgspec.structs.replace(
        whole,
        lines=tuple(rest[:first]),
        gaps=whole.gaps[:_MOST_NAMED],
        contradictions=whole.contradictions[:_MOST_NAMED],
        more=len(rest) > first,
        resumed=after is not None,
        cursors=tuple(write_key(key_of(one)) for one in rest[:first]),
    )


def write_key(key: Key) -> str:
    """Write a cursor."""
    text = _BETWEEN.join(map(str, key))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_key(text: str) -> Key | None:
    """Read a cursor that a caller sent; none if it is none of ours."""
    if len(text) > _LONGEST:
        return None
    try:
        packed = base64.b64decode(
            text.encode("ascii") + b"=" * (-len(text) % 4),
            altchars=b"-_",
            validate=True,
        )
        day, kind, province, seq = packed.decode().split(_BETWEEN)
        return date.fromisoformat(day), int(kind), province, int(seq)
    except (binascii.Error, ValueError):
        return None
