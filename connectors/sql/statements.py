"""Decider: what is looked up becomes one statement with bound keys.

Names come from the mapping and stand in the catalogue; they are always quoted. Values
are never part of a statement's text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import bindparam, column, select, table
from sqlalchemy.sql.elements import quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Select, TableClause

    from connectors.sql.catalogue import Source

#: So many keys go into one statement; databases have their own, higher bounds.
MOST_KEYS = 500
#: The longest integer of any database, in bits.
_BITS = 63


def look_up(source: Source, columns: tuple[str, ...]) -> Select[tuple[object, ...]]:
    """Write the statement that reads columns of the rows of many keys (``keys``)."""
    rows = named(source.schema, source.table, columns)
    key = rows.c[source.kind.key]
    wanted = key.in_(bindparam("keys", expanding=True))
    return select(*(rows.c[name] for name in columns)).where(wanted)


def named(schema: str | None, name: str, columns: Iterable[str]) -> TableClause:
    """Name a table with these columns, all quoted; what they hold is taken as it is."""
    return table(
        quoted_name(name, quote=True),
        *(column(quoted_name(one, quote=True)) for one in columns),
        schema=None if schema is None else quoted_name(schema, quote=True),
    )


def bound(key: str, held: type) -> object | None:
    """Make of a local key what its column holds; none if it cannot be there.

    A key that a column of numbers cannot hold is not looked for: otherwise the database
    refuses the whole statement, and all other keys with it.
    """
    if held is int:
        number = int(key) if key.isascii() and key.isdigit() and len(key) < _BITS else 0
        fits = str(number) == key and number.bit_length() <= _BITS
        return number if fits else None
    if held is UUID:
        try:
            return UUID(key) if str(UUID(key)) == key else None
        except ValueError:
            return None
    return key if key.isprintable() and _encodes(key) else None


def _encodes(key: str) -> bool:
    try:
        key.encode()
    except UnicodeEncodeError:
        return False
    return True
