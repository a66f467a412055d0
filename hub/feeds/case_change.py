"""Value: what is said of a case when something happens in it: bodies of feed events.

They name no worker: who may see the case reads it, as it stands then.
"""

from __future__ import annotations

from datetime import date

import msgspec

from schema.records.case import CaseMilestone, CaseState, Held
from schema.records.case_notice import Notice
from schema.records.case_task import Seat, Task, TaskState
from schema.records.rights_case import CaseMatter


class CaseChange(msgspec.Struct, frozen=True, kw_only=True):
    """Something happened in a case, or somebody is reminded of it.

    Attributes:
        no: Number of the case.
        seq: How many events it has seen; a reminder has that of the last.
        matter: What it is about.
        state: Where it stands now.
        was: Where it stood before; none if it was opened now.
        held: The roles, after it.
        asked: Who is asked to lead, if anybody is.
        milestone: What followers see; none of a reminder, or of what only the
            province's file tells.
        told: Who is told what by it.
        due_on: The first day by which something must happen now.
    """

    no: str
    seq: int
    matter: CaseMatter
    state: CaseState
    was: CaseState | None
    held: tuple[Held, ...]
    asked: Seat | None = None
    milestone: CaseMilestone | None = None
    told: tuple[Notice, ...] = ()
    due_on: date | None = None


class TaskChange(msgspec.Struct, frozen=True, kw_only=True):
    """A task moved, or one of its limits passed.

    Attributes:
        no: Number of the case.
        seq: How many events the case has seen.
        lead: Who leads the case.
        task: The task as it stands now.
        was: Where it stood before; none if it was given now.
    """

    no: str
    seq: int
    lead: Seat
    task: Task
    was: TaskState | None


encode = msgspec.json.Encoder().encode
decode_case = msgspec.json.Decoder(CaseChange).decode
decode_task = msgspec.json.Decoder(TaskChange).decode

__all__ = ["CaseChange", "TaskChange", "decode_case", "decode_task", "encode"]
