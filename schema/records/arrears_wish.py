"""Value: what an office or an informant says of wages that were not paid."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from schema.records.arrears import Reporter
from schema.records.keys import WorkerId


class ArrearsWish(msgspec.Struct, frozen=True, kw_only=True):
    """Wages were not paid: report it (002 §5), and open its case.

    Attributes:
        by: The union that received the report.
        on: The day of the report, in China.
        reporter: Who reports.
        employer: Unified social credit code of who owes the wages.
        division: Where the arrears arose (GB/T 2260).
        workers: How many workers.
        since: First day of the wages that are owed.
        until: Last day of them.
        amount: How much, in yuan.
        signal_on: When there was a first sign of it, if before the report.
        main_contractor: Code of the main contractor, liable with it.
        subcontractor: Code of the subcontractor between them.
        project: What is built, if it is about a project.
        listed: The hub's names of those workers who are known.
        local_ids: Names of workers in the register of ``by``'s province.
        home: The workers' home union, as far as ``by`` knows.
        evidence: References to evidence in the province.
        guarantee_known: Whether a wage account or guarantee is known of.
        safety_risk: People may come to harm.
        green: On the green channel.
    """

    by: str
    on: date
    reporter: Reporter
    employer: str
    division: str
    workers: int
    since: date
    until: date
    amount: Decimal
    signal_on: date | None = None
    main_contractor: str | None = None
    subcontractor: str | None = None
    project: str | None = None
    listed: tuple[WorkerId, ...] = ()
    local_ids: tuple[str, ...] = ()
    home: str | None = None
    evidence: tuple[str, ...] = ()
    guarantee_known: bool = False
    safety_risk: bool = False
    green: bool = False
