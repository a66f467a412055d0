"""Decider: who leads a case: routing, hand-over, and the union above (上代下).

Whoever took the request in leads until somebody accepts, so that there is a lead at
every instant. RULEBOOK §1, §3, §6 (2) and (6).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.following import facts, refusals
from hub.following.decision import (
    Silent,
    milestone,
    stepped,
)
from hub.following.roles import lead_moves, with_role
from schema.records.case import CaseState, Ground, Step
from schema.records.case_notice import Notice, NoticeKind
from schema.records.case_powers import Role
from schema.records.refusal import Refusal

if TYPE_CHECKING:
    from hub.following.decision import (
        Decision,
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
    from schema.records.case import Case, CaseMilestone
    from schema.records.case_task import Seat


def accepted(case: Case, event: Accepted) -> Decision | Refusal:
    """Let the union that was asked lead."""
    changed = facts.taken_in(case, event)
    if isinstance(changed, Refusal):
        return changed
    handed = case.state is CaseState.HANDING_OVER
    ground = Ground.HAND_OVER if handed else Ground.ROUTING
    held = lead_moves(case.held, event.by, Role.FOLLOWER, event.at, ground)
    line = milestone(case, event, Step.ACCEPTED)
    return _leads(case, line, event.by, held, **changed)


def declined(case: Case, event: Declined) -> Decision | Refusal:
    """Ask the union above; where the case has a lead, it keeps it."""
    line = milestone(case, event, Step.DECLINED, reason=event.reason)
    if case.state is CaseState.HANDING_OVER:
        return _kept(case, line)
    if event.superior is None:
        return refusals.NOBODY_ABOVE
    return escalated(case, line, event.superior, event.by, event.office)


def forwarded(case: Case, event: Forwarded) -> Decision | Refusal:
    """Ask another union, which was not asked before."""
    if case.accepted:
        return refusals.NOT_TO_FORWARD
    if event.to == event.by:
        return refusals.SAME_UNION
    if event.to in case.tried:
        return refusals.ASKED_BEFORE
    changed = facts.taken_in(case, event)
    if isinstance(changed, Refusal):
        return changed
    line = milestone(
        case, event, Step.FORWARDED, about=event.to.union, reason=event.reason
    )
    about = str(line.seq)
    return stepped(
        case,
        line,
        (
            Notice(NoticeKind.ASKED_TO_LEAD, event.to, about),
            Notice(NoticeKind.TELL_WORKER, event.by, about),
        ),
        state=CaseState.ROUTED,
        since=line.seq,
        asked=event.to,
        tried=_once(case.tried, event.by),
        below=None,
        ground_office="",
        overdue=False,
        **changed,
    )


def reported_up(case: Case, event: ReportedUp) -> Decision | Refusal:
    """Ask the union above to take what cannot be done here (002 §11)."""
    if case.state is not CaseState.OPEN:
        return unsettled(case)
    if event.superior is None:
        return refusals.NOBODY_ABOVE
    line = milestone(case, event, Step.REPORTED_UP, reason=event.reason)
    return escalated(case, line, event.superior, event.by, event.office)


def offered(case: Case, event: HandOverOffered) -> Decision | Refusal:
    """Ask another union to take the lead; until it accepts, nothing changes."""
    if case.state is not CaseState.OPEN:
        return unsettled(case)
    if event.to == event.by:
        return refusals.SAME_UNION
    line = milestone(
        case, event, Step.HAND_OVER_OFFERED, about=event.to.union, reason=event.reason
    )
    return stepped(
        case,
        line,
        (Notice(NoticeKind.ASKED_TO_LEAD, event.to, str(line.seq)),),
        state=CaseState.HANDING_OVER,
        since=line.seq,
        asked=event.to,
    )


def recalled(case: Case, event: HandOverRecalled) -> Decision | Refusal:
    """Take an offer back."""
    if case.state is not CaseState.HANDING_OVER:
        return refusals.NOTHING_OFFERED
    return _kept(case, milestone(case, event, Step.HAND_OVER_RECALLED))


def taken_over(case: Case, event: TakenOver) -> Decision | Refusal:
    """上代下: the union above leads, the lower one becomes co-handler.

    An office may act for all unions below it, and does not make its own ground by it.
    """
    if event.office == case.ground_office:
        return refusals.OWN_GROUND
    changed = facts.taken_in(case, event)
    if isinstance(changed, Refusal):
        return changed
    lower = case.below or case.lead
    old = Role.CO_HANDLER if case.lead == lower else Role.FOLLOWER
    held = lead_moves(case.held, event.by, old, event.at, Ground.TAKING_OVER)
    if lower != event.by:
        held = with_role(held, Role.CO_HANDLER, lower, event.at, Ground.TAKING_OVER)
    line = milestone(case, event, Step.TAKEN_OVER)
    # What was missed below has had its effect: nobody is asked about it any more.
    changed["dues"] = facts.asked_above(changed.get("dues", case.dues))
    return _leads(case, line, event.by, held, **changed)


def left_below(case: Case, event: LeftBelow) -> Decision | Refusal:
    """Let the lead go on; the union above has looked into it, and follows."""
    if not case.accepted:
        return refusals.NOBODY_LEADS
    line = milestone(case, event, Step.LEFT_BELOW, reason=event.reason)
    held = with_role(case.held, Role.FOLLOWER, event.by, event.at, Ground.SUPERIOR)
    return _kept(case, line, held=held)


def followed_up(case: Case, event: FollowedUp) -> Decision | Refusal:
    """Record a follow-up from above (002 §5); whoever does it follows the case."""
    changed = facts.taken_in(case, event)
    if isinstance(changed, Refusal):
        return changed
    held = with_role(case.held, Role.FOLLOWER, event.by, event.at, Ground.SUPERIOR)
    line = milestone(case, event, Step.FOLLOWED_UP)
    return stepped(case, line, held=held, **changed)


def membership_moved(case: Case, event: MembershipMoved) -> Decision | Silent:
    """Let the new home union follow. A running case is otherwise left as it is."""
    if event.worker not in case.workers:
        return Silent()
    held = with_role(case.held, Role.FOLLOWER, event.to, event.at, Ground.TRANSFER)
    if held is case.held:
        return Silent()
    told = (Notice(NoticeKind.ROLE_GIVEN, event.to, Role.FOLLOWER),)
    return stepped(case, None, told, held=held)


def limit_passed(case: Case, event: LimitPassed) -> Decision | Silent:
    """Go on without the answer of the union that was asked."""
    if case.asked is None or event.since != case.since:
        return Silent()
    line = milestone(case, event, Step.LIMIT_PASSED, about=case.asked.union)
    if case.state is CaseState.HANDING_OVER:
        return _kept(case, line)
    if event.superior is None or event.superior == case.asked:
        return Silent() if case.overdue else stepped(case, line, overdue=True)
    return escalated(case, line, event.superior, case.below or case.asked)


def escalated(
    case: Case, line: CaseMilestone, superior: Seat, below: Seat, office: str = ""
) -> Decision:
    """Ask a union above to take the lead from one below.

    Args:
        case: Before it.
        line: The milestone of what led to it.
        superior: Who is asked.
        below: Whom it would act for.
        office: Through which the one below said no; empty if a limit passed.
    """
    told = [Notice(NoticeKind.ASKED_TO_TAKE_OVER, superior, str(line.seq))]
    if case.state is CaseState.HANDING_OVER and case.asked is not None:
        told.append(Notice(NoticeKind.LEAD_NOT_TAKEN, case.asked, str(line.seq)))
    asked = () if case.asked is None or case.accepted else (case.asked,)
    return stepped(
        case,
        line,
        tuple(told),
        state=CaseState.ESCALATED,
        since=line.seq,
        asked=superior,
        tried=_once(case.tried, *asked),
        below=below,
        ground_office=office,
        overdue=False,
    )


def unsettled(case: Case) -> Refusal:
    """Refuse what has to wait until it is settled who leads."""
    asked = case.asked
    assert asked is not None, "whoever leads an open case is settled"  # noqa: S101
    return refusals.about(refusals.LEAD_UNSETTLED, union=asked.union)


def _leads(
    case: Case,
    line: CaseMilestone,
    by: Seat,
    held: tuple[object, ...],
    **changes: object,
) -> Decision:
    """Let a union lead for good; the file goes where it is."""
    about = str(line.seq)
    others = dict.fromkeys(one.seat for one in case.held if one.seat != by)
    told = [Notice(NoticeKind.LEAD_CHANGED, seat, about) for seat in others]
    if case.file_province != by.province:
        told.append(Notice(NoticeKind.HAND_FILE_OVER, case.lead, about))
    told.append(Notice(NoticeKind.TELL_WORKER, by, about))
    return stepped(
        case,
        line,
        tuple(told),
        state=CaseState.OPEN,
        held=held,
        accepted=True,
        asked=None,
        tried=(),
        below=None,
        ground_office="",
        overdue=False,
        file_province=by.province,
        **changes,
    )


def _kept(case: Case, line: CaseMilestone, **changes: object) -> Decision:
    """Leave the lead where it is."""
    return stepped(
        case,
        line,
        (Notice(NoticeKind.LEAD_NOT_TAKEN, case.lead, str(line.seq)),),
        state=CaseState.OPEN,
        asked=None,
        tried=(),
        below=None,
        ground_office="",
        overdue=False,
        **changes,
    )


def _once(tried: tuple[Seat, ...], *more: Seat) -> tuple[Seat, ...]:
    return (*tried, *(seat for seat in more if seat not in tried))
