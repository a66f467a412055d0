"""Adapter: reads the names of tables and columns from a database, and what is said of them."""

from __future__ import annotations

import re
from itertools import groupby, islice
from typing import TYPE_CHECKING, Final

from sqlalchemy import inspect, text
from sqlalchemy.exc import NoSuchModuleError, SQLAlchemyError

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
    if not _NAME.fullmatch(variable):
        raise Refused(_refusal("ADDRESS_NOT_A_NAME", _NOT_A_NAME))
    written = environ.get(variable, "").strip()
    if not written:
        raise Refused(_refusal("ADDRESS_NOT_SET", _NOT_SET, variable))
    try:
        url = tongues.address(written)
    except (SQLAlchemyError, tongues.UnknownTongue):
        raise Refused(_refusal("ADDRESS_UNUSABLE", _NO_ADDRESS, variable)) from None
    try:
        engine = tongues.engine(url, 1, _CONNECT, write=False)
        try:
            with engine.connect() as line:
                tongues.begin(line, _LONGEST)
                if line.dialect.name == "postgresql":
                    return _of_postgresql(line)
                return _of_any(line)
        finally:
            engine.dispose()
    except (ImportError, NoSuchModuleError, tongues.UnknownTongue):
        raise Refused(_refusal("DRIVER_MISSING", _NO_DRIVER, variable)) from None
    except SQLAlchemyError as error:
        if _turned_down(error):
            raise Refused(_refusal("DATABASE_REFUSED", _REFUSED, variable)) from None
        raise Refused(_refusal("DATABASE_NOT_READABLE", _NO_ANSWER, variable)) from None


_NAME: Final = re.compile("[A-Za-z_][A-Za-z0-9_]*")
_BY_NAME: Final = Bilingual(
    "请把地址放入环境变量，命令行上只写变量的名称。",
    "Put the address into an environment variable; the command line has its name only.",
)
_NOT_A_NAME: Final = (
    Bilingual(
        "所写的不是环境变量的名称（不再重复，其中可能有密码）。",
        "What was given is no name of an environment variable; it is not repeated, as it"
        " may hold a password.",
    ),
    _BY_NAME,
)
_NOT_SET: Final = (
    Bilingual(
        "环境变量 {name} 未设置或为空。",
        "The environment variable {name} is not set or empty.",
    ),
    _BY_NAME,
)
_NO_ADDRESS: Final = (
    Bilingual(
        "环境变量 {name} 中不是所支持的数据库地址。",
        "The environment variable {name} holds no address of a database that is known"
        " here.",
    ),
    Bilingual(
        "写法如 postgresql://账号@主机/库。",
        "Write it as postgresql://account@host/database.",
    ),
)
_NO_DRIVER: Final = (
    Bilingual(
        "环境变量 {name} 中数据库的驱动未安装。",
        "The driver for the database in {name} is not installed.",
    ),
    Bilingual("请安装该驱动。", "Install that driver."),
)
_NO_ANSWER: Final = (
    Bilingual(
        "环境变量 {name} 中的数据库连不上，或不答。",
        "The database in {name} cannot be reached, or does not answer.",
    ),
    Bilingual(
        "请检查主机、端口与网络；是文件的，检查文件是否存在。",
        "Look at host, port and line; where it is a file, whether it is there.",
    ),
)
_REFUSED: Final = (
    Bilingual(
        "环境变量 {name} 中的数据库在，但拒绝了该账号。",
        "The database in {name} is there, but refused the account.",
    ),
    Bilingual(
        "请检查账号、密码、库名与权限。",
        "Look at account, password, name of the database, and rights.",
    ),
)
#: How MySQL and MariaDB number refusals of an account.
_MYSQL_REFUSED: Final = frozenset({1044, 1045, 1049, 1142, 1698})


def _turned_down(error: SQLAlchemyError) -> bool:
    """Tell whether a server spoke; what it said goes nowhere."""
    cause = getattr(error, "orig", None)
    if getattr(cause, "sqlstate", None):
        return True
    first = next(iter(getattr(cause, "args", ())), None)
    return first in _MYSQL_REFUSED or any(
        one in str(cause) for one in ("FATAL", "致命")
    )


def _refusal(code: str, said: tuple[Bilingual, Bilingual], name: str = "") -> Refusal:
    message, remedy = said
    return Refusal(code, RULE, message.format(name=name), remedy)


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
