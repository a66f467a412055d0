"""Decider: what follows from reports of wage arrears (002 §5, RULEBOOK §6)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from hub.following.employers import employer_code
from schema.records.arrears import (
    Addressee,
    CollectiveCase,
    EarlyWarning,
    ReceiptWanted,
)
from schema.records.refusal import Bilingual, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from hub.following.employers import EmployerGroups
    from hub.organisation.directory import Directory
    from schema.records.arrears import ArrearsReport
    from schema.records.keys import ProvinceCode, WorkerId
    from schema.records.venue import Routing

#: RULEBOOK §6: the fields of a report.
RULE: Final = "arrears-report"

IN_FUTURE: Final = Refusal(
    "REPORT_IN_FUTURE",
    RULE,
    Bilingual(
        "报告日期或者欠薪期间在今天之后。", "The report or its period is yet to come."
    ),
    Bilingual("请核对日期。", "Check the dates."),
)
PERIOD_REVERSED: Final = Refusal(
    "PERIOD_REVERSED",
    RULE,
    Bilingual("欠薪期间的起止颠倒。", "The period ends before it begins."),
    Bilingual("请核对起止日期。", "Check its first and last day."),
)
NO_WORKERS: Final = Refusal(
    "NO_WORKERS",
    RULE,
    Bilingual(
        "人数少于一人，或者少于名单所列人数。",
        "There is no worker, or there are fewer than are listed.",
    ),
    Bilingual(
        "请填写人数；名单可以不全。",
        "Write how many there are; the list may be shorter.",
    ),
)
NO_AMOUNT: Final = Refusal(
    "NO_AMOUNT",
    RULE,
    Bilingual("欠薪金额不大于零。", "The amount is not above zero."),
    Bilingual("请填写金额，可以估计。", "Write the amount; an estimate will do."),
)


def report_refused(report: ArrearsReport, today: date) -> Refusal | None:
    """Tell why a report cannot be taken as it is; none if it can.

    Args:
        report: With the codes of employers as they are kept.
        today: The day in China.
    """
    for code in (report.employer, report.main_contractor, report.subcontractor):
        if code is not None and isinstance(read := employer_code(code), Refusal):
            return read
    if report.until < report.since:
        return PERIOD_REVERSED
    if max(report.on, report.until) > today:
        return IN_FUTURE
    if report.workers < max(1, len(report.listed)):
        return NO_WORKERS
    return None if _above_zero(report.amount) else NO_AMOUNT


def receipts(
    report: ArrearsReport, routing: Routing, directory: Directory
) -> tuple[ReceiptWanted, ReceiptWanted]:
    """Name the two receipts that must come at once: of inspection, and of a superior.

    Args:
        report: The report.
        routing: Where its case goes.
        directory: The unions; the superior is the one above the union that leads, and
            a province's union is its own.
    """
    lead = directory.get(routing.lead, report.on)
    superior = lead.parent if lead is not None and lead.parent else routing.lead
    return (
        ReceiptWanted(
            Addressee.INSPECTION,
            routing.venue or report.division,
            "inspection-receipt",
            "arrears-receipt-inspection",
        ),
        ReceiptWanted(
            Addressee.SUPERIOR,
            superior,
            "superior-receipt",
            "arrears-receipt-superior",
        ),
    )


def collectives(
    reports: Iterable[ArrearsReport], groups: EmployerGroups, enough: int
) -> tuple[CollectiveCase, ...]:
    """Link reports on one employer group, from whatever provinces.

    Args:
        reports: All that are open, in any order; one that comes twice counts once.
        groups: To which group an employer belonged on the day of a report.
        enough: From how many workers on they are one collective case.

    Returns:
        One case for each group with so many, by name of the group.
    """
    of_group: dict[str, dict[str, ArrearsReport]] = defaultdict(dict)
    for report in reports:
        of_group[groups.group_of(report.employer, report.on)][report.id] = report
    linked = (
        _linked(group, sorted(some.values(), key=_day), enough)
        for group, some in sorted(of_group.items())
    )
    return tuple(case for case in linked if case is not None)


def early_warning(
    *, signals: Iterable[date], acts: Iterable[date], reports: Iterable[date]
) -> EarlyWarning | None:
    """Measure how early a case was found; none if nothing has happened in it."""
    act, report = min(acts, default=None), min(reports, default=None)
    days = [day for day in (*signals, act, report) if day is not None]
    if not days:
        return None
    return EarlyWarning(first_signal=min(days), first_act=act, first_report=report)


def _linked(
    group: str, reports: list[ArrearsReport], enough: int
) -> CollectiveCase | None:
    of_province: dict[ProvinceCode, list[str]] = defaultdict(list)
    listed: set[WorkerId] = set()
    others, reached_on = 0, None
    for report in reports:
        of_province[report.province].append(report.id)
        listed |= report.listed
        others += report.workers - len(report.listed)
        if reached_on is None and len(listed) + others >= enough:
            reached_on = report.on
    if reached_on is None:
        return None
    return CollectiveCase(
        group=group,
        reports={code: tuple(ids) for code, ids in sorted(of_province.items())},
        workers=len(listed) + others,
        reached_on=reached_on,
    )


def _day(report: ArrearsReport) -> tuple[date, str]:
    return report.on, report.id


def _above_zero(amount: str) -> bool:
    return not amount.startswith("-") and any(digit in "123456789" for digit in amount)
