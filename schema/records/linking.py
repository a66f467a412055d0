"""Value: what somebody states about a link, and what became of it."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from schema.records.keys import WorkerId
from schema.records.refusal import Refusal


class LinkRow(msgspec.Struct, frozen=True):
    """One statement as it was written: every field is yet to be checked.

    Attributes:
        resident_id: The worker's resident ID number, in any spelling.
        province: Code of the province, two digits.
        local_key: The worker's name in that province.
        kinds: Which kinds of rows the province keeps of the worker.
        valid_from: First day, ``YYYY-MM-DD``.
        valid_to: Last day, ``YYYY-MM-DD``; none (or empty) while it holds.
    """

    resident_id: str
    province: str
    local_key: str
    kinds: tuple[str, ...]
    valid_from: str
    valid_to: str | None = None

    def __repr__(self) -> str:
        """Hide all: reprs reach logs, and a number may stand in any column."""
        return "LinkRow(…)"


class Outcome(StrEnum):
    """What became of a statement."""

    CREATED = "CREATED"
    #: The same statement stands already.
    UNCHANGED = "UNCHANGED"
    UPDATED = "UPDATED"
    #: A last day was put to a link that had none.
    ENDED = "ENDED"
    #: Another link stands against it; a person must decide.
    CONFLICT = "CONFLICT"
    #: The statement cannot be used.
    REFUSED = "REFUSED"


class LinkResult(msgspec.Struct, frozen=True):
    """What became of one row.

    Attributes:
        row: Its place among the rows that were given, from 0.
        outcome: What became of it.
        refusal: Why not, and how to mend it; for CONFLICT and REFUSED only.
        worker: The hub's name of the person; none if refused.
    """

    row: int
    outcome: Outcome
    refusal: Refusal | None = None
    worker: WorkerId | None = None
