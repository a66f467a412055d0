"""Itinerary: the acts of one request: one transaction, acknowledged when it is on disk."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from deploy.demo.province.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

    from deploy.demo.province.ledger import Ledger

    Row = dict[str, Any]

#: More entries than this in one request are refused (contract 1.1).
MOST_ENTRIES = 500


class TooManyError(Exception):
    """More entries than one request may have."""


class Desk:
    """Where acts are taken: one request after another."""

    def __init__(
        self,
        code: str,
        ledger: Ledger,
        clock: Callable[[], float] = time.time,  # noqa: TID251  # there is no other here
    ) -> None:
        """Take acts for the register of the province of this code.

        Args:
            code: Which province.
            ledger: What is written into.
            clock: Tells the seconds since 1970.
        """
        self.ledger = ledger
        self.clock = clock
        self.rules = Rules(code, ledger)
        self.turn = asyncio.Lock()

    def request(self) -> Acts:
        """Begin a request; nothing is locked before its first act."""
        return Acts(self)


class Acts:
    """The acts of one request: ``async with desk.request() as acts``.

    What was done is on disk when the block is left: only then may it be told.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._entries = 0
        self._begun = False

    async def __aenter__(self) -> Self:
        return self

    async def act(self, act: str, entries: Sequence[Row]) -> list[Row]:
        """Carry out one act for each entry, in their order: all of them, or none.

        Raises:
            TooManyError: The request has too many entries.
        """
        self._entries += len(entries)
        if self._entries > MOST_ENTRIES:
            raise TooManyError
        if not self._begun:
            await self._desk.turn.acquire()
            self._begun = True
            self._desk.ledger.begin()
        now = datetime.fromtimestamp(self._desk.clock(), UTC)
        at = now.isoformat(timespec="milliseconds")
        with self._desk.ledger.whole():
            return [self._desk.rules.act(act, entry, at) for entry in entries]

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self._begun:
            return
        if kind is not None:
            self._desk.ledger.rollback()
            self._desk.turn.release()
            return
        # The disk is waited for in a thread: reading goes on meanwhile, and the next
        # request that acts waits until it is over, even if this one is given up.
        commit = asyncio.ensure_future(asyncio.to_thread(self._commit))
        commit.add_done_callback(lambda _: self._desk.turn.release())
        await asyncio.shield(commit)

    def _commit(self) -> None:
        try:
            self._desk.ledger.commit()
        except BaseException:
            self._desk.ledger.rollback()
            raise
