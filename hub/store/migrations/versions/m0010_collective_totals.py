"""Step 10: totals of collective cases, changed by what each report changes."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_MAKE = (
    """
    ALTER TABLE collective_report ADD COLUMN open BOOLEAN DEFAULT true NOT NULL
    """,
    """
    UPDATE collective_report SET open = kept.state = 'OPEN'
    FROM arrears_report AS kept WHERE kept.report_id = collective_report.report_id
    """,
    """
    CREATE TABLE collective_worker (
        collective_id UUID NOT NULL,
        worker_id TEXT NOT NULL,
        reports INTEGER NOT NULL,
        CONSTRAINT pk_collective_worker PRIMARY KEY (collective_id, worker_id)
    )
    """,
    """
    INSERT INTO collective_worker (collective_id, worker_id, reports)
    SELECT collective_id, worker, count(*)
    FROM collective_report JOIN arrears_report AS kept USING (report_id)
    CROSS JOIN json_array_elements_text(coalesce(kept.body->'listed', '[]')) AS worker
    GROUP BY collective_id, worker
    """,
    """
    UPDATE collective_case AS standing SET body = json_build_object(
        'group', employer_group,
        'reached_on', body->>'reached_on',
        'reports', coalesce((
            SELECT json_object_agg(province, number) FROM (
                SELECT kept.province, count(*) AS number
                FROM collective_report JOIN arrears_report AS kept USING (report_id)
                WHERE collective_id = standing.collective_id GROUP BY kept.province
            ) AS counted), '{}'),
        'open', (SELECT count(*) FROM collective_report AS linked
            WHERE linked.collective_id = standing.collective_id AND linked.open),
        'listed', (SELECT count(*) FROM collective_worker AS worker
            WHERE worker.collective_id = standing.collective_id),
        'unlisted', (SELECT coalesce(sum((kept.body->>'workers')::bigint
                - json_array_length(coalesce(kept.body->'listed', '[]'))), 0)
            FROM collective_report JOIN arrears_report AS kept USING (report_id)
            WHERE collective_id = standing.collective_id))
    """,
    "DROP INDEX ix_arrears_report_employer",
    """
    CREATE INDEX ix_arrears_report_open_employer
        ON arrears_report (employer) WHERE state = 'OPEN'
    """,
)
_UNMAKE = (
    "CREATE INDEX ix_arrears_report_employer ON arrears_report (employer)",
    "DROP INDEX ix_arrears_report_open_employer",
    """
    UPDATE collective_case AS standing SET body = json_build_object(
        'group', employer_group,
        'reached_on', body->>'reached_on',
        'workers', (body->>'listed')::bigint + (body->>'unlisted')::bigint,
        'reports', coalesce((
            SELECT json_object_agg(province, ids) FROM (
                SELECT kept.province, json_agg(report_id ORDER BY report_id) AS ids
                FROM collective_report JOIN arrears_report AS kept USING (report_id)
                WHERE collective_id = standing.collective_id GROUP BY kept.province
            ) AS named), '{}'))
    """,
    "DROP TABLE collective_worker",
    "ALTER TABLE collective_report DROP COLUMN open",
)


def upgrade() -> None:
    """Count what stands."""
    for statement in _MAKE:
        op.execute(statement)


def downgrade() -> None:
    """Name the reports of each again."""
    for statement in _UNMAKE:
        op.execute(statement)
