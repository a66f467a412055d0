"""Itinerary: the doors to reports of arrears, to figures and to digests, for one request.

What of a case is seen decides what of its report is (``hub.following.sight``). What was
reported stands in the trail before it is shown.
"""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Final

from strawberry.dataloader import DataLoader

from hub.access.caller import Scope
from hub.acting.actor import actor_of
from hub.acting.reach import reaches, vouched
from hub.clock import day_in_china, today_in_china
from hub.following.collecting import view_of, warned
from hub.following.sight import unions_of
from hub.following.thresholds import Number
from hub.store.transfer_cursors import BEFORE_ALL, read_place, write_place
from hub.transfer.showing import showings
from hub.transfer.sight import NOBODY
from hub.web import moving_refusals as no_page
from hub.web import reporting_refusals as no
from schema.records.case_powers import CaseField, Party
from schema.records.cooperation import Goal, Measured
from schema.records.keys import ProvinceCode
from schema.records.paging import MOST_ON_PAGE, Page
from schema.records.refusal import Refusal
from schema.records.showing import Shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from hub.access.caller import Caller
    from hub.audit.ports import Trail
    from hub.following.collecting import KeptReport
    from hub.following.doors import CaseDoors
    from hub.following.report_doors import ReportDoors
    from schema.records.arrears import (
        ArrearsReport,
        CollectiveView,
        EarlyWarning,
        FiledReport,
        KeptCollective,
    )
    from schema.records.arrears_wish import ArrearsWish
    from schema.records.case_seen import SeenCase
    from schema.records.cooperation import CooperationQuestion, Share
    from schema.records.digest import Digest

_READING: Final = frozenset(
    {Scope.CASE_READ.value, Scope.CASES_WRITE.value, Scope.AUDIT_READ.value}
)
_COUNTING: Final = _READING | {Scope.TRANSFERS_WRITE.value}
_A_YEAR: Final = timedelta(days=365)
#: Nothing before is asked about (RULEBOOK §10), and no later year can be counted on.
_FIRST_YEAR, _LAST_YEAR = 1950, 9999
_FIRST_ITEMS: Final = 10
_EVERYWHERE: Final = ProvinceCode("*")


def _sound(moment: datetime) -> bool:
    return _FIRST_YEAR <= moment.year < _LAST_YEAR


class _Door:
    """What the doors have in common: who asks, and of which unions they may ask."""

    def __init__(
        self, doors: CaseDoors, trail: Trail, caller: Caller, request: str
    ) -> None:
        """Open the door.

        Args:
            doors: What is behind it.
            trail: Where what is shown is written down.
            caller: Who asks.
            request: Id of the request.
        """
        self._cases = doors
        self._trail = trail
        self._actor = actor_of(caller, request)

    @property
    def _doors(self) -> ReportDoors:
        return self._cases.reports

    @property
    def _today(self) -> date:
        return today_in_china(self._doors.clock)

    @property
    def _inspects(self) -> bool:
        return Scope.AUDIT_READ.value in self._actor.scopes

    def _unions(
        self, office: str, scopes: frozenset[str]
    ) -> tuple[frozenset[str], ProvinceCode] | Refusal:
        """Tell the unions of an office and its province, or refuse.

        Who inspects asks of any; everybody else of their own union and those below.
        """
        if not self._actor.scopes & scopes:
            return no.NO_SCOPE
        directory, today = self._doors.directory(), self._today
        if not self._inspects and not reaches(directory, self._actor, office, today):
            return no.NOT_YOUR_OFFICE
        found = directory.get(office, today)
        if found is None:
            return no.NOT_YOUR_OFFICE
        return directory.subordinates(office, today), found.province


class Arrears(_Door):
    """Takes reports of arrears, and shows what was reported."""

    def __init__(
        self, doors: CaseDoors, trail: Trail, caller: Caller, request: str
    ) -> None:
        """Open the door; as ``_Door``."""
        super().__init__(doors, trail, caller, request)
        self._reports: DataLoader[str, Sequence[KeptReport]] = DataLoader(self._load)
        self._collectives: DataLoader[str, KeptCollective | None] = DataLoader(
            self._load_collectives
        )

    async def report(self, wish: ArrearsWish, key: str) -> FiledReport | Refusal:
        """Report arrears, and open their case."""
        return await self._doors.reporting.report(self._actor, wish, key)

    async def of_case(self, case: SeenCase) -> Sequence[ArrearsReport] | None:
        """Read what was reported of a case that was read; none if it is not seen."""
        if CaseField.CONTENT in case.withheld:
            return None
        kept = await self._reports.load(case.no)
        if kept:
            whose = list(case.workers or ()) or [NOBODY]
            named = [(worker, case.no) for worker in whose]
            await self._trail.record(showings(self._actor, Shown.ARREARS, named))
        return [one.report for one in kept]

    async def collective(self, case: SeenCase) -> CollectiveView | None:
        """Tell of which collective case a case is part, if of one."""
        if CaseField.MATTER in case.withheld:
            return None
        kept = await self._reports.load(case.no)
        ids = [one.collective for one in kept if one.collective is not None]
        if not ids:
            return None
        found = await self._collectives.load(ids[0])
        if found is None:
            return None
        content = CaseField.CONTENT not in case.withheld
        return view_of(found, ProvinceCode(self._actor.province), content=content)

    async def early(self, case: SeenCase) -> EarlyWarning | None:
        """Tell how early the arrears of a case were found, if milestones are seen."""
        if case.milestones is None:
            return None
        return warned(case.milestones, await self._reports.load(case.no))

    async def collectives(
        self, office: str, first: int, after: str | None
    ) -> Page[CollectiveView] | Refusal:
        """Read the collective cases of a union and those below it."""
        if not 1 <= first <= MOST_ON_PAGE:
            return no_page.PAGE_SIZE
        place = BEFORE_ALL if after is None else read_place(after)
        if place is None:
            return no_page.CURSOR
        own = self._unions(office, _READING)
        if isinstance(own, Refusal):
            return own
        unions, province = own
        found = await self._doors.arrears.page(sorted(unions), first + 1, place)
        page, sees = found[:first], self._seeing_content()
        return Page(
            tuple(view_of(one, province, content=sees(one)) for one in page),
            tuple(write_place(one.formed_at, one.id) for one in page),
            len(found) > first,
            resumed=after is not None,
        )

    async def _load(self, numbers: list[str]) -> list[Sequence[KeptReport]]:
        found = await self._doors.arrears.of_cases(numbers)
        return [found.get(one, ()) for one in numbers]

    async def _load_collectives(self, ids: list[str]) -> list[KeptCollective | None]:
        directory, today = self._doors.directory(), self._today
        own = unions_of(directory, self._actor, today, own=not self._inspects)
        found = await self._doors.arrears.collectives(ids, own)
        return [found.get(one) for one in ids]

    def _seeing_content(self) -> Callable[[KeptCollective], bool]:
        """Tell of collective cases whether the caller sees who owes the wages."""
        powers = self._cases.book.roles.on(self._today)
        if self._inspects and powers.sees(Party.INSPECTOR, CaseField.CONTENT):
            return lambda _one: True
        leading = powers.sees(Party.LEAD, CaseField.CONTENT)
        return lambda one: leading and one.leads


