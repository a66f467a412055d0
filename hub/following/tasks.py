"""Decider: what a co-handling task becomes when something happens (RULEBOOK §3, §5).

A union may be out of reach for days. So nothing rests on a message that came once:
whoever must act is told again until the task shows that they did (``standing``), an
answer needs no acknowledgement before it, and whatever comes twice or late is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.following import task_refusals as refusals
from hub.following.decision import Silent, TaskDecision
from hub.following.refusals import about
from hub.following.task_events import (
    Acknowledged,
    Answered,
    AskedAgain,
    Extended,
    Rated,
    TaskClosed,
    TaskLimitPassed,
    TaskRefused,
)
from schema.records.case_notice import Notice, NoticeKind
from schema.records.case_task import Task, TaskLimit, TaskState

if TYPE_CHECKING:
    from datetime import date

    from hub.following.task_events import OfCoHandler, TaskEvent
    from schema.records.case_task import Seat, TaskKind
    from schema.records.refusal import Refusal

    TaskAnswer = TaskDecision | Refusal | Silent

#: A rating is from so much to so much (RULEBOOK §10).
LEAST, MOST = 1, 5
#: The co-handler has to act.
WAITS_FOR_CO_HANDLER = frozenset({TaskState.ASSIGNED, TaskState.ACKNOWLEDGED})
#: The lead has to act.
WAITS_FOR_LEAD = frozenset({TaskState.ANSWERED, TaskState.REFUSED})


def assign(
    no: str, kind: TaskKind, to: Seat, limits: tuple[date, date], today: date
) -> TaskDecision | Refusal:
    """Begin a task.

    Args:
        no: Its number in the case.
        kind: What is asked.
        to: Of whom.
        limits: Last days to acknowledge and to answer, by the rules, in China.
        today: The day, in China.
    """
    acknowledge_by, answer_by = limits
    if not today <= acknowledge_by <= answer_by:
        return refusals.ORDER_OF_DAYS
    task = Task(
        no=no,
        kind=kind,
        to=to,
        state=TaskState.ASSIGNED,
        acknowledge_by=acknowledge_by,
        answer_by=answer_by,
    )
    return TaskDecision(task, (_notice(task, NoticeKind.TASK_GIVEN, to),))


def decide(task: Task, event: TaskEvent, lead: Seat, today: date) -> TaskAnswer:
    """Say what an event makes of a task.

    Total: every state answers every event. What was told before is done once only.

    Args:
        task: Before it.
        event: What happened.
        lead: The union that leads the case now.
        today: The day, in China.
    """
    if event.round < task.round:
        return Silent()
    if event.round > task.round:
        return about(refusals.OTHER_ROUND, round=event.round)
    answer: TaskAnswer
    match event:
        case AskedAgain():
            answer = _asked_again(task, event, today)
        case TaskClosed():
            answer = _closed(task, event)
        case Rated():
            answer = _rated(task, event)
        case TaskLimitPassed():
            answer = _limit_passed(task, event, lead)
        case _:
            answer = _by_co_handler(task, event, lead, today)
    return answer


def _by_co_handler(
    task: Task, event: OfCoHandler, lead: Seat, today: date
) -> TaskAnswer:
    match event:
        case Acknowledged():
            return _acknowledged(task)
        case Answered():
            return _answered(task, event, lead)
        case Extended():
            return _extended(task, event, lead, today)
        case TaskRefused():
            return _refused(task, event, lead)


def standing(task: Task, lead: Seat) -> Notice | None:
    """Tell who must be told of a task as it stands, again and again until they act."""
    match task.state:
        case TaskState.ASSIGNED | TaskState.ACKNOWLEDGED:
            return _notice(task, NoticeKind.TASK_GIVEN, task.to)
        case TaskState.ANSWERED:
            return _notice(task, NoticeKind.TASK_ANSWERED, lead)
        case TaskState.REFUSED:
            return _notice(task, NoticeKind.TASK_REFUSED, lead)
        case TaskState.CLOSED:
            return None


def _acknowledged(task: Task) -> TaskAnswer:
    if task.state is not TaskState.ASSIGNED:
        return Silent()  # whoever answers, refuses or is done has seen it
    return TaskDecision(_with(task, state=TaskState.ACKNOWLEDGED))


def _answered(task: Task, event: Answered, lead: Seat) -> TaskAnswer:
    if task.answer == event.answer and task.state not in WAITS_FOR_CO_HANDLER:
        return Silent()
    if task.state not in WAITS_FOR_CO_HANDLER:
        return _too_late(task)
    after = _with(task, state=TaskState.ANSWERED, answer=event.answer, done=True)
    return TaskDecision(after, (_notice(after, NoticeKind.TASK_ANSWERED, lead),))


def _extended(task: Task, event: Extended, lead: Seat, today: date) -> TaskAnswer:
    if task.extended and event.answer_by == task.answer_by:
        return Silent()
    if task.state not in WAITS_FOR_CO_HANDLER:
        return _too_late(task)
    if task.extended:
        return refusals.EXTENDED_ALREADY
    if event.answer_by <= max(today, task.answer_by):
        return about(refusals.NOT_LATER, day=event.answer_by)
    after = _with(
        task,
        # Whoever asks for more time has seen it.
        state=TaskState.ACKNOWLEDGED,
        extended=True,
        answer_by=event.answer_by,
        reason=event.reason,
        late=task.late - {TaskLimit.ANSWER},
    )
    return TaskDecision(after, (_notice(after, NoticeKind.TASK_EXTENDED, lead),))


def _refused(task: Task, event: TaskRefused, lead: Seat) -> TaskAnswer:
    if task.state is TaskState.REFUSED and task.reason == event.reason:
        return Silent()
    if task.state not in WAITS_FOR_CO_HANDLER:
        return _too_late(task)
    after = _with(task, state=TaskState.REFUSED, reason=event.reason, done=True)
    return TaskDecision(after, (_notice(after, NoticeKind.TASK_REFUSED, lead),))


def _asked_again(task: Task, event: AskedAgain, today: date) -> TaskAnswer:
    if task.state is TaskState.CLOSED:
        return refusals.TASK_CLOSED
    if task.state not in WAITS_FOR_LEAD:
        return refusals.NOT_ANSWERED
    if not today <= event.acknowledge_by <= event.answer_by:
        return refusals.ORDER_OF_DAYS
    after = Task(
        no=task.no,
        kind=task.kind,
        to=task.to,
        state=TaskState.ASSIGNED,
        acknowledge_by=event.acknowledge_by,
        answer_by=event.answer_by,
        round=task.round + 1,
    )
    return TaskDecision(after, (_notice(after, NoticeKind.TASK_GIVEN, task.to),))


def _closed(task: Task, event: TaskClosed) -> TaskAnswer:
    if task.state is TaskState.CLOSED:
        return Silent()
    reason = event.reason or task.reason
    after = _with(task, state=TaskState.CLOSED, reason=reason)
    return TaskDecision(after, (_notice(after, NoticeKind.TASK_CLOSED, task.to),))


def _rated(task: Task, event: Rated) -> TaskAnswer:
    if not all(LEAST <= one <= MOST for one in (event.timeliness, event.effort)):
        return refusals.RATING_UNUSABLE
    # Tasks that ended before this was noted show it by their answer.
    if not (task.done or task.answer or task.state in WAITS_FOR_LEAD):
        return refusals.NOTHING_TO_RATE
    if task.rated:
        return refusals.RATED_ALREADY
    return TaskDecision(_with(task, rated=True))


def _limit_passed(task: Task, event: TaskLimitPassed, lead: Seat) -> TaskAnswer:
    acknowledging = event.limit is TaskLimit.ACKNOWLEDGE
    waits = (
        task.state is TaskState.ASSIGNED
        if acknowledging
        else task.state in WAITS_FOR_CO_HANDLER
    )
    due = task.acknowledge_by if acknowledging else task.answer_by
    if not waits or event.due_on != due or event.limit in task.late:
        return Silent()
    after = _with(task, late=task.late | {event.limit})
    which = f"{event.limit}.{due.isoformat()}"
    told = (
        Notice(NoticeKind.TASK_LATE, seat, f"{_round(task)}.{which}")
        for seat in dict.fromkeys((task.to, lead, event.superior))
        if seat is not None
    )
    return TaskDecision(after, tuple(told))


def _too_late(task: Task) -> Refusal:
    match task.state:
        case TaskState.ANSWERED:
            return refusals.ANSWERED_ALREADY
        case TaskState.REFUSED:
            return refusals.REFUSED_ALREADY
        case _:
            return refusals.TASK_CLOSED


def _with(task: Task, **changes: object) -> Task:
    return msgspec.structs.replace(task, **changes)


def _round(task: Task) -> str:
    return f"{task.no}.{task.round}"


def _notice(task: Task, kind: NoticeKind, to: Seat) -> Notice:
    return Notice(kind, to, _round(task))
