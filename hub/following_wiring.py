"""The only file that names every concrete class of the side that follows cases.

The hub that serves, the runner and the commands all have it.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from hub.following.book import Book
from hub.following.doors import CaseDoors
from hub.following.employers import EmployerGroups
from hub.following.following import Following
from hub.following.homes import Homes
from hub.following.intake import Intake
from hub.following.report_doors import ReportDoors
from hub.following.reporting import Reporting
from hub.following.thresholds import Number
from hub.following.watching import Watching
from hub.store.arrears import ArrearsLinks
from hub.store.arrears_reading import ArrearsReading
from hub.store.case_changes import CaseChanges
from hub.store.case_moments import CaseMoments
from hub.store.case_reading import CaseReading
from hub.store.case_unit import Cases
from hub.store.cooperation import CooperationFigures
from hub.store.digests import Digests
from schema.records.keys import ProvinceCode

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from hub.clock import Clock
    from hub.organisation.directory import Directory
    from hub.reading.ports import Links, Provinces
    from hub.store.pool import Pool

#: Numbers that hold for all provinces: reports are linked across them.
_EVERYWHERE = ProvinceCode("*")


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowingSide:
    """What follows cases.

    Attributes:
        doors: What the doors of a request need.
        following: Acts on cases.
        reading: Reads them.
        changes: What provinces told of their case files.
        watching: Looks for what passed.
        book: The rules.
        groups: To which group an employer belongs.
    """

    doors: CaseDoors
    following: Following
    reading: CaseReading
    changes: CaseChanges
    watching: Watching
    book: Book
    groups: EmployerGroups


@asynccontextmanager
async def following_side(
    *,
    clock: Clock,
    pool: Pool,
    links: Links,
    directory: Callable[[], Directory],
    provinces: Provinces | None = None,
) -> AsyncIterator[FollowingSide]:
    """Put together what follows cases, and let what waits be written at the end.

    Args:
        clock: Tells the time.
        pool: Of the hub's database.
        links: Tells whose local keys are.
        directory: Gives the unions as they are known now.
        provinces: The connectors: their registers tell where the workers of a case
            that is opened are at home. None where no case is opened.

    Raises:
        ValueError: A rule file is unusable.
    """
    rules = files("hub.rules")
    book = Book.load(lambda name: rules.joinpath(name).read_bytes())
    groups = EmployerGroups.load(rules.joinpath("employer_groups.toml").read_bytes())
    numbers = book.thresholds
    arrears = ArrearsLinks(
        groups,
        lambda on: numbers.of(Number.ARREARS_LINKED_WORKERS, _EVERYWHERE, on).value,
    )
    reading, changes = CaseReading(pool), CaseChanges(pool)
    intake = Intake(directory, links, Homes(reading, provinces or {}), book, clock)
    following = Following(Cases(pool, arrears), directory, intake, book, clock)
    doors = CaseDoors(
        following=following,
        reading=reading,
        timelines=changes,
        book=book,
        directory=directory,
        clock=clock,
        reports=ReportDoors(
            reporting=Reporting(following, book, directory, clock),
            arrears=ArrearsReading(pool),
            figures=CooperationFigures(pool),
            digests=Digests(pool),
            thresholds=numbers,
            directory=directory,
            clock=clock,
        ),
    )
    try:
        yield FollowingSide(
            doors=doors,
            following=following,
            reading=reading,
            changes=changes,
            watching=Watching(CaseMoments(pool), following, clock),
            book=book,
            groups=groups,
        )
    finally:
        await following.close()
