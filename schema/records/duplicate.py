"""Value: a question whether one worker has two memberships (RULEBOOK §2).

It is asked and answered by people, with notice, a term and reasons; nothing follows
from it by itself, and what followed can be undone.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import msgspec

from schema.records.keys import ProvinceCode, WorkerId


class DuplicateState(StrEnum):
    """How far a question is."""

    #: Both unions have notice; the worker and they may answer.
    OPEN = "OPEN"
    #: One membership goes on, the other ends by a transfer of basis ``DUPLICATE``.
    RESOLVED = "RESOLVED"
    #: They are two persons, or both memberships are right.
    DISMISSED = "DISMISSED"
    #: It was resolved, and that was undone.
    UNDONE = "UNDONE"


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One of the two memberships.

    Attributes:
        union: Where it is.
        province: Its province.
        local_id: The worker's name there.
        membership_no: Number of the membership card there.
    """

    union: str
    province: ProvinceCode
    local_id: str
    membership_no: str


class DuplicateReply(msgspec.Struct, frozen=True, kw_only=True):
    """What the worker says; people decide, and nothing follows from it by itself.

    Attributes:
        same_worker: Whether both memberships are theirs.
        wished: The union where they wish to stay a member, if they say.
        reason: In their own words.
        at: When.
    """

    same_worker: bool
    wished: str | None
    reason: str
    at: datetime


class DuplicateQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """A possible duplicate membership.

    Attributes:
        id: The hub's name of it.
        worker: Whose memberships they seem to be.
        first: One membership.
        second: The other.
        reason: Why it was asked, in the words of who asked; no personal data.
        office: Who asked.
        asked_at: When.
        answer_by: The last day of the term: it is not resolved before that is over.
        rule: Id of the rule that set the term.
        state: How far it is.
        kept: The union whose membership goes on, once it is resolved.
        transfer: The transfer that ends the other, once it is resolved.
        decided_by: Which office resolved, dismissed or undid it last.
        decided_at: When.
        because: Its reason.
        reply: What the worker said last, while the question was open.
        heard: Marks of the last answers that were taken, by their idempotency keys: one
            that comes again, however late, overwrites nothing that was said since.
    """

    id: str
    worker: WorkerId
    first: Found
    second: Found
    reason: str
    office: str
    asked_at: datetime
    answer_by: date
    rule: str
    state: DuplicateState = DuplicateState.OPEN
    kept: str | None = None
    transfer: str | None = None
    decided_by: str = ""
    decided_at: datetime | None = None
    because: str = ""
    reply: DuplicateReply | None = None
    heard: tuple[str, ...] = ()
