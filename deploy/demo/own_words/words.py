"""Value: how a province writes what it keeps: its own columns, codes and formats."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from datetime import date
    from enum import StrEnum

    from sqlalchemy import RowMapping, Table

CHINA = timezone(timedelta(hours=8))

Write = Callable[[Any], object]
#: A field that is written as it is kept, or with what writes it.
Said = str | tuple[str, Mapping[str, str] | Write]


class Column(NamedTuple):
    """A column: what the province calls it, what it keeps there, how it writes it."""

    name: str
    field: str
    write: Write | None


class Sheet(NamedTuple):
    """The rows of one kind as the province shows them.

    Attributes:
        table: What it keeps.
        name: What it calls them: a path, a table or a file.
        columns: The first names the worker.
        nothing: What it writes where there is nothing.
    """

    table: Table
    name: str
    columns: tuple[Column, ...]
    nothing: object = None

    @property
    def key(self) -> Column:
        """The column that names the worker."""
        return self.columns[0]

    def row(self, kept: RowMapping | Mapping[str, Any]) -> dict[str, object]:
        """Write a row in the province's own words."""
        told = {}
        for name, field, write in self.columns:
            value = kept[field]
            if value is None:
                value = self.nothing
            elif write is not None:
                value = write(value)
            told[name] = value
        return told


def sheet(
    table: Table, name: str, columns: Mapping[str, Said], nothing: object = None
) -> Sheet:
    """Describe a sheet: by column, the field and how it is written."""
    made = []
    for column, said in columns.items():
        field, how = (said, None) if isinstance(said, str) else said
        made.append(
            Column(column, field, how.__getitem__ if isinstance(how, Mapping) else how)
        )
    return Sheet(table, name, tuple(made), nothing)


def numbered(listed: type[StrEnum], prefix: str = "") -> dict[str, str]:
    """Number a code list in its order, from 01; ``OTHER`` is 99, as offices do."""
    codes = {one.value: f"{prefix}{number:02d}" for number, one in enumerate(listed, 1)}
    return codes | {"OTHER": f"{prefix}99"}


def packed(day: date) -> str:
    """Write a day in eight digits."""
    return day.strftime("%Y%m%d")


def local(moment: datetime) -> str:
    """Write a moment as clocks in China show it."""
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


def milliseconds(moment: datetime) -> int:
    """Write a moment as programmes count it."""
    return round(moment.timestamp() * 1000)


def moment_of(text: str) -> datetime:
    """Read a moment of the register; UTC if it has no zone."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def fen(amount: str) -> int:
    """Write an amount in yuan as one in fen."""
    yuan, _, rest = amount.partition(".")
    return int(yuan) * 100 + int(f"{rest:<02}")
