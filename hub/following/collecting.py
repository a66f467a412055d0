"""Decider: which reports of arrears on one employer group are one collective case now.

A report counts while its case is open; once it is in a collective case, it goes on
counting when its own case is closed, until no case of all is open any more. One whose
case was taken back counts for nobody. Totals change by what each report changes, so what
a report costs does not grow with how many there are.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Final

import msgspec

from hub.clock import day_in_china
from hub.following.arrears import collectives, early_warning
from schema.records.arrears import ArrearsReport, CollectiveTotals, CollectiveView
from schema.records.case import CaseState, Step
from schema.records.case_task import Seat

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hub.following.employers import EmployerGroups
    from schema.records.arrears import EarlyWarning, KeptCollective
    from schema.records.case import CaseMilestone
    from schema.records.keys import ProvinceCode, WorkerId

#: GraphQL tells no greater number.
_MOST: Final = 2**31 - 1
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
    kept: KeptCollective, province: ProvinceCode, *, content: bool
) -> CollectiveView:
    """Show a collective case to unions: their own reports, and how much there is.

    Args:
        kept: The case, with the reports that are theirs.
        province: Their province.
        content: Whether they see who owes the wages.
    """
    case = kept.case
    return CollectiveView(
        id=kept.id,
        group=case.group if content else None,
        own=kept.own,
        own_more=kept.own_more,
        workers=min(case.workers, _MOST),
        others=len(case.reports.keys() - {province}),
        reached_on=case.reached_on,
    )


def state_of(state: CaseState) -> str:
    """Tell what a report is while its case stands so."""
    if state in {CaseState.CLOSED, CaseState.WITHDRAWN}:
        return state.value
    return "OPEN"


class Change(msgspec.Struct, frozen=True):
    """What a report changes in the collective case of its group.

    Attributes:
        kept: The report.
        was: Whether it counted, and whether its case was then open; none: it did not.
        now: The same, as it is now.
    """

    kept: KeptReport
    was: bool | None
    now: bool | None


def change_of(kept: KeptReport, *, was: bool | None) -> Change:
    """Tell what a report changes in a collective case that stands.

    Args:
        kept: As it is now.
        was: Whether its case was open when it was counted; none if it was not.
    """
    if kept.open:
        return Change(kept, was, now=True)
    closed = kept.state == CaseState.CLOSED and was is not None
    return Change(kept, was, now=False if closed else None)


def formed(
    opened: Sequence[KeptReport], group: str, groups: EmployerGroups, enough: int
) -> CollectiveTotals | None:
    """Say what the collective case of a group is at its beginning; none if too few.

    Args:
        opened: The reports whose cases are open, and that are part of none.
        group: Name of the group.
        groups: To which group an employer belonged on the day of a report.
        enough: From how many workers on they are one.
    """
    found = collectives([one.report for one in opened], groups, enough)
    case = next((one for one in found if one.group == group), None)
    if case is None:
        return None
    listed = len({worker for one in opened for worker in one.report.listed})
    return CollectiveTotals(
        group=group,
        reached_on=case.reached_on,
        reports={province: len(ids) for province, ids in case.reports.items()},
        open=len(opened),
        listed=listed,
        unlisted=case.workers - listed,
    )


def changed(
    totals: CollectiveTotals, changes: Iterable[Change], listed: int
) -> CollectiveTotals:
    """Say what a collective case is after some changes.

    Args:
        totals: As it was.
        changes: What reports change.
        listed: How many listed workers there are more, or fewer.
    """
    reports, opened, unlisted = Counter(totals.reports), totals.open, totals.unlisted
    for one in changes:
        report = one.kept.report
        more = (one.now is not None) - (one.was is not None)
        reports[report.province] += more
        unlisted += more * (report.workers - len(report.listed))
        opened += bool(one.now) - bool(one.was)
    return msgspec.structs.replace(
        totals,
        reports={province: number for province, number in reports.items() if number},
        open=opened,
        listed=totals.listed + listed,
        unlisted=unlisted,
    )


def listed_changes(changes: Iterable[Change]) -> dict[WorkerId, int]:
    """Count in how many reports more, or fewer, each worker is listed."""
    found: Counter[WorkerId] = Counter()
    for one in changes:
        more = (one.now is not None) - (one.was is not None)
        for worker in one.kept.report.listed:
            found[worker] += more
    return {worker: more for worker, more in found.items() if more}


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
