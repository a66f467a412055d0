"""Value: what an office and the unions below it have to do, counted on a day."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import msgspec


class DigestPart(StrEnum):
    """What is counted."""

    #: Cases in which something must happen on the day.
    DUE_TODAY = "DUE_TODAY"
    #: The same in the six days after it.
    DUE_THIS_WEEK = "DUE_THIS_WEEK"
    #: Cases in which a limit has passed, and what it waited for was not done.
    MISSED = "MISSED"
    #: Cases which a union is asked to lead, or to take over.
    ASKED_TO_LEAD = "ASKED_TO_LEAD"
    #: Cases that began the day before, or on the day.
    NEW_CASES = "NEW_CASES"
    #: Tasks that a union was given, and a limit of which has passed.
    TASKS_OVERDUE = "TASKS_OVERDUE"
    #: Tasks that a union was given, to be acknowledged or answered on the day.
    TASKS_DUE_TODAY = "TASKS_DUE_TODAY"
    #: Members who are offered, and wait for an answer.
    OFFERS_WAITING = "OFFERS_WAITING"
    #: Members who landed the day before, or on the day (2000 rules art. 6).
    MEMBERS_LANDED = "MEMBERS_LANDED"


class DigestItem(msgspec.Struct, frozen=True, kw_only=True):
    """One of those that are counted; by its name, whoever may see it can read it.

    Attributes:
        id: Number of the case, or id of the transfer.
        union: The union that it is for.
        due_on: By when, if there is such a day.
        task: Number of the task in the case; empty if it is none.
    """

    id: str
    union: str
    due_on: date | None = None
    task: str = ""


class DigestCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many there are, and the first of them.

    Attributes:
        part: Of what.
        count: How many.
        items: The first of them, what is due first before.
    """

    part: DigestPart
    count: int
    items: tuple[DigestItem, ...]


class Digest(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to do.

    Attributes:
        office: The union, with those below it.
        on: The day, in China.
        parts: Each once, in the order of ``DigestPart``.
    """

    office: str
    on: date
    parts: tuple[DigestCount, ...]
