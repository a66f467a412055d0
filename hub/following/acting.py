"""Decider: what a union wishes to do about a case → the event, or why it cannot be.

Whether the union may is for the case to decide (``hub.following.case``). Here stands
what only the directory of unions and the rules know: who stands above whom, limits of
tasks, due dates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hub.following import acting_refusals as no
from hub.following import case_events as done
from hub.following import lead_events as led
from hub.following.implied import implied
from hub.following.limits import task_limits
from hub.following.task_acting import ON_TASKS, on_task, unknown_number
from hub.following.task_refusals import OWN_TASK
from hub.following.wishing import wish_refused
from schema.records import case_wish as wishes
from schema.records.case import Result
from schema.records.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hub.following.case_events import ActOfUnion
    from hub.following.scene import Scene
    from schema.records.case_wish import CaseWish

    Made = ActOfUnion | Refusal

_LONGEST_CODE: Final = 64


def event_of(scene: Scene, wish: CaseWish) -> Made:
    """Make the event of a wish.

    Args:
        scene: In what it takes place.
        wish: What the union wishes.
    """
    refused = wish_refused(scene.book.thresholds, scene.case, wish, scene.today)
    if refused is not None:
        return refused
    if isinstance(wish, ON_TASKS):
        if isinstance(wish, wishes.RateTask) and _acts_for_both(scene, wish.no):
            return OWN_TASK
        found = on_task(scene.book, scene.case, scene.by, wish, scene.today)
        if isinstance(found, Refusal):
            return found
        return scene.whole(done.OnTask, no=wish.no, what=found)
    return _MADE[type(wish)](scene, wish)


def _acts_for_both(scene: Scene, no: str) -> bool:
    """Tell whether the office that acts for the lead acts for a task's union too."""
    return scene.by == scene.case.lead and any(
        scene.directory.acts_for(scene.office, task.to.union, scene.today)
        for task in scene.case.tasks
        if task.no == no
    )


def _dated(
    kind: type[led.Accepted | led.TakenOver | led.FollowedUp],
) -> Callable[[Scene, Any], Made]:
    """Make events that nothing but the facts that they are comes with."""

    def make(scene: Scene, wish: Any) -> Made:
        facts = scene.facts(*implied(scene.case, wish, scene.today))
        if isinstance(facts, Refusal):
            return facts
        return scene.whole(kind, facts=facts.facts, dues=facts.dues)

    return make


def _upwards(kind: type[led.Declined | led.ReportedUp]) -> Callable[[Scene, Any], Made]:
    """Make events by which the union above the one that acts is asked."""

    def make(scene: Scene, wish: Any) -> Made:
        above = scene.above(scene.by)
        return scene.whole(kind, reason=wish.reason, superior=above)

    return make


def _forward(scene: Scene, wish: wishes.ForwardLead) -> Made:
    to = scene.seat(wish.to)
    if isinstance(to, Refusal):
        return to
    facts = scene.facts(*implied(scene.case, wish, scene.today))
    if isinstance(facts, Refusal):
        return facts
    return scene.whole(
        led.Forwarded, to=to, reason=wish.reason, facts=facts.facts, dues=facts.dues
    )


def _offer(scene: Scene, wish: wishes.OfferHandOver) -> Made:
    to = scene.seat(wish.to)
    if isinstance(to, Refusal):
        return to
    return scene.whole(led.HandOverOffered, to=to, reason=wish.reason)


def _record(scene: Scene, wish: wishes.RecordAct) -> Made:
    facts = scene.facts(*wish.facts, *implied(scene.case, wish, scene.today))
    if isinstance(facts, Refusal):
        return facts
    document = None if wish.document is None else scene.document(wish.document)
    if isinstance(document, Refusal):
        return document
    return scene.whole(
        done.ActRecorded,
        key=scene.number("a"),
        kind=wish.kind,
        on=wish.on,
        document=document,
        facts=facts.facts,
        dues=facts.dues,
    )


def _state(scene: Scene, wish: wishes.StateFacts) -> Made:
    if not wish.facts:
        return no.NO_FACTS
    facts = scene.facts(*wish.facts)
    if isinstance(facts, Refusal):
        return facts
    return scene.whole(
        done.FactStated, facts=facts.facts, dues=facts.dues, reason=wish.reason
    )


def _add(scene: Scene, wish: wishes.AddDocument) -> Made:
    document = scene.document(wish.document)
    if isinstance(document, Refusal):
        return document
    return scene.whole(done.DocumentAdded, document=document)


def _open_sub_case(scene: Scene, wish: wishes.OpenSubCase) -> Made:
    to = scene.seat(wish.to)
    if isinstance(to, Refusal):
        return to
    number = scene.number("s")
    return scene.whole(done.SubCaseOpened, no=number, kind=wish.kind, to=to)


def _end_sub_case(scene: Scene, wish: wishes.EndSubCase) -> Made:
    refused = no.text_refused("outcome", wish.outcome, _LONGEST_CODE, scene.today)
    if refused is not None:
        return refused
    if all(one.no != wish.no for one in scene.case.sub_cases):
        return unknown_number(wish.no)
    return scene.whole(done.SubCaseEnded, no=wish.no, outcome=wish.outcome)


def _assign(scene: Scene, wish: wishes.AssignTask) -> Made:
    to = scene.seat(wish.to)
    if isinstance(to, Refusal):
        return to
    limits = task_limits(scene.book, scene.case, wish.kind, to, scene.today)
    return scene.whole(
        done.TaskAssigned,
        no=scene.number("t"),
        kind=wish.kind,
        to=to,
        acknowledge_by=limits[0],
        answer_by=limits[1],
    )


def _close(scene: Scene, wish: wishes.CloseCase) -> Made:
    document = None if wish.document is None else scene.document(wish.document)
    if isinstance(document, Refusal):
        return document
    result = Result(outcome=wish.outcome, on=wish.on, document=document)
    return scene.whole(done.Closed, result=result)


_MADE: Final[Mapping[type, Callable[[Scene, Any], Made]]] = {
    wishes.AcceptLead: _dated(led.Accepted),
    wishes.DeclineLead: _upwards(led.Declined),
    wishes.ForwardLead: _forward,
    wishes.ReportUp: _upwards(led.ReportedUp),
    wishes.OfferHandOver: _offer,
    wishes.RecallHandOver: lambda scene, _: scene.whole(led.HandOverRecalled),
    wishes.TakeOver: _dated(led.TakenOver),
    wishes.LeaveBelow: lambda scene, wish: scene.whole(
        led.LeftBelow, reason=wish.reason
    ),
    wishes.FollowUp: _dated(led.FollowedUp),
    wishes.RecordAct: _record,
    wishes.StateFacts: _state,
    wishes.AddDocument: _add,
    wishes.OpenSubCase: _open_sub_case,
    wishes.EndSubCase: _end_sub_case,
    wishes.AssignTask: _assign,
    wishes.CloseCase: _close,
    wishes.WithdrawCase: lambda scene, wish: scene.whole(
        done.Withdrawn, reason=wish.reason
    ),
}
