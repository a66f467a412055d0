"""Value: what the caller is to a worker, what the policy says, what is written down."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from schema.records.keys import ProvinceCode
from schema.records.selection import Selection


class Relation(StrEnum):
    """What the caller is to the worker, as far as it is known before asking."""

    #: The caller's own province has a link to the worker.
    LINKED = "LINKED"
    #: No link, but the caller holds the resident ID number: the worker, or a
    #: paper that the worker gave, is at hand.
    NUMBER_PRESENTED = "NUMBER_PRESENTED"
    #: The caller is the worker.
    SELF = "SELF"
    #: None of these.
    NONE = "NONE"


class Permit(msgspec.Struct, frozen=True):
    """The policy says yes; ``rule`` is the id of the policy that did."""

    rule: str


class Deny(msgspec.Struct, frozen=True):
    """The policy says no; ``rule`` is the policy's id or ``default-deny``."""

    rule: str


class Disclosure(msgspec.Struct, frozen=True):
    """One showing of data, written to the audit trail before it is shown.

    Attributes:
        worker: Whose file; empty where a look-up found nobody.
        subject: Who asked, as the token names them.
        office: For which office.
        province: In which province.
        purpose: Why.
        relation: What they were to the worker.
        selection: What was shown: the fields that were asked for and permitted.
        withheld: How many fields were withheld.
        asked: Which provinces were asked.
        answered: Which answered.
        request: Id of the request.
        outcome: ``shown``, ``not-found`` or ``refused``.
        rule: The rule that refused, if one did.
    """

    worker: str
    subject: str
    office: str
    province: str
    purpose: str
    relation: Relation
    selection: Selection
    withheld: int
    asked: tuple[ProvinceCode, ...]
    answered: tuple[ProvinceCode, ...]
    request: str
    outcome: str
    rule: str = ""


class Alarm(msgspec.Struct, frozen=True):
    """Somebody's look-ups by number look like guessing; it holds no number.

    Attributes:
        whose: ``subject`` or ``office``: whose misses are too many.
        subject: Who asked last, as the token names them.
        office: For which office.
        province: In which province.
        misses: How many look-ups found nobody.
        limit: How many may.
        window: Over so many seconds.
        request: Id of the request that was one too many.
    """

    whose: str
    subject: str
    office: str
    province: str
    misses: int
    limit: int
    window: int
    request: str
