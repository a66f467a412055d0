"""Step 6: rights cases, their journal, notices and lists; what cooperation is measured by."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_CASES = """
CREATE TABLE rights_case (
    case_no TEXT NOT NULL,
    seq INTEGER NOT NULL,
    ended BOOLEAN NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    next_at TIMESTAMP WITH TIME ZONE,
    due_on DATE,
    body JSON NOT NULL,
    CONSTRAINT pk_rights_case PRIMARY KEY (case_no),
    CONSTRAINT ck_rights_case_seq CHECK (seq >= 1)
);
CREATE INDEX ix_rights_case_next ON rights_case (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX ix_rights_case_open ON rights_case (case_no) WHERE NOT ended;

CREATE TABLE case_event (
    case_no TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    event JSON NOT NULL,
    acting TEXT DEFAULT '' NOT NULL,
    act BYTEA DEFAULT '\\x'::bytea NOT NULL,
    CONSTRAINT pk_case_event PRIMARY KEY (case_no, seq)
);
CREATE UNIQUE INDEX uq_case_event_acting ON case_event (acting) WHERE acting <> '';

CREATE TABLE case_worker (
    worker_id UUID NOT NULL,
    case_no TEXT NOT NULL,
    CONSTRAINT pk_case_worker PRIMARY KEY (worker_id, case_no)
);

CREATE TABLE case_notice (
    key TEXT NOT NULL,
    case_no TEXT NOT NULL,
    kind TEXT NOT NULL,
    union_code TEXT NOT NULL,
    about TEXT NOT NULL,
    told_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_case_notice PRIMARY KEY (key)
);
CREATE INDEX ix_case_notice_case_no ON case_notice (case_no);

CREATE TABLE membership_move (
    move_id BIGINT GENERATED ALWAYS AS IDENTITY,
    worker_id UUID NOT NULL,
    union_code TEXT NOT NULL,
    province TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_membership_move PRIMARY KEY (move_id)
);
"""

#: What was written in the journal is neither changed nor removed, by nobody.
_APPEND_ONLY = """
CREATE FUNCTION case_event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'case_event is append-only' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER case_event_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON case_event
    FOR EACH STATEMENT EXECUTE FUNCTION case_event_append_only();
"""

_COOPERATION = """
CREATE TABLE cooperation_event (
    place BIGINT GENERATED ALWAYS AS IDENTITY,
    id TEXT NOT NULL,
    case_no TEXT NOT NULL,
    step TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    asker TEXT DEFAULT '' NOT NULL,
    asker_province TEXT DEFAULT '' NOT NULL,
    asked TEXT DEFAULT '' NOT NULL,
    asked_province TEXT DEFAULT '' NOT NULL,
    answer_by DATE,
    timeliness SMALLINT,
    effort SMALLINT,
    CONSTRAINT pk_cooperation_event PRIMARY KEY (place)
);
CREATE INDEX ix_cooperation_event_id ON cooperation_event (id);
CREATE INDEX ix_cooperation_event_asked ON cooperation_event (asked, at)
    WHERE step = 'ASKED';
CREATE INDEX ix_cooperation_event_asker ON cooperation_event (asker, at)
    WHERE step = 'ASKED';
CREATE INDEX ix_cooperation_event_corridor
    ON cooperation_event (asker_province, asked_province, at) WHERE step = 'ASKED';
"""

# Room on each page: an act changes rows of lists, and no index need know of it.
_LISTS = """
CREATE TABLE case_listing (
    case_no TEXT NOT NULL,
    task_no TEXT NOT NULL,
    union_code TEXT NOT NULL,
    from_v BIGINT NOT NULL,
    to_v BIGINT DEFAULT '9223372036854775807' NOT NULL,
    closed_at TIMESTAMP WITH TIME ZONE,
    province TEXT NOT NULL,
    part SMALLINT NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    due_on DATE NOT NULL,
    sides SMALLINT NOT NULL,
    marks SMALLINT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    lead_province TEXT NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_case_listing PRIMARY KEY (case_no, task_no, union_code, from_v)
) WITH (fillfactor = 80);
CREATE INDEX ix_case_listing_due
    ON case_listing (union_code, part, due_on, case_no, task_no);
CREATE INDEX ix_case_listing_province_due
    ON case_listing (province, part, due_on, case_no, task_no);
CREATE INDEX ix_case_listing_opened
    ON case_listing (union_code, part, opened_at, case_no, task_no)
    WHERE to_v = 9223372036854775807;
CREATE INDEX ix_case_listing_province_opened
    ON case_listing (province, part, opened_at, case_no, task_no)
    WHERE to_v = 9223372036854775807;
CREATE INDEX ix_case_listing_closed ON case_listing (to_v)
    WHERE to_v < 9223372036854775807;

CREATE TABLE case_listing_horizon (
    "only" INTEGER NOT NULL,
    pruned_to BIGINT NOT NULL,
    CONSTRAINT pk_case_listing_horizon PRIMARY KEY ("only"),
    CONSTRAINT ck_case_listing_horizon_only CHECK ("only" = 1)
);
INSERT INTO case_listing_horizon ("only", pruned_to) VALUES (1, 0);
"""

_TABLES = (
    "case_listing_horizon",
    "case_listing",
    "cooperation_event",
    "membership_move",
    "case_notice",
    "case_worker",
    "case_event",
    "rights_case",
)


def upgrade() -> None:
    """Make the tables."""
    for statements in (_CASES, _APPEND_ONLY, _COOPERATION, _LISTS):
        op.get_bind().exec_driver_sql(
            statements, execution_options={"no_parameters": True}
        )


def downgrade() -> None:
    """Remove them, with all they hold."""
    for table in _TABLES:
        op.drop_table(table)
    op.execute("DROP FUNCTION case_event_append_only()")
