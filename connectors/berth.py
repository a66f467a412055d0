"""Adapter: where the guard of a province lies; another may lie there at any moment.

Whoever found a province keeps its berth for as long as they like: a call goes to the
guard that stands at its beginning, and ends there, whatever comes meanwhile.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from connectors.guard import Guard
    from connectors.health import Health
    from connectors.port import (
        Acted,
        Answer,
        Capabilities,
        Changed,
        ChangesWanted,
        Question,
    )
    from connectors.settings import ProvinceSettings
    from schema.records.command import Command
    from schema.records.keys import ProvinceCode

#: Beyond its longest deadline nobody waits for an answer; so long, in seconds, may
#: taking note of it last.
_GRACE = 1.0


class Moored:
    """One guard, and how many calls are under way in it."""

    def __init__(self, guard: Guard) -> None:
        """Begin with none."""
        self.guard = guard
        self._calls = 0
        self._empty = asyncio.Event()
        self._empty.set()

    def __enter__(self) -> Guard:
        """Count a call that begins."""
        self._calls += 1
        self._empty.clear()
        return self.guard

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Count one that ended."""
        self._calls -= 1
        if not self._calls:
            self._empty.set()

    async def close(self) -> None:
        """Let what is under way end, by the longest deadline at most; then close."""
        own = self.guard.settings
        longest = max(own.deadline, own.act_deadline).total_seconds() + _GRACE
        try:
            async with asyncio.timeout(longest):
                await self._empty.wait()
        except TimeoutError:
            pass  # whoever asked has been answered by the guard's own limit
        finally:
            await self.guard.close()


class Berth:
    """One province, as it can be asked now; with all that a guard has."""

    def __init__(self, guard: Guard) -> None:
        """Begin with a first guard."""
        self._now = Moored(guard)

    def take(self, guard: Guard) -> Moored:
        """Let calls go to another guard from now on.

        Returns:
            The old one; to be closed.
        """
        old, self._now = self._now, Moored(guard)
        return old

    @property
    def guard(self) -> Guard:
        """The guard that stands now."""
        return self._now.guard

    @property
    def province(self) -> ProvinceCode:
        """Which province this speaks to."""
        return self.guard.province

    @property
    def settings(self) -> ProvinceSettings:
        """What holds for it now."""
        return self.guard.settings

    @property
    def capabilities(self) -> Capabilities:
        """What the province declared last; what the settings say until then."""
        return self.guard.capabilities

    async def ask(self, question: Question, deadline: float) -> Answer:
        """Ask one question, as ``Guard.ask``."""
        with self._now as guard:
            return await guard.ask(question, deadline)

    async def act(
        self, commands: Sequence[Command], request: str, deadline: float
    ) -> Acted:
        """Have commands carried out, as ``Guard.act``."""
        with self._now as guard:
            return await guard.act(commands, request, deadline)

    async def changes(self, wanted: ChangesWanted, deadline: float) -> Changed:
        """Ask for changes of case files, as ``Guard.changes``."""
        with self._now as guard:
            return await guard.changes(wanted, deadline)

    async def probe(self, deadline: float) -> Capabilities:
        """Ask the province what it serves, as ``Guard.probe``."""
        with self._now as guard:
            return await guard.probe(deadline)

    def health(self) -> Health:
        """Tell how the province has been answering."""
        return self.guard.health()

    async def close(self) -> None:
        """Close the guard that stands now, at once."""
        await self.guard.close()
