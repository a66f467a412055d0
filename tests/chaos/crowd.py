"""Itinerary: officers of all provinces move members, and never give up.

They do what a good client does: whatever goes wrong on the way, the same act is sent
again under the same idempotency key, until the hub has answered.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import aiohttp

from tests.chaos import documents

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.chaos.ground import Ground
    from tests.chaos.people import Move

_PATIENCE: Final = 8.0
#: Answers after which a client asks again: nothing was decided.
_AGAIN: Final = {"STORE_UNAVAILABLE", "NOT_YET_REGISTERED_OUT", "REGISTER_SILENT"}


class GaveUp(Exception):
    """An act got an answer that no client can do anything with."""


class Crowd:
    """All officers.

    Attributes:
        ids: The transfer of each move, by its number: what the hub acknowledged.
        refused: Moves that were refused, with the code.
        resent: How often an act was sent again.
        errors: What went wrong on the way, counted.
        began: When each transfer was acknowledged, by the machine's clock.
    """

    def __init__(
        self,
        ground: Ground,
        at_once: int,
        seed: int,
        tell: Callable[[int, int], None],
    ) -> None:
        self.ids: dict[int, str] = {}
        self.refused: dict[int, str] = {}
        self.resent = 0
        self.errors: Counter[str] = Counter()
        self.began: dict[int, float] = {}
        self._url = f"http://127.0.0.1:{ground.hub_port}/graphql"
        self._tokens: dict[str, str] = {}
        self._ground = ground
        self._slots = asyncio.Semaphore(at_once)
        self._rng = random.Random(f"crowd/{seed}")  # noqa: S311  # a seed, no secret
        self._tell = tell
        self._run = f"{seed}-{time.time_ns():x}"
        self._done = 0

    async def move(self, moves: Sequence[Move]) -> None:
        """Open, answer and take back, until each move is decided."""
        self._total = len(moves)
        timeout = aiohttp.ClientTimeout(total=_PATIENCE)
        async with (
            aiohttp.ClientSession(timeout=timeout) as self._session,
            asyncio.TaskGroup() as group,
        ):
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
            key = f"{self._run}-{move.number}-{name}-{attempt}"
            body = {"query": text, "variables": {**given, "key": key}}
            issued = await self._until_answered(move.from_province, name, body)
            if issued.get("code") != "CREDENTIAL_ISSUED_ALREADY":
                return issued
            self.errors["credential issued again"] += 1

    async def _offer(self, move: Move) -> dict[str, Any]:
        return await self._act(move, move.from_province, *documents.offer(move))

    async def _answer(self, move: Move) -> None:
        """Accept, reject or withdraw; a limit or a register may have been sooner."""
        id_ = self.ids[move.number]
        who = move.from_province if move.wish == "withdraw" else move.to_province
        answered = await self._act(move, who, *documents.answer(move, id_))
        if answered["__typename"] == "Refusal":
            self.errors[f"answer: {answered['code']}"] += 1

    async def _act(
        self, move: Move, province: str, name: str, text: str, given: dict[str, Any]
    ) -> dict[str, Any]:
        key = f"{self._run}-{move.number}-{name}"
        body = {"query": text, "variables": {**given, "key": key}}
        if not move.twice:
            return await self._until_answered(province, name, body)
        async with asyncio.TaskGroup() as group:
            once = group.create_task(self._until_answered(province, name, body))
            again = group.create_task(self._until_answered(province, name, body))
        first, second = once.result(), again.result()
        if first.get("id") != second.get("id"):
            raise GaveUp(f"{name}: the same key, two answers")
        return first

    async def _until_answered(
        self, province: str, name: str, body: dict[str, Any]
    ) -> dict[str, Any]:
        while True:
            try:
                found = await self._send(province, name, body)
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                self.errors[type(error).__name__] += 1
            else:
                if found is not None and found.get("code") not in _AGAIN:
                    return found
            self.resent += 1
            await asyncio.sleep(self._rng.uniform(0.1, 0.6))

    async def _send(
        self, province: str, name: str, body: dict[str, Any]
    ) -> dict[str, Any] | None:
        headers = {"Authorization": f"Bearer {self._token(province)}"}
        async with self._session.post(self._url, json=body, headers=headers) as answer:
            if answer.status >= 500:
                self.errors[f"HTTP {answer.status}"] += 1
                return None
            told = await answer.json()
        for error in told.get("errors", ()):
            code = error.get("extensions", {}).get("code", "")
            self.errors[f"error {code}"] += 1
            if code not in _AGAIN | {"UNAVAILABLE", "TIMED_OUT", "OVERLOADED"}:
                raise GaveUp(f"{name}: {error}")
        found: dict[str, Any] | None = (told.get("data") or {}).get(name)
        return found

    def _token(self, province: str) -> str:
        if province not in self._tokens:
            self._tokens[province] = self._ground.token(f"{province}0000-01")
        return self._tokens[province]
