"""The only file that names every concrete class of the side that follows cases.

The hub that serves and the runner both have it.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from hub.following.book import Book
from hub.following.doors import CaseDoors, NothingTold
from hub.following.following import Following
from hub.following.intake import Intake
from hub.store.case_reading import CaseReading
from hub.store.case_unit import Cases

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from hub.clock import Clock
    from hub.organisation.directory import Directory
    from hub.reading.ports import Links
    from hub.store.pool import Pool


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowingSide:
    """What follows cases.

    Attributes:
        doors: What the doors of a request need.
        following: Acts on cases.
        book: The rules.
    """

    doors: CaseDoors
    following: Following
    book: Book


@asynccontextmanager
async def following_side(
    *,
    clock: Clock,
    pool: Pool,
    links: Links,
    directory: Callable[[], Directory],
) -> AsyncIterator[FollowingSide]:
    """Put together what follows cases, and let what waits be written at the end.

    Args:
        clock: Tells the time.
        pool: Of the hub's database.
        links: Tells whose local keys are.
        directory: Gives the unions as they are known now.

    Raises:
        ValueError: A rule file is unusable.
    """
    rules = files("hub.rules")
    book = Book.load(lambda name: rules.joinpath(name).read_bytes())
    reading = CaseReading(pool)
    following = Following(
        Cases(pool),
        directory,
        Intake(directory, links, reading, book, clock),
        book,
        clock,
    )
    doors = CaseDoors(
        following=following,
        reading=reading,
        timelines=NothingTold(),
        book=book,
        directory=directory,
        clock=clock,
    )
    try:
        yield FollowingSide(doors=doors, following=following, book=book)
    finally:
        await following.close()
