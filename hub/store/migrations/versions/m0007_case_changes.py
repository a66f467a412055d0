"""Step 7: what provinces tell of their files of cases, and how far each was read."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE case_statement (
    case_no TEXT NOT NULL,
    province TEXT NOT NULL,
    seq INTEGER NOT NULL,
    as_of TIMESTAMP WITH TIME ZONE NOT NULL,
    body TEXT NOT NULL,
    contradicted BOOLEAN DEFAULT false NOT NULL,
    CONSTRAINT pk_case_statement PRIMARY KEY (case_no, province, seq)
);

CREATE TABLE case_file (
    case_no TEXT NOT NULL,
    province TEXT NOT NULL,
    held INTEGER DEFAULT '0' NOT NULL,
    last INTEGER DEFAULT '0' NOT NULL,
    asked INTEGER DEFAULT '0' NOT NULL,
    ask_at TIMESTAMP WITH TIME ZONE,
    facts INTEGER DEFAULT '0' NOT NULL,
    facts_done INTEGER DEFAULT '0' NOT NULL,
    refused INTEGER[] DEFAULT '{}'::integer[] NOT NULL,
    CONSTRAINT pk_case_file PRIMARY KEY (case_no, province),
    CONSTRAINT ck_case_file_held CHECK (held >= 0 AND held <= last)
);
CREATE INDEX ix_case_file_ask ON case_file (province, ask_at) WHERE ask_at IS NOT NULL;
CREATE INDEX ix_case_file_facts ON case_file (case_no, province)
    WHERE facts > facts_done;

CREATE TABLE case_log (
    province TEXT NOT NULL,
    cursor TEXT DEFAULT '' NOT NULL,
    polled_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_case_log PRIMARY KEY (province),
    CONSTRAINT ck_case_log_province CHECK (province ~ '^[0-9]{2}$')
);

CREATE TABLE callback_nonce (
    province TEXT NOT NULL,
    nonce TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_callback_nonce PRIMARY KEY (province, nonce)
);
CREATE INDEX ix_callback_nonce_at ON callback_nonce (at);
"""

#: A province that comes into a case has its file asked for once, from the beginning: it
#: may have written down things before the hub knew of the case. Where the roles change,
#: the facts of another file may count: they are looked at again.
_NEW_FILES = """
CREATE FUNCTION case_file_of_new_province() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO case_file AS file (case_no, province, ask_at)
    SELECT DISTINCT NEW.case_no, held->'seat'->>'province', '-infinity'::timestamptz
    FROM json_array_elements(NEW.body->'held') AS held
    ORDER BY 2
    ON CONFLICT (case_no, province) DO UPDATE SET facts = file.facts + 1
        WHERE file.last > 0;
    RETURN NULL;
END
$$;
CREATE TRIGGER case_file_opened AFTER INSERT ON rights_case
    FOR EACH ROW EXECUTE FUNCTION case_file_of_new_province();
CREATE TRIGGER case_file_moved AFTER UPDATE OF body ON rights_case
    FOR EACH ROW
    WHEN ((OLD.body->'held')::text IS DISTINCT FROM (NEW.body->'held')::text)
    EXECUTE FUNCTION case_file_of_new_province();
"""


def upgrade() -> None:
    """Make the tables, and the triggers that ask for files."""
    _run(_TABLES)
    _run(_NEW_FILES)


def downgrade() -> None:
    """Remove them."""
    _run("DROP TRIGGER case_file_moved ON rights_case")
    _run("DROP TRIGGER case_file_opened ON rights_case")
    _run("DROP FUNCTION case_file_of_new_province")
    _run("DROP TABLE callback_nonce, case_log, case_file, case_statement")


def _run(statements: str) -> None:
    op.get_bind().exec_driver_sql(statements, execution_options={"no_parameters": True})
