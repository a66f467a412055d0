"""Step 8: reports of arrears, collective cases and digests."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_TABLES = (
    """
    CREATE TABLE arrears_report (
        report_id TEXT NOT NULL,
        case_no TEXT NOT NULL,
        province TEXT NOT NULL,
        office TEXT NOT NULL,
        employer TEXT NOT NULL,
        reported_on DATE NOT NULL,
        signal_on DATE NOT NULL,
        acted_on DATE,
        lead TEXT NOT NULL,
        lead_province TEXT NOT NULL,
        state TEXT DEFAULT 'OPEN' NOT NULL,
        body JSON NOT NULL,
        CONSTRAINT pk_arrears_report PRIMARY KEY (report_id),
        CONSTRAINT ck_arrears_report_state
            CHECK (state IN ('OPEN', 'CLOSED', 'WITHDRAWN'))
    )
    """,
    "CREATE INDEX ix_arrears_report_case_no ON arrears_report (case_no)",
    "CREATE INDEX ix_arrears_report_employer ON arrears_report (employer)",
    """
    CREATE INDEX ix_arrears_report_lead_reported_on
        ON arrears_report (lead, reported_on)
    """,
    "CREATE INDEX ix_arrears_report_office ON arrears_report (office)",
    """
    CREATE TABLE collective_case (
        collective_id UUID DEFAULT gen_random_uuid() NOT NULL,
        employer_group TEXT NOT NULL,
        formed_at TIMESTAMP WITH TIME ZONE NOT NULL,
        changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
        ended_at TIMESTAMP WITH TIME ZONE,
        body JSON NOT NULL,
        CONSTRAINT pk_collective_case PRIMARY KEY (collective_id)
    )
    """,
    """
    CREATE UNIQUE INDEX uq_collective_case_standing_group
        ON collective_case (employer_group) WHERE ended_at IS NULL
    """,
    """
    CREATE TABLE collective_report (
        report_id TEXT NOT NULL,
        collective_id UUID NOT NULL,
        CONSTRAINT pk_collective_report PRIMARY KEY (report_id)
    )
    """,
    """
    CREATE INDEX ix_collective_report_collective_id
        ON collective_report (collective_id)
    """,
    """
    CREATE TABLE digest_sent (
        endpoint TEXT NOT NULL,
        day DATE NOT NULL,
        sent_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_digest_sent PRIMARY KEY (endpoint)
    )
    """,
)

# What ``hub.transfer.cooperating`` says of offers that were made before.
_OFFERS = """
INSERT INTO cooperation_event (id, case_no, step, at, asker, asker_province, asked,
    asked_province)
SELECT line.transfer_id, '', said.step, line.at,
    CASE WHEN said.step = 'ASKED' THEN opened.event->>'from_union' ELSE '' END,
    CASE WHEN said.step = 'ASKED' THEN opened.event->>'from_province' ELSE '' END,
    CASE WHEN said.step = 'ASKED' THEN opened.event->>'to_union' ELSE '' END,
    CASE WHEN said.step = 'ASKED' THEN opened.event->>'to_province' ELSE '' END
FROM transfer JOIN transfer_event AS opened
        ON opened.transfer_id = transfer.transfer_id AND opened.seq = 1
    JOIN transfer_event AS line ON line.transfer_id = transfer.transfer_id
    JOIN (VALUES ('OUT_REGISTERED', 'ASKED'), ('ACCEPTED', 'ACCEPTED'),
        ('ACCEPTED', 'ANSWERED'), ('REJECTED', 'ANSWERED'), ('WITHDRAWN', 'WITHDRAWN')
    ) AS said (happened, step) ON line.milestone->>'step' = said.happened
WHERE transfer.basis = 'OFFER'
ORDER BY line.at, line.transfer_id, line.seq
"""


def upgrade() -> None:
    """Make the tables, and note the offers that were made before."""
    for statement in (*_TABLES, _OFFERS):
        op.execute(statement)


def downgrade() -> None:
    """Remove them."""
    for table in (
        "digest_sent",
        "collective_report",
        "collective_case",
        "arrears_report",
    ):
        op.execute(f"DROP TABLE {table}")
