"""Value: which cases and tasks an office lists, in which order, and a page of them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import msgspec

from schema.records.case import Case, CaseState
from schema.records.case_powers import Role
from schema.records.case_task import Seat, Task, TaskKind, TaskState
from schema.records.keys import ProvinceCode
from schema.records.rights_case import CaseMatter


class ListOrder(StrEnum):
    """In which order a list is; what is equal goes by its number."""

    #: The oldest first.
    OPENED = "OPENED"
    #: What is due first; what is never due, last.
    DUE = "DUE"


class CaseFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which cases; all of it must hold.

    Attributes:
        office: A union; what its subordinate unions have a role in is included.
        roles: It has one of these roles; any part in it will do if empty.
        asked: Only where it is asked to lead or to take over.
        matters: About one of these; all if empty.
        states: In one of these states; all if empty.
        lead_province: Led by a union of this province.
        due_by: Something must happen on or before this day.
        missed: Only where a limit passed and what it waited for was not done.
        opened_since: Taken in at or after this moment.
        changed_since: Something happened at or after this moment.
        green: Only those on the green channel.
        order: In which order.
    """

    office: str | None = None
    roles: tuple[Role, ...] = ()
    asked: bool = False
    matters: tuple[CaseMatter, ...] = ()
    states: tuple[CaseState, ...] = ()
    lead_province: ProvinceCode | None = None
    due_by: date | None = None
    missed: bool = False
    opened_since: datetime | None = None
    changed_since: datetime | None = None
    green: bool = False
    order: ListOrder = ListOrder.OPENED


class CasePage(msgspec.Struct, frozen=True):
    """A page; cursors stay good while cases change.

    Attributes:
        cases: In their order.
        cursors: One for each.
        more: Whether there are more after it.
    """

    cases: tuple[Case, ...]
    cursors: tuple[str, ...]
    more: bool


class TaskSide(StrEnum):
    """Which side of its tasks a union asks for."""

    #: It was asked: its own to-do list.
    ASKED = "ASKED"
    #: It leads the case, and gave the task.
    ASKING = "ASKING"


class TaskFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which tasks; all of it must hold.

    Attributes:
        office: A union; what its subordinate unions have is included.
        side: Which side it is on; both if none.
        kinds: One of these; all if empty.
        states: In one of these states; all if empty.
        due_by: To be acknowledged or answered on or before this day.
        late: Only where a limit of this round passed.
        order: In which order.
    """

    office: str | None = None
    side: TaskSide | None = None
    kinds: tuple[TaskKind, ...] = ()
    states: tuple[TaskState, ...] = ()
    due_by: date | None = None
    late: bool = False
    order: ListOrder = ListOrder.DUE


class CaseTask(msgspec.Struct, frozen=True, kw_only=True):
    """A task with the case that it belongs to.

    Attributes:
        case_no: Number of the case.
        matter: What the case is about.
        lead: Who leads it, and gave the task.
        task: The task, as it stands.
        assigned_at: When it was given first.
    """

    case_no: str
    matter: CaseMatter
    lead: Seat
    task: Task
    assigned_at: datetime


class TaskPage(msgspec.Struct, frozen=True):
    """A page; cursors stay good while tasks change.

    Attributes:
        tasks: In their order.
        cursors: One for each.
        more: Whether there are more after it.
    """

    tasks: tuple[CaseTask, ...]
    cursors: tuple[str, ...]
    more: bool
