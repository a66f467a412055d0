"""Port: what resolvers may reach of reports, figures and digests (see ``context``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from schema.records.arrears import (
        ArrearsReport,
        CollectiveView,
        EarlyWarning,
        FiledReport,
    )
    from schema.records.arrears_wish import ArrearsWish
    from schema.records.case_seen import SeenCase
    from schema.records.cooperation import CooperationQuestion, Measured
    from schema.records.digest import Digest
    from schema.records.paging import Page
    from schema.records.refusal import Refusal


class Arrears(Protocol):
    """The door to reports of arrears; what of a case is seen decides what of them is."""

    async def report(self, wish: ArrearsWish, key: str) -> FiledReport | Refusal:
        """Report arrears, and open their case."""
        ...

    async def of_case(self, case: SeenCase) -> Sequence[ArrearsReport] | None:
        """Read what was reported of a case that was read; none if it is not seen."""
        ...

    async def collective(self, case: SeenCase) -> CollectiveView | None:
        """Tell of which collective case a case is part, if of one."""
        ...

    async def early(self, case: SeenCase) -> EarlyWarning | None:
        """Tell how early the arrears of a case were found, if milestones are seen."""
        ...

    async def collectives(
        self, office: str, first: int, after: str | None
    ) -> Page[CollectiveView] | Refusal:
        """Read the collective cases of a union and those below it."""
        ...


class Cooperation(Protocol):
    """The door to how unions work together, in numbers."""

    async def measured(self, question: CooperationQuestion) -> Measured | Refusal:
        """Measure a union, or a corridor between two provinces."""
        ...


class Digests(Protocol):
    """The door to what an office has to do."""

    async def digest(self, office: str, on: date | None) -> Digest | Refusal:
        """Tell what a union and those below it have to do, on a day."""
        ...
