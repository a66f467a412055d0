"""Step 9: cursors of lists of cases say nothing: the key that seals them."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make a key that all hub processes share; 244 bits of it are random."""
    op.execute(
        "ALTER TABLE case_listing_horizon ADD COLUMN seal BYTEA NOT NULL DEFAULT"
        " decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''),"
        " 'hex')"
    )


def downgrade() -> None:
    """Remove it; cursors that were given out are none any more."""
    op.execute("ALTER TABLE case_listing_horizon DROP COLUMN seal")
