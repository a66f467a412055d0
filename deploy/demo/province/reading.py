"""Itinerary: the reads of one request, gathered so that each kind is read once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from strawberry.dataloader import DataLoader

from deploy.demo.province.tables import WORKER

if TYPE_CHECKING:
    from sqlalchemy import Table

    from deploy.demo.province.acting import Acts
    from deploy.demo.province.register import Register

Row = dict[str, Any]


class Reading:
    """What one request reads. It lives as long as the request, and no longer.

    GraphQL resolves worker by worker; a loader for each kind waits until all
    have asked and then reads them together: one statement for each kind that
    was selected, whatever the number of workers, and none for the other kinds.

    Attributes:
        statements: How many statements were needed, for the log.
        acts: What the request does, besides reading; none where no acts are taken.
    """

    def __init__(self, register: Register, acts: Acts | None = None) -> None:
        self.statements = 0
        self.acts = acts
        self._register = register
        self._loaders: dict[str, DataLoader[str, list[Row]]] = {}

    async def worker(self, local_id: str) -> Row | None:
        """Read one worker; none if the province knows nobody of that name."""
        found = await self._loader(WORKER, "local_id").load(local_id)
        return found[0] if found else None

    async def rows(self, table: Table, local_id: str) -> list[Row]:
        """Read the rows of one kind of one worker."""
        return await self._loader(table, "worker").load(local_id)

    def _loader(self, table: Table, key: str) -> DataLoader[str, list[Row]]:
        async def load(keys: list[str]) -> list[list[Row]]:
            self.statements += 1
            told: dict[str, list[Row]] = {name: [] for name in keys}
            for row in self._register.rows(table, key, keys):
                fields = dict(row)
                told[fields.pop(key) if key == "worker" else fields[key]].append(fields)
            return [told[name] for name in keys]

        if table.name not in self._loaders:
            self._loaders[table.name] = DataLoader(load_fn=load)
        return self._loaders[table.name]
