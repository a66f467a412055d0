"""Step 5: under which keys of offices batches were handed in."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.execute(
        """
        CREATE TABLE transfer_batch_key (
            acting TEXT NOT NULL,
            act BYTEA NOT NULL,
            CONSTRAINT pk_transfer_batch_key PRIMARY KEY (acting)
        )
        """
    )


def downgrade() -> None:
    """Remove it."""
    op.execute("DROP TABLE transfer_batch_key")
