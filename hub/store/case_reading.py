"""Adapter: reading rights cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hub.store.case_forms import read_case
from hub.store.case_lists import CaseLists
from hub.store.transfer_forms import is_worker_id
from schema.records.case_task import Seat
from schema.records.keys import WorkerId

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from hub.store.pool import Pool
    from schema.records.case import Case
    from schema.records.case_list import (
        CaseFilter,
        CasePage,
        TaskFilter,
        TaskPage,
        TaskSide,
    )
    from schema.records.case_powers import Party
    from schema.records.refusal import Refusal

_SOME: Final = """
SELECT case_no, body::text FROM rights_case WHERE case_no = ANY(%s::text[])
"""
_OF_WORKERS: Final = """
SELECT case_worker.worker_id::text, rights_case.body::text
FROM case_worker JOIN rights_case USING (case_no)
WHERE case_worker.worker_id = ANY(%s::uuid[])
ORDER BY rights_case.opened_at, rights_case.case_no
"""
# The last transfer of each that made somewhere the home.
_HOMES: Final = """
SELECT DISTINCT ON (worker_id) worker_id::text, body->>'home', body->>'home_province'
FROM transfer
WHERE worker_id = ANY(%s::uuid[])
    AND (state IN ('CLOSING', 'COMPLETED', 'LANDED') OR body->>'home' <> from_union)
ORDER BY worker_id, opened_at DESC
"""


class CaseReading:
    """Reads cases; fulfils ``hub.following.ports.CaseReading``.

    Every method may raise ``hub.store.unavailable.StoreUnavailable``.
    """

    def __init__(self, pool: Pool) -> None:
        """Use the hub's database."""
        self._pool = pool
        self._lists = CaseLists(pool)

    async def some(self, numbers: Sequence[str]) -> Mapping[str, Case]:
        """Read several at once; one that is not kept is not in it."""
        known = [each for each in set(numbers) if each.isprintable()]
        rows = await self._rows(_SOME, known)
        return {no: read_case(body) for no, body in rows}

    async def page(
        self,
        wanted: CaseFilter,
        unions: Sequence[str] | None,
        first: int,
        after: str | None,
        *,
        by: Collection[Party] | None = None,
    ) -> CasePage | Refusal:
        """Read the cases in which these unions (all, if none) have a role.

        Args:
            wanted: Which; its ``office`` is not looked at, for
            unions: says the same as codes of unions, those below included.
            first: How many at most.
            after: The cursor of the last one of the page before.
            by: By which parts in a case the list is read; any, if it is not said.
        """
        return await self._lists.cases(wanted, unions, first, after, by)

    async def tasks(
        self,
        wanted: TaskFilter,
        unions: Sequence[str] | None,
        first: int,
        after: str | None,
        *,
        by: Collection[TaskSide] | None = None,
    ) -> TaskPage | Refusal:
        """Read tasks that these unions gave or were given; arguments as of ``page``."""
        return await self._lists.tasks(wanted, unions, first, after, by)

    async def of_workers(
        self, workers: Sequence[WorkerId]
    ) -> Mapping[WorkerId, Sequence[Case]]:
        """Read all cases of workers, the oldest first."""
        told: dict[WorkerId, list[Case]] = {each: [] for each in workers}
        known = [each for each in told if is_worker_id(each)]
        for worker, body in await self._rows(_OF_WORKERS, known):
            told[WorkerId(worker)].append(read_case(body))
        return told

    async def homes(self, workers: Sequence[WorkerId]) -> Mapping[WorkerId, Seat]:
        """Tell the homes of workers whose membership the hub has moved."""
        known = [each for each in set(workers) if is_worker_id(each)]
        rows = await self._rows(_HOMES, known)
        return {WorkerId(worker): Seat(*home) for worker, *home in rows}

    async def _rows(self, statement: str, wanted: list[Any]) -> list[tuple[Any, ...]]:
        if not wanted:
            return []
        async with self._pool.connection() as connection:
            found = await connection.execute(statement.encode(), (wanted,))
            return await found.fetchall()
