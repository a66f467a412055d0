"""Value: a report of wage arrears (欠薪报告), and what follows from it (RULEBOOK §6)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import msgspec

from schema.records.case_task import Seat
from schema.records.keys import ProvinceCode, WorkerId
from schema.records.record import Code, Count, Text, Yuan


class Reporter(StrEnum):
    """Who reports."""

    #: 劳动关系信息员: may report, and does not read the case.
    INFORMANT = "INFORMANT"
    WORKER = "WORKER"
    UNION = "UNION"


class ArrearsReport(msgspec.Struct, frozen=True, kw_only=True):
    """Wages that were not paid.

    Attributes:
        id: Its name.
        on: The day of the report, in China.
        reporter: Who reports.
        office: The union that received it.
        province: Its province.
        employer: Unified social credit code of who owes the wages.
        main_contractor: Code of the main contractor, liable with it.
        subcontractor: Code of the subcontractor between them.
        project: What is built, if it is about a project.
        division: Where the arrears arose (GB/T 2260).
        workers: How many workers.
        listed: The hub's names of those who are known; may be fewer.
        since: First day of the wages that are owed.
        until: Last day of them.
        amount: How much, in yuan.
        evidence: References to evidence in the province; content stays there.
        guarantee_known: Whether a wage account or guarantee is known of.
        safety_risk: People may come to harm.
    """

    id: Code
    on: date
    reporter: Reporter
    office: Code
    province: ProvinceCode
    employer: Code
    division: Code
    workers: Count
    since: date
    until: date
    amount: Yuan
    main_contractor: Code | None = None
    subcontractor: Code | None = None
    project: Text | None = None
    listed: frozenset[WorkerId] = frozenset()
    evidence: tuple[Code, ...] = ()
    guarantee_known: bool = False
    safety_risk: bool = False


class Addressee(StrEnum):
    """To whom arrears are reported at once (002 §5): to both."""

    INSPECTION = "INSPECTION"
    SUPERIOR = "SUPERIOR"


class ReceiptWanted(msgspec.Struct, frozen=True):
    """A receipt that must come.

    Attributes:
        addressee: Whose.
        to: The place of the inspection (GB/T 2260), or the code of the union.
        fact: The kind of fact that its coming is.
        clock: Name of the clock that waits for it.
    """

    addressee: Addressee
    to: str
    fact: str
    clock: str


class ReceiptDue(msgspec.Struct, frozen=True, kw_only=True):
    """A receipt that must come, and by when.

    Attributes:
        wanted: Which.
        due_on: Its last day, in China; none if no clock waits for it.
    """

    wanted: ReceiptWanted
    due_on: date | None


class CollectiveCase(msgspec.Struct, frozen=True, kw_only=True):
    """Reports on one employer group that are one collective case. No names.

    Attributes:
        group: The employer group.
        reports: Ids of the reports, by province.
        workers: How many workers there are in all; who is listed twice counts once.
        reached_on: The day on which there were enough.
    """

    group: str
    reports: dict[ProvinceCode, tuple[str, ...]]
    workers: int
    reached_on: date


class CollectiveTotals(msgspec.Struct, frozen=True, kw_only=True):
    """How much there is of a collective case; it changes by what each report changes.

    Attributes:
        group: The employer group.
        reached_on: The day on which there were enough, as it was when it was formed.
        reports: How many reports count, by province.
        open: How many of them are of cases that are open.
        listed: How many workers are listed, each once.
        unlisted: How many there are besides.
    """

    group: str
    reached_on: date
    reports: dict[ProvinceCode, int]
    open: int
    listed: int
    unlisted: int

    @property
    def workers(self) -> int:
        """How many workers there are in all; who is listed twice counts once."""
        return self.listed + self.unlisted


class KeptCollective(msgspec.Struct, frozen=True, kw_only=True):
    """A collective case, as it is kept.

    Attributes:
        id: The hub's name of it.
        formed_at: When it was formed.
        case: How much there is of it.
        own: Ids of the first reports that some unions received or lead, as asked for.
        own_more: Whether they have more of them.
        leads: Whether they lead the case of one.
    """

    id: str
    formed_at: datetime
    case: CollectiveTotals
    own: tuple[str, ...] = ()
    own_more: bool = False
    leads: bool = False


class CollectiveView(msgspec.Struct, frozen=True, kw_only=True):
    """What unions are shown of a collective case.

    Attributes:
        group: The employer group; none if content is not for them.
        own: Ids of the first reports that they received or lead.
        workers: How many workers there are in all provinces.
        others: How many other provinces there are.
        reached_on: The day on which there were enough.
        id: The hub's name of it.
        own_more: Whether they have more reports than are named.
    """

    group: str | None
    own: tuple[str, ...]
    workers: int
    others: int
    reached_on: date
    id: str = ""
    own_more: bool = False


class FiledReport(msgspec.Struct, frozen=True, kw_only=True):
    """What whoever reported arrears is told: that it was received, and who must answer.

    Attributes:
        id: The hub's name of the report.
        case_no: Number of the case that was opened for it.
        on: The day of the report.
        lead: The union that is to lead the case.
        receipts: The two receipts that must come (002 §5).
    """

    id: str
    case_no: str
    on: date
    lead: Seat
    receipts: tuple[ReceiptDue, ...]


class EarlyWarning(msgspec.Struct, frozen=True, kw_only=True):
    """How early it was found, acted upon and reported (000 五(三)).

    Attributes:
        first_signal: When there was a first sign of it; a report is one too.
        first_act: When a union first acted, if one has.
        first_report: When it was first reported, if it was.
    """

    first_signal: date
    first_act: date | None
    first_report: date | None

    @property
    def days_to_act(self) -> int | None:
        """Days from the first signal to the first act."""
        return _days(self.first_signal, self.first_act)

    @property
    def days_to_report(self) -> int | None:
        """Days from the first signal to the first report."""
        return _days(self.first_signal, self.first_report)


def _days(since: date, until: date | None) -> int | None:
    return None if until is None else (until - since).days
