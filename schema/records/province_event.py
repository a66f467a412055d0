"""Value: a province began to answer, failed, or serves something else than before."""

from __future__ import annotations

from datetime import datetime

import msgspec

from schema.records.province import ProvinceState, ProvinceStatus


class ProvinceEvent(msgspec.Struct, frozen=True):
    """A change of a province, as subscribers see it.

    Attributes:
        cursor: The event's place in the feed; to be given back to resume.
        at: When it was written down.
        province: How the province did then.
        was: Its state before; none if nobody had said.
        state: Its state since.
        seen_by: The hub process that saw it; the name is made up at its start.
    """

    cursor: str
    at: datetime
    province: ProvinceStatus
    was: ProvinceState | None
    state: ProvinceState
    seen_by: str
