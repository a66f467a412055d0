"""Value: what the hub asks a province's register to do, and what it answered."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import msgspec

from schema.records.keys import ProvinceCode


class Act(StrEnum):
    """An act in a province's register of members (进出登记; 2016 art. 3)."""

    #: Write the OUT entry (出登记): the member is on the way, and still at home here.
    REGISTER_OUT = "REGISTER_OUT"
    #: Take the OUT entry back: the membership goes on here as before. It bars a
    #: ``REGISTER_OUT`` of the same transfer that arrives later.
    CANCEL_OUT = "CANCEL_OUT"
    #: Write the IN entry (进登记): from now on the member is at home here.
    REGISTER_IN = "REGISTER_IN"
    #: Take the IN entry back, if there is one: the worker is no member here by this
    #: transfer. It bars a ``REGISTER_IN`` of the same transfer that arrives later.
    CANCEL_IN = "CANCEL_IN"
    #: Pair the OUT entry with the IN entry of the other register: the membership
    #: here is over, it goes on there.
    COMPLETE_OUT = "COMPLETE_OUT"


#: What a province may not refuse: it undoes or ends what it took upon itself.
UNREFUSABLE = frozenset({Act.CANCEL_OUT, Act.CANCEL_IN, Act.COMPLETE_OUT})


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """One business act. Asked again under the same key, it is the same act.

    Attributes:
        key: Idempotency key, ``<transfer>:<ACT>``; one per business act, for ever.
        act: What to do.
        transfer: The hub's id of the transfer.
        province: Whose register.
        local_id: The worker's name there; none where the province is to give one.
        membership_no: Number of the membership card.
        union: Unified social credit code of the union in this register.
        counterpart_union: The union at the other end.
        counterpart_province: Its province.
        on: The day of the entry, in China.
        joined_on: When the worker first joined any union (一次入会): it counts for
            waiting periods in the new province (RULEBOOK §8). For ``REGISTER_IN``.
        landing: The member lands here because a limit passed or the union closed:
            ``LANDED_FALLBACK`` instead of ``ACTIVE``. For ``REGISTER_IN``.
        reason: Why, as a code. For ``CANCEL_OUT`` and ``CANCEL_IN``.
    """

    key: str
    act: Act
    transfer: str
    province: ProvinceCode
    local_id: str | None
    membership_no: str
    union: str
    counterpart_union: str
    counterpart_province: ProvinceCode
    on: date
    joined_on: date | None = None
    landing: bool = False
    reason: str = ""


class Answered(StrEnum):
    """How a command ended."""

    #: It stands in the register.
    DONE = "DONE"
    #: A rule of the province says no; nothing was written.
    REFUSED = "REFUSED"
    #: Taken, and yet to be done; ask again with the same key.
    PENDING = "PENDING"


class RefusalCode(StrEnum):
    """Why a register says no: a closed list, so that every reason can be explained."""

    #: The register knows no such worker.
    UNKNOWN_WORKER = "UNKNOWN_WORKER"
    #: The worker holds no membership of this number here.
    NOT_A_MEMBER = "NOT_A_MEMBER"
    #: The membership stands at another union of this province.
    OTHER_UNION = "OTHER_UNION"
    #: The membership does not stand: applied for, withdrawn, expelled, moved on.
    NOT_ACTIVE = "NOT_ACTIVE"
    #: It is on the way already, by another OUT entry.
    ALREADY_OUT = "ALREADY_OUT"
    #: The worker is a member in this province already; two are a question for people.
    ALREADY_MEMBER = "ALREADY_MEMBER"
    #: The province has no such union.
    UNKNOWN_UNION = "UNKNOWN_UNION"
    #: The transfer was cancelled or completed before this arrived.
    BARRED = "BARRED"
    #: The key has served another act: a mistake of who asks.
    KEY_REUSED = "KEY_REUSED"
    #: Another reason.
    OTHER = "OTHER"


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What a province answered to a command; to the same key always the same.

    A command without a receipt (the line broke, the time passed) is *unknown*: it is
    asked again with the same key, for as long as it takes.

    Attributes:
        key: Of the command.
        answered: How it ended.
        entry: The province's number of the OUT or IN entry; with ``DONE``.
        local_id: The worker's name there, where the command had none.
        joined_on: When the worker first joined, as that register has it; with
            ``REGISTER_OUT``, for the IN entry.
        code: The province's reason, a ``RefusalCode``; with ``REFUSED``.
        message: The reason in words, without any personal data.
    """

    key: str
    answered: Answered
    entry: str | None = None
    local_id: str | None = None
    joined_on: date | None = None
    code: str = ""
    message: str = ""
