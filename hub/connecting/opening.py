"""Itinerary: puts the live provinces together, and takes them apart at the end."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import TYPE_CHECKING, Protocol

from connectors.observer import Observer
from connectors.registry import Registry
from hub.connecting.live_provinces import LiveProvinces
from hub.connecting.ports import Notes
from hub.connecting.watched_files import WatchedFiles
from hub.store.province_settings import ProvinceBook
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from connectors.breaker import Phase
    from connectors.port import Clock
    from hub.config.settings import Settings
    from hub.store.pool import Pool
    from schema.records.keys import ProvinceCode


class Watching(Observer, Notes, Protocol):
    """Whoever counts calls and changes."""


class _Listening(Observer):
    """Passes on how calls went, and hears whom a province turned down."""

    def __init__(self, observer: Observer) -> None:
        self._observer = observer
        self.live: LiveProvinces | None = None

    def answered(
        self,
        province: ProvinceCode,
        code: FaultCode | None,
        seconds: float,
        attempts: int,
    ) -> None:
        """Pass it on; who is turned down may have an old secret."""
        if code is FaultCode.UNAUTHORISED and self.live is not None:
            self.live.secrets.turned_down(province)
        self._observer.answered(province, code, seconds, attempts)

    def breaker_moved(self, province: ProvinceCode, phase: Phase) -> None:
        """Pass it on."""
        self._observer.breaker_moved(province, phase)

    def dated(self, province: ProvinceCode, as_of: datetime) -> None:
        """Pass it on."""
        self._observer.dated(province, as_of)


@asynccontextmanager
async def connected(
    settings: Settings,
    environ: Mapping[str, str],
    *,
    source: Path | None,
    pool: Pool,
    clock: Clock,
    watch: Watching,
    role: str,
) -> AsyncIterator[tuple[Registry, LiveProvinces]]:
    """Connect all provinces, and follow their settings until the context is left.

    Args:
        settings: What the files said at the start.
        environ: The process environment.
        source: The main file, to be watched with the provinces' files; none: what the
            files said holds until the end, and only pauses and secrets are followed.
        pool: Of the hub's database.
        clock: Tells the time.
        watch: Is told of calls, changes and mistakes.
        role: ``hub`` or ``runner``, for the name of this process in versions.
    """
    registry, observer = Registry(()), _Listening(watch)
    files = None
    if source is not None:
        directory = settings.provinces_dir
        files = WatchedFiles(source, environ, directory, settings.provinces)
    live = LiveProvinces(
        registry,
        settings.provinces,
        environ,
        files=files,
        base=settings.provinces_dir,
        book=ProvinceBook(pool, clock),
        clock=clock,
        observer=observer,
        notes=watch,
        name=f"{role}@{socket.gethostname()}:{os.getpid()}",
    )
    observer.live = live
    async with AsyncExitStack() as stack:
        stack.push_async_callback(registry.close)
        stack.push_async_callback(live.close)
        await live.begin()
        every = settings.provinces_every.total_seconds()
        task = asyncio.create_task(live.run(every), name="provinces")
        stack.push_async_callback(_end, task)
        _on_hang_up(live)
        yield registry, live


async def _end(task: asyncio.Task[None]) -> None:
    loop = asyncio.get_running_loop()
    with suppress(ValueError, RuntimeError):
        loop.remove_signal_handler(signal.SIGHUP)
    task.cancel()
    await asyncio.wait({task})


def _on_hang_up(live: LiveProvinces) -> None:
    # Only the main thread hears signals; tests run hubs in others.
    loop = asyncio.get_running_loop()
    with suppress(ValueError, RuntimeError):
        loop.add_signal_handler(signal.SIGHUP, live.wake)
