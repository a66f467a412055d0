"""Value: the hardship file of a household (RULEBOOK §8; 001 一户一档、一户一策)."""

from __future__ import annotations

from datetime import date

import msgspec

from schema.records.record import (
    UNSET,
    Code,
    Count,
    OpenCode,
    Record,
    Text,
    UnsetType,
    Yuan,
)


class HardshipStatus(OpenCode):
    """How a hardship file stands."""

    OPEN = "OPEN"
    LIFTED = "LIFTED"
    CLOSED = "CLOSED"
    OTHER = "OTHER"


class AidRecord(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One aid that was given, from the ledger of the file.

    Attributes:
        programme: Which programme paid it, e.g. 送温暖 or 金秋助学.
        period: For which period, as ``YYYY`` or ``YYYY-MM``: the same need and
            period must not be paid twice (RULEBOOK §8).
        amount: How much, in yuan.
        given_on: When.
        given_by: Name of the union that gave it.
    """

    programme: Text | None = None
    period: Code | None = None
    amount: Yuan | None = None
    given_on: date | None = None
    given_by: Text | None = None

    def __repr__(self) -> str:
        """Show nothing of a person's hardship."""
        return "AidRecord(…)"


class HardshipFileRecord(Record, frozen=True, kw_only=True, rename="camel"):
    """One hardship file.

    Attributes:
        household_key: Pseudonym of the household; one file per household.
        status: How the file stands.
        category: Why the household is in need, by the province's code list.
        opened_on: When it was opened.
        opened_by: Name of the union that opened it.
        closed_on: When it ended.
        income_per_head: Monthly income per head, in yuan.
        household_size: How many people.
        plan: What is planned for the household (一户一策).
        aids: What was given so far.
    """

    household_key: Code | UnsetType | None = UNSET
    status: HardshipStatus | UnsetType | None = UNSET
    category: Text | UnsetType | None = UNSET
    opened_on: date | UnsetType | None = UNSET
    opened_by: Text | UnsetType | None = UNSET
    closed_on: date | UnsetType | None = UNSET
    income_per_head: Yuan | UnsetType | None = UNSET
    household_size: Count | UnsetType | None = UNSET
    plan: Text | UnsetType | None = UNSET
    aids: tuple[AidRecord, ...] | UnsetType | None = UNSET
