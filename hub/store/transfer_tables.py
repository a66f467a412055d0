"""Value: the tables of moving memberships: what stands, what happened, what is asked.

``transfer`` is what stands now, made from ``transfer_event``, the journal that is only
ever added to; ``transfer_command`` is the outbox. All three are written in one
transaction. Nothing here names a person but by the hub's random worker id.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    false,
    func,
    text,
)

from hub.store.metadata import METADATA

_MOMENT = DateTime(timezone=True)

#: A transfer as it stands. ``body`` is ``schema.records.transfer.Transfer``, ``saga``
#: what the next decision begins with; the columns are what is looked for.
TRANSFER = Table(
    "transfer",
    METADATA,
    Column("transfer_id", Text, primary_key=True),
    Column("worker_id", Uuid, nullable=False),
    Column("seq", Integer, nullable=False),
    #: The event that began the present wait.
    Column("since", Integer, nullable=False),
    Column("basis", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("from_union", Text, nullable=False),
    Column("to_union", Text, nullable=False),
    Column("batch_id", Text, nullable=False, server_default=""),
    Column("opened_at", _MOMENT, nullable=False),
    Column("changed_at", _MOMENT, nullable=False),
    Column("ended_at", _MOMENT),
    #: When the home moved, as far as it did.
    Column("arrived_at", _MOMENT),
    Column("due_at", _MOMENT),
    Column("target_at", _MOMENT),
    Column("overdue", Boolean, nullable=False, server_default=false()),
    Column("body", JSON, nullable=False),
    Column("saga", JSON, nullable=False),
    CheckConstraint("seq >= since AND since >= 1", name="seq"),
)
_T = TRANSFER.c
#: A worker is in one transfer at most.
Index(
    "uq_transfer_open_worker",
    _T.worker_id,
    unique=True,
    postgresql_where=text("ended_at IS NULL"),
)
Index("ix_transfer_worker", _T.worker_id, _T.opened_at)
# Pages are read in the order of opening, which never changes.
Index("ix_transfer_opened", _T.opened_at, _T.transfer_id)
Index("ix_transfer_from", _T.from_union, _T.opened_at, _T.transfer_id)
Index("ix_transfer_to", _T.to_union, _T.opened_at, _T.transfer_id)
Index(
    "ix_transfer_batch",
    _T.batch_id,
    _T.opened_at,
    _T.transfer_id,
    postgresql_where=text("batch_id <> ''"),
)
#: Who came to a union, in the order in which they came.
Index(
    "ix_transfer_arrived",
    _T.to_union,
    _T.arrived_at,
    _T.transfer_id,
    postgresql_where=text("arrived_at IS NOT NULL"),
)
Index("ix_transfer_due", _T.due_at, postgresql_where=text("due_at IS NOT NULL"))
Index(
    "ix_transfer_target", _T.target_at, postgresql_where=text("target_at IS NOT NULL")
)

#: The journal. A trigger refuses to change or remove what was written.
TRANSFER_EVENT = Table(
    "transfer_event",
    METADATA,
    Column("transfer_id", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", _MOMENT, nullable=False),
    Column("event", JSON, nullable=False),
    Column("milestone", JSON, nullable=False),
    #: The caller's idempotency key, with the office before it, and what it was for.
    Column("acting", Text, nullable=False, server_default=""),
    Column("act", LargeBinary, nullable=False, server_default=text("'\\x'::bytea")),
)
Index(
    "uq_transfer_event_acting",
    TRANSFER_EVENT.c.acting,
    unique=True,
    postgresql_where=text("acting <> ''"),
)

#: The outbox. A smaller number was written earlier within one transfer.
TRANSFER_COMMAND = Table(
    "transfer_command",
    METADATA,
    Column("command_id", BigInteger, Identity(always=True), primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("transfer_id", Text, nullable=False),
    Column("province", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("body", JSON, nullable=False),
    Column("written_at", _MOMENT, nullable=False, server_default=func.now()),
    #: It is not asked before then.
    Column(
        "not_before",
        _MOMENT,
        nullable=False,
        server_default=text("'-infinity'::timestamptz"),
    ),
    #: How often it was asked without a receipt.
    Column("attempts", Integer, nullable=False, server_default="0"),
    #: The province has it, and is not done with it yet.
    Column("pending", Boolean, nullable=False, server_default=false()),
    Column("answered_at", _MOMENT),
    Column("receipt", JSON),
    CheckConstraint("province ~ '^[0-9]{2}$'", name="province"),
)
_C = TRANSFER_COMMAND.c
Index(
    "ix_transfer_command_waiting",
    _C.province,
    _C.command_id,
    postgresql_where=text("answered_at IS NULL"),
)
#: Whether an earlier command of the same transfer holds one up.
Index(
    "ix_transfer_command_transfer",
    _C.transfer_id,
    _C.province,
    _C.command_id,
    postgresql_where=text("answered_at IS NULL"),
)

#: How far an endpoint of a webhook has been told of the feed.
WEBHOOK = Table(
    "webhook",
    METADATA,
    Column("endpoint", Text, primary_key=True),
    Column("cursor", BigInteger, nullable=False),
    Column("moved_at", _MOMENT, nullable=False, server_default=func.now()),
)

__all__ = ["TRANSFER", "TRANSFER_COMMAND", "TRANSFER_EVENT", "WEBHOOK"]
