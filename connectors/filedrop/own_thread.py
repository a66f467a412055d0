"""Adapter: work on files goes to a thread of its own, one piece after the other."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from connectors.faults import ProvinceFault
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from collections.abc import Callable

    from schema.records.keys import ProvinceCode

T = TypeVar("T")

_LOG = logging.getLogger(__name__)


class OwnThread:
    """One thread, for one part of a drop folder."""

    def __init__(self, province: ProvinceCode, part: str) -> None:
        """Start nothing yet.

        Args:
            province: Whose drop folder.
            part: What works there, for the log.
        """
        self._province = province
        self._part = part
        self._thread = ThreadPoolExecutor(1, part)

    async def do(self, work: Callable[[], T], deadline: float) -> T:
        """Have work done by a deadline; what was begun is done to its end all the same.

        Args:
            work: Blocks; it uses files and SQLite.
            deadline: The last moment, by the loop's clock.

        Raises:
            ProvinceFault: It was not done in time, or a file cannot be used.
        """
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout_at(deadline):
                return await loop.run_in_executor(self._thread, work)
        except TimeoutError:
            raise ProvinceFault(FaultCode.TIMED_OUT, "the folder is slow") from None
        except (OSError, sqlite3.Error) as error:
            # An error of the system names files; it is not repeated beyond its kind.
            why = getattr(error, "strerror", None) or type(error).__name__
            _LOG.error("%s province=%s error=%s", self._part, self._province, why)
            raise ProvinceFault(FaultCode.UNREACHABLE, f"drop folder: {why}") from None

    async def close(self) -> None:
        """Wait for what is under way; what waits is not begun."""
        self._thread.shutdown(wait=False, cancel_futures=True)
        await asyncio.to_thread(self._thread.shutdown)
