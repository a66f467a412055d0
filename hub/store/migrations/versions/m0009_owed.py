"""Step 9: transfers that ended while a register was still to do its part."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Find them by worker: what they are owed goes before a later transfer's."""
    op.execute(
        "CREATE INDEX ix_transfer_owed ON transfer (worker_id)"
        " WHERE overdue AND ended_at IS NOT NULL"
    )


def downgrade() -> None:
    """Remove the index."""
    op.execute("DROP INDEX ix_transfer_owed")
