"""Itinerary: collects the look-ups of one request, so that they go together.

GraphQL resolves the fields of a query side by side. Each asks its loader; the
loader waits until the fields of this turn of the event loop have all asked, and
sends them through the reader as one. It lives for one request: a cache that
outlived it would show one caller's data to another.

A look-up lives as long as somebody waits for it. When the last one has left
(a deadline, a cancelled operation) it is cancelled: it must not go on outside of its
request's slot, nor have the trail say that something was shown which nobody got.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hub.reading.reader import LookUp
from hub.reading.refusals import too_many
from schema.records.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.access.caller import Caller
    from hub.reading.ports import Reads
    from hub.reading.reader import Outcome
    from schema.records.purpose import PurposeOfUse
    from schema.records.selection import Selection
    from schema.records.told import Fault
    from schema.records.wanted import WorkerBy


#: Look-ups that go together, each with whoever waits for its answer.
_Batch = list[tuple[LookUp, "asyncio.Future[Outcome]"]]

#: So many answers are handed out in one turn of the event loop.
_AT_ONCE = 4


class Loaders:
    """The reading door of one request.

    Args:
        reader: Answers look-ups.
        caller: Who asks.
        request: Id of the request.
        most: How many workers one request may ask for, over all its fields.

    Attributes:
        faults: The provinces that could not answer, over the whole request;
            the edge shows them under ``extensions.provinces``.
    """

    def __init__(self, reader: Reads, caller: Caller, request: str, most: int) -> None:
        self._reader = reader
        self._caller = caller
        self._request = request
        self._most = most
        self._asked = 0
        self._waiting: _Batch = []
        self._reads: set[asyncio.Task[None]] = set()
        self.faults: dict[tuple[str, str], Fault] = {}

    async def worker(
        self, by: WorkerBy, purpose: PurposeOfUse, selection: Selection
    ) -> Outcome:
        """Look one worker up."""
        answer = await self.workers([by], purpose, selection)
        return answer if isinstance(answer, Refusal) else answer[0]

    async def workers(
        self, by: Sequence[WorkerBy], purpose: PurposeOfUse, selection: Selection
    ) -> list[Outcome] | Refusal:
        """Look several workers up; the answers are in their order.

        More than the request may ask for are refused as a whole: an answer for
        some of them would look like an answer for all.
        """
        self._asked += len(by)
        if self._asked > self._most:
            return too_many(self._most, self._asked)
        loop = asyncio.get_running_loop()
        if by and not self._waiting:
            loop.call_soon(self._send)
        answers: list[asyncio.Future[Outcome]] = []
        for one in by:
            answer: asyncio.Future[Outcome] = loop.create_future()
            self._waiting.append((LookUp(one, purpose, selection), answer))
            answers.append(answer)
        try:
            return [await answer for answer in answers]
        finally:
            # Who leaves while they wait for the first waits for none of the others.
            for answer in answers:
                if not answer.cancel() and not answer.cancelled():
                    answer.exception()  # the first one's is raised, and is the same

    def _send(self) -> None:
        waiting, self._waiting = self._waiting, []
        batch = [one for one in waiting if not one[1].cancelled()]
        if not batch:
            return
        task = asyncio.create_task(self._read(batch), name="look-up")
        self._reads.add(task)
        task.add_done_callback(self._reads.discard)
        staying = len(batch)

        def look(answer: asyncio.Future[Outcome]) -> None:
            nonlocal staying
            staying -= answer.cancelled()
            if not staying:
                task.cancel()

        for _, answer in batch:
            answer.add_done_callback(look)

    async def _read(self, batch: _Batch) -> None:
        try:
            lookups = [lookup for lookup, _ in batch]
            outcomes = await self._reader.read(lookups, self._caller, self._request)
        except asyncio.CancelledError:
            for _, answer in batch:
                answer.cancel()
            raise
        except Exception as problem:  # noqa: BLE001  # each waiter raises it itself
            for _, answer in batch:
                if not answer.done():
                    answer.set_exception(problem)
        else:
            await self._hand_out(batch, outcomes)

    async def _hand_out(self, batch: _Batch, outcomes: Sequence[Outcome]) -> None:
        for number, ((_, answer), outcome) in enumerate(
            zip(batch, outcomes, strict=True)
        ):
            self._take_note(outcome)
            if number % _AT_ONCE == _AT_ONCE - 1:
                # Who waits for them works on in the loop's next turn: not all at once.
                await asyncio.sleep(0)
            if not answer.done():
                answer.set_result(outcome)

    def _take_note(self, outcome: Outcome) -> None:
        if outcome is None or isinstance(outcome, Refusal):
            return
        for fault in outcome.completeness.faults:
            self.faults.setdefault((fault.province, fault.code), fault)
