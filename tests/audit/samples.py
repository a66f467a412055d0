"""Disclosures and drafts to test with; the people in them are made up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hub.audit.chain import Draft
from hub.audit.entries import draft_of
from schema.records.keys import ProvinceCode
from schema.records.kinds import RecordKind
from schema.records.selection import Selection
from schema.records.verdict import Disclosure, Relation

AT = datetime(2026, 3, 1, 8, 30, 0, 123456, tzinfo=UTC)
WORKER = "6f2d1c3e-0000-4000-8000-000000000001"


def disclosure(number: int = 0, **changes: object) -> Disclosure:
    values: dict[str, object] = {
        "worker": WORKER,
        "subject": f"officer-{number}",
        "office": "81440300MC1234567A",
        "province": "44",
        "purpose": "MEMBERSHIP_SERVICE",
        "relation": Relation.LINKED,
        "selection": Selection.of(
            {RecordKind.MEMBERSHIP: ["state", "since"], RecordKind.WORKER: ["name"]}
        ),
        "withheld": 1,
        "asked": (ProvinceCode("44"), ProvinceCode("51")),
        "answered": (ProvinceCode("44"),),
        "request": f"r{number}",
        "outcome": "shown",
    }
    return Disclosure(**{**values, **changes})


def draft(number: int = 0, **changes: object) -> Draft:
    return draft_of(disclosure(number, **changes), AT + timedelta(seconds=number))
