"""Value: what the province keeps: its own database, one table for each kind of row.

A real province has its own tables and names; here the columns bear the names of
the contract, so that nothing stands between a row and its type. Rows are stored
by worker, because that is how the hub asks.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
)

if TYPE_CHECKING:
    from sqlalchemy import Dialect

METADATA = MetaData()


class Moment(TypeDecorator[datetime]):
    """A moment with its time zone, kept as ISO 8601: SQLite has no such type."""

    impl = Text
    cache_ok = True

    def process_bind_param(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> str | None:
        """Write a moment."""
        return None if value is None else value.isoformat()

    def process_result_value(
        self,
        value: str | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> datetime | None:
        """Read a moment."""
        return None if value is None else datetime.fromisoformat(value)


def _texts(*names: str) -> list[Column[Any]]:
    return [Column(name, Text) for name in names]


def _rows(name: str, *columns: Column[Any]) -> Table:
    """Make the table of a kind, clustered by worker."""
    return Table(
        name,
        METADATA,
        Column("worker", Text, primary_key=True),
        Column("id", Text, primary_key=True),
        Column("as_of", Moment, nullable=False),
        *columns,
        sqlite_with_rowid=False,
    )


#: One row: who this province is, and which kinds it keeps.
PROVINCE = Table(
    "province",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("kinds", JSON, nullable=False),
    Column("as_of", Moment, nullable=False),
)

WORKER = Table(
    "worker",
    METADATA,
    Column("local_id", Text, primary_key=True),
    Column("as_of", Moment, nullable=False),
    Column("name", Text),
    Column("sex", Text),
    Column("birth_date", Date),
    *_texts("education", "household_division", "household_kind"),
    *_texts("residence_division", "phone"),
    sqlite_with_rowid=False,
)

MEMBERSHIP = _rows(
    "membership",
    *_texts("membership_no", "union_code", "union_name", "union_division"),
    *_texts("organisation_kind", "state", "join_channel"),
    Column("joined_on", Date),
    Column("since", Date),
    Column("until", Date),
    Column("source_enrolled", Boolean),
    *_texts("dispatch_side", "sector", "occupation_group"),
    Column("seasonal", Boolean),
    Column("registered_out_on", Date),
    Column("registered_in_on", Date),
    *_texts("counterpart_province"),
)

RIGHTS_CASE = _rows(
    "rights_case",
    *_texts("case_no", "matter", "status"),
    Column("first_touch_on", Date),
    Column("accepted_on", Date),
    Column("due_on", Date),
    Column("closed_on", Date),
    *_texts("result", "lead_union_code", "lead_union_name", "lead_province"),
    *_texts("employer_code", "employer_name", "workplace_division"),
    Column("workers_involved", Integer),
    *_texts("amount"),
    Column("green_channel", Boolean),
    *_texts("summary"),
)

SKILL = _rows(
    "skill",
    *_texts("occupation_code", "occupation_name", "level", "certificate_no", "issuer"),
    Column("issued_on", Date),
    Column("valid_until", Date),
)

TRAINING = _rows(
    "training",
    *_texts("course", "provider"),
    Column("hours", Integer),
    Column("started_on", Date),
    Column("finished_on", Date),
    Column("passed", Boolean),
    *_texts("certificate_no"),
    Column("subsidised", Boolean),
)

EMPLOYMENT = _rows(
    "employment",
    *_texts("employer_code", "employer_name", "employer_division"),
    *_texts("workplace_division", "user_unit_code", "user_unit_name"),
    *_texts("sector", "position", "form"),
    Column("started_on", Date),
    Column("ended_on", Date),
    *_texts("contract_no"),
)

#: The ledger of a file stands in the file's own row (``aids``), so that one
#: statement reads both.
HARDSHIP_FILE = _rows(
    "hardship_file",
    *_texts("household_key", "status", "category"),
    Column("opened_on", Date),
    *_texts("opened_by"),
    Column("closed_on", Date),
    *_texts("income_per_head"),
    Column("household_size", Integer),
    *_texts("plan"),
    Column("aids", JSON),
)
