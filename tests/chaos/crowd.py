"""Itinerary: officers of all provinces move members, and never give up.

They do what a good client does: whatever goes wrong on the way, the same act is sent
again under the same idempotency key, until the hub has answered.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from tests.chaos import documents

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.chaos.asking import Asking
    from tests.chaos.people import Move


class Crowd:
    """All officers.

    Attributes:
        ids: The transfer of each move, by its number: what the hub acknowledged.
        refused: Moves that were refused, with the code.
        began: When each transfer was acknowledged, by the machine's clock.
        run: What all keys of this run begin with.
    """

    def __init__(
        self,
        asking: Asking,
        at_once: int,
        seed: int,
        tell: Callable[[int, int], None],
    ) -> None:
        self.ids: dict[int, str] = {}
        self.refused: dict[int, str] = {}
        self.began: dict[int, float] = {}
        self._asking = asking
        self._slots = asyncio.Semaphore(at_once)
        self._tell = tell
        self.run = f"{seed}-{time.time_ns():x}"
        self._done = 0

    async def move(self, moves: Sequence[Move]) -> None:
        """Open, answer and take back, until each move is decided."""
        self._total = len(moves)
        async with asyncio.TaskGroup() as group:
            for move in moves:
                await self._slots.acquire()
                group.create_task(self._one(move))

    async def _one(self, move: Move) -> None:
        try:
            found = await (
                self._request(move) if move.by == "request" else self._offer(move)
            )
            self._note(move, found)
            if move.by == "offer" and move.number in self.ids:
                await self._answer(move)
        finally:
            self._slots.release()
            self._done += 1
            self._tell(self._done, self._total)

    def _note(self, move: Move, found: dict[str, Any]) -> None:
        if found["__typename"] == "Refusal":
            self.refused[move.number] = found["code"]
            return
        self.ids[move.number] = found.get("id") or found["transfer"]["id"]
        self.began[move.number] = time.monotonic()

    async def _request(self, move: Move) -> dict[str, Any]:
        issued = await self._issued(move)
        if issued["__typename"] == "Refusal":
            return issued
        return await self._act(
            move,
            move.to_province,
            *documents.request(move, issued["compact"], issued["code"]),
        )

    async def _issued(self, move: Move) -> dict[str, Any]:
        """Issue a credential; a lost answer means another one, under another key."""
        name, text, given = documents.issue(move)
        attempt = 0
        while True:
            attempt += 1
            key = f"{self.run}-{move.number}-{name}-{attempt}"
            body = {"query": text, "variables": {**given, "key": key}}
            issued = await self._asking.until_answered(move.from_province, name, body)
            if issued.get("code") != "CREDENTIAL_ISSUED_ALREADY":
                return issued
            self._asking.errors["credential issued again"] += 1

    async def _offer(self, move: Move) -> dict[str, Any]:
        return await self._act(move, move.from_province, *documents.offer(move))

    async def _answer(self, move: Move) -> None:
        """Accept, reject or withdraw; a limit or a register may have been sooner."""
        id_ = self.ids[move.number]
        who = move.from_province if move.wish == "withdraw" else move.to_province
        answered = await self._act(move, who, *documents.answer(move, id_))
        if answered["__typename"] == "Refusal":
            self._asking.errors[f"answer: {answered['code']}"] += 1

    async def _act(
        self, move: Move, province: str, name: str, text: str, given: dict[str, Any]
    ) -> dict[str, Any]:
        key = f"{self.run}-{move.number}-{name}"
        body = {"query": text, "variables": {**given, "key": key}}
        return await self._asking.act(province, name, body, twice=move.twice)
