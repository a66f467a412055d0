"""Value: a union organisation, in one period of its life (RULEBOOK §2)."""

from __future__ import annotations

from datetime import date

import msgspec

from schema.records.keys import ProvinceCode
from schema.records.membership import OrganisationKind


class Organisation(msgspec.Struct, frozen=True, kw_only=True):
    """A union, with one parent in one place. What changes begins a new period.

    Attributes:
        code: Its name in every system: the unified social credit code (GB 32100), or
            the code of an office.
        name: Its name in words.
        province: The province whose register has its members.
        division: Where its seat is (GB/T 2260), valid in the period.
        kind: What kind of organisation it is.
        parent: Code of the one above it; none for the top of a province.
        valid_from: First day of the period.
        valid_to: Last day of it; none while it lasts.
        planned_end: Of a project union: the day on which it is to close.
        landing: Where its members land when it closes: code of a union.
    """

    code: str
    name: str
    province: ProvinceCode
    division: str
    kind: OrganisationKind
    parent: str | None
    valid_from: date
    valid_to: date | None = None
    planned_end: date | None = None
    landing: str | None = None

    def stands(self, on: date) -> bool:
        """Tell whether a day lies in the period."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)
