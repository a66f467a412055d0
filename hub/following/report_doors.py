"""Port: what the doors to reports of arrears, to figures and to digests ask of the hub."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime

    from hub.clock import Clock
    from hub.following.collecting import KeptReport
    from hub.following.reporting import Reporting
    from hub.following.thresholds import Thresholds
    from hub.organisation.directory import Directory
    from schema.records.arrears import KeptCollective
    from schema.records.cooperation import EarlyMeans, Indicators
    from schema.records.digest import Digest
    from schema.records.keys import ProvinceCode


class ReadsArrears(Protocol):
    """Reads what was reported (``hub.store.arrears_reading``)."""

    async def of_cases(
        self, numbers: Sequence[str]
    ) -> Mapping[str, Sequence[KeptReport]]:
        """Read the reports of cases, by the cases' numbers."""
        ...

    async def collectives(
        self, ids: Sequence[str], unions: Sequence[str] | None
    ) -> Mapping[str, KeptCollective]:
        """Read collective cases, by their ids, with the reports of unions (or all)."""
        ...

    async def page(
        self, unions: Sequence[str], most: int, after: tuple[datetime, str]
    ) -> Sequence[KeptCollective]:
        """Read those that stand of some unions, in the order of forming."""
        ...


class ReadsFigures(Protocol):
    """Counts how unions work together (``hub.store.cooperation``)."""

    async def of_unions(
        self, unions: Sequence[str], since: datetime, until: datetime, within_days: int
    ) -> Indicators:
        """Judge what these unions were asked in a time, as it was at its end."""
        ...

    async def of_corridor(
        self,
        corridor: tuple[ProvinceCode, ProvinceCode],
        since: datetime,
        until: datetime,
        within_days: int,
    ) -> Indicators:
        """Judge what unions of one province asked those of another."""
        ...

    async def early(
        self, unions: Sequence[str], since: date, until: date
    ) -> EarlyMeans:
        """Measure how early arrears were found in cases that these unions lead."""
        ...


class ReadsDigests(Protocol):
    """Counts what unions have to do (``hub.store.digests``)."""

    async def digest(
        self, office: str, unions: Sequence[str], on: date, most: int
    ) -> Digest:
        """Count it for one office and those below it, with the first few of each."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDoors:
    """What the doors need; the wiring hands it over.

    Attributes:
        reporting: Takes reports of arrears.
        arrears: Reads them.
        figures: Counts how unions work together.
        digests: Counts what they have to do.
        thresholds: Goals, and in how many days what is asked is to be accepted.
        directory: Gives the unions as they are known now.
        clock: Tells the time.
    """

    reporting: Reporting
    arrears: ReadsArrears
    figures: ReadsFigures
    digests: ReadsDigests
    thresholds: Thresholds
    directory: Callable[[], Directory]
    clock: Clock
