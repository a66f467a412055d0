"""Value: a statement about a link that was checked, free of the number."""

from __future__ import annotations

from datetime import date

import msgspec

from schema.records.keys import ProvinceCode, WorkerKey
from schema.records.linking import LinkResult, LinkRow, Outcome

__all__ = ["LinkResult", "LinkRow", "Outcome", "Statement"]


class Statement(msgspec.Struct, frozen=True):
    """A row that was checked; the resident ID number is gone.

    Attributes:
        row: Its place among the rows that were given.
        version: The key version that its pseudonym is stored under.
        keys: The pseudonym under each live version, the stored one first.
        province: Which province.
        local_key: The worker's name there.
        kinds: Which kinds it keeps, sorted.
        valid_from: First day.
        valid_to: Last day; none while it holds.
    """

    row: int
    version: int
    keys: tuple[WorkerKey, ...]
    province: ProvinceCode
    local_key: str
    kinds: tuple[str, ...]
    valid_from: date
    valid_to: date | None
