"""Adapter: what happens to cases by itself: moments that come, and homes that move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hub.following.ports import HomeMove
from hub.store.case_forms import columns
from schema.records.case_powers import Role
from schema.records.case_task import Seat
from schema.records.keys import WorkerId

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from psycopg import AsyncConnection

    from hub.following.ports import Written
    from hub.store.pool import Pool
    from schema.records.case import Case
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
# The last transfer of each that made somewhere the home, as ``hub.store.transfers``
# orders them: by no clock.
_MOVED_BEFORE: Final = """
INSERT INTO membership_move (worker_id, union_code, province, at)
SELECT worker_id, home, province, %b
FROM (
    SELECT DISTINCT ON (worker_id) worker_id, transfer.body->>'home' AS home,
        transfer.body->>'home_province' AS province
    FROM transfer
    LEFT JOIN transfer_command AS first
        ON first.key = transfer.transfer_id || ':REGISTER_OUT'
    WHERE worker_id = ANY(%b::uuid[])
        AND (state IN ('CLOSING', 'COMPLETED', 'LANDED')
            OR transfer.body->>'home' <> from_union)
    ORDER BY worker_id, first.command_id DESC NULLS LAST, opened_at DESC
) AS known
WHERE NOT EXISTS (
    SELECT 1 FROM unnest(%b::uuid[], %b::text[]) AS follows (worker_id, union_code)
    WHERE follows.worker_id = known.worker_id AND follows.union_code = known.home
)
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


async def moved_before(
    connection: AsyncConnection[Any], written: Sequence[Written]
) -> None:
    """Note homes that moved after a case was made up, and before it is written.

    Whoever opens a case reads the homes of its workers first. A home that moves in
    between finds no such case to be told to, so it is noted with the case. None can
    move between this and the commit: it, too, would be published.

    Args:
        connection: In a transaction that has published what it writes.
        written: What it writes.
    """
    opened = [one.case for one in written if one.case.seq == 1 and one.case.workers]
    if not opened:
        return
    workers = sorted({worker for case in opened for worker in case.workers})
    follows = sorted(_followed(opened))
    known = columns(follows) if follows else [[], []]
    at = max(one.event.at for one in written)
    await connection.execute(_MOVED_BEFORE, (at, workers, *known))


def _followed(opened: Sequence[Case]) -> set[tuple[WorkerId, str]]:
    """Name the unions that follow every case of a worker."""
    of_worker: dict[WorkerId, list[set[str]]] = {}
    for case in opened:
        unions = {one.seat.union for one in case.held if one.role is Role.FOLLOWER}
        for worker in case.workers:
            of_worker.setdefault(worker, []).append(unions)
    return {
        (worker, union)
        for worker, some in of_worker.items()
        for union in set.intersection(*some)
    }


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
