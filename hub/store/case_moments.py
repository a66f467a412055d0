"""Adapter: what happens to cases by itself: moments that come, and homes that move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hub.following.ports import HomeMove
from hub.store.case_forms import columns
from schema.records.case_task import Seat
from schema.records.keys import WorkerId

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from psycopg import AsyncConnection

    from hub.store.pool import Pool
    from schema.records.transfer import Transfer

_PASSED: Final = """
SELECT case_no FROM rights_case WHERE next_at <= %s AND NOT ended
ORDER BY next_at, case_no LIMIT %s
"""
_MOVED: Final = """
INSERT INTO membership_move (worker_id, union_code, province, at)
SELECT * FROM unnest(%b::uuid[], %b::text[], %b::text[], %b::timestamptz[])
"""
_MOVES: Final = """
SELECT move.move_id, move.worker_id::text, move.union_code, move.province, move.at,
    ARRAY(
        SELECT case_no FROM case_worker JOIN rights_case USING (case_no)
        WHERE case_worker.worker_id = move.worker_id AND NOT rights_case.ended
        ORDER BY case_no
    )
FROM (SELECT * FROM membership_move ORDER BY move_id LIMIT %s) AS move
ORDER BY move.move_id
"""
_TOLD: Final = "DELETE FROM membership_move WHERE move_id = ANY(%s::bigint[])"


async def move_within(
    connection: AsyncConnection[Any], moved: Sequence[tuple[Transfer, datetime]]
) -> None:
    """Note in the caller's transaction that homes moved, and when; it locks nothing."""
    if moved:
        rows = [
            (transfer.worker, transfer.home, transfer.home_province, at)
            for transfer, at in moved
        ]
        await connection.execute(_MOVED, columns(rows))


class CaseMoments:
    """Tells what is due; fulfils ``hub.following.ports.CaseMoments``.

    Every method may raise ``hub.store.unavailable.StoreUnavailable``.
    """

    def __init__(self, pool: Pool) -> None:
        """Use the hub's database."""
        self._pool = pool

    async def passed(self, now: datetime, most: int) -> Sequence[str]:
        """Find open cases whose moment came, the oldest first."""
        return [no for (no,) in await self._rows(_PASSED, (now, most))]

    async def moves(self, most: int) -> Sequence[HomeMove]:
        """Read the oldest moves that cases have not been told of."""
        return [
            HomeMove(id_, WorkerId(worker), Seat(union, province), at, tuple(cases))
            for id_, worker, union, province, at, cases in await self._rows(
                _MOVES, (most,)
            )
        ]

    async def told(self, moves: Sequence[int]) -> None:
        """Forget moves: the cases were told."""
        async with self._pool.connection() as connection:
            await connection.execute(_TOLD, (list(moves),))

    async def _rows(self, statement: str, wanted: Any) -> list[tuple[Any, ...]]:
        async with self._pool.connection() as connection:
            found = await connection.execute(statement.encode(), wanted)
            return await found.fetchall()
