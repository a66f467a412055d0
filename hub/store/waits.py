"""Adapter: the waits of all transfers; fulfils ``hub.transfer.ports.Waits``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hub.feeds.events import Topic
from hub.feeds.transfer_change import TransferChange, encode
from hub.store.publishing import publish_all
from hub.store.transfer_forms import read_transfer
from hub.transfer.ports import Passed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hub.store.pool import Pool
    from schema.records.transfer import Transfer

# What somebody is changing just now is left to them.
_PASSED: Final = """
SELECT transfer_id, since FROM transfer
WHERE due_at IS NOT NULL AND due_at <= %s ORDER BY due_at LIMIT %s
FOR NO KEY UPDATE SKIP LOCKED
"""
_REMIND: Final = """
WITH late AS (
    SELECT transfer_id FROM transfer
    WHERE target_at IS NOT NULL AND target_at <= %s ORDER BY target_at LIMIT %s
    FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE transfer SET target_at = NULL FROM late
WHERE transfer.transfer_id = late.transfer_id
RETURNING body::text, seq
"""


class TransferWaits:
    """When waits end."""

    def __init__(self, pool: Pool) -> None:
        """Use the hub's database."""
        self._pool = pool

    async def passed(self, now: datetime, most: int) -> Sequence[Passed]:
        """Find waits whose limit passed, the oldest first.

        Raises:
            hub.store.unavailable.StoreUnavailable: The database cannot be used.
        """
        async with self._pool.connection() as connection:
            found = await connection.execute(_PASSED, (now, most))
            return [Passed(*row) for row in await found.fetchall()]

    async def remind(self, now: datetime, most: int) -> Sequence[Transfer]:
        """Find waits whose target passed, each once, and publish a reminder of each.

        Raises:
            hub.store.unavailable.StoreUnavailable: The database cannot be used; the
                reminders may or may not be published.
        """
        async with self._pool.connection() as connection, connection.transaction():
            found = await connection.execute(_REMIND, (now, most))
            late = [(read_transfer(body), seq) for body, seq in await found.fetchall()]
            said = [
                encode(
                    TransferChange(
                        transfer=transfer, was=transfer.state, seq=seq, reminder=True
                    )
                )
                for transfer, seq in late
            ]
            await publish_all(connection, Topic.TRANSFER, said)
        return [transfer for transfer, _ in late]
