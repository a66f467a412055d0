"""Value: what a labour union is told of a rights case."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from schema.records.case_task import Seat


class NoticeKind(StrEnum):
    """What a union is told, or asked to do."""

    #: Say yes or no to leading the case.
    ASKED_TO_LEAD = "ASKED_TO_LEAD"
    #: Take the lead from below, or leave it there (上代下).
    ASKED_TO_TAKE_OVER = "ASKED_TO_TAKE_OVER"
    ROLE_GIVEN = "ROLE_GIVEN"
    LEAD_CHANGED = "LEAD_CHANGED"
    #: Offered, and not taken: the lead stays.
    LEAD_NOT_TAKEN = "LEAD_NOT_TAKEN"
    #: Give the file to the new lead's province.
    HAND_FILE_OVER = "HAND_FILE_OVER"
    #: Whoever accepts or forwards tells the worker (RULEBOOK §6).
    TELL_WORKER = "TELL_WORKER"
    CLOCK_MISSED = "CLOCK_MISSED"
    SUB_CASE_GIVEN = "SUB_CASE_GIVEN"
    SUB_CASE_ENDED = "SUB_CASE_ENDED"
    TASK_GIVEN = "TASK_GIVEN"
    TASK_ANSWERED = "TASK_ANSWERED"
    TASK_REFUSED = "TASK_REFUSED"
    TASK_EXTENDED = "TASK_EXTENDED"
    TASK_CLOSED = "TASK_CLOSED"
    TASK_LATE = "TASK_LATE"
    #: Reminders, before a day has passed: of an answer to who leads,
    ANSWER_DUE_SOON = "ANSWER_DUE_SOON"
    #: of a task,
    TASK_DUE_SOON = "TASK_DUE_SOON"
    #: of a clock of the case.
    CLOCK_DUE_SOON = "CLOCK_DUE_SOON"
    #: So few days are left that legal aid is given first (法律援助法 44).
    AID_FIRST = "AID_FIRST"
    #: Days that had to pass have passed: an act has become possible.
    CLOCK_OPENED = "CLOCK_OPENED"
    #: Arrears of the same employers were reported elsewhere too: a collective case.
    COLLECTIVE_FOUND = "COLLECTIVE_FOUND"
    #: It is none any more: reports were taken back, or all cases have ended.
    COLLECTIVE_ENDED = "COLLECTIVE_ENDED"
    CASE_ENDED = "CASE_ENDED"


class Notice(msgspec.Struct, frozen=True):
    """A notice that the case wants; told again, it is the same one.

    Attributes:
        kind: What.
        to: To whom.
        about: What it is about; with kind and union it is unique in a case.
    """

    kind: NoticeKind
    to: Seat
    about: str

    def key(self, case_no: str) -> str:
        """Make the idempotency key; the same for ever, for each time it is told."""
        return f"{case_no}:{self.kind}:{self.to.union}:{self.about}"
