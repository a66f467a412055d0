"""Adapter: reading transfers. Pages go by cursors that stay good while transfers move.

A page is ordered by the moment of opening and the id, neither of which ever changes; so
nothing is shown twice or left out between two pages, whatever moves in between. (What
is opened by a slower clock while a caller reads may come before its cursor.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.clock import end_of_day_in_china
from hub.feeds.events import CURSOR_INVALID
from hub.store.transfer_cursors import BEFORE_ALL, read_place, write_place
from hub.store.transfer_forms import (
    is_worker_id,
    read_milestone,
    read_transfer,
    standing_of,
)
from hub.store.transfer_pages import ARRIVED, page_statement
from schema.records.keys import WorkerId
from schema.records.moving import TransferPage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from hub.store.pool import Pool
    from hub.transfer.ports import Standing
    from schema.records.moving import TransferFilter
    from schema.records.refusal import Refusal
    from schema.records.transfer import Milestone, Transfer

_SOME = """
SELECT transfer_id, body::text, saga::text, due_at, target_at FROM transfer
WHERE transfer_id = ANY(%s::text[])
"""
_TIMELINE = """
SELECT transfer_id, milestone::text FROM transfer_event
WHERE transfer_id = ANY(%s::text[]) ORDER BY transfer_id, seq
"""
_WORKERS_OF = """
SELECT transfer_id, worker_id::text FROM transfer WHERE transfer_id = ANY(%s::text[])
"""
# As ``hub.store.transfers`` orders them: by no clock.
_OF_WORKER = """
SELECT worker_id::text, transfer.body::text FROM transfer
LEFT JOIN transfer_command AS first
    ON first.key = transfer.transfer_id || ':REGISTER_OUT'
WHERE worker_id = ANY(%s::uuid[])
ORDER BY worker_id, first.command_id NULLS FIRST, opened_at, transfer.transfer_id
"""


class TransferReading:
    """Reads transfers; who may see what is decided before and after.

    Every method may raise ``hub.store.unavailable.StoreUnavailable``.
    """

    def __init__(self, pool: Pool) -> None:
        """Use the hub's database."""
        self._pool = pool

    async def one(self, id: str) -> Standing | None:  # noqa: A002  # as in the graph
        """Read one, with its history as far as decisions need it."""
        return (await self.some([id])).get(id)

    async def some(self, ids: Sequence[str]) -> Mapping[str, Standing]:
        """Read several as ``one``, in one statement; who is not kept is not in it."""
        known = [each for each in set(ids) if each.isprintable()]
        rows = await self._rows(_SOME, (known,)) if known else []
        return {id_: standing_of(*rest) for id_, *rest in rows}

    async def page(
        self,
        wanted: TransferFilter,
        offices: Sequence[str] | None,
        first: int,
        after: str | None,
    ) -> TransferPage | Refusal:
        """Read a page in the order of opening.

        Args:
            wanted: Which; its ``office`` is not looked at, for
            offices: says the same as codes of unions, those below included; all
                transfers if none.
            first: How many at most.
            after: The cursor of the last one of the page before.
        """
        place = BEFORE_ALL if after is None else read_place(after)
        if place is None:
            return CURSOR_INVALID
        due = wanted.due_by and end_of_day_in_china(wanted.due_by)
        return await self._page(
            page_statement(wanted, None if offices is None else len(offices)),
            {
                "offices": list(offices or ()),
                "states": [str(state) for state in wanted.states],
                "basis": [str(basis) for basis in wanted.basis],
                "changed": wanted.changed_since,
                "due": due,
                "overdue": wanted.overdue,
                "batch": wanted.batch,
                "at": place[0],
                "id": place[1],
            },
            first,
        )

    async def arrived(
        self, unions: Sequence[str], since: datetime, first: int, after: str | None
    ) -> TransferPage | Refusal:
        """Read who came to these unions to stay, in the order of coming.

        Args:
            unions: Codes of the new unions.
            since: From this moment on.
            first: How many at most.
            after: The cursor of the last one of the page before.
        """
        place = BEFORE_ALL if after is None else read_place(after)
        if place is None:
            return CURSOR_INVALID
        wanted = {"offices": list(set(unions)), "since": since}
        wanted |= {"at": place[0], "id": place[1]}
        return await self._page(ARRIVED, wanted, first)

    async def timeline(self, ids: Sequence[str]) -> Mapping[str, list[Milestone]]:
        """Read what happened in each, in order; several in one statement."""
        told: dict[str, list[Milestone]] = {each: [] for each in ids}
        for id_, milestone in await self._rows(_TIMELINE, (list(told),)):
            told[id_].append(read_milestone(milestone))
        return told

    async def workers_of(self, ids: Sequence[str]) -> Mapping[str, WorkerId]:
        """Tell whose transfers are; those that there are not are left out."""
        if not ids:
            return {}
        rows = await self._rows(_WORKERS_OF, (list(ids),))
        return {transfer: WorkerId(worker) for transfer, worker in rows}

    async def of_worker(
        self, workers: Sequence[WorkerId]
    ) -> Mapping[WorkerId, list[Transfer]]:
        """Read all transfers of each worker, the oldest first."""
        told: dict[WorkerId, list[Transfer]] = {each: [] for each in workers}
        known = [each for each in told if is_worker_id(each)]
        for worker, body in await self._rows(_OF_WORKER, (known,)):
            told[WorkerId(worker)].append(read_transfer(body))
        return told

    async def _page(
        self, statement: str, wanted: dict[str, Any], first: int
    ) -> TransferPage:
        rows = await self._rows(statement, wanted | {"most": first + 1})
        shown = rows[:first]
        return TransferPage(
            tuple(read_transfer(body) for body, _, _ in shown),
            tuple(write_place(at, id_) for _, at, id_ in shown),
            len(rows) > first,
        )

    async def _rows(self, statement: str, wanted: Any) -> list[tuple[Any, ...]]:
        async with self._pool.connection() as connection:
            found = await connection.execute(statement.encode(), wanted)
            return await found.fetchall()
