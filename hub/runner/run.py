"""Itinerary: the runner at work, until it is told to stop."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
from typing import TYPE_CHECKING, Final

from hub.runner.assemble import runner
from hub.runner.health import told

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from hub.config.settings import Settings
    from hub.runner.assemble import Runner

_log = logging.getLogger("hub.runner")

#: As ``hub.web.serve``: the collector looks at what is young, and seldom.
_GC: Final = (20_000, 5, 200)


async def run(
    settings: Settings,
    listener: socket.socket,
    announce: Callable[[str], None] | None = None,
    environment: Mapping[str, str] | None = None,
    source: Path | None = None,
) -> None:
    """Run until the process is told to stop (SIGINT or SIGTERM).

    What is under way then may finish within ``runner.shutdown``. Neither the database
    nor any province need be there: the runner begins when they are.

    Args:
        settings: What the files say.
        listener: Where health and figures are told; bound already.
        announce: Is told the address when the runner works.
        environment: Where the secrets are; the process's own if not given.
        source: The main file; provinces follow it and their own files, if given.

    Raises:
        ValueError: A secret that the settings name is missing or unusable.
        schema.records.refusal.Refused: A key is unusable.
    """
    environ = os.environ if environment is None else environment
    async with (
        runner(settings, environ, source) as made,
        told(listener, made.checks, made.figures, made.settings_told),
    ):
        gc.collect()
        gc.freeze()
        gc.set_threshold(*_GC)
        _announce(listener, announce)
        await _until_told(
            made,
            settings.runner.sweep_every.total_seconds(),
            settings.runner.shutdown.total_seconds(),
        )
    _log.info("stopped")


def _announce(listener: socket.socket, announce: Callable[[str], None] | None) -> None:
    host, port = listener.getsockname()[:2]
    address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    _log.info("running address=%s", address)
    if announce is not None:
        announce(address)


async def _until_told(made: Runner, every: float, patience: float) -> None:
    """Work until a signal comes; then begin nothing, and finish what is under way."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    tasks = [
        asyncio.create_task(made.queue.run(), name="queue"),
        asyncio.create_task(made.sweep.run(every), name="sweep"),
        asyncio.create_task(made.count(), name="count"),
    ]
    try:
        await stop.wait()
    finally:
        _log.info("stopping")
        made.delivery.stopping.set()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(name)
        for task in tasks:
            task.cancel()
        # The queue lets its jobs end; what began in the sweep ends beside them.
        ending = {*tasks, asyncio.create_task(made.sweep.finish(), name="finish")}
        await asyncio.wait(ending, timeout=patience)
