"""Decider: what passes in a case by itself, by when, and who is reminded before.

Nothing rests on a message or a job that comes at its time: what has passed, and who is
to be reminded, is seen from the case and the day alone, after however long an outage.
A day passes at its end in China.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import msgspec

from hub.clock import day_in_china, end_of_day_in_china
from hub.following.case_events import ClockPassed, TaskOverdue
from hub.following.clock_rules import ClockEffect
from hub.following.facts import to_note
from hub.following.lead_events import LimitPassed
from hub.following.limits import wait_until
from hub.following.seats import superior_of
from hub.following.task_events import TaskLimitPassed
from hub.following.tasks import WAITS_FOR_CO_HANDLER
from hub.following.thresholds import Number
from schema.records.case import ENDED, DueDate
from schema.records.case_notice import Notice, NoticeKind
from schema.records.case_task import Task, TaskLimit, TaskState
from schema.records.clock import Phase

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from hub.following.book import Book
    from hub.following.case_events import OfItself
    from hub.organisation.directory import Directory
    from schema.records.case import Case

_DAY: Final = timedelta(days=1)
_LIMIT_CLOCK: Final = {
    TaskLimit.ACKNOWLEDGE: "task-acknowledgement",
    TaskLimit.ANSWER: "task-answer",
}


class Reminder(msgspec.Struct, frozen=True):
    """Somebody is reminded on these days, if they were not yet.

    Attributes:
        notice: Of what.
        since: The first day.
        until: The last one; none: whenever.
    """

    notice: Notice
    since: date
    until: date | None = None


class Limit(msgspec.Struct, frozen=True):
    """Something that a case waits for.

    Attributes:
        due_on: The last day.
        passes: Whether its passing has yet to be noted.
        what: The due date, or the task and which of its limits; none: the answer of
            who is asked to lead.
        reminders: Who is reminded.
        escalates: Whether the union above who is late with a task is told (RULEBOOK §3:
            it is informed). Of a due date the case itself knows.
    """

    due_on: date
    passes: bool
    what: DueDate | tuple[Task, TaskLimit] | None
    reminders: tuple[Reminder, ...]
    escalates: bool = False


def limits(book: Book, case: Case) -> tuple[Limit, ...]:
    """List everything that a case waits for; nothing if it has ended."""
    if case.state in ENDED:
        return ()
    found = (*_of_wait(book, case), *_of_tasks(book, case), *_of_dues(book, case))
    return tuple(sorted(found, key=lambda one: one.due_on))


def due_on(some: tuple[Limit, ...]) -> date | None:
    """Tell the first day by which something must happen; it may be over."""
    opens = (
        one.due_on
        for one in some
        if one.passes or not isinstance(one.what, DueDate) or one.what.missed
    )
    return min(opens, default=None)


def passed(
    case: Case, some: tuple[Limit, ...], directory: Directory, now: datetime
) -> OfItself | None:
    """Name the first thing that has passed and was not noted; none if nothing has."""
    today = day_in_china(now)
    for one in some:
        if one.passes and one.due_on < today:
            return _event(case, one, directory, now)
    return None


def reminders(some: tuple[Limit, ...], now: datetime) -> tuple[Notice, ...]:
    """Tell who is to be reminded today of what; who was is so by the notice's key."""
    today = day_in_china(now)
    return tuple(
        each.notice
        for one in some
        for each in one.reminders
        if each.since <= today and (each.until is None or today <= each.until)
    )


def next_at(some: tuple[Limit, ...], now: datetime) -> datetime | None:
    """Tell the first moment after now at which something passes or is reminded of."""
    ends = (end_of_day_in_china(one.due_on) for one in some if one.passes)
    starts = (
        end_of_day_in_china(each.since - _DAY) for one in some for each in one.reminders
    )
    return min((at for at in (*ends, *starts) if at > now), default=None)


def _of_wait(book: Book, case: Case) -> Iterator[Limit]:
    found = wait_until(book, case)
    if found is None or case.asked is None:
        return
    due, before = found
    about = f"{case.since}.{due.isoformat()}"
    notice = Notice(NoticeKind.ANSWER_DUE_SOON, case.asked, about)
    reminder = Reminder(notice, due - before * _DAY, due)
    yield Limit(due, not case.overdue, None, (reminder,))


def _of_tasks(book: Book, case: Case) -> Iterator[Limit]:
    for task in case.tasks:
        if task.state not in WAITS_FOR_CO_HANDLER:
            continue
        some = [(TaskLimit.ANSWER, task.answer_by)]
        if task.state is TaskState.ASSIGNED:
            some.append((TaskLimit.ACKNOWLEDGE, task.acknowledge_by))
        for limit, due in some:
            about = f"{task.no}.{task.round}.{limit}.{due.isoformat()}"
            notice = Notice(NoticeKind.TASK_DUE_SOON, task.to, about)
            kind = book.clocks.kinds[_LIMIT_CLOCK[limit]]
            reminder = Reminder(notice, due - kind.remind * _DAY, due)
            yield Limit(
                due,
                limit not in task.late,
                (task, limit),
                (reminder,),
                escalates=kind.effect is ClockEffect.ESCALATE,
            )


def _of_dues(book: Book, case: Case) -> Iterator[Limit]:
    for one in case.dues:
        if one.phase is not Phase.RUNNING or one.due_on is None:
            continue
        kind = book.clocks.kinds[one.clock]
        about = ".".join(filter(None, (one.clock, one.about, one.due_on.isoformat())))
        if kind.opening:
            opened = Notice(NoticeKind.CLOCK_OPENED, case.lead, about)
            yield Limit(one.due_on, False, one, (Reminder(opened, one.due_on + _DAY),))  # noqa: FBT003  # passing is no miss
            continue
        soon = Notice(NoticeKind.CLOCK_DUE_SOON, case.lead, about)
        found = [Reminder(soon, one.due_on - kind.remind * _DAY, one.due_on)]
        if kind.aid_first:
            within = aid_within(book, case, one.due_on)
            aid = Notice(NoticeKind.AID_FIRST, case.lead, about)
            found.append(Reminder(aid, one.due_on - within * _DAY, one.due_on))
        yield Limit(one.due_on, to_note(case, one), one, tuple(found))


def aid_within(book: Book, case: Case, on: date) -> int:
    """Tell at how many days to the end legal aid comes first (法律援助法 44)."""
    number = book.thresholds.of(Number.AID_FIRST_DAYS, case.lead.province, on)
    return number.value


def _event(case: Case, limit: Limit, directory: Directory, now: datetime) -> OfItself:
    today = day_in_china(now)
    match limit.what:
        case None:
            asked = case.asked
            assert asked is not None, "somebody is waited for"  # noqa: S101
            above = superior_of(directory, asked, today)
            return LimitPassed(at=now, since=case.since, superior=above)
        case DueDate() as due:
            return ClockPassed(
                at=now,
                clock=due.clock,
                about=due.about,
                due_on=limit.due_on,
                superior=superior_of(directory, case.lead, today),
            )
        case task, which:
            above = superior_of(directory, task.to, today) if limit.escalates else None
            what = TaskLimitPassed(
                round=task.round, limit=which, due_on=limit.due_on, superior=above
            )
            return TaskOverdue(at=now, no=task.no, what=what)
