"""Value: the tables of how provinces are connected. A test compares the migration."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, DateTime, Integer, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY

from hub.store.metadata import METADATA

_MOMENT = DateTime(timezone=True)

#: Which settings held for a province, and since when; none is ever changed. ``body`` is
#: the settings as TOML, ``mapping`` the mapping file; secrets stand there by name only.
PROVINCE_SETTINGS = Table(
    "province_settings",
    METADATA,
    Column("province", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("at", _MOMENT, nullable=False),
    Column("digest", Text, nullable=False),
    Column("change", ARRAY(Text), nullable=False),
    Column("said_by", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("mapping", Text, nullable=False),
    CheckConstraint("province ~ '^[0-9]{2}$'", name="province"),
)

#: The provinces that an operator has paused, until they resume them.
PROVINCE_PAUSE = Table(
    "province_pause",
    METADATA,
    Column("province", Text, primary_key=True),
    Column("at", _MOMENT, nullable=False),
    Column("said_by", Text, nullable=False),
    Column("why", Text, nullable=False),
    CheckConstraint("province ~ '^[0-9]{2}$'", name="province"),
)
