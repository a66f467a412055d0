"""Decider: a case as a caller sees it: what is not seen is left out, and named."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

import msgspec

from hub.clock import day_in_china
from hub.following.timeline_page import key_of
from schema.records.case_powers import CaseField, Party
from schema.records.case_seen import (
    CaseEvent,
    SeenCase,
    SeenDue,
    SeenFact,
    SeenNotice,
    SeenResult,
    SeenTask,
    SeenTimeline,
    TimelineContradiction,
    TimelineGap,
    TimelineLine,
)

#: What an event can show.
_OF_EVENTS: Final = (
    CaseField.MATTER,
    CaseField.STATE,
    CaseField.MILESTONES,
    CaseField.DUE_DATES,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hub.feeds.case_change import CaseChange
    from hub.following.sight import Sight
    from hub.following.timeline import Timeline
    from schema.records.case import Case, CaseMilestone
    from schema.records.case_task import Document, Seat, Task
    from schema.records.keys import WorkerId


class Dated(msgspec.Struct, frozen=True):
    """By when what must happen in a case.

    Attributes:
        first: The first day of all: of clocks, tasks, and answers that are waited for.
        dues: What the clocks say, explained.
        facts: What the clocks run from.
    """

    first: date | None
    dues: tuple[SeenDue, ...]
    facts: tuple[SeenFact, ...]


def seen(
    case: Case,
    sight: Sight,
    dated: Dated,
    who: str,
) -> SeenCase:
    """Show of a case what is seen.

    Args:
        case: As it stands.
        sight: How much of it is seen.
        dated: By when what must happen in it.
        who: The subject that looks: a worker sees no other worker's name.
    """
    shown: dict[str, Any] = {}
    for field, make in (
        (CaseField.MATTER, lambda: {"matter": case.matter, "green": case.green}),
        (CaseField.STATE, lambda: _state(case)),
        (CaseField.WORKERS, lambda: {"workers": _workers(case, sight, who)}),
        (CaseField.ROLES, lambda: _roles(case)),
        (CaseField.FIRST_TOUCH, lambda: {"first_touch_on": case.first_touch_on}),
        (CaseField.MILESTONES, lambda: {"milestones": case.milestones}),
        (CaseField.DUE_DATES, lambda: _dues(dated)),
        (CaseField.RESULT, lambda: {"result": _result(case, sight)}),
    ):
        if field in sight.fields:
            shown |= make()
    return SeenCase(
        no=case.no,
        parts=sight.parts,
        withheld=sight.withheld,
        sub_cases=_sub_cases(case, sight),
        tasks=_tasks(case, sight),
        documents=_documents(case, sight),
        **shown,
    )


def without_sight(case: Case) -> SeenCase:
    """Show a case to who acted on it, and is nothing in it any more: its number."""
    withheld = tuple(
        one
        for one in CaseField
        if one not in {CaseField.CASE_NO, CaseField.OWN_TASKS, CaseField.COUNTS}
    )
    return SeenCase(no=case.no, parts=(), withheld=withheld)


def seen_task(
    task: Task, case_no: str, lead: Seat, assigned_at: datetime | None = None
) -> SeenTask:
    """Show a task with the case that it belongs to."""
    return SeenTask(
        **msgspec.structs.asdict(task),
        case_no=case_no,
        lead=lead,
        assigned_at=assigned_at,
    )


def event_seen(
    change: CaseChange,
    judged: Sight,
    own: frozenset[Seat],
    cursor: str,
    at: datetime,
) -> CaseEvent | None:
    """Show of a change what is seen; none if nothing is.

    Who is told something, and is nothing in the case any more, sees that alone.

    Args:
        change: As the feed has it.
        judged: How much of the case is seen.
        own: The unions for which the subscriber looks.
        cursor: The place of the event, as it is shown.
        at: When it was written down.
    """
    notices = notices_for(change, own)
    if not judged.parts and not notices:
        return None
    sees = judged.fields
    state = CaseField.STATE in sees
    return CaseEvent(
        cursor=cursor,
        at=at,
        no=change.no,
        seq=change.seq,
        reminder=change.milestone is None,
        matter=change.matter if CaseField.MATTER in sees else None,
        state=change.state if state else None,
        was=change.was if state else None,
        milestone=change.milestone if CaseField.MILESTONES in sees else None,
        due_on=change.due_on if CaseField.DUE_DATES in sees else None,
        notices=notices,
        withheld=tuple(one for one in _OF_EVENTS if one not in sees),
    )


def notices_for(change: CaseChange, seats: frozenset[Seat]) -> tuple[SeenNotice, ...]:
    """Tell what some unions are told by a change."""
    return tuple(
        SeenNotice(one.kind, one.to, one.about)
        for one in change.told
        if one.to in seats
    )


def merged(milestones: Sequence[CaseMilestone], told: Timeline | None) -> SeenTimeline:
    """Join what the hub wrote down with what the files of provinces tell, by days.

    Args:
        milestones: Of the hub.
        told: What provinces told; none if nobody did.
    """
    lines = [
        TimelineLine(on=one.on or day_in_china(one.at), milestone=one)
        for one in milestones
    ]
    if told is None:
        return SeenTimeline(tuple(sorted(lines, key=key_of)))
    lines += [
        TimelineLine(
            on=line.change.on,
            change=line.change,
            seq=line.seq,
            corrected=line.corrected,
        )
        for line in told.lines
    ]
    return SeenTimeline(
        tuple(sorted(lines, key=key_of)),
        tuple(TimelineGap(one.province, one.first, one.last) for one in told.gaps),
        tuple(TimelineContradiction(o.province, o.seq) for o in told.contradictions),
    )


def _state(case: Case) -> dict[str, Any]:
    return {"state": case.state, "accepted": case.accepted, "overdue": case.overdue}


def _workers(case: Case, sight: Sight, who: str) -> tuple[WorkerId, ...]:
    if all(one.party is Party.WORKER for one in sight.parts):
        return tuple(one for one in case.workers if one == who)
    return tuple(sorted(case.workers))


def _roles(case: Case) -> dict[str, Any]:
    return {
        "roles": case.held,
        "lead": case.lead,
        "asked": case.asked,
        "below": case.below,
        "file_province": case.file_province,
    }


def _dues(dated: Dated) -> dict[str, Any]:
    return {"dues": dated.dues, "facts": dated.facts, "due_on": dated.first}


def _result(case: Case, sight: Sight) -> SeenResult | None:
    if case.result is None:
        return None
    whole = CaseField.DOCUMENTS in sight.fields
    return SeenResult(
        outcome=case.result.outcome,
        on=case.result.on,
        document=case.result.document if whole else None,
    )


def _sub_cases(case: Case, sight: Sight) -> Any:
    if CaseField.SUB_CASES in sight.fields:
        return case.sub_cases
    if CaseField.OWN_TASKS in sight.fields:
        return tuple(one for one in case.sub_cases if one.seat in sight.seats)
    return None


def _tasks(case: Case, sight: Sight) -> tuple[SeenTask, ...] | None:
    if not sight.fields & {CaseField.TASKS, CaseField.OWN_TASKS}:
        return None
    return tuple(seen_task(one, case.no, case.lead) for one in _seen_of(case, sight))


def _seen_of(case: Case, sight: Sight) -> tuple[Task, ...]:
    if CaseField.TASKS in sight.fields:
        return case.tasks
    return tuple(one for one in case.tasks if one.to in sight.seats)


def _documents(case: Case, sight: Sight) -> tuple[Document, ...] | None:
    if CaseField.DOCUMENTS in sight.fields:
        return case.documents
    if CaseField.OWN_TASKS not in sight.fields:
        return None
    own = {one.no for one in _seen_of(case, sight)}
    return tuple(one for one in case.documents if one.task in own)
