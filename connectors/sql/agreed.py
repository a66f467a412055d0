"""Value: the tables that a province without a server agrees on with the hub.

They are the contract of acts and of changes, in columns: a province makes them in its
database, gives the hub's role the rights that ``connectors/REFERENCE.md`` names, and fills
them by programmes of its own.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Identity,
    Integer,
    MetaData,
    String,
    Table,
)
from sqlalchemy.dialects import mysql
from sqlalchemy.sql.elements import quoted_name

#: SQLite counts by itself only in a column of exactly this type.
_NUMBER = BigInteger().with_variant(Integer, "sqlite")

#: MySQL keeps whole seconds only unless it is told otherwise, and no zone: China's.
_MOMENT = DateTime(timezone=True).with_variant(
    mysql.DATETIME(fsp=6), "mysql", "mariadb"
)

#: What a command is made of, in the order of the table.
COMMAND = (
    "key",
    "act",
    "transfer",
    "local_id",
    "membership_no",
    "union_code",
    "counterpart_union",
    "counterpart_province",
    "on_day",
    "joined_on",
    "landing",
    "reason",
)
#: What the province writes to answer it; ``answered`` last, or all at once.
RECEIPT = (
    "entry",
    "given_local_id",
    "first_joined_on",
    "code",
    "message",
    "answered",
)
#: What one line of the log of case files is made of.
CHANGE = (
    "position",
    "case_no",
    "seq",
    "as_of",
    "act",
    "on_day",
    "union_code",
    "corrects",
    "gone",
    "document_reference",
    "document_sha256",
    "fact_kind",
    "fact_about",
    "fact_names",
    "fact_days",
)


def inbox(name: str) -> Table:
    """Describe the table of commands: the hub adds lines, the province answers them."""
    return Table(
        *_name(name),
        Column("seq", _NUMBER, Identity(), primary_key=True),
        Column("key", String(200), nullable=False, unique=True),
        Column("act", String(20), nullable=False),
        Column("transfer", String(64), nullable=False),
        Column("local_id", String(64)),
        Column("membership_no", String(64), nullable=False),
        Column("union_code", String(64), nullable=False),
        Column("counterpart_union", String(64), nullable=False),
        Column("counterpart_province", String(2), nullable=False),
        Column("on_day", Date, nullable=False),
        Column("joined_on", Date),
        Column("landing", Boolean, nullable=False),
        Column("reason", String(64), nullable=False),
        Column("answered", String(10)),
        Column("entry", String(128)),
        Column("given_local_id", String(64)),
        Column("first_joined_on", Date),
        Column("code", String(40)),
        Column("message", String(500)),
        schema=_schema(name),
    )


def changes(name: str) -> Table:
    """Describe the log of case files.

    ``position`` grows, and lines become visible in its order.
    """
    return Table(
        *_name(name),
        Column("position", _NUMBER, Identity(), primary_key=True),
        Column("case_no", String(64), nullable=False),
        Column("seq", Integer, nullable=False),
        Column("as_of", _MOMENT, nullable=False),
        Column("act", String(64)),
        Column("on_day", Date),
        Column("union_code", String(64)),
        Column("corrects", Integer),
        Column("gone", Integer),
        Column("document_reference", String(128)),
        Column("document_sha256", String(64)),
        Column("fact_kind", String(64)),
        Column("fact_about", String(64)),
        Column("fact_names", Date),
        Column("fact_days", Integer),
        schema=_schema(name),
    )


def split(name: str) -> tuple[str | None, str]:
    """Tell schema and table of a name with or without a dot."""
    schema, _, table = name.rpartition(".")
    return schema or None, table


def _name(name: str) -> tuple[quoted_name, MetaData]:
    return quoted_name(split(name)[1], quote=True), MetaData()


def _schema(name: str) -> quoted_name | None:
    schema, _ = split(name)
    return None if schema is None else quoted_name(schema, quote=True)