class Cooperation(_Door):
    """Shows how unions work together, in numbers without persons."""

    async def measured(self, question: CooperationQuestion) -> Measured | Refusal:
        """Measure a union, or a corridor between two provinces."""
        now = self._doors.clock.now()
        until = question.until or now
        # At the ends of the calendar no year can be taken off, and no zone changed.
        if not all(_sound(one) for one in (question.since, until) if one is not None):
            return no.DAY_OUT_OF_RANGE
        since = question.since or until - _A_YEAR
        if since.tzinfo is None or until.tzinfo is None:
            return no_page.NO_ZONE
        since, until = since.astimezone(UTC), min(until.astimezone(UTC), now)
        if since > until:
            return no.DAY_OUT_OF_RANGE
        if (question.office is None) == (question.corridor is None):
            return no.ONE_OF_BOTH
        if question.office is not None:
            return await self._union(question.office, since, until)
        assert question.corridor is not None  # noqa: S101  # it is one of both
        return await self._corridor(question.corridor, since, until)

    async def _union(
        self, office: str, since: datetime, until: datetime
    ) -> Measured | Refusal:
        own = self._unions(office, _COUNTING)
        if isinstance(own, Refusal):
            return own
        unions, province = sorted(own[0]), own[1]
        within = self._number(Number.ACCEPTED_WITHIN_DAYS, province)
        figures = self._doors.figures
        found = await figures.of_unions(unions, since, until, within)
        early = await figures.early(unions, day_in_china(since), day_in_china(until))
        return Measured(
            office=office, corridor=None, since=since, until=until, within_days=within,
            accepted=self._goal(found.accepted, Number.ACCEPTED_PERCENT, province),
            answered=self._goal(found.answered, Number.ANSWERED_PERCENT, province),
            answer_hours=found.answer_hours, timeliness=found.timeliness,
            effort=found.effort, early=early,
        )  # fmt: skip

    async def _corridor(
        self, pair: tuple[ProvinceCode, ProvinceCode], since: datetime, until: datetime
    ) -> Measured | Refusal:
        if not self._actor.scopes & _COUNTING:
            return no.NO_SCOPE
        own = vouched(self._doors.directory(), self._actor, self._today)
        if not self._inspects and not (own and self._actor.province in pair):
            return no.NOT_YOUR_CORRIDOR
        within = self._number(Number.ACCEPTED_WITHIN_DAYS, _EVERYWHERE)
        found = await self._doors.figures.of_corridor(pair, since, until, within)
        return Measured(
            office=None, corridor=pair, since=since, until=until, within_days=within,
            accepted=self._goal(found.accepted, Number.ACCEPTED_PERCENT, _EVERYWHERE),
            answered=self._goal(found.answered, Number.ANSWERED_PERCENT, _EVERYWHERE),
            answer_hours=found.answer_hours, timeliness=found.timeliness,
            effort=found.effort,
        )  # fmt: skip

    def _number(self, name: Number, province: ProvinceCode) -> int:
        return self._doors.thresholds.of(name, province, self._today).value

    def _goal(self, share: Share, name: Number, province: ProvinceCode) -> Goal:
        found = self._doors.thresholds.of(name, province, self._today)
        return Goal(
            share=share, percent=found.value, rule=name.value, source=found.source
        )


class Digests(_Door):
    """Tells offices what there is to do."""

    async def digest(self, office: str, on: date | None) -> Digest | Refusal:
        """Tell what a union and those below it have to do, on a day."""
        own = self._unions(office, _READING)
        if isinstance(own, Refusal):
            return own
        day = on or self._today
        if abs(day - self._today) > _A_YEAR:
            return no.DAY_OUT_OF_RANGE
        found = await self._doors.digests.digest(
            office, sorted(own[0]), day, _FIRST_ITEMS
        )
        named = [(NOBODY, item.id) for part in found.parts for item in part.items]
        if named:
            await self._trail.record(showings(self._actor, Shown.DIGEST, named))
        return found
