"""Step 2: live events, and what was last said of each province."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of the feeds."""
    op.create_table(
        "feed_event",
        sa.Column("cursor", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            server_default=sa.func.clock_timestamp(),
            nullable=False,
        ),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("cursor", name=op.f("pk_feed_event")),
    )
    op.create_index("ix_feed_event_topic_cursor", "feed_event", ["topic", "cursor"])
    op.create_table(
        "feed_horizon",
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("pruned_to", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("topic", name=op.f("pk_feed_horizon")),
    )
    op.create_table(
        "province_statement",
        sa.Column("province", sa.Text, nullable=False),
        sa.Column("cursor", sa.BigInteger, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.CheckConstraint(
            "province ~ '^[0-9]{2}$'", name=op.f("ck_province_statement_province")
        ),
        sa.PrimaryKeyConstraint("province", name=op.f("pk_province_statement")),
    )


def downgrade() -> None:
    """Remove them, with all they hold."""
    for table in ("province_statement", "feed_horizon", "feed_event"):
        op.drop_table(table)
