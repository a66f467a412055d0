"""Adapter: forgetting in which order lists of cases were.

A row that was closed is of use only to whoever began a list before that. After some
hours it goes, and so that nobody reads a list with holes, it is noted first up to where.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from hub.store.locks import FEED_PRUNE

if TYPE_CHECKING:
    from hub.store.pool import Pool

#: So long a list may be gone on with after its first page.
KEPT: Final = timedelta(hours=6)
#: So many rows go in one transaction.
_BATCH: Final = 5_000

# Rows that somebody changes just now are left for the next time.
_PRUNE: Final = """
WITH gone AS (
    DELETE FROM case_listing WHERE ctid IN (
        SELECT ctid FROM case_listing
        WHERE to_v < 9223372036854775807 AND closed_at < now() - %s::interval
        ORDER BY to_v LIMIT %s FOR UPDATE SKIP LOCKED
    ) RETURNING to_v
), told AS (
    UPDATE case_listing_horizon
    SET pruned_to = greatest(pruned_to, (SELECT max(to_v) FROM gone))
    WHERE "only" = 1 AND EXISTS (SELECT FROM gone)
)
SELECT count(*) FROM gone
"""


async def prune_listings(pool: Pool, kept: timedelta = KEPT) -> int:
    """Remove rows of lists that were closed longer ago than this; tell how many.

    Hub processes take turns: where another is at it, nothing is done.

    Raises:
        StoreUnavailable: The database cannot be used.
    """
    removed = 0
    async with pool.connection() as connection:
        while True:
            async with connection.transaction():
                turn = await connection.execute(
                    "SELECT pg_try_advisory_xact_lock(%s)", [FEED_PRUNE]
                )
                row = await turn.fetchone()
                if row is None or not row[0]:
                    return removed
                found = await connection.execute(_PRUNE, (kept, _BATCH))
                row = await found.fetchone()
                gone = 0 if row is None else int(row[0])
            removed += gone
            if gone < _BATCH:
                return removed
