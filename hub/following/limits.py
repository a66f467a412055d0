"""Decider: the days that follow from a case as it stands: of its clocks, tasks, waits.

Everything is computed from the case and the rules alone, so that whoever asks, and
whenever, finds the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hub.clock import day_in_china
from hub.following.agreements import ALL, limits_of
from hub.following.clock_rules import ClockEffect
from hub.following.clocks import clocks_of
from hub.following.states import STATES, Wait
from schema.records.case import DueDate, Ground, Step
from schema.records.case_powers import Role
from schema.records.case_task import TaskState
from schema.records.clock import ClockFact, ClockSetting

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from hub.following.agreements import Agreements
    from hub.following.book import Book
    from schema.records.case import Case
    from schema.records.case_task import Seat, Task, TaskKind

#: The fact from which the wait for an answer about the lead runs.
_ASKED: Final[Mapping[Wait, str]] = {
    Wait.ROUTE: "lead-routed",
    Wait.HAND_OVER: "lead-offered",
    Wait.TAKING_OVER: "lead-escalated",
}
_ACKNOWLEDGE: Final = "task-acknowledgement"
_ANSWER: Final = "task-answer"
_GIVEN: Final = "task-given"
_EXTENDED: Final = "task-extended"

#: Facts that the hub knows by itself: nobody states them.
OF_HUB: Final = frozenset(
    {
        *_ASKED.values(), "lead-answered", _GIVEN, _EXTENDED, "task-acknowledged",
        "task-answered", "task-refused",
    }
)  # fmt: skip


def setting_of(agreements: Agreements, case: Case) -> ClockSetting:
    """Tell what the clocks of a case have in common.

    The province is that of the union that leads, or is to lead as long as nobody has
    accepted; agreements are those between it and the unions that co-handle by default
    (002 §10), as they held when the case was opened.
    """
    asked = case.asked if not case.accepted else None
    where = (asked or case.lead).province
    on = day_in_china(case.milestones[0].at)
    helpers = {
        one.seat.province
        for one in case.held
        if one.role is Role.CO_HANDLER and one.ground is Ground.DEFAULT
    }
    agreed = (
        each
        for other in sorted(helpers)
        for each in agreements.between(where, other, case.matter, on)
    )
    return ClockSetting(
        matter=case.matter,
        province=where,
        green_channel=case.green,
        agreed=limits_of(agreed),
    )


def dues_of(
    book: Book, setting: ClockSetting, facts: Iterable[ClockFact]
) -> tuple[DueDate, ...]:
    """Make all due dates of a case of its facts."""
    return tuple(
        DueDate(
            clock=one.clock,
            about=one.about,
            rule=one.rule,
            phase=one.phase,
            due_on=one.due_on,
            escalates=book.clocks.kinds[one.clock].effect is ClockEffect.ESCALATE,
        )
        for one in clocks_of(book.clocks, setting, facts)
    )


def wait_until(book: Book, case: Case) -> tuple[date, int] | None:
    """Tell the last day to answer who is to lead, and how long before to remind.

    None if nobody is asked, or if it passed and there is nobody above.
    """
    wait = STATES[case.state].wait
    if wait is None or case.asked is None:
        return None
    began = next(one.at for one in case.milestones if one.seq == case.since)
    fact = ClockFact(id="wait", kind=_ASKED[wait], on=day_in_china(began))
    due = _due(book, setting_of(book.agreements, case), wait.value, fact)
    return due, book.clocks.kinds[wait.value].remind


def task_limits(
    book: Book, case: Case, kind: TaskKind, to: Seat, on: date
) -> tuple[date, date]:
    """Tell the last days to acknowledge and to answer a task that is given on a day."""
    setting = _of_task(book, case, kind, to, on)
    given = ClockFact(id="given", kind=_GIVEN, on=on)
    return _due(book, setting, _ACKNOWLEDGE, given), _due(book, setting, _ANSWER, given)


def extended_until(book: Book, case: Case, task: Task, today: date) -> date:
    """Tell the new last day to answer of a task that is extended today.

    Too late, nothing is extended: it is the old day.
    """
    given_on = max(
        (
            day_in_china(one.at)
            for one in case.milestones
            if (one.step, one.about) == (Step.TASK, task.no)
            and one.reason == TaskState.ASSIGNED
        ),
        default=today,
    )
    setting = _of_task(book, case, task.kind, task.to, given_on)
    given = ClockFact(id="given", kind=_GIVEN, on=given_on)
    more = ClockFact(id="more", kind=_EXTENDED, on=today)
    return _due(book, setting, _ANSWER, given, more)


def _of_task(
    book: Book, case: Case, kind: TaskKind, to: Seat, on: date
) -> ClockSetting:
    where = case.lead.province
    between = book.agreements.between(where, to.province, case.matter, on)
    return ClockSetting(
        matter=case.matter,
        province=where,
        green_channel=case.green,
        agreed=limits_of(one for one in between if {ALL, kind.value} & one.tasks),
    )


def _due(book: Book, setting: ClockSetting, clock: str, *facts: ClockFact) -> date:
    found = clocks_of(book.clocks, setting, facts)
    due = next(one.due_on for one in found if one.clock == clock)
    assert due is not None, f"{clock} has a limit"  # noqa: S101
    return due
