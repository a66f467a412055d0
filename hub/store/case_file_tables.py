"""Value: the tables of what provinces tell of cases. A test compares the migration."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from hub.store.metadata import METADATA

_MOMENT = DateTime(timezone=True)

#: What a province told of a case under a number: that it happened, and no more. The
#: text is compared byte by byte, so it is kept as text.
CASE_STATEMENT = Table(
    "case_statement",
    METADATA,
    Column("case_no", Text, primary_key=True),
    Column("province", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("as_of", _MOMENT, nullable=False),
    Column("body", Text, nullable=False),
    Column("contradicted", Boolean, nullable=False, server_default="false"),
)

#: How far a province's file of a case was read. There is a gap while ``held`` is below
#: ``last``, the greatest number that was heard of; then the file is asked for at ``ask_at``.
#: Facts are to be looked at while ``facts`` is ahead of ``facts_done``; ``refused`` are
#: the numbers of those that the case could not take.
CASE_FILE = Table(
    "case_file",
    METADATA,
    Column("case_no", Text, primary_key=True),
    Column("province", Text, primary_key=True),
    Column("held", Integer, nullable=False, server_default="0"),
    Column("last", Integer, nullable=False, server_default="0"),
    Column("asked", Integer, nullable=False, server_default="0"),
    Column("ask_at", _MOMENT),
    Column("facts", Integer, nullable=False, server_default="0"),
    Column("facts_done", Integer, nullable=False, server_default="0"),
    Column("refused", ARRAY(Integer), nullable=False, server_default="{}"),
    CheckConstraint("held >= 0 AND held <= last", name="held"),
)
Index(
    "ix_case_file_ask",
    CASE_FILE.c.province,
    CASE_FILE.c.ask_at,
    postgresql_where=text("ask_at IS NOT NULL"),
)
Index(
    "ix_case_file_facts",
    CASE_FILE.c.case_no,
    CASE_FILE.c.province,
    postgresql_where=text("facts > facts_done"),
)

#: Where the log of each province is read on, and when it was asked last.
CASE_LOG = Table(
    "case_log",
    METADATA,
    Column("province", Text, primary_key=True),
    Column("cursor", Text, nullable=False, server_default=""),
    Column("polled_at", _MOMENT, nullable=False),
    CheckConstraint("province ~ '^[0-9]{2}$'", name="province"),
)

#: Ids of pushed messages that were taken; kept while their signature is of any use.
CALLBACK_NONCE = Table(
    "callback_nonce",
    METADATA,
    Column("province", Text, primary_key=True),
    Column("nonce", Text, primary_key=True),
    Column("at", _MOMENT, nullable=False, index=True),
)
