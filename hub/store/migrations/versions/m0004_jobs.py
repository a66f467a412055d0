"""Step 4: the job queue's own tables, as the package procrastinate 3.10 brings them.

They are no tables of ours: ``hub.store.tables`` does not name them. A later version of
the package that changes them comes with a step of its own (the package has the SQL).
"""

from __future__ import annotations

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

#: Whatever the package made has its name in front.
_REMOVE = """
DO $$
DECLARE
    made record;
BEGIN
    FOR made IN
        SELECT format('TABLE IF EXISTS %s', oid::regclass) AS what FROM pg_class
        WHERE relname LIKE 'procrastinate\\_%' AND relkind = 'r'
            AND relnamespace = current_schema()::regnamespace
        UNION ALL
        SELECT format('FUNCTION IF EXISTS %s', oid::regprocedure) FROM pg_proc
        WHERE proname LIKE 'procrastinate\\_%'
            AND pronamespace = current_schema()::regnamespace
        UNION ALL
        SELECT format('TYPE IF EXISTS %s', oid::regtype) FROM pg_type
        WHERE typname LIKE 'procrastinate\\_%' AND typtype = 'e'
            AND typnamespace = current_schema()::regnamespace
    LOOP
        EXECUTE format('DROP %s CASCADE', made.what);
    END LOOP;
    DROP TYPE IF EXISTS procrastinate_job_to_defer_v1;
END
$$
"""


def upgrade() -> None:
    """Make the tables of the job queue."""
    _run(SchemaManager.get_schema())


def downgrade() -> None:
    """Remove them, with all jobs."""
    _run(_REMOVE)


def _run(statements: str) -> None:
    op.get_bind().exec_driver_sql(statements, execution_options={"no_parameters": True})
