"""Adapter: reads the names of tables and columns from a database, and what is said of them."""

from __future__ import annotations

from itertools import groupby, islice
from typing import TYPE_CHECKING, Final

from sqlalchemy import inspect, text
from sqlalchemy.exc import SQLAlchemyError

from connectors.drafting.guessing import Column, Seen
from connectors.drafting.refusing import RULE
from connectors.sql import tongues
from schema.records.refusal import Bilingual, Refusal, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

#: Seconds for a connection, and for each statement.
_CONNECT, _LONGEST = 10.0, 30.0
#: So many tables are looked at, and so many columns in all.
_TABLES, _COLUMNS = 2_000, 40_000
_BETWEEN: Final = "\x1f"

#: Only what the account may read: views first, as provinces make them for us.
_POSTGRESQL = text("""
SELECT CASE WHEN pg_table_is_visible(c.oid) THEN c.relname
            ELSE n.nspname || '.' || c.relname END AS name,
    obj_description(c.oid, 'pg_class') AS about,
    a.attname, col_description(c.oid, a.attnum) AS said,
    (SELECT string_agg(e.enumlabel, :between ORDER BY e.enumsortorder)
     FROM pg_enum e WHERE e.enumtypid = a.atttypid) AS codes
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
    AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
    AND has_schema_privilege(n.oid, 'USAGE')
    AND has_column_privilege(c.oid, a.attnum, 'SELECT')
ORDER BY c.relkind IN ('v', 'm') DESC, 1, a.attnum
LIMIT :most
""")


def tables(variable: str, environ: Mapping[str, str]) -> list[Seen]:
    """Read the catalogue of a database, in a session that cannot write.

    Args:
        variable: Name of the environment variable with its address.
        environ: The process environment.

    Raises:
        Refused: There is no address in it, or it does not answer. What the driver says
            is not repeated: it may hold the address, and with it a password.
    """
    try:
        url = tongues.address(environ.get(variable, "").strip())
        engine = tongues.engine(url, 1, _CONNECT, write=False)
        try:
            with engine.connect() as line:
                tongues.begin(line, _LONGEST)
                if line.dialect.name == "postgresql":
                    return _of_postgresql(line)
                return _of_any(line)
        finally:
            engine.dispose()
    except (SQLAlchemyError, tongues.UnknownTongue):
        raise Refused(
            Refusal(
                "DATABASE_NOT_READABLE",
                RULE,
                Bilingual(
                    f"环境变量 {variable} 中没有可用的数据库地址，或数据库不答。",
                    f"The environment variable {variable} holds no address of a database"
                    " that answers.",
                ),
                Bilingual(
                    "请写变量的名称（不写地址本身），并检查其中的地址、账号与网络。",
                    "Name the variable, not the address, and look at its address,"
                    " account and line.",
                ),
            )
        ) from None


def _of_postgresql(line: Connection) -> list[Seen]:
    rows = line.execute(_POSTGRESQL, {"between": _BETWEEN, "most": _COLUMNS})
    grouped = groupby(rows, key=lambda row: (row.name, row.about or ""))
    return [
        Seen(
            name, tuple(_column(row.attname, row.said, row.codes) for row in of), about
        )
        for (name, about), of in islice(grouped, _TABLES)
    ]


def _column(name: str, said: str | None, codes: str | None) -> Column:
    listed = tuple((one, "") for one in codes.split(_BETWEEN)) if codes else ()
    return Column(name, said or "", listed)


def _of_any(line: Connection) -> list[Seen]:
    catalogue = inspect(line)
    names = [*catalogue.get_view_names(), *catalogue.get_table_names()]
    return [
        Seen(
            name,
            tuple(
                Column(str(one["name"]), one.get("comment") or "")
                for one in catalogue.get_columns(name)
            ),
        )
        for name in names[:_TABLES]
    ]
