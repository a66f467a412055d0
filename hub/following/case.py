"""Decider: what a case becomes when something happens (RULEBOOK §1, §3, §6).

It touches nothing: journal, queue and clock are not known here. It returns notices;
whoever writes the event writes them with it, in one transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hub.clock import day_in_china
from hub.following import clock_refusals, leading, refusals, tasks, working
from hub.following.case_events import (
    ActRecorded,
    ClockPassed,
    ClocksSet,
    Closed,
    DocumentAdded,
    FactStated,
    OfItself,
    OnTask,
    SubCaseEnded,
    SubCaseOpened,
    TaskAssigned,
    TaskOverdue,
    Withdrawn,
)
from hub.following.clocks import first_touch
from hub.following.decision import (
    Silent,
    milestone,
    stepped,
)
from hub.following.lead_events import (
    Accepted,
    Declined,
    FollowedUp,
    Forwarded,
    HandOverOffered,
    HandOverRecalled,
    LeftBelow,
    LimitPassed,
    MembershipMoved,
    ReportedUp,
    TakenOver,
)
from hub.following.roles import at_opening, standings, with_role
from hub.following.task_events import OfLead, Rated
from hub.following.task_refusals import OWN_TASK
from schema.records.case import ENDED, Case, CaseState, Ground, Step
from schema.records.case_notice import Notice, NoticeKind
from schema.records.case_powers import Deed, Party, Role
from schema.records.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from hub.following.case_events import ActOfUnion, Event
    from hub.following.decision import (
        Decision,
    )
    from hub.following.lead_events import (
        Opened,
    )
    from hub.following.roles import Powers
    from schema.records.case_task import Task

    Answer = Decision | Refusal | Silent

#: What each act of a union is in the table of roles, where that does not depend on
#: how the case stands.
DEEDS: Final[Mapping[type, Deed]] = {
    Accepted: Deed.ANSWER_ROUTE,
    Declined: Deed.ANSWER_ROUTE,
    ReportedUp: Deed.REPORT_UP,
    HandOverOffered: Deed.HAND_OVER,
    HandOverRecalled: Deed.HAND_OVER,
    TakenOver: Deed.TAKE_OVER,
    LeftBelow: Deed.TAKE_OVER,
    FollowedUp: Deed.FOLLOW_UP,
    ActRecorded: Deed.RECORD_ACT,
    FactStated: Deed.STATE_FACT,
    DocumentAdded: Deed.ADD_DOCUMENT,
    SubCaseOpened: Deed.OPEN_SUB_CASE,
    SubCaseEnded: Deed.END_SUB_CASE,
    Closed: Deed.CLOSE_CASE,
    Withdrawn: Deed.WITHDRAW_CASE,
}


def open_case(event: Opened) -> Decision | Refusal:
    """Begin a case: it is routed, unless the union that took it in is to lead it."""
    touched = first_touch(event.facts)
    today = day_in_china(event.at)
    if touched is None:
        return clock_refusals.UNKNOWN_FACT
    if any(fact.on > today for fact in event.facts):
        return clock_refusals.FACT_IN_FUTURE
    here = event.to == event.by
    ground = Ground.ROUTING if here else Ground.INTAKE
    homes = (*event.homes, event.by) if event.by != event.to else event.homes
    case = Case(
        no=event.no,
        matter=event.matter,
        workers=event.workers,
        state=CaseState.OPEN if here else CaseState.ROUTED,
        seq=0,
        since=1,
        first_touch_on=touched,
        file_province=event.by.province,
        held=at_opening(event.by, event.outflow, homes, event.at, ground),
        accepted=here,
        asked=None if here else event.to,
        green=event.green,
        facts=event.facts,
        dues=event.dues,
    )
    told = [
        Notice(NoticeKind.ROLE_GIVEN, one.seat, one.role)
        for one in case.held
        if one.seat != event.by
    ]
    if not here:
        told.append(Notice(NoticeKind.ASKED_TO_LEAD, event.to, "1"))
    told.append(Notice(NoticeKind.TELL_WORKER, event.by, "1"))
    return stepped(case, milestone(case, event, Step.OPENED), tuple(told))


def decide(case: Case, event: Event, powers: Powers) -> Decision | Refusal | Silent:
    """Say what an event makes of a case.

    Total: every state answers every event. What comes by itself and twice, or too
    late, is ``Silent``; what a union may not do, or not any more, is a ``Refusal``.

    Args:
        case: Before it.
        event: What happened.
        powers: The table of roles of the day.
    """
    if isinstance(event, OfItself):
        if case.state in ENDED:
            return Silent()
    else:
        refusal = _may(case, event, powers)
        if refusal is not None:
            return refusal
    return _DECIDED[type(event)](case, event)


def standing_notices(case: Case) -> tuple[Notice, ...]:
    """Tell who must be told, again and again, of what a case waits for.

    All of it follows from the case as it stands: a union that was out of reach misses
    nothing, for no message has to arrive at its time.
    """
    if case.state in ENDED:
        return ()
    about = str(case.since)
    asked = () if case.asked is None else (Notice(_asking(case), case.asked, about),)
    lead = case.lead
    waiting = (tasks.standing(task, lead) for task in case.open_tasks)
    return (*asked, *(notice for notice in waiting if notice is not None))


def _asking(case: Case) -> NoticeKind:
    escalated = case.state is CaseState.ESCALATED
    return NoticeKind.ASKED_TO_TAKE_OVER if escalated else NoticeKind.ASKED_TO_LEAD


def deed_of(case: Case, event: ActOfUnion) -> Deed:
    """Tell what an act is in the table of roles."""
    match event:
        case Forwarded():
            escalated = case.state is CaseState.ESCALATED
            return Deed.TAKE_OVER if escalated else Deed.ANSWER_ROUTE
        case TaskAssigned(to=to):
            known = any((h.role, h.seat) == (Role.CO_HANDLER, to) for h in case.held)
            return Deed.ASSIGN_TASK if known else Deed.DELEGATE
        case OnTask(what=what):
            return Deed.CLOSE_TASK if isinstance(what, OfLead) else Deed.DO_TASK
        case _:
            return DEEDS[type(event)]


def _may(case: Case, event: ActOfUnion, powers: Powers) -> Refusal | None:
    """Refuse what has come too late, or is not for this union to do."""
    if case.state in ENDED:
        return refusals.ENDED_ALREADY
    deed, parties = deed_of(case, event), standings(case, event.by)
    if isinstance(event, FollowedUp):
        parties = (*parties, Party.SUPERIOR)
    if powers.any_may(parties, deed):
        return None
    if deed is Deed.TAKE_OVER and case.state is not CaseState.ESCALATED:
        return refusals.NO_GROUND
    rule = powers.rule(parties[0]).id if parties else "case-roles"
    return refusals.may_not(deed, parties, powers.who_may(deed), rule)


def _task_assigned(case: Case, event: TaskAssigned) -> Answer:
    for task in case.tasks:
        if task.no == event.no:
            same = (task.kind, task.to) == (event.kind, event.to)
            taken = refusals.about(refusals.NUMBER_TAKEN, no=event.no)
            return Silent() if same else taken
    if event.to == case.lead:
        return refusals.SAME_UNION
    limits = event.acknowledge_by, event.answer_by
    today = day_in_china(event.at)
    begun = tasks.assign(event.no, event.kind, event.to, limits, today)
    if isinstance(begun, Refusal):
        return begun
    return stepped(
        case,
        milestone(case, event, Step.TASK, about=event.no, reason="ASSIGNED"),
        begun.told,
        held=with_role(
            case.held, Role.CO_HANDLER, event.to, event.at, Ground.DELEGATION
        ),
        tasks=(*case.tasks, begun.task),
    )


def _on_task(case: Case, event: OnTask | TaskOverdue) -> Answer:
    task = next((one for one in case.tasks if one.no == event.no), None)
    if task is None:
        overdue = isinstance(event, TaskOverdue)
        unknown = refusals.about(refusals.UNKNOWN_NUMBER, no=event.no)
        return Silent() if overdue else unknown
    if isinstance(event, OnTask) and _of_another(task, event):
        return refusals.about(refusals.NOT_YOURS, union=task.to.union)
    if isinstance(event.what, Rated) and event.by == task.to:
        return OWN_TASK
    answer = tasks.decide(task, event.what, case.lead, day_in_china(event.at))
    if isinstance(answer, Refusal | Silent):
        return answer
    after = answer.task
    line = milestone(case, event, Step.TASK, about=event.no, reason=after.state)
    return stepped(
        case,
        None if isinstance(event.what, Rated) else line,
        answer.told,
        tasks=tuple(after if one is task else one for one in case.tasks),
    )


def _of_another(task: Task, event: OnTask) -> bool:
    """Tell whether a co-handler does something about the task of another one."""
    return not isinstance(event.what, OfLead) and event.by != task.to


_DECIDED: Final[Mapping[type, Callable[[Case, Any], Answer]]] = {
    Accepted: leading.accepted,
    Declined: leading.declined,
    Forwarded: leading.forwarded,
    ReportedUp: leading.reported_up,
    HandOverOffered: leading.offered,
    HandOverRecalled: leading.recalled,
    TakenOver: leading.taken_over,
    LeftBelow: leading.left_below,
    FollowedUp: leading.followed_up,
    MembershipMoved: leading.membership_moved,
    LimitPassed: leading.limit_passed,
    ActRecorded: working.act_recorded,
    FactStated: working.fact_stated,
    DocumentAdded: working.document_added,
    SubCaseOpened: working.sub_case_opened,
    SubCaseEnded: working.sub_case_ended,
    ClockPassed: working.clock_passed,
    ClocksSet: working.clocks_set,
    Closed: working.closed,
    Withdrawn: working.withdrawn,
    TaskAssigned: _task_assigned,
    OnTask: _on_task,
    TaskOverdue: _on_task,
}
