"""Itinerary: a drop folder on an SFTP server is mirrored here, and ours there.

Commands go out and receipts come in at one pace, batches at their own: a batch may take an
hour. One process of the hub does either at a time. What fails is tried again at the next
turn, and what was fetched up to then is not fetched twice.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from functools import partial
from typing import TYPE_CHECKING

from connectors.faults import ProvinceFault
from connectors.filedrop.alone import alone
from connectors.filedrop.batch_mirror import BatchMirror
from connectors.filedrop.folder_mirror import FolderMirror
from connectors.filedrop.mirror_notes import MirrorNotes
from connectors.filedrop.sftp import FileFault, connected

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from connectors.filedrop.desk_settings import SftpSettings
    from connectors.filedrop.places import Places
    from connectors.filedrop.sftp import Remote
    from schema.records.keys import ProvinceCode

_LOG = logging.getLogger(__name__)


class Mirror:
    """Mirrors the drop folder of one province.

    Attributes:
        failures: Which of the two is failing now, and why; empty if neither is.
    """

    def __init__(
        self,
        province: ProvinceCode,
        settings: SftpSettings,
        places: Places,
        secret: str,
    ) -> None:
        """Connect to nothing yet.

        Args:
            province: Whose folder.
            settings: Where it is.
            places: Where it is mirrored.
            secret: The password or the private key.
        """
        self.failures: dict[str, str] = {}
        self._province = province
        self._settings = settings
        self._places = places
        self._secret = secret
        notes = MirrorNotes(places.state)
        self._notes = notes
        self._folders = FolderMirror(places, notes, settings.most_bytes)
        self._batches = BatchMirror(places, notes, settings.most_bytes)
        self._turns: dict[str, asyncio.Lock] = {}
        self._desk: asyncio.Task[None] | None = None

    async def bring(self) -> None:
        """Bring what is new, batches last; it never raises for the server's sake."""
        if self._desk is None or self._desk.done():
            self._desk = asyncio.get_running_loop().create_task(self._keep_on())
        await self._turn("folders", self._bring_folders)
        await self._turn("batches", self._batches.bring)

    async def close(self) -> None:
        """End what is under way; it goes on there next time."""
        if self._desk is not None:
            self._desk.cancel()
            await asyncio.wait([self._desk])
        self._notes.close()

    async def _keep_on(self) -> None:
        while True:
            await asyncio.sleep(self._settings.every.total_seconds())
            await self._turn("folders", self._bring_folders)

    async def _bring_folders(self, remote: Remote) -> None:
        folders = self._folders
        steps: tuple[Callable[[], Awaitable[None]], ...] = (
            partial(folders.send, remote, "acts", again=False),
            partial(folders.fetch, remote, "receipts"),
            partial(folders.fetch, remote, "changes"),
            partial(folders.send, remote, "reports", again=True),
        )
        first: FileFault | None = None
        for step in steps:
            try:
                await step()
            except FileFault as fault:
                # Where one folder is closed to us, the others need not wait for it.
                first = first or fault
        if first is not None:
            raise first

    async def _turn(self, what: str, work: Callable[[Remote], Awaitable[None]]) -> None:
        async with self._turns.setdefault(what, asyncio.Lock()):
            try:
                self._places.state.mkdir(mode=0o700, parents=True, exist_ok=True)
                with alone(self._places.state / f"mirror-{what}.lock") as mine:
                    if not mine:
                        return  # another process of the hub is at it
                    async with connected(self._settings, self._secret) as remote:
                        await work(remote)
            except ProvinceFault as fault:
                self._tell(what, str(fault))
            except (OSError, sqlite3.Error) as error:
                why = getattr(error, "strerror", None) or type(error).__name__
                self._tell(what, f"here: {why}")
            else:
                self._tell(what, "")

    def _tell(self, what: str, why: str) -> None:
        """Log what has changed, and not each try."""
        before = self.failures.pop(what, "")
        if why:
            self.failures[what] = why
        if why and why != before:
            _LOG.error("mirror province=%s %s failed: %s", self._province, what, why)
        elif before and not why:
            _LOG.info("mirror province=%s %s again", self._province, what)
