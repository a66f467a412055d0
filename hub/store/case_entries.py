"""Value: what lists of cases and tasks need to know of a case: its entries.

A case is one entry, and each of its tasks is one. An entry has a row for every union
that has a part in it, and one for all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Final

import msgspec

from schema.records.case import ENDED, Case
from schema.records.case_list import TaskSide
from schema.records.case_powers import Party, Role
from schema.records.case_task import TaskState

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from schema.records.case_task import Task

#: The row that stands for all unions.
ALL: Final = "*"
#: What is never due comes last.
NEVER: Final = date.max

#: What a union is in a case, as bits.
ROLES: Final = {Role.LEAD: 1, Role.CO_HANDLER: 2, Role.FOLLOWER: 4}
#: It is asked to lead or to take over.
ASKED: Final = 8
#: By what a part in a case is found. Who is asked is asked as the union of the place,
#: or as the one above.
PARTIES: Final = {
    Party.LEAD: ROLES[Role.LEAD],
    Party.CO_HANDLER: ROLES[Role.CO_HANDLER],
    Party.FOLLOWER: ROLES[Role.FOLLOWER],
}
#: On which side of a task a union is.
SIDES: Final = {TaskSide.ASKED: 1, TaskSide.ASKING: 2}

#: No union is this: what is read by nothing has no rows.
NO_SIDE: Final = 1 << 14

#: Marks: a limit was missed.
MISSED: Final = 1
#: Marks: on the green channel.
GREEN: Final = 2

#: Parts of the list: open cases, ended ones; open tasks, closed ones.
CASES, ENDED_CASES, TASKS, CLOSED_TASKS = range(4)


class Seated(msgspec.Struct, frozen=True):
    """A union's row.

    Attributes:
        province: Its province; empty in the row for all.
        sides: What it is in the case or task, as bits.
    """

    province: str
    sides: int


class Entry(msgspec.Struct, frozen=True):
    """A case or a task, as a list has it.

    Attributes:
        task: Number of the task; empty if it is the case.
        part: In which part of the list.
        due_on: What it is ordered by; ``NEVER`` if nothing is due.
        marks: As bits.
        kind: Matter of a case, kind of a task.
        state: Where it stands.
        lead_province: Who leads.
        seats: Rows by code of union, with that for all.
    """

    task: str
    part: int
    due_on: date
    marks: int
    kind: str
    state: str
    lead_province: str
    seats: Mapping[str, Seated]


class Standing(msgspec.Struct, frozen=True):
    """A case as it is kept.

    Attributes:
        case: The case.
        due_on: The first day by which something must happen.
    """

    case: Case
    due_on: date | None


def entries(standing: Standing | None) -> dict[str, Entry]:
    """Make the entries of a case, by number of task; nothing if there is no case."""
    if standing is None:
        return {}
    case = standing.case
    made = {"": _of_case(case, standing.due_on)}
    made.update((task.no, _of_task(case, task)) for task in case.tasks)
    return made


def first_seen(case: Case, before: Case | None, at: datetime) -> dict[str, datetime]:
    """Tell since when there are the entries that an event at this moment made."""
    known = set() if before is None else {"", *(task.no for task in before.tasks)}
    return {no: at for no in ("", *(task.no for task in case.tasks)) if no not in known}


def sides_of(by: Collection[Party] | None) -> int:
    """Give the bits of parts by which a list of cases is read; 0 if by any.

    A row does not say whether the union was asked as the one above: both must be meant.
    """
    if by is None:
        return 0
    bits = sum(bit for party, bit in PARTIES.items() if party in by)
    asked = {Party.ASKED, Party.SUPERIOR} <= set(by)
    return bits | (ASKED if asked else 0) or NO_SIDE


def _of_case(case: Case, due_on: date | None) -> Entry:
    seats: dict[str, Seated] = {}
    for held in case.held:
        _seat(seats, held.seat.union, held.seat.province, ROLES[held.role])
    if case.asked is not None:
        _seat(seats, case.asked.union, case.asked.province, ASKED)
    missed = case.overdue or any(due.missed for due in case.dues)
    return Entry(
        task="",
        part=ENDED_CASES if case.state in ENDED else CASES,
        due_on=due_on or NEVER,
        marks=(MISSED if missed else 0) | (GREEN if case.green else 0),
        kind=str(case.matter),
        state=str(case.state),
        lead_province=case.lead.province,
        seats=_with_all(seats),
    )


def _of_task(case: Case, task: Task) -> Entry:
    seats: dict[str, Seated] = {}
    _seat(seats, task.to.union, task.to.province, SIDES[TaskSide.ASKED])
    _seat(seats, case.lead.union, case.lead.province, SIDES[TaskSide.ASKING])
    closed = task.state is TaskState.CLOSED
    return Entry(
        task=task.no,
        part=CLOSED_TASKS if closed else TASKS,
        due_on=_due(task),
        marks=(MISSED if task.late else 0) | (GREEN if case.green else 0),
        kind=str(task.kind),
        state=str(task.state),
        lead_province=case.lead.province,
        seats=_with_all(seats),
    )


def _due(task: Task) -> date:
    match task.state:
        case TaskState.ASSIGNED:
            return task.acknowledge_by
        case TaskState.ACKNOWLEDGED:
            return task.answer_by
        case _:  # it is the lead's turn, who has no limit of its own
            return NEVER


def _seat(seats: dict[str, Seated], union: str, province: str, sides: int) -> None:
    known = seats.get(union)
    seats[union] = Seated(province, sides | (known.sides if known else 0))


def _with_all(seats: dict[str, Seated]) -> dict[str, Seated]:
    sides = 0
    for seated in seats.values():
        sides |= seated.sides
    return {ALL: Seated("", sides), **seats}
