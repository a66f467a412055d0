"""Value: the tables of rights cases. The migration makes them; a test compares both.

Of what happened, amounts and papers nothing is here: that is the provinces'.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
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
    text,
)

from hub.store.metadata import METADATA

_MOMENT = DateTime(timezone=True)

#: ``to_v`` of a row that still stands.
STANDS: Final = 9223372036854775807

#: A case as it stands; ``body`` is ``schema.records.case.Case``.
RIGHTS_CASE = Table(
    "rights_case",
    METADATA,
    Column("case_no", Text, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("ended", Boolean, nullable=False),
    Column("opened_at", _MOMENT, nullable=False),
    Column("next_at", _MOMENT),
    Column("due_on", Date),
    Column("body", JSON, nullable=False),
    CheckConstraint("seq >= 1", name="seq"),
)
Index(
    "ix_rights_case_next",
    RIGHTS_CASE.c.next_at,
    postgresql_where=text("next_at IS NOT NULL"),
)
#: What is evaluated anew when rules change: by number.
Index(
    "ix_rights_case_open",
    RIGHTS_CASE.c.case_no,
    postgresql_where=text("NOT ended"),
)

#: The journal. A trigger refuses to change or remove what was written.
CASE_EVENT = Table(
    "case_event",
    METADATA,
    Column("case_no", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", _MOMENT, nullable=False),
    Column("event", JSON, nullable=False),
    #: The caller's idempotency key, with the office before it, and what it was for.
    Column("acting", Text, nullable=False, server_default=""),
    Column("act", LargeBinary, nullable=False, server_default=text("'\\x'::bytea")),
)
Index(
    "uq_case_event_acting",
    CASE_EVENT.c.acting,
    unique=True,
    postgresql_where=text("acting <> ''"),
)

#: Whose a case is.
CASE_WORKER = Table(
    "case_worker",
    METADATA,
    Column("worker_id", Uuid, primary_key=True),
    Column("case_no", Text, primary_key=True),
)

#: Who was told what; a key is told once.
CASE_NOTICE = Table(
    "case_notice",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("case_no", Text, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("union_code", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("told_at", _MOMENT, nullable=False, server_default=func.now()),
)

#: Steps of offers and tasks between unions: what cooperation is measured by.
COOPERATION_EVENT = Table(
    "cooperation_event",
    METADATA,
    Column("place", BigInteger, Identity(always=True), primary_key=True),
    #: Name of the offer or task.
    Column("id", Text, nullable=False, index=True),
    Column("case_no", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("at", _MOMENT, nullable=False),
    Column("asker", Text, nullable=False, server_default=""),
    Column("asker_province", Text, nullable=False, server_default=""),
    Column("asked", Text, nullable=False, server_default=""),
    Column("asked_province", Text, nullable=False, server_default=""),
    Column("answer_by", Date),
    Column("timeliness", SmallInteger),
    Column("effort", SmallInteger),
)
_E = COOPERATION_EVENT.c
_ASKED = text("step = 'ASKED'")
Index("ix_cooperation_event_asked", _E.asked, _E.at, postgresql_where=_ASKED)
Index("ix_cooperation_event_asker", _E.asker, _E.at, postgresql_where=_ASKED)
Index(
    "ix_cooperation_event_corridor",
    _E.asker_province,
    _E.asked_province,
    _E.at,
    postgresql_where=_ASKED,
)

#: Homes that moved, until the cases of the workers were told.
MEMBERSHIP_MOVE = Table(
    "membership_move",
    METADATA,
    Column("move_id", BigInteger, Identity(always=True), primary_key=True),
    Column("worker_id", Uuid, nullable=False),
    Column("union_code", Text, nullable=False),
    Column("province", Text, nullable=False),
    Column("at", _MOMENT, nullable=False),
)

#: What lists are read from: a row for each union with a part in a case or task, and
#: one for all (``union_code`` '*'). When the day by which something must happen moves,
#: the row is closed and another begun: ``from_v`` and ``to_v`` are cursors of the feed,
#: so a list that began at one of them goes on as it was ordered then. All the rest is
#: as it stands now.
CASE_LISTING = Table(
    "case_listing",
    METADATA,
    Column("case_no", Text, primary_key=True),
    #: Number of the task in the case; empty if it is the case itself.
    Column("task_no", Text, primary_key=True),
    Column("union_code", Text, primary_key=True),
    Column("from_v", BigInteger, primary_key=True, autoincrement=False),
    Column("to_v", BigInteger, nullable=False, server_default=str(STANDS)),
    Column("closed_at", _MOMENT),
    Column("province", Text, nullable=False),
    #: Of cases 0, of ended ones 1; of tasks 2, of closed ones 3.
    Column("part", SmallInteger, nullable=False),
    Column("opened_at", _MOMENT, nullable=False),
    Column("due_on", Date, nullable=False),
    #: What the union is in it, as bits (``hub.store.case_entries``).
    Column("sides", SmallInteger, nullable=False),
    #: Bit 1: a limit was missed; bit 2: on the green channel.
    Column("marks", SmallInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("lead_province", Text, nullable=False),
    Column("changed_at", _MOMENT, nullable=False),
)
_L = CASE_LISTING.c
_STANDS = text(f"to_v = {STANDS}")
_PLACE = (_L.case_no, _L.task_no)
Index("ix_case_listing_due", _L.union_code, _L.part, _L.due_on, *_PLACE)
Index("ix_case_listing_province_due", _L.province, _L.part, _L.due_on, *_PLACE)
Index(
    "ix_case_listing_opened",
    _L.union_code,
    _L.part,
    _L.opened_at,
    *_PLACE,
    postgresql_where=_STANDS,
)
Index(
    "ix_case_listing_province_opened",
    _L.province,
    _L.part,
    _L.opened_at,
    *_PLACE,
    postgresql_where=_STANDS,
)
Index(
    "ix_case_listing_closed",
    _L.to_v,
    postgresql_where=text(f"to_v < {STANDS}"),
)

#: Up to where closed rows of lists were removed, and what seals the cursors of lists, in
#: the one row there is.
CASE_LISTING_HORIZON = Table(
    "case_listing_horizon",
    METADATA,
    Column("only", Integer, primary_key=True, autoincrement=False),
    Column("pruned_to", BigInteger, nullable=False),
    Column(
        "seal",
        LargeBinary,
        nullable=False,
        server_default=text(
            "decode(replace(gen_random_uuid()::text || gen_random_uuid()::text,"
            " '-', ''), 'hex')"
        ),
    ),
    CheckConstraint('"only" = 1', name="only"),
)

__all__ = [
    "CASE_EVENT",
    "CASE_LISTING",
    "CASE_LISTING_HORIZON",
    "CASE_NOTICE",
    "CASE_WORKER",
    "COOPERATION_EVENT",
    "MEMBERSHIP_MOVE",
    "RIGHTS_CASE",
    "STANDS",
]
