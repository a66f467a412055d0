"""Decider with a memory: how much is begun in one turn of the event loop.

A thousand callers who all say something at the same moment are a thousand small
pieces of work, which the loop would do without looking at anybody else. In line,
so many have their turn, then everybody else has theirs, and so on.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Turns:
    """A line; who comes first has their turn first."""

    def __init__(self, most: int) -> None:
        """Let ``most`` begin in one turn of the loop."""
        self._most = most
        self._begun = 0
        self._line: deque[Callable[[], None]] = deque()
        self._scheduled = False

    def take(self, do: Callable[[], None]) -> bool:
        """Do something, now or in one of the next turns of the running loop.

        Returns:
            Whether it was done at once.
        """
        if self._is_free():
            do()
            return True
        self._line.append(do)
        return False

    async def mine(self) -> None:
        """Wait until it is one's turn; it may be at once."""
        if self._is_free():
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._line.append(lambda: None if turn.done() else turn.set_result(None))
        await turn

    def _is_free(self) -> bool:
        if self._line or self._begun >= self._most:
            return False
        self._begun += 1
        self._look_again()
        return True

    def _look_again(self) -> None:
        if not self._scheduled:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._next)

    def _next(self) -> None:
        self._scheduled = False
        self._begun = 0
        while self._line and self._begun < self._most:
            self._begun += 1
            self._look_again()
            self._line.popleft()()
