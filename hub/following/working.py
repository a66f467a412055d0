"""Decider: working on a case: acts, facts and clocks, papers, sub-cases, the end.

Dates that have yet to come are no facts, and a correction does not make a limit pass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.clock import day_in_china
from hub.following import facts, leading, refusals
from hub.following.clock_refusals import FACT_IN_FUTURE
from hub.following.decision import (
    Decision,
    Silent,
    milestone,
    stepped,
)
from hub.following.roles import with_role
from schema.records.case import (
    CaseState,
    Ground,
    Step,
    SubCase,
)
from schema.records.case_notice import Notice, NoticeKind
from schema.records.case_powers import Role
from schema.records.case_task import TaskState
from schema.records.refusal import Refusal

if TYPE_CHECKING:
    from hub.following.case_events import (
        ActRecorded,
        ClockPassed,
        ClocksSet,
        Closed,
        DocumentAdded,
        FactStated,
        SubCaseEnded,
        SubCaseOpened,
        Withdrawn,
    )
    from schema.records.case import Case
    from schema.records.case_task import Document

    Answer = Decision | Refusal | Silent


def act_recorded(case: Case, event: ActRecorded) -> Answer:
    """Note an act, and the facts that come of it."""
    if event.key in case.acts:
        return Silent()
    if event.on > day_in_china(event.at):
        return FACT_IN_FUTURE
    changed = facts.taken_in(case, event)
    if isinstance(changed, Refusal):
        return changed
    line = milestone(case, event, Step.ACT, about=event.kind)
    return stepped(
        case,
        msgspec.structs.replace(line, on=event.on),
        acts=case.acts | {event.key},
        documents=_with(case.documents, event.document),
        **changed,
    )


def fact_stated(case: Case, event: FactStated) -> Answer:
    """Note facts or corrections, and what the clocks make of them."""
    if all(fact in case.facts for fact in event.facts):
        return Silent()
    changed = facts.taken_in(case, event)
    if isinstance(changed, Refusal):
        return changed
    corrected = any(fact.revision for fact in event.facts)
    step = Step.FACT_CORRECTED if corrected else Step.FACT_STATED
    kinds = ", ".join(fact.kind for fact in event.facts)
    line = milestone(case, event, step, about=kinds, reason=event.reason)
    on = event.facts[0].on
    return stepped(case, msgspec.structs.replace(line, on=on), **changed)


def document_added(case: Case, event: DocumentAdded) -> Answer:
    """Note a document, unless it is known."""
    if event.document in case.documents:
        return Silent()
    line = milestone(case, event, Step.DOCUMENT_ADDED, about=event.document.task)
    return stepped(case, line, documents=(*case.documents, event.document))


def sub_case_opened(case: Case, event: SubCaseOpened) -> Answer:
    """Open a sub-case; whoever handles it becomes a co-handler."""
    for one in case.sub_cases:
        if one.no == event.no:
            same = (one.kind, one.seat) == (event.kind, event.to)
            taken = refusals.about(refusals.NUMBER_TAKEN, no=event.no)
            return Silent() if same else taken
    held, at = case.held, event.at
    if event.to != case.lead:
        held = with_role(held, Role.CO_HANDLER, event.to, at, Ground.DELEGATION)
    new = SubCase(no=event.no, kind=event.kind, seat=event.to, opened_at=at)
    return stepped(
        case,
        milestone(case, event, Step.SUB_CASE_OPENED, about=event.no),
        (Notice(NoticeKind.SUB_CASE_GIVEN, event.to, event.no),),
        held=held,
        sub_cases=(*case.sub_cases, new),
    )


def sub_case_ended(case: Case, event: SubCaseEnded) -> Answer:
    """Note how a sub-case ended; who handles it says so, or the lead."""
    found = next((one for one in case.sub_cases if one.no == event.no), None)
    if found is None:
        return refusals.about(refusals.UNKNOWN_NUMBER, no=event.no)
    if event.by not in {found.seat, case.lead}:
        return refusals.about(refusals.NOT_YOURS, union=found.seat.union)
    if found.outcome:
        return Silent()
    ended = msgspec.structs.replace(found, outcome=event.outcome)
    return stepped(
        case,
        milestone(
            case, event, Step.SUB_CASE_ENDED, about=event.no, reason=event.outcome
        ),
        (Notice(NoticeKind.SUB_CASE_ENDED, case.lead, event.no),),
        sub_cases=tuple(ended if one is found else one for one in case.sub_cases),
    )


def clock_passed(case: Case, event: ClockPassed) -> Decision | Silent:
    """Note that a clock passed; where its rule says so, ask the union above.

    While it is not settled who leads, there is nobody above whom to ask: what passes
    then is asked about when that is settled (RULEBOOK §6 (6)).
    """
    found = facts.running(case, event)
    if found is None:
        return Silent()
    led = case.state in facts.LED
    unasked = found.escalates and not led
    missed = msgspec.structs.replace(found, missed=True, unasked=unasked)
    dues = tuple(missed if one is found else one for one in case.dues)
    line = milestone(case, event, Step.CLOCK_PASSED, about=found.clock)
    told = (Notice(NoticeKind.CLOCK_MISSED, case.lead, str(line.seq)),)
    if found.escalates and led and event.superior is not None:
        up = leading.escalated(case, line, event.superior, case.lead)
        after = msgspec.structs.replace(up.case, dues=facts.asked_above(dues))
        return Decision(after, (*told, *up.told))
    return stepped(case, line, told, dues=dues)


def clocks_set(case: Case, event: ClocksSet) -> Decision | Silent:
    """Take the due dates as the clocks are now; that one passed stays noted."""
    dues = facts.kept_missed(case.dues, event.dues)
    return Silent() if dues == case.dues else stepped(case, None, dues=dues)


def closed(case: Case, event: Closed) -> Answer:
    """End the case: nobody may have anything left to do in it."""
    if case.state is not CaseState.OPEN:
        return leading.unsettled(case)
    if tasks := [task.no for task in case.open_tasks]:
        return refusals.about(refusals.OPEN_TASKS, tasks=", ".join(tasks))
    if some := [one.no for one in case.sub_cases if not one.outcome]:
        return refusals.about(refusals.OPEN_SUB_CASES, cases=", ".join(some))
    if event.result.on > day_in_china(event.at):
        return FACT_IN_FUTURE
    line = milestone(case, event, Step.CLOSED, about=event.result.outcome)
    return stepped(
        case,
        msgspec.structs.replace(line, on=event.result.on),
        _ended(case),
        state=CaseState.CLOSED,
        result=event.result,
    )


def withdrawn(case: Case, event: Withdrawn) -> Decision:
    """End the case because the worker takes it back; open tasks are called off."""
    tasks = tuple(
        msgspec.structs.replace(task, state=TaskState.CLOSED) for task in case.tasks
    )
    return stepped(
        case,
        milestone(case, event, Step.WITHDRAWN, reason=event.reason),
        _ended(case),
        state=CaseState.WITHDRAWN,
        tasks=tasks,
        asked=None,
        overdue=False,
    )


def _ended(case: Case) -> tuple[Notice, ...]:
    seats = dict.fromkeys(one.seat for one in case.held)
    if case.asked is not None:
        seats[case.asked] = None
    return tuple(Notice(NoticeKind.CASE_ENDED, seat, "") for seat in seats)


def _with(
    documents: tuple[Document, ...], more: Document | None
) -> tuple[Document, ...]:
    known = more is None or more in documents
    return documents if more is None or known else (*documents, more)
