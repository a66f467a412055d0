"""Adapter: the line between hub and province: a TCP proxy that can be made to fail.

A real network loses the answer as often as the question, so the line can be cut
*after* the province has acted: exactly then the hub does not know.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_CHUNK: Final = 65536


class Weather(StrEnum):
    """How the line is."""

    FINE = "fine"
    #: Connections are refused.
    DOWN = "down"
    #: Everything takes a while longer.
    SLOW = "slow"
    #: Questions arrive, answers do not: the line breaks before they come through.
    DEAF = "deaf"
    #: Nothing passes, and nobody is told.
    MUTE = "mute"


class Line:
    """One line, with its weather.

    Attributes:
        weather: How it is now; connections that stand feel a change at once.
        port: Where the hub connects.
        lost: How many answers were lost on it.
    """

    def __init__(self, port: int, to: int) -> None:
        self.port = port
        self.weather = Weather.FINE
        self.lost = 0
        self._to = to
        self._open: set[asyncio.StreamWriter] = set()

    async def serve(self) -> None:
        """Accept connections until cancelled."""
        server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)
        async with server:
            await server.serve_forever()

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        if self.weather is Weather.DOWN:
            writer.transport.abort()
            return
        try:
            there_reader, there = await asyncio.open_connection("127.0.0.1", self._to)
        except OSError:  # the province is down
            writer.transport.abort()
            return
        both = (writer, there)
        self._open |= set(both)
        pumps = [
            asyncio.create_task(self._pump(reader, there, answers=False)),
            asyncio.create_task(self._pump(there_reader, writer, answers=True)),
        ]
        try:
            with contextlib.suppress(asyncio.CancelledError):  # the run is over
                await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            for one in both:
                self._open.discard(one)
                one.transport.abort()

    async def _pump(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        answers: bool,
    ) -> None:
        with contextlib.suppress(OSError):
            while chunk := await reader.read(_CHUNK):
                match self.weather:
                    case Weather.DOWN:
                        return
                    case Weather.DEAF if answers:
                        self.lost += 1
                        return
                    case Weather.MUTE:
                        await asyncio.sleep(3600)
                    case Weather.SLOW:
                        await asyncio.sleep(0.3)
                    case _:
                        pass
                writer.write(chunk)
                await writer.drain()

    def cut(self) -> None:
        """Break what stands."""
        for one in list(self._open):
            one.transport.abort()


class Lines:
    """All lines, served by a thread of their own."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = tuple(lines)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="lines", daemon=True)

    def start(self) -> None:
        """Begin to carry."""
        self._thread.start()

    def set(self, line: Line, weather: Weather) -> None:
        """Change the weather of a line; what stands breaks when it goes down."""
        line.weather = weather
        if weather is not Weather.SLOW:
            self._loop.call_soon_threadsafe(line.cut)

    def stop(self) -> None:
        """Carry no more."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        tasks = [self._loop.create_task(line.serve()) for line in self.lines]
        self._loop.run_forever()
        for task in (*tasks, *asyncio.all_tasks(self._loop)):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0.01))
        self._loop.close()
