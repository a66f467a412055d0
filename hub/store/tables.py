"""Value: the hub's own tables. The migrations make them; a test compares both.

What the hub stores about people is only what lies *between* provinces: which
local keys are one person. There is no name here and no resident ID number, only
keyed pseudonyms of it (RULEBOOK §9). Every table of the read path is found by
worker key or worker id, so that it can be partitioned by either.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY

from hub.store import (
    arrears_tables,
    case_file_tables,
    case_tables,
    moving_tables,
    province_tables,
    transfer_tables,
)
from hub.store.metadata import METADATA

#: The keyed pseudonym of a resident ID number, and whose it is. While keys
#: rotate a worker may have one under each live version.
WORKER_KEY = Table(
    "worker_key",
    METADATA,
    Column("worker_key", LargeBinary, primary_key=True),
    Column("worker_id", Uuid, nullable=False, index=True),
    Column("key_version", SmallInteger, nullable=False, index=True),
    CheckConstraint("octet_length(worker_key) = 32", name="length"),
)

#: What each chain of secrets is known by, so that a secret changed by mistake is
#: seen before any worker is looked for in vain. It tells nothing about them.
KEY_FINGERPRINT = Table(
    "key_fingerprint",
    METADATA,
    Column("key_version", SmallInteger, primary_key=True, autoincrement=False),
    Column("fingerprint", LargeBinary, nullable=False),
    Column(
        "first_used_at",
        DateTime(timezone=True),
        nullable=False,
        server_default=func.now(),
    ),
)

#: A local key is the same person as a worker. A link that ended stays, closed
#: by ``valid_to``, so that what held on a past day can be told.
LINK = Table(
    "link",
    METADATA,
    Column("link_id", BigInteger, Identity(always=True), primary_key=True),
    Column("worker_id", Uuid, nullable=False),
    Column("province", Text, nullable=False),
    Column("local_key", Text, nullable=False),
    Column("kinds", ARRAY(Text), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("source", Text, nullable=False),
    Column(
        "registered_at",
        DateTime(timezone=True),
        nullable=False,
        server_default=func.now(),
    ),
    CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),
    CheckConstraint("province ~ '^[0-9]{2}$'", name="province"),
)
#: One open local key per worker and province, and one worker per open local
#: key: a twin is refused as a conflict, never written over.
Index(
    "uq_link_open_worker_province",
    LINK.c.worker_id,
    LINK.c.province,
    unique=True,
    postgresql_where=LINK.c.valid_to.is_(None),
)
Index(
    "uq_link_open_local_key",
    LINK.c.province,
    LINK.c.local_key,
    unique=True,
    postgresql_where=LINK.c.valid_to.is_(None),
)
Index("ix_link_worker_id", LINK.c.worker_id)
#: Links whose last day is known stand outside the two above, and count until then.
Index("ix_link_local_key", LINK.c.local_key, LINK.c.province)

#: Twins: what was stated against a link that stands. A question for people,
#: never an automatic act (RULEBOOK §2).
LINK_CONFLICT = Table(
    "link_conflict",
    METADATA,
    Column("conflict_id", BigInteger, Identity(always=True), primary_key=True),
    Column("worker_id", Uuid, nullable=False, index=True),
    Column("province", Text, nullable=False),
    Column("local_key", Text, nullable=False),
    Column("standing_worker_id", Uuid, nullable=False),
    Column("standing_local_key", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column(
        "found_at", DateTime(timezone=True), nullable=False, server_default=func.now()
    ),
)
Index(
    "uq_link_conflict_statement",
    LINK_CONFLICT.c.worker_id,
    LINK_CONFLICT.c.province,
    LINK_CONFLICT.c.local_key,
    unique=True,
)

#: The audit trail: append-only, each entry sealed with the hash of the one
#: before it, so that a change or a gap shows.
AUDIT_ENTRY = Table(
    "audit_entry",
    METADATA,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("tag", Text, nullable=False),
    Column("worker_id", Text, nullable=False, index=True),
    Column("body", LargeBinary, nullable=False),
    Column("seal", LargeBinary, nullable=False),
)

#: The last seal, in the one row that every appender locks.
AUDIT_HEAD = Table(
    "audit_head",
    METADATA,
    Column("only", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("seal", LargeBinary, nullable=False),
    CheckConstraint('"only" = 1', name="only"),
)

#: Live events (``hub.store.feeds``). Larger cursors become visible later.
FEED_EVENT = Table(
    "feed_event",
    METADATA,
    Column("cursor", BigInteger, Identity(always=True), primary_key=True),
    Column("topic", Text, nullable=False),
    Column(
        "at",
        DateTime(timezone=True),
        nullable=False,
        server_default=func.clock_timestamp(),
    ),
    Column("body", Text, nullable=False),
    Index("ix_feed_event_topic_cursor", "topic", "cursor"),
)

#: Up to where each topic's events were removed: what lies before cannot be
#: replayed whole.
FEED_HORIZON = Table(
    "feed_horizon",
    METADATA,
    Column("topic", Text, primary_key=True),
    Column("pruned_to", BigInteger, nullable=False),
)

#: The last event of each province's status; it stays when events are removed.
PROVINCE_STATEMENT = Table(
    "province_statement",
    METADATA,
    Column("province", Text, primary_key=True),
    Column("cursor", BigInteger, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("body", Text, nullable=False),
    CheckConstraint("province ~ '^[0-9]{2}$'", name="province"),
)

#: Where the tables of moving memberships are: named, so that METADATA is whole.
MOVING = (transfer_tables, moving_tables)
#: The same of reports of arrears.
REPORTING = (arrears_tables,)
#: And those of rights cases.
FOLLOWING = (case_tables, case_file_tables)
#: And those of how provinces are connected.
CONNECTING = (province_tables,)

__all__ = [
    "AUDIT_ENTRY",
    "AUDIT_HEAD",
    "CONNECTING",
    "FEED_EVENT",
    "FEED_HORIZON",
    "FOLLOWING",
    "KEY_FINGERPRINT",
    "LINK",
    "LINK_CONFLICT",
    "METADATA",
    "MOVING",
    "PROVINCE_STATEMENT",
    "REPORTING",
    "WORKER_KEY",
]
