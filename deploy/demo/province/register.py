"""Adapter: reads the province's database, many workers in one statement."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    MetaData,
    bindparam,
    create_engine,
    event,
    exists,
    func,
    select,
    union_all,
)
from sqlalchemy.pool import StaticPool

from deploy.demo.province.ledger import uri
from deploy.demo.province.tables import MEMBERSHIP, PROVINCE, WORKER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sqlalchemy import (
        CompoundSelect,
        Exists,
        FromClause,
        RowMapping,
        Select,
        Table,
    )

#: The same tables in the ledger: rows that acts have changed or made.
_CHANGED = {
    table.name: table.to_metadata(MetaData(), schema="acts")
    for table in (WORKER, MEMBERSHIP)
}

#: So many rows are held at once while all are read.
_AT_ONCE = 1_000


class Register:
    """The province's register: one read-only file, and what acts have changed.

    Reading a few rows by their key from a local file takes some ten
    microseconds, less than handing the work to a thread, so it is done in
    place. A province whose database is across a network awaits it instead.
    """

    def __init__(self, file: Path, acts: Path | None = None) -> None:
        """Open the file; it never changes while it is served (``immutable``).

        Args:
            file: The province's data.
            acts: The ledger of its acts, if it takes any. It is open already.
        """
        url = f"sqlite:///{uri(file, 'mode=ro&immutable=1')}&uri=true"
        # One connection for the whole process: it has one thread, and a read is
        # over before the next begins.
        self._engine = create_engine(
            url,
            poolclass=StaticPool,
            connect_args={"check_same_thread": False},
            isolation_level="AUTOCOMMIT",
        )
        self._changed = {} if acts is None else _CHANGED
        if acts is not None:
            also = uri(acts, "mode=ro")

            @event.listens_for(self._engine, "connect")
            def _attach(connection: Any, _: object) -> None:
                connection.execute("ATTACH DATABASE ? AS acts", (also,))

        self._statements: dict[str, Select[Any] | CompoundSelect[Any]] = {}

    def province(self) -> RowMapping:
        """Tell who this province is: code, names, kinds and as-of."""
        with self._engine.connect() as connection:
            return connection.execute(select(PROVINCE)).mappings().one()

    def rows(
        self, table: Table, key: str, values: Sequence[str]
    ) -> Sequence[RowMapping]:
        """Read all rows of some workers, in one statement.

        Args:
            table: Which kind of row.
            key: The column that names the worker.
            values: Local ids.

        Returns:
            The rows found, those of one worker together.
        """
        statement = self._statements.get(table.name)
        if statement is None:
            statement = self._statement(table, key)
            self._statements[table.name] = statement
        keys = json.dumps(list(values))
        with self._engine.connect() as connection:
            return connection.execute(statement, {"keys": keys}).mappings().all()

    def every(self, table: Table) -> Iterator[RowMapping]:
        """Read all rows of a kind as they stand now, one after the other.

        Args:
            table: Which kind of row.
        """
        now = self._changed.get(table.name)
        whole: Select[Any] | CompoundSelect[Any] = select(table)
        if now is not None:
            old = table.alias("published")
            whole = union_all(select(now), select(old).where(~_same(now, old)))
        with self._engine.connect() as connection:
            rows = connection.execution_options(yield_per=_AT_ONCE).execute(whole)
            yield from rows.mappings()

    def _statement(self, table: Table, key: str) -> Select[Any] | CompoundSelect[Any]:
        # The keys travel as one JSON parameter: however many there are, the
        # statement is the same text, which SQLite then prepares once.
        wanted = func.json_each(bindparam("keys")).table_valued("value")
        names = select(wanted.c.value)
        now = self._changed.get(table.name)
        if now is None:
            return (
                select(table)
                .where(table.c[key].in_(names))
                .order_by(*table.primary_key)
            )
        old = table.alias("published")
        return union_all(
            select(now).where(now.c[key].in_(names)),
            select(old).where(old.c[key].in_(names), ~_same(now, old)),
        ).order_by(*(column.name for column in table.primary_key))

    def close(self) -> None:
        """Give the file back."""
        self._engine.dispose()


def _same(now: Table, old: FromClause) -> Exists:
    """Whether acts have changed a row that was published."""
    return exists().where(
        *(now.c[each.name] == old.c[each.name] for each in now.primary_key)
    )
