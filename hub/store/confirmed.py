"""Adapter: the links, behind the check that the worker keys are the right ones.

With a wrong secret everybody would be unknown, and whoever registers would be
registered twice. The database may come after the hub, so the check is made at
the first use that reaches it, and until it has passed nothing is answered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.store.key_check import confirm_keys
from hub.store.patience import within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.identity.worker_key import Pseudonyms
    from hub.linking.rows import Statement
    from hub.reading.ports import Wanted
    from hub.store.links import LinkStore
    from hub.store.pool import Pool
    from schema.records.linking import LinkResult
    from schema.records.told import Located


class ConfirmedLinks:
    """Finds and keeps links once the worker keys are confirmed."""

    def __init__(
        self, links: LinkStore, pool: Pool, pseudonyms: Pseudonyms, patience: float
    ) -> None:
        """Stand before the links.

        Args:
            links: What is answered from.
            pool: Where the check is made.
            pseudonyms: What is checked.
            patience: Seconds that a look-up waits for the database, whatever
                state it is in.
        """
        self._links = links
        self._pool = pool
        self._pseudonyms = pseudonyms
        self._patience = patience
        self._confirmed = False

    async def confirm(self) -> None:
        """Make the check, unless it has passed before.

        Raises:
            Refused: A secret is not the one that was used before.
            StoreUnavailable: The database cannot be asked now.
        """
        if not self._confirmed:
            await confirm_keys(self._pool, self._pseudonyms)
            self._confirmed = True

    async def locate(self, wanted: Sequence[Wanted]) -> list[Located | None]:
        """Find workers and their open links, in the order of ``wanted``."""
        return await within(self._patience, self._locate(wanted))

    async def _locate(self, wanted: Sequence[Wanted]) -> list[Located | None]:
        await self.confirm()
        return await self._links.locate(wanted)

    async def settle(
        self, statements: Sequence[Statement], source: str
    ) -> list[LinkResult]:
        """Work statements into the links that stand: all of them, or none."""
        await self.confirm()
        return await self._links.settle(statements, source)

    async def counted(self) -> None:
        """Let the server count what it keeps now, after much was registered."""
        await self._links.counted()
