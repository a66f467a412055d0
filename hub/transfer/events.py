"""Value: what can happen to a transfer: the events of its journal.

An event is written once and never changed: a changed form is a new struct beside
the old one, which goes on being read.
"""

from __future__ import annotations

from datetime import date

import msgspec

from schema.records.command import Act
from schema.records.keys import ProvinceCode, WorkerId
from schema.records.transfer import Basis


class _Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="event"):
    """Whatever happened."""


class Opened(_Event, tag="opened.1", frozen=True, kw_only=True):
    """A transfer was opened.

    Attributes:
        worker: Who moves.
        basis: By what it was opened.
        membership_no: Number of the membership card.
        from_union: The old union, and its province.
        from_local_id: The worker's name there.
        to_union: The new union, and its province; of a closure, the union of
            residence.
        to_local_id: The worker's name there, if one is known.
        fallback_union: Where the member lands when a limit passes (the union of
            residence; 2000 rules art. 6), and its province; the old union itself
            where none is known: the member then stays there.
        office: Who opened it.
        credential: Id of the credential that was redeemed, if any.
        batch: The batch that it belongs to, if any.
    """

    worker: WorkerId
    basis: Basis
    membership_no: str
    from_union: str
    from_province: ProvinceCode
    from_local_id: str
    to_union: str
    to_province: ProvinceCode
    to_local_id: str | None
    fallback_union: str
    fallback_province: ProvinceCode
    fallback_local_id: str | None
    office: str
    credential: str = ""
    batch: str = ""


class Accepted(_Event, tag="accepted.1", frozen=True, kw_only=True):
    """The new union accepts.

    Attributes:
        office: Who.
        local_id: The worker's name in its register, if it gave one.
    """

    office: str
    local_id: str | None = None


class Rejected(_Event, tag="rejected.1", frozen=True, kw_only=True):
    """The new union says no.

    Attributes:
        office: Who.
        reason: Why, as a code.
    """

    office: str
    reason: str


class Withdrawn(_Event, tag="withdrawn.1", frozen=True, kw_only=True):
    """Who opened it takes it back.

    Attributes:
        office: Who.
        reason: Why, as a code.
    """

    office: str
    reason: str


class Done(_Event, tag="done.1", frozen=True, kw_only=True):
    """A register did what was asked.

    Attributes:
        act: What.
        province: Whose register.
        entry: Number of the entry.
        local_id: The worker's name there, if it was given anew.
        joined_on: When the worker first joined, as that register has it.
    """

    act: Act
    province: ProvinceCode
    entry: str = ""
    local_id: str | None = None
    joined_on: date | None = None


class Refused(_Event, tag="refused.1", frozen=True, kw_only=True):
    """A register said no.

    Attributes:
        act: To what.
        province: Whose register.
        code: Its reason, as a code.
    """

    act: Act
    province: ProvinceCode
    code: str


class LimitPassed(_Event, tag="limit.1", frozen=True, kw_only=True):
    """Nothing happened for too long.

    Attributes:
        since: ``seq`` of the event that began the wait: a limit of a wait that is
            over does nothing.
        keeps_in: The new register is known to take no IN entry back (a contract before
            1.2), so it is not asked to.
    """

    since: int
    keeps_in: bool = False


Event = Opened | Accepted | Rejected | Withdrawn | Done | Refused | LimitPassed

#: The acts of people; everything else is told by registers and clocks.
ActOfPeople = Accepted | Rejected | Withdrawn
