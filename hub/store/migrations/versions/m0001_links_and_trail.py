"""Step 1: worker keys, links, conflicts and the audit trail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the first tables."""
    op.create_table(
        "worker_key",
        sa.Column("worker_key", sa.LargeBinary, nullable=False),
        sa.Column("worker_id", sa.Uuid, nullable=False),
        sa.Column("key_version", sa.SmallInteger, nullable=False),
        sa.CheckConstraint(
            "octet_length(worker_key) = 32", name=op.f("ck_worker_key_length")
        ),
        sa.PrimaryKeyConstraint("worker_key", name=op.f("pk_worker_key")),
    )
    op.create_index(op.f("ix_worker_key_worker_id"), "worker_key", ["worker_id"])
    op.create_index(op.f("ix_worker_key_key_version"), "worker_key", ["key_version"])
    op.create_table(
        "key_fingerprint",
        sa.Column("key_version", sa.SmallInteger, autoincrement=False, nullable=False),
        sa.Column("fingerprint", sa.LargeBinary, nullable=False),
        sa.Column(
            "first_used_at",
            sa.DateTime(timezone=True),
            server_default=sa.func.now(),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("key_version", name=op.f("pk_key_fingerprint")),
    )
    _create_link()
    _create_link_conflict()
    _create_audit()


def _create_link() -> None:
    op.create_table(
        "link",
        sa.Column("link_id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("worker_id", sa.Uuid, nullable=False),
        sa.Column("province", sa.Text, nullable=False),
        sa.Column("local_key", sa.Text, nullable=False),
        sa.Column("kinds", ARRAY(sa.Text), nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column(
            "registered_at",
            sa.DateTime(timezone=True),
            server_default=sa.func.now(),
            nullable=False,
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_link_period")
        ),
        sa.CheckConstraint("province ~ '^[0-9]{2}$'", name=op.f("ck_link_province")),
        sa.PrimaryKeyConstraint("link_id", name=op.f("pk_link")),
    )
    op.create_index("ix_link_worker_id", "link", ["worker_id"])
    op.create_index("ix_link_local_key", "link", ["local_key", "province"])
    for name, columns in (
        ("uq_link_open_worker_province", ["worker_id", "province"]),
        ("uq_link_open_local_key", ["province", "local_key"]),
    ):
        op.create_index(
            name,
            "link",
            columns,
            unique=True,
            postgresql_where=sa.text("valid_to IS NULL"),
        )


def _create_link_conflict() -> None:
    op.create_table(
        "link_conflict",
        sa.Column(
            "conflict_id", sa.BigInteger, sa.Identity(always=True), nullable=False
        ),
        sa.Column("worker_id", sa.Uuid, nullable=False),
        sa.Column("province", sa.Text, nullable=False),
        sa.Column("local_key", sa.Text, nullable=False),
        sa.Column("standing_worker_id", sa.Uuid, nullable=False),
        sa.Column("standing_local_key", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column(
            "found_at",
            sa.DateTime(timezone=True),
            server_default=sa.func.now(),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("conflict_id", name=op.f("pk_link_conflict")),
    )
    op.create_index(op.f("ix_link_conflict_worker_id"), "link_conflict", ["worker_id"])
    op.create_index(
        "uq_link_conflict_statement",
        "link_conflict",
        ["worker_id", "province", "local_key"],
        unique=True,
    )


def _create_audit() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("seq", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tag", sa.Text, nullable=False),
        sa.Column("worker_id", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("seal", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_entry")),
    )
    op.create_index(op.f("ix_audit_entry_worker_id"), "audit_entry", ["worker_id"])
    audit_head = op.create_table(
        "audit_head",
        sa.Column("only", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("seal", sa.LargeBinary, nullable=False),
        sa.CheckConstraint('"only" = 1', name=op.f("ck_audit_head_only")),
        sa.PrimaryKeyConstraint("only", name=op.f("pk_audit_head")),
    )
    # The chain begins at nothing: entry 1 is sealed upon 32 zero bytes.
    op.bulk_insert(audit_head, [{"only": 1, "seq": 0, "seal": bytes(32)}])


def downgrade() -> None:
    """Remove them, with all they hold."""
    for table in (
        "audit_head",
        "audit_entry",
        "link_conflict",
        "link",
        "key_fingerprint",
        "worker_key",
    ):
        op.drop_table(table)
