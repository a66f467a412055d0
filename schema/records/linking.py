"""Value: what a province states about who a local key is, and what came of it."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from schema.records.refusal import Refusal


class LinkEnd(StrEnum):
    """What came of one statement."""

    CREATED = "CREATED"
    UNCHANGED = "UNCHANGED"
    UPDATED = "UPDATED"
    ENDED = "ENDED"
    #: It contradicts a link that stands; people must decide (RULEBOOK §2).
    CONFLICT = "CONFLICT"
    #: It cannot be used as it is.
    REFUSED = "REFUSED"


class LinkClaim(msgspec.Struct, frozen=True):
    """One statement, as it came in; nothing in it is checked yet.

    Attributes:
        resident_id: The worker's resident ID number. Never shown, never kept.
        province: Two-digit code of the province.
        local_key: The worker's name there.
        kinds: Which kinds of rows the province keeps of the worker.
        valid_from: First day of validity, ISO date.
        valid_to: Last day; none while it holds.
    """

    resident_id: str
    province: str
    local_key: str
    kinds: tuple[str, ...]
    valid_from: str
    valid_to: str | None = None

    def __repr__(self) -> str:
        """Hide the number: reprs reach logs."""
        return f"LinkClaim(province={self.province!r}, local_key={self.local_key!r})"


class LinkOutcome(msgspec.Struct, frozen=True):
    """What came of one statement.

    Attributes:
        index: Its place among those that were sent, from 0.
        end: What came of it.
        refusal: Why, if it is a conflict or was refused.
    """

    index: int
    end: LinkEnd
    refusal: Refusal | None = None
