"""Value: a transfer of membership between two unions, as the hub keeps it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import msgspec

from schema.records.keys import ProvinceCode, WorkerId


class TransferState(StrEnum):
    """Where a transfer stands (RULEBOOK §2). The home is told with each state."""

    #: The old register is asked for the OUT entry. Home: the old union.
    OUT_PENDING = "OUT_PENDING"
    #: OUT stands; the new union is asked to accept. Home: the old union.
    IN_TRANSIT = "IN_TRANSIT"
    #: Accepted; the new register is asked for the IN entry. Home: the old union.
    IN_PENDING = "IN_PENDING"
    #: A limit passed or the union closed: the register of the union of residence is
    #: asked for the IN entry. Home: the old union.
    LANDING = "LANDING"
    #: The register that was to write the IN entry has been silent for too long: it is
    #: asked to take back whatever it wrote. Home: the old union.
    IN_CANCELLING = "IN_CANCELLING"
    #: IN stands: the home is the new union. The old register pairs its OUT entry.
    CLOSING = "CLOSING"
    #: It will not be; the old register takes its OUT entry back. Home: the old union.
    RETURNING = "RETURNING"
    #: Ended: at home at the new union.
    COMPLETED = "COMPLETED"
    #: Ended: at home at the union of residence.
    LANDED = "LANDED"
    #: Ended: the new union said no; at home at the old union.
    REJECTED = "REJECTED"
    #: Ended: taken back by who opened it; at home at the old union.
    WITHDRAWN = "WITHDRAWN"
    #: Ended: a register said no; at home at the old union.
    REFUSED = "REFUSED"
    #: Ended: a limit passed, and nobody could take the member in; at home at the
    #: old union.
    EXPIRED = "EXPIRED"


ENDED = frozenset(
    {
        TransferState.COMPLETED,
        TransferState.LANDED,
        TransferState.REJECTED,
        TransferState.WITHDRAWN,
        TransferState.REFUSED,
        TransferState.EXPIRED,
    }
)


class Basis(StrEnum):
    """By what a transfer was opened."""

    #: The worker's new union, with the credential (凭证接转). Its acceptance is in it.
    REQUEST = "REQUEST"
    #: The old union offers, the new one is to accept (2000 rules art. 4).
    OFFER = "OFFER"
    #: The union closes: the member lands at the union of residence (003).
    CLOSURE = "CLOSURE"
    #: A duplicate membership, found and resolved by people: the one at the old
    #: union ends, the one at the new union stands already (000 三(一)).
    DUPLICATE = "DUPLICATE"


class Step(StrEnum):
    """What happened in a transfer: the events of its journal."""

    OPENED = "OPENED"
    OUT_REGISTERED = "OUT_REGISTERED"
    OUT_REFUSED = "OUT_REFUSED"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"
    IN_REGISTERED = "IN_REGISTERED"
    IN_REFUSED = "IN_REFUSED"
    IN_CANCELLED = "IN_CANCELLED"
    OUT_CANCELLED = "OUT_CANCELLED"
    OUT_COMPLETED = "OUT_COMPLETED"
    LIMIT_PASSED = "LIMIT_PASSED"


class Milestone(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a transfer's timeline.

    Attributes:
        seq: Its place, from 1.
        at: When the hub wrote it down.
        step: What happened.
        state: Where the transfer stood after it.
        home: The union that was the home after it.
        office: Who did it, if an office did.
        province: Whose register answered, if one did.
        entry: Number of the OUT or IN entry, if one was written.
        reason: Why, as a code or in the words of who decided; no personal data.
    """

    seq: int
    at: datetime
    step: Step
    state: TransferState
    home: str
    office: str = ""
    province: ProvinceCode | None = None
    entry: str = ""
    reason: str = ""


class Transfer(msgspec.Struct, frozen=True, kw_only=True):
    """A transfer, as it stands.

    Attributes:
        id: The hub's name of it.
        worker: The hub's name of the worker.
        basis: By what it was opened.
        state: Where it stands.
        home: The union that is the home now: exactly one, always (RULEBOOK §2 (i)).
        home_province: Its province.
        home_confirmed: A register has confirmed it, by the OUT entry. Until then it is
            what whoever opened the transfer said; where that register refused, nobody
            is known to have been at home there.
        owner: The union that has to act, or whose register is asked; the home when
            it is ended (RULEBOOK §2 (iii)).
        membership_no: Number of the membership card.
        from_union: The old union.
        from_province: Its province.
        to_union: The new union; of a landing, the union of residence.
        to_province: Its province.
        opened_at: When it was opened.
        changed_at: When it last moved.
        respond_by: The day by which the owner ought to have acted, if it waits.
        due_on: The day on which the limit passes, if it waits.
        rule: Id of the rule that set both days.
        overdue: A register does not answer, and people must look. Where the transfer
            has ended, it has so for the hub, and a register is still to be told: the
            command waits for it.
        batch: The batch that it belongs to, if any.
        ended_at: When it ended, if it did.
    """

    id: str
    worker: WorkerId
    basis: Basis
    state: TransferState
    home: str
    home_province: ProvinceCode
    home_confirmed: bool = False
    owner: str
    membership_no: str
    from_union: str
    from_province: ProvinceCode
    to_union: str
    to_province: ProvinceCode
    opened_at: datetime
    changed_at: datetime
    respond_by: date | None = None
    due_on: date | None = None
    rule: str = ""
    overdue: bool = False
    batch: str | None = None
    ended_at: datetime | None = None
