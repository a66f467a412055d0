"""Value: the tables of arrears reports, of collective cases, and of digests sent."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    func,
    text,
)

from hub.store.metadata import METADATA

_MOMENT = DateTime(timezone=True)

#: A report of arrears. Who leads its case, when a union first acted in it, and whether
#: it is open are its case's, written whenever the case changes.
ARREARS_REPORT = Table(
    "arrears_report",
    METADATA,
    Column("report_id", Text, primary_key=True),
    Column("case_no", Text, nullable=False, index=True),
    Column("province", Text, nullable=False),
    Column("office", Text, nullable=False, index=True),
    Column("employer", Text, nullable=False),
    Column("reported_on", Date, nullable=False),
    Column("signal_on", Date, nullable=False),
    Column("acted_on", Date),
    Column("lead", Text, nullable=False),
    Column("lead_province", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="OPEN"),
    Column("body", JSON, nullable=False),
    CheckConstraint("state IN ('OPEN', 'CLOSED', 'WITHDRAWN')", name="state"),
)
Index(
    "ix_arrears_report_lead_reported_on",
    ARREARS_REPORT.c.lead,
    ARREARS_REPORT.c.reported_on,
)

#: What a collective case is made of.
Index(
    "ix_arrears_report_open_employer",
    ARREARS_REPORT.c.employer,
    postgresql_where=text("state = 'OPEN'"),
)

#: Reports on one employer group that are one collective case. No names.
COLLECTIVE_CASE = Table(
    "collective_case",
    METADATA,
    Column(
        "collective_id", Uuid, primary_key=True, server_default=func.gen_random_uuid()
    ),
    Column("employer_group", Text, nullable=False),
    Column("formed_at", _MOMENT, nullable=False),
    Column("changed_at", _MOMENT, nullable=False),
    Column("ended_at", _MOMENT),
    Column("body", JSON, nullable=False),
)
Index(
    "uq_collective_case_standing_group",
    COLLECTIVE_CASE.c.employer_group,
    unique=True,
    postgresql_where=text("ended_at IS NULL"),
)
#: Which reports one is made of; written by who holds the lock of the group only.
COLLECTIVE_REPORT = Table(
    "collective_report",
    METADATA,
    Column("report_id", Text, primary_key=True),
    Column("collective_id", Uuid, nullable=False, index=True),
    #: Whether its case was open when it was counted last.
    Column("open", Boolean, nullable=False, server_default=text("true")),
)
#: In how many reports of one a worker is listed.
COLLECTIVE_WORKER = Table(
    "collective_worker",
    METADATA,
    Column("collective_id", Uuid, primary_key=True),
    Column("worker_id", Text, primary_key=True),
    Column("reports", Integer, nullable=False),
)

#: The last day of which each endpoint got the digest, or is getting it.
DIGEST_SENT = Table(
    "digest_sent",
    METADATA,
    Column("endpoint", Text, primary_key=True),
    Column("day", Date, nullable=False),
    Column("sent_at", _MOMENT),
)

__all__ = [
    "ARREARS_REPORT",
    "COLLECTIVE_CASE",
    "COLLECTIVE_REPORT",
    "COLLECTIVE_WORKER",
    "DIGEST_SENT",
]
