"""Step 3: moving memberships: transfers, their journal and outbox, and what goes with them."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TRANSFERS = """
CREATE TABLE transfer (
    transfer_id TEXT NOT NULL,
    worker_id UUID NOT NULL,
    seq INTEGER NOT NULL,
    since INTEGER NOT NULL,
    basis TEXT NOT NULL,
    state TEXT NOT NULL,
    from_union TEXT NOT NULL,
    to_union TEXT NOT NULL,
    batch_id TEXT DEFAULT '' NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    due_at TIMESTAMP WITH TIME ZONE,
    target_at TIMESTAMP WITH TIME ZONE,
    overdue BOOLEAN DEFAULT false NOT NULL,
    body JSON NOT NULL,
    saga JSON NOT NULL,
    CONSTRAINT pk_transfer PRIMARY KEY (transfer_id),
    CONSTRAINT ck_transfer_seq CHECK (seq >= since AND since >= 1)
);
CREATE INDEX ix_transfer_arrived ON transfer (to_union, ended_at, transfer_id)
    WHERE state = ANY (ARRAY['COMPLETED'::text, 'LANDED'::text]);
CREATE INDEX ix_transfer_batch ON transfer (batch_id, opened_at, transfer_id)
    WHERE batch_id <> '';
CREATE INDEX ix_transfer_due ON transfer (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX ix_transfer_from ON transfer (from_union, opened_at, transfer_id);
CREATE INDEX ix_transfer_opened ON transfer (opened_at, transfer_id);
CREATE INDEX ix_transfer_target ON transfer (target_at) WHERE target_at IS NOT NULL;
CREATE INDEX ix_transfer_to ON transfer (to_union, opened_at, transfer_id);
CREATE INDEX ix_transfer_worker ON transfer (worker_id, opened_at);
CREATE UNIQUE INDEX uq_transfer_open_worker ON transfer (worker_id)
    WHERE ended_at IS NULL;

CREATE TABLE transfer_event (
    transfer_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    event JSON NOT NULL,
    milestone JSON NOT NULL,
    acting TEXT DEFAULT '' NOT NULL,
    act BYTEA DEFAULT '\\x'::bytea NOT NULL,
    CONSTRAINT pk_transfer_event PRIMARY KEY (transfer_id, seq)
);
CREATE UNIQUE INDEX uq_transfer_event_acting ON transfer_event (acting)
    WHERE acting <> '';

CREATE TABLE transfer_command (
    command_id BIGINT GENERATED ALWAYS AS IDENTITY,
    key TEXT NOT NULL,
    transfer_id TEXT NOT NULL,
    province TEXT NOT NULL,
    act TEXT NOT NULL,
    body JSON NOT NULL,
    written_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    not_before TIMESTAMP WITH TIME ZONE DEFAULT '-infinity'::timestamptz NOT NULL,
    attempts INTEGER DEFAULT '0' NOT NULL,
    pending BOOLEAN DEFAULT false NOT NULL,
    answered_at TIMESTAMP WITH TIME ZONE,
    receipt JSON,
    CONSTRAINT pk_transfer_command PRIMARY KEY (command_id),
    CONSTRAINT ck_transfer_command_province CHECK (province ~ '^[0-9]{2}$'),
    CONSTRAINT uq_transfer_command_key UNIQUE (key)
);
CREATE INDEX ix_transfer_command_transfer ON transfer_command (transfer_id, province, command_id)
    WHERE answered_at IS NULL;
CREATE INDEX ix_transfer_command_waiting ON transfer_command (province, command_id)
    WHERE answered_at IS NULL;

CREATE TABLE webhook (
    endpoint TEXT NOT NULL,
    cursor BIGINT NOT NULL,
    moved_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_webhook PRIMARY KEY (endpoint)
);
"""

#: What was written in the journal is neither changed nor removed, by nobody.
_APPEND_ONLY = """
CREATE FUNCTION transfer_event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'transfer_event is append-only' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER transfer_event_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON transfer_event
    FOR EACH STATEMENT EXECUTE FUNCTION transfer_event_append_only();
"""

_BESIDE = """
CREATE SEQUENCE credential_place START WITH 0 MINVALUE 0 NO CYCLE;
CREATE TABLE organisation (
    code TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE,
    province TEXT NOT NULL,
    body JSON NOT NULL,
    CONSTRAINT pk_organisation PRIMARY KEY (code, valid_from),
    CONSTRAINT ck_organisation_period CHECK (valid_to IS NULL OR valid_to >= valid_from),
    CONSTRAINT ck_organisation_province CHECK (province ~ '^[0-9]{2}$')
);

CREATE TABLE credential (
    credential_id TEXT NOT NULL,
    place BIGINT NOT NULL,
    worker_id UUID NOT NULL,
    claims JSON NOT NULL,
    state TEXT DEFAULT 'ACTIVE' NOT NULL,
    office TEXT NOT NULL,
    key TEXT NOT NULL,
    code_digest BYTEA NOT NULL,
    code_version SMALLINT NOT NULL,
    tries INTEGER DEFAULT '0' NOT NULL,
    transfer_id TEXT DEFAULT '' NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_credential PRIMARY KEY (credential_id),
    CONSTRAINT ck_credential_state CHECK (state IN ('ACTIVE', 'REVOKED', 'REDEEMED')),
    CONSTRAINT uq_credential_place UNIQUE (place)
);
CREATE INDEX ix_credential_spent ON credential (place) WHERE state <> 'ACTIVE';
CREATE UNIQUE INDEX uq_credential_active_worker ON credential (worker_id)
    WHERE state = 'ACTIVE';
CREATE UNIQUE INDEX uq_credential_key ON credential (office, key);

CREATE TABLE presentation (
    presentation_id TEXT NOT NULL,
    used_by TEXT NOT NULL,
    until TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_presentation PRIMARY KEY (presentation_id)
);
CREATE INDEX ix_presentation_until ON presentation (until);

CREATE TABLE transfer_batch (
    batch_id TEXT NOT NULL,
    acting TEXT NOT NULL,
    act BYTEA NOT NULL,
    basis TEXT NOT NULL,
    office TEXT NOT NULL,
    union_code TEXT NOT NULL,
    subject TEXT NOT NULL,
    province TEXT NOT NULL,
    request TEXT NOT NULL,
    digest TEXT NOT NULL,
    submitted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    state TEXT DEFAULT 'WAITING' NOT NULL,
    rows INTEGER NOT NULL,
    opened INTEGER DEFAULT '0' NOT NULL,
    already_open INTEGER DEFAULT '0' NOT NULL,
    refused INTEGER DEFAULT '0' NOT NULL,
    CONSTRAINT pk_transfer_batch PRIMARY KEY (batch_id),
    CONSTRAINT ck_transfer_batch_state CHECK (state IN ('WAITING', 'RUNNING', 'DONE')),
    CONSTRAINT ck_transfer_batch_counted CHECK (opened + already_open + refused <= rows),
    CONSTRAINT uq_transfer_batch_acting UNIQUE (acting)
);
CREATE INDEX ix_transfer_batch_unfinished ON transfer_batch (submitted_at)
    WHERE state <> 'DONE';

CREATE TABLE transfer_batch_row (
    batch_id TEXT NOT NULL,
    row INTEGER NOT NULL,
    wish JSON NOT NULL,
    result JSON,
    CONSTRAINT pk_transfer_batch_row PRIMARY KEY (batch_id, row)
);
CREATE INDEX ix_transfer_batch_row_next ON transfer_batch_row (batch_id, row)
    WHERE result IS NULL;

CREATE TABLE transfer_upload (
    upload_id TEXT NOT NULL,
    office TEXT NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    body BYTEA NOT NULL,
    CONSTRAINT pk_transfer_upload PRIMARY KEY (upload_id)
);
CREATE INDEX ix_transfer_upload_sent_at ON transfer_upload (sent_at);

CREATE TABLE duplicate_question (
    question_id TEXT NOT NULL,
    worker_id UUID NOT NULL,
    first_union TEXT NOT NULL,
    second_union TEXT NOT NULL,
    pair TEXT NOT NULL,
    state TEXT NOT NULL,
    answer_by DATE NOT NULL,
    body JSON NOT NULL,
    acting TEXT NOT NULL,
    act BYTEA NOT NULL,
    CONSTRAINT pk_duplicate_question PRIMARY KEY (question_id),
    CONSTRAINT uq_duplicate_question_acting UNIQUE (acting)
);
CREATE INDEX ix_duplicate_question_first ON duplicate_question (first_union, question_id);
CREATE INDEX ix_duplicate_question_second ON duplicate_question (second_union, question_id);
CREATE INDEX ix_duplicate_question_worker_id ON duplicate_question (worker_id);
CREATE UNIQUE INDEX uq_duplicate_question_open_pair ON duplicate_question (worker_id, pair)
    WHERE state = 'OPEN';
"""

_TABLES = (
    "duplicate_question",
    "transfer_upload",
    "transfer_batch_row",
    "transfer_batch",
    "presentation",
    "credential",
    "organisation",
    "webhook",
    "transfer_command",
    "transfer_event",
    "transfer",
)


def upgrade() -> None:
    """Make the tables of moving memberships."""
    for statements in (_TRANSFERS, _APPEND_ONLY, _BESIDE):
        op.get_bind().exec_driver_sql(
            statements, execution_options={"no_parameters": True}
        )


def downgrade() -> None:
    """Remove them, with all they hold."""
    for table in _TABLES:
        op.drop_table(table)
    op.execute("DROP SEQUENCE credential_place")
    op.execute("DROP FUNCTION transfer_event_append_only()")
