"""Step 11: when a member came, which is before the old register has closed its entry."""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_MAKE = (
    "ALTER TABLE transfer ADD COLUMN arrived_at TIMESTAMPTZ",
    """
    UPDATE transfer SET arrived_at = came.at FROM (
        SELECT transfer_id, min(at) AS at FROM transfer_event
        WHERE milestone->>'state' IN ('CLOSING', 'COMPLETED', 'LANDED')
        GROUP BY transfer_id
    ) AS came WHERE came.transfer_id = transfer.transfer_id
    """,
    "DROP INDEX ix_transfer_arrived",
    """
    CREATE INDEX ix_transfer_arrived ON transfer (to_union, arrived_at, transfer_id)
        WHERE arrived_at IS NOT NULL
    """,
)
_UNMAKE = (
    "DROP INDEX ix_transfer_arrived",
    """
    CREATE INDEX ix_transfer_arrived ON transfer (to_union, ended_at, transfer_id)
        WHERE state = ANY (ARRAY['COMPLETED'::text, 'LANDED'::text])
    """,
    "ALTER TABLE transfer DROP COLUMN arrived_at",
)


def upgrade() -> None:
    """Write it down, and order by it."""
    for statement in _MAKE:
        op.execute(statement)


def downgrade() -> None:
    """Forget it."""
    for statement in _UNMAKE:
        op.execute(statement)
