"""Adapter: asks the hub as an officer, and asks again until it has answered."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

import aiohttp

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.chaos.ground import Ground

_PATIENCE: Final = 8.0
#: Answers after which a client asks again: nothing was decided.
AGAIN: Final = {"STORE_UNAVAILABLE", "NOT_YET_REGISTERED_OUT", "REGISTER_SILENT"}


class GaveUp(Exception):
    """An act got an answer that no client can do anything with."""


class Asking:
    """What all officers ask with.

    Attributes:
        session: The connections.
        resent: How often something was sent again.
        errors: What went wrong on the way, counted.
    """

    session: aiohttp.ClientSession

    def __init__(self, ground: Ground, seed: int) -> None:
        self.resent = 0
        self.errors: Counter[str] = Counter()
        self.address = f"http://127.0.0.1:{ground.hub_port}"
        self._ground = ground
        self._tokens: dict[str, str] = {}
        self._rng = random.Random(f"crowd/{seed}")  # noqa: S311  # a seed, no secret

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Hold the connections."""
        timeout = aiohttp.ClientTimeout(total=_PATIENCE)
        async with aiohttp.ClientSession(timeout=timeout) as self.session:
            yield

    async def act(
        self, province: str, name: str, body: dict[str, Any], *, twice: bool = False
    ) -> dict[str, Any]:
        """Act as the union of a province until it is answered; twice at once if wanted.

        Args:
            province: Its code.
            name: Name of the mutation.
            body: The request; sent again, it is the same.
            twice: Whether it is sent twice at once.

        Raises:
            GaveUp: The answer is of no use; or two answers to one key.
        """
        if not twice:
            return await self.until_answered(province, name, body)
        async with asyncio.TaskGroup() as group:
            once = group.create_task(self.until_answered(province, name, body))
            again = group.create_task(self.until_answered(province, name, body))
        first, second = once.result(), again.result()
        for told in ("id", "no"):
            if first.get(told) != second.get(told):
                raise GaveUp(f"{name}: the same key, two answers")
        return first

    async def until_answered(
        self, province: str, name: str, body: dict[str, Any]
    ) -> dict[str, Any]:
        """Send it again and again; raises as ``act``."""
        while True:
            try:
                found = await self._send(province, name, body)
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                self.errors[type(error).__name__] += 1
            else:
                if found is not None and found.get("code") not in AGAIN:
                    return found
            await self.rest()

    async def rest(self) -> None:
        """Wait a moment before something is sent again."""
        self.resent += 1
        await asyncio.sleep(self._rng.uniform(0.1, 0.6))

    async def _send(
        self, province: str, name: str, body: dict[str, Any]
    ) -> dict[str, Any] | None:
        headers = {"Authorization": f"Bearer {self._token(province)}"}
        url = f"{self.address}/graphql"
        async with self.session.post(url, json=body, headers=headers) as answer:
            if answer.status >= 500:
                self.errors[f"HTTP {answer.status}"] += 1
                return None
            told = await answer.json()
        for error in told.get("errors", ()):
            code = error.get("extensions", {}).get("code", "")
            self.errors[f"error {code}"] += 1
            if code not in AGAIN | {"UNAVAILABLE", "TIMED_OUT", "OVERLOADED"}:
                raise GaveUp(f"{name}: {error}")
        found: dict[str, Any] | None = (told.get("data") or {}).get(name)
        return found

    def _token(self, province: str) -> str:
        if province not in self._tokens:
            self._tokens[province] = self._ground.token(office_of(province))
        return self._tokens[province]


def office_of(province: str) -> str:
    """Name the union of a province, whose officers act for all below it."""
    return f"{province}0000-01"
