"""Decider: what an event of a case is for cooperation between unions (RULEBOOK §10).

Offers of the lead (by routing and hand-over) and tasks are what is measured; what the
union above is asked to take over is no offer. Each round of a task is one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.following import lead_events as led
from hub.following import task_events as happens
from hub.following.case_events import OnTask, TaskAssigned, Withdrawn
from hub.following.tasks import WAITS_FOR_CO_HANDLER
from schema.records.case import CaseState
from schema.records.cooperation import CooperationEvent, CooperationStep

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from hub.following.case_events import Event
    from schema.records.case import Case
    from schema.records.case_task import Seat, Task

_S = CooperationStep
#: While it waits so, the lead is offered.
_OFFERED = frozenset({CaseState.ROUTED, CaseState.HANDING_OVER})


def cooperation(
    before: Case | None, event: led.Opened | Event, after: Case, answer_by: date | None
) -> tuple[CooperationEvent, ...]:
    """Tell the steps that an event is.

    Args:
        before: The case before it; none if it is opened.
        event: What happened.
        after: The case after it.
        answer_by: The day by which who is asked to lead is to answer, after it.
    """
    steps = [*_ends(before, event, after), *_offer(before, event, after, answer_by)]
    if before is not None and not isinstance(event, led.Opened):
        steps += _tasks(before, event, after)
    return tuple(steps)


def _ends(
    before: Case | None, event: led.Opened | Event, after: Case
) -> Iterator[CooperationEvent]:
    """Tell how an offer of the lead ended."""
    if before is None or before.state not in _OFFERED:
        return
    if (after.asked, after.since) == (before.asked, before.since):
        return
    name = _lead(before)
    match event:
        case led.Accepted():
            yield CooperationEvent(id=name, step=_S.ACCEPTED, at=event.at)
            yield CooperationEvent(id=name, step=_S.ANSWERED, at=event.at)
        case led.Declined() | led.Forwarded():
            yield CooperationEvent(id=name, step=_S.ANSWERED, at=event.at)
        case led.LimitPassed():
            pass  # not answered: that is what is measured
        case _:
            yield CooperationEvent(id=name, step=_S.WITHDRAWN, at=event.at)


def _offer(
    before: Case | None,
    event: led.Opened | Event,
    after: Case,
    answer_by: date | None,
) -> Iterator[CooperationEvent]:
    if after.state not in _OFFERED or after.asked is None:
        return
    if before is None or before.since != after.since:
        asker = getattr(event, "by", after.lead)
        yield _asked(_lead(after), event, asker, after.asked, answer_by)


def _tasks(before: Case, event: Event, after: Case) -> Iterator[CooperationEvent]:
    known = {task.no: task for task in before.tasks}
    match event:
        case TaskAssigned(no=no):
            task = next(one for one in after.tasks if one.no == no)
            name = _task(after, task)
            yield _asked(name, event, after.lead, task.to, task.answer_by)
        case OnTask(no=no):
            task = next(one for one in after.tasks if one.no == no)
            yield from _on_task(event, known[no], task, after)
        case Withdrawn():
            for task in before.tasks:
                if task.state in WAITS_FOR_CO_HANDLER:
                    name = _task(before, task)
                    yield CooperationEvent(id=name, step=_S.WITHDRAWN, at=event.at)
        case _:
            pass


def _on_task(
    event: OnTask, before: Task, after: Task, case: Case
) -> Iterator[CooperationEvent]:
    name, at = _task(case, before), event.at
    match event.what:
        case happens.Acknowledged():
            yield CooperationEvent(id=name, step=_S.ACCEPTED, at=at)
        case happens.Answered() | happens.TaskRefused():
            yield CooperationEvent(id=name, step=_S.ANSWERED, at=at)
        case happens.Extended(answer_by=until):
            yield CooperationEvent(id=name, step=_S.EXTENDED, at=at, answer_by=until)
        case happens.AskedAgain():
            again = _task(case, after)
            yield _asked(again, event, case.lead, after.to, after.answer_by)
        case happens.TaskClosed() if before.state in WAITS_FOR_CO_HANDLER:
            yield CooperationEvent(id=name, step=_S.WITHDRAWN, at=at)
        case happens.Rated(timeliness=timeliness, effort=effort):
            yield CooperationEvent(
                id=name, step=_S.RATED, at=at, timeliness=timeliness, effort=effort
            )
        case _:
            pass


def _asked(
    name: str,
    event: led.Opened | Event,
    asker: Seat,
    asked: Seat,
    answer_by: date | None,
) -> CooperationEvent:
    return CooperationEvent(
        id=name,
        step=_S.ASKED,
        at=event.at,
        asker=asker.union,
        asker_province=asker.province,
        asked=asked.union,
        asked_province=asked.province,
        answer_by=answer_by,
    )


def _lead(case: Case) -> str:
    return f"{case.no}/lead.{case.since}"


def _task(case: Case, task: Task) -> str:
    return f"{case.no}/{task.no}.{task.round}"
