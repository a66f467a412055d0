"""Decider: which unions close soon, and which does a file close.

A union that closes leaves its members to whoever is above it: somebody has to send the
batch that lets them land (basis ``CLOSURE``), best before that day.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec

from hub.organisation.organisation import Organisation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import timedelta


class Ending(msgspec.Struct, frozen=True):
    """A union that is to close.

    Attributes:
        on: The day, as planned; its last one, where that is set.
        organisation: The union, as it stands.
    """

    on: date
    organisation: Organisation


def ending(
    rows: Iterable[Organisation], today: date, within: timedelta
) -> Sequence[Ending]:
    """List unions that close within some time, the soonest first.

    What was planned for a day that is past is listed, too: the union stands yet. One
    that has closed is not.

    Args:
        rows: Every period of every organisation.
        today: The day, in China.
        within: How far to look ahead.
    """
    rows = list(rows)
    gone = closed(rows)
    until = today + within
    found = []
    for row in rows:
        last = row.valid_to if row.code in gone else None
        on = last or row.planned_end
        if row.stands(today) and on is not None and on <= until:
            found.append(Ending(on, row))
    return sorted(found, key=lambda one: (one.on, one.organisation.code))


def closed(rows: Iterable[Organisation]) -> frozenset[str]:
    """Name the unions whose last period has a last day."""
    last: dict[str, Organisation] = {}
    for row in rows:
        known = last.get(row.code)
        if known is None or known.valid_from < row.valid_from:
            last[row.code] = row
    return frozenset(code for code, row in last.items() if row.valid_to is not None)
