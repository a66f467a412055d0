"""Itinerary: a report of wage arrears opens its case, with both receipts wanted.

The report, its case and what links it with others are written by one transaction
(``hub.store.arrears``), under one key: reported again, it is the same report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from hub.acting.keys import acting_key
from hub.clock import today_in_china
from hub.following.arrears import receipts
from hub.following.days import early_refused
from hub.following.implied import REPORTED
from hub.following.ports import ReportedArrears
from hub.following.report_reading import report_of
from hub.following.venue import route
from schema.records.arrears import FiledReport, ReceiptDue
from schema.records.case_task import Seat
from schema.records.case_wish import FactWish, IntakeWish
from schema.records.refusal import Refusal
from schema.records.rights_case import CaseMatter
from schema.records.venue import VenueQuestion

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.acting.actor import Actor
    from hub.clock import Clock
    from hub.following.book import Book
    from hub.organisation.directory import Directory
    from schema.records.arrears_wish import ArrearsWish
    from schema.records.case import Case


class Opens(Protocol):
    """Who opens cases (``hub.following.following``), and judges who may."""

    async def open(
        self,
        actor: Actor,
        wish: IntakeWish,
        key: str,
        report: ReportedArrears | None = None,
    ) -> Case | Refusal:
        """Open a case, and keep the report that it is opened for."""
        ...


class Reporting:
    """Takes reports of arrears."""

    def __init__(
        self,
        following: Opens,
        book: Book,
        directory: Callable[[], Directory],
        clock: Clock,
    ) -> None:
        """Hold what is needed.

        Args:
            following: Opens cases.
            book: The rules by which they are routed.
            directory: Gives the unions as they are known now.
            clock: Tells the day.
        """
        self._following = following
        self._book = book
        self._directory = directory
        self._clock = clock

    async def report(
        self, actor: Actor, wish: ArrearsWish, key: str
    ) -> FiledReport | Refusal:
        """Report arrears and open their case, or refuse and change nothing.

        Args:
            actor: Who reports.
            wish: What is reported.
            key: The idempotency key of the act.
        """
        today, directory = today_in_china(self._clock), self._directory()
        by = directory.get(wish.by, today)
        province = actor.province if by is None else by.province
        for day in (wish.on, wish.since, wish.until, wish.signal_on or wish.on):
            refused = early_refused(self._book.thresholds, day, today)
            if refused is not None:
                return refused
        report = report_of(wish, acting_key(actor, key), province, today)
        if isinstance(report, Refusal):
            return report
        intake = _intake(wish, report.id)
        routing = route(
            self._book.atlas(directory),
            VenueQuestion(
                matter=intake.matter,
                on=today,
                intake=intake.by,
                workplace=intake.workplace,
                home=intake.home,
            ),
        )
        if isinstance(routing, Refusal):
            return routing
        reported = ReportedArrears(report=report, signal_on=wish.signal_on)
        case = await self._following.open(actor, intake, key, reported)
        if isinstance(case, Refusal):
            return case
        due = {one.clock: one.due_on for one in case.dues if one.about == report.id}
        return FiledReport(
            id=report.id,
            case_no=case.no,
            on=report.on,
            lead=Seat(routing.lead, routing.lead_province),
            receipts=tuple(
                ReceiptDue(wanted=one, due_on=due.get(one.clock))
                for one in receipts(report, routing, directory)
            ),
        )


def _intake(wish: ArrearsWish, report: str) -> IntakeWish:
    """Say which case a report opens: where the arrears arose (RULEBOOK §4)."""
    return IntakeWish(
        by=wish.by,
        matter=CaseMatter.WAGE_ARREARS,
        received_on=wish.on,
        workers=wish.listed,
        local_ids=wish.local_ids,
        home=wish.home,
        workplace=wish.division,
        # Where people may come to harm, the union's own limits are half as long.
        green=wish.green or wish.safety_risk,
        facts=(FactWish(kind=REPORTED, on=wish.on, about=report),),
    )
