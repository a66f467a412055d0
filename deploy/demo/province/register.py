"""Adapter: reads the province's database, many workers in one statement."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlalchemy import bindparam, create_engine, func, select
from sqlalchemy.pool import StaticPool

from deploy.demo.province.tables import PROVINCE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sqlalchemy import RowMapping, Select, Table


class Register:
    """The province's register: one read-only file.

    Reading a few rows by their key from a local file takes some ten
    microseconds, less than handing the work to a thread, so it is done in
    place. A province whose database is across a network awaits it instead.
    """

    def __init__(self, file: Path) -> None:
        """Open the file; it never changes while it is served (``immutable``)."""
        url = (
            f"sqlite:///file:{quote(str(file.resolve()))}?mode=ro&immutable=1&uri=true"
        )
        # One connection for the whole process: it has one thread, and a read is
        # over before the next begins.
        self._engine = create_engine(
            url,
            poolclass=StaticPool,
            connect_args={"check_same_thread": False},
            isolation_level="AUTOCOMMIT",
        )
        self._statements: dict[str, Select[Any]] = {}

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
            # The keys travel as one JSON parameter: however many there are, the
            # statement is the same text, which SQLite then prepares once.
            wanted = func.json_each(bindparam("keys")).table_valued("value")
            statement = (
                select(table)
                .where(table.c[key].in_(select(wanted.c.value)))
                .order_by(*table.primary_key)
            )
            self._statements[table.name] = statement
        keys = json.dumps(list(values))
        with self._engine.connect() as connection:
            return connection.execute(statement, {"keys": keys}).mappings().all()

    def close(self) -> None:
        """Give the file back."""
        self._engine.dispose()
