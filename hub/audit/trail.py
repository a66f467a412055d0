"""Itinerary: disclosures of concurrent requests, written by one commit.

A commit waits for the disk, whatever its size. So while one is under way, the
disclosures that come in wait, and go together in the next. When nothing is
under way, one goes at once: no timer delays it.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import msgspec

from hub.audit.chain import Draft
from hub.audit.entries import draft_of, draft_of_alarm
from hub.audit.showing_entries import draft_of_showing
from schema.records.showing import Showing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from hub.audit.ports import Book
    from hub.clock import Clock
    from schema.records.verdict import Alarm, Disclosure

_log = logging.getLogger(__name__)

_TIMEOUT: Final = timedelta(seconds=2)


class TrailUnavailable(Exception):  # the name that the rooms agreed on
    """Disclosures could not be written down for certain: show nothing."""


class _Waiting(msgspec.Struct, frozen=True):
    drafts: list[Draft]
    written: asyncio.Future[None]


class GroupTrail:
    """Writes disclosures to a book, in groups; fails closed.

    What could not be shown may nevertheless stand in the trail (the commit
    went through, and its confirmation was lost); what is shown always does.
    """

    def __init__(
        self,
        book: Book,
        clock: Clock,
        *,
        timeout: timedelta = _TIMEOUT,
        most_per_commit: int = 512,
        most_waiting: int = 8192,
        committed: Callable[[int], None] | None = None,
    ) -> None:
        """Prepare; nothing runs while nothing is recorded.

        Args:
            book: Where to write.
            clock: Dates the entries.
            timeout: How long a caller waits for the disk, the queue included;
                and how long one commit may take.
            most_per_commit: When a commit holds this many entries, no more
                callers join it.
            most_waiting: So many callers may wait; more are turned away at once.
            committed: Is told of each commit and how many entries it wrote.
        """
        self._book = book
        self._clock = clock
        self._timeout = timeout.total_seconds()
        self._most_per_commit = most_per_commit
        self._most_waiting = most_waiting
        self._committed = committed
        self._waiting: deque[_Waiting] = deque()
        self._committer: asyncio.Task[None] | None = None
        #: How many commits and entries were written, for the metrics.
        self.commits = 0
        self.entries = 0

    async def record(self, disclosures: Sequence[Disclosure | Showing]) -> None:
        """Write disclosures down; they are on disk when this returns.

        Args:
            disclosures: Of one request; they are written together.

        Raises:
            TrailUnavailable: They are not, or nobody knows; show nothing.
        """
        if not disclosures:
            return
        now = self._clock.now()
        try:
            drafts = [_draft_of(disclosure, now) for disclosure in disclosures]
        except (ValueError, TypeError) as error:
            raise TrailUnavailable("a disclosure cannot be written") from error
        await self._write(drafts)

    async def alarm(self, alarm: Alarm) -> None:
        """Write an alarm down; it is on disk when this returns.

        Raises:
            TrailUnavailable: It is not, or nobody knows; show nothing.
        """
        await self._write([draft_of_alarm(alarm, self._clock.now())])

    async def _write(self, drafts: list[Draft]) -> None:
        if len(self._waiting) >= self._most_waiting:
            raise TrailUnavailable("too many wait for the trail")
        written = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(drafts, written))
        if self._committer is None:
            self._committer = asyncio.create_task(self._commit_waiting())
        try:
            async with asyncio.timeout(self._timeout):
                # A caller who gives up cancels only this future of its own.
                await written
        except TimeoutError as error:
            raise TrailUnavailable("the trail took too long") from error

    async def close(self) -> None:
        """Wait until what waits is written or refused."""
        while self._committer is not None:
            await asyncio.wait([self._committer])

    async def _commit_waiting(self) -> None:
        try:
            while group := self._next_group():
                await self._commit(group)
        finally:
            self._committer = None
            # Reached with callers still waiting only when cancelled.
            while self._waiting:
                _refuse([self._waiting.popleft()], "closed")

    def _next_group(self) -> list[_Waiting]:
        group: list[_Waiting] = []
        entries = 0
        while self._waiting and entries < self._most_per_commit:
            waiting = self._waiting.popleft()
            if not waiting.written.done():  # else its caller has given up
                group.append(waiting)
                entries += len(waiting.drafts)
        return group

    async def _commit(self, group: list[_Waiting]) -> None:
        drafts = [draft for waiting in group for draft in waiting.drafts]
        try:
            async with asyncio.timeout(self._timeout):
                await self._book.append(drafts)
        except Exception as error:  # noqa: BLE001  # whatever it is, show nothing
            _log.error(  # the trace could quote an entry
                "trail-not-written entries=%d error=%s",
                len(drafts),
                type(error).__name__,
            )
            _refuse(group, "the trail could not be written")
        except BaseException:
            _refuse(group, "closed")
            raise
        else:
            self.commits += 1
            self.entries += len(drafts)
            if self._committed is not None:
                self._committed(len(drafts))
            for waiting in group:
                if not waiting.written.done():
                    waiting.written.set_result(None)


def _draft_of(disclosure: Disclosure | Showing, at: datetime) -> Draft:
    if isinstance(disclosure, Showing):
        return draft_of_showing(disclosure, at)
    return draft_of(disclosure, at)


def _refuse(group: list[_Waiting], why: str) -> None:
    for waiting in group:
        if not waiting.written.done():
            waiting.written.set_exception(TrailUnavailable(why))
