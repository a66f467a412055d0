"""Decider: which reports of arrears on one employer group are one collective case now.

A report counts while its case is open; once it is in a collective case, it goes on
counting when its own case is closed, until no case of all is open any more. One whose
case was taken back counts for nobody.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import msgspec

from hub.clock import day_in_china
from hub.following.arrears import collectives, early_warning
from schema.records.arrears import ArrearsReport, CollectiveView
from schema.records.case import CaseState, Step
from schema.records.case_task import Seat

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hub.following.employers import EmployerGroups
    from schema.records.arrears import CollectiveCase, EarlyWarning, KeptCollective
    from schema.records.case import CaseMilestone
    from schema.records.keys import ProvinceCode

#: What a union does about a case, after it has taken it in (早介入, 000 五(三)).
ACTING: Final = frozenset(
    {
        Step.ACCEPTED,
        Step.ACT,
        Step.FOLLOWED_UP,
        Step.SUB_CASE_OPENED,
        Step.TASK,
        Step.TAKEN_OVER,
    }
)


class KeptReport(msgspec.Struct, frozen=True, kw_only=True):
    """A report, as it is kept.

    Attributes:
        report: What was reported.
        case_no: Number of its case.
        lead: Who leads that case now.
        signal_on: When there was a first sign of it: the report's day at the latest.
        state: Whether its case is open still.
        collective: Id of the collective case that it is part of, if of one.
    """

    report: ArrearsReport
    case_no: str
    lead: Seat
    signal_on: date
    state: str = "OPEN"
    collective: str | None = None

    @property
    def open(self) -> bool:
        """Whether its case is open."""
        return self.state == "OPEN"


def view_of(
    kept: KeptCollective, linked: Iterable[KeptReport], province: ProvinceCode
) -> CollectiveView:
    """Show a collective case to a province: its own reports, and how much there is.

    Args:
        kept: The case.
        linked: Its reports.
        province: Whose reports are named: those it received, and those it leads.
    """
    own = sorted(
        one.report.id
        for one in linked
        if province in {one.report.province, one.lead.province}
    )
    case = kept.case
    return CollectiveView(
        id=kept.id,
        group=case.group,
        own=tuple(own),
        workers=case.workers,
        others=len(case.reports.keys() - {province}),
        reached_on=case.reached_on,
    )


def state_of(state: CaseState) -> str:
    """Tell what a report is while its case stands so."""
    if state in {CaseState.CLOSED, CaseState.WITHDRAWN}:
        return state.value
    return "OPEN"


def counted(kept: Iterable[KeptReport], standing: str | None) -> tuple[KeptReport, ...]:
    """Choose the reports that count.

    Args:
        kept: All on the employers of a group.
        standing: Id of the group's collective case, if there is one.
    """
    counts = tuple(
        one
        for one in kept
        if one.open
        or (
            one.state == CaseState.CLOSED
            and standing is not None
            and one.collective == standing
        )
    )
    return counts if any(one.open for one in counts) else ()


def collected(
    counts: Sequence[KeptReport], group: str, groups: EmployerGroups, enough: int
) -> CollectiveCase | None:
    """Say what the collective case of a group is; none if they are too few.

    Args:
        counts: The reports that count.
        group: Name of the group.
        groups: To which group an employer belonged on the day of a report.
        enough: From how many workers on they are one.
    """
    found = collectives([one.report for one in counts], groups, enough)
    return next((one for one in found if one.group == group), None)


def first_act(milestones: Iterable[CaseMilestone]) -> date | None:
    """Tell on which day a union first acted, if one has."""
    return min(
        (one.on or day_in_china(one.at) for one in milestones if one.step in ACTING),
        default=None,
    )


def warned(
    milestones: Iterable[CaseMilestone], kept: Sequence[KeptReport]
) -> EarlyWarning | None:
    """Measure how early the arrears of a case were found; none if none are reported."""
    if not kept:
        return None
    act = first_act(milestones)
    return early_warning(
        signals=[one.signal_on for one in kept],
        acts=() if act is None else (act,),
        reports=[one.report.on for one in kept],
    )
