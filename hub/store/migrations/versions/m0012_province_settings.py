"""Step 12: versions of provinces' settings, and which an operator has paused."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "province_settings",
        sa.Column("province", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("change", ARRAY(sa.Text), nullable=False),
        sa.Column("said_by", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("mapping", sa.Text, nullable=False),
        sa.CheckConstraint(
            "province ~ '^[0-9]{2}$'", name=op.f("ck_province_settings_province")
        ),
        sa.PrimaryKeyConstraint(
            "province", "version", name=op.f("pk_province_settings")
        ),
    )
    op.create_table(
        "province_pause",
        sa.Column("province", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_by", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.CheckConstraint(
            "province ~ '^[0-9]{2}$'", name=op.f("ck_province_pause_province")
        ),
        sa.PrimaryKeyConstraint("province", name=op.f("pk_province_pause")),
    )


def downgrade() -> None:
    """Remove them, with all they hold."""
    op.drop_table("province_pause")
    op.drop_table("province_settings")
