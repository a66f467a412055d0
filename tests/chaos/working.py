"""Itinerary: everybody who works: who moves members, and who follows cases."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tests.chaos.asking import Asking
from tests.chaos.case_files import CaseFiles
from tests.chaos.casework import CaseBook, counties, plan
from tests.chaos.clerk import Clerk
from tests.chaos.crowd import Crowd

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.chaos.casework import CasePlan
    from tests.chaos.ground import Ground
    from tests.chaos.people import Move


class Working:
    """Everybody who works: those who move members, and those who follow cases.

    Attributes:
        crowd: The former.
        asking: What all ask with.
        book: What the latter asked, and were answered.
    """

    def __init__(
        self, ground: Ground, seed: int, at_once: int, tell: Callable[[int, int], None]
    ) -> None:
        self.asking = Asking(ground, seed)
        self.book = CaseBook()
        self.crowd = Crowd(self.asking, at_once, seed, lambda *_: self._told())
        self._files = CaseFiles(ground, self.asking, self.book, seed)
        self._unions = counties(ground.population, ground.provinces)
        self._seed, self._at_once, self._tell = seed, at_once, tell
        self._done = self._total = 0

    def plans(self, moves: Sequence[Move], count: int) -> list[CasePlan]:
        """Choose the cases."""
        return plan(moves, self._unions, count, self._seed)

    async def run(self, moves: Sequence[Move], plans: Sequence[CasePlan]) -> None:
        """Work until all is answered."""
        self._total = len(moves) + len(plans)
        async with (
            self.asking.open(),
            self._files.open(),
            asyncio.TaskGroup() as group,
        ):
            group.create_task(self._follow(plans))
            group.create_task(self.crowd.move(moves))

    async def _follow(self, plans: Sequence[CasePlan]) -> None:
        """Work on all cases, so many at once."""
        slots = asyncio.Semaphore(self._at_once)

        async def one(chosen: CasePlan) -> None:
            async with slots:
                await Clerk(chosen, self._unions, self._files, self.crowd.run).work()
                self._told()

        async with asyncio.TaskGroup() as group:
            for chosen in plans:
                group.create_task(one(chosen))

    def _told(self) -> None:
        self._done += 1
        self._tell(self._done, self._total)
