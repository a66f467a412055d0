"""Value that changes: the unions as this process knows them now."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from hub.organisation.directory import Directory
from schema.records.refusal import Bilingual, Refusal, Refused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from hub.organisation.ports import OrganisationStore

_log = logging.getLogger("hub.organisation")

_NOT_READ: Final = Refusal(
    "STORE_UNAVAILABLE",
    "organisations.directory",
    Bilingual(
        "枢纽刚启动，尚未读到工会组织，未作任何改动。",
        "The hub has just started and has not read the unions yet; nothing was changed.",
    ),
    Bilingual(
        "请稍后用同一幂等键重试；若持续出现，请运维人员检查 PostgreSQL。",
        "Try again in a moment with the same key; if it stays so, have the operator check"
        " PostgreSQL.",
    ),
)


class CurrentDirectory:
    """The directory of this process; it is read anew from time to time.

    Until it could be read once nobody can say who acts for whom: whoever asks is told
    to try again, and not that they may not.
    """

    def __init__(self, store: OrganisationStore, every: float) -> None:
        """Know nobody yet.

        Args:
            store: Where organisations are kept.
            every: How often it is read anew, in seconds.
        """
        self._store = store
        self._every = every
        self._directory = Directory()
        self._digest = ""
        self._was_read = False

    def __call__(self) -> Directory:
        """Give the directory as it is known now.

        Raises:
            Refused: It could not be read yet.
        """
        if not self._was_read:
            raise Refused(_NOT_READ)
        return self._directory

    async def refresh(self) -> None:
        """Read it anew.

        Raises:
            Refused: The store cannot be used; what was known before still holds.
            hub.organisation.mistakes.BadDirectory: What is kept makes no forest; what
                was known before still holds.
        """
        digest = await self._store.digest()
        if digest != self._digest:
            rows = await self._store.all()
            # Thousands of them: others have their turn meanwhile.
            self._directory = await asyncio.to_thread(Directory, rows)
            self._digest = digest
            _log.info("directory organisations=%d", len(self._directory))
        self._was_read = True

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Read it now, and anew from time to time, until the context is left."""
        await self._quietly()
        task = asyncio.create_task(self._keep(), name="directory")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def _keep(self) -> None:
        while True:
            # Until it is known at all, it is asked for more often.
            await asyncio.sleep(self._every if self._was_read else 1.0)
            await self._quietly()

    async def _quietly(self) -> None:
        try:
            await self.refresh()
        except Refused as refused:
            _log.warning("directory-not-read reason=%s", refused.refusal.code)
        except Exception:  # noqa: BLE001  # what was known before still holds
            _log.exception("directory not read")
