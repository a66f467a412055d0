from __future__ import annotations

import threading
from hashlib import sha256

import psycopg
import pytest
import sqlalchemy as sa
from procrastinate.schema import SchemaManager

from hub.store import migrate
from hub.store.locks import MIGRATE
from hub.store.tables import METADATA
from hub.store.unavailable import StoreUnavailable

#: SHA-256 of the job queue's own tables, of procrastinate 3.10.
JOB_QUEUE = "c70ec4b400a60ad9592787653aae5ae77ae41bf801d56b5bd2712751a07f2009"

_SHAPE = """
SELECT 'column', table_name, column_name, data_type, udt_name, is_nullable,
       coalesce(column_default, ''), is_identity, coalesce(identity_generation, '')
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL
SELECT 'index', tablename, indexname, indexdef, '', '', '', '', ''
FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid),
       '', '', '', '', ''
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
"""


def _shape(url):
    with psycopg.connect(url) as connection:
        rows = connection.execute(_SHAPE).fetchall()
    return sorted(
        row
        for row in rows
        if "alembic_version" not in row[1] and "procrastinate_" not in row[1]
    )


_MADE = """
SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL
SELECT typname FROM pg_type
WHERE typnamespace = 'public'::regnamespace AND typname !~ 'alembic_version'
UNION ALL
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relname !~ 'alembic_version'
"""


def _made(url):
    """Name whatever is in the database: also sequences, functions, the job queue."""
    with psycopg.connect(url) as connection:
        return [name for (name,) in connection.execute(_MADE)]


def _declared(url):
    engine = sa.create_engine(sa.make_url(url).set(drivername="postgresql+psycopg"))
    METADATA.create_all(engine)
    engine.dispose()


def test_migrated_tables_are_the_declared_ones(database_url, empty_database_url):
    _declared(empty_database_url)

    assert _shape(database_url) == _shape(empty_database_url)
    assert len(_shape(database_url)) > 40


def test_down_leaves_nothing_and_up_again_is_the_same(database_url):
    before = _shape(database_url)

    migrate.downgrade(database_url)
    assert _shape(database_url) == []
    assert _made(database_url) == []
    assert not migrate.is_current(database_url)

    migrate.upgrade(database_url)
    assert _shape(database_url) == before
    assert migrate.is_current(database_url)


def test_the_job_queue_is_the_one_that_its_step_was_written_for(database_url):
    schema = SchemaManager.get_schema().encode()

    # Another version of the package may need a step of its own.
    assert sha256(schema).hexdigest() == JOB_QUEUE
    assert "procrastinate_defer_jobs_v1" in _made(database_url)


def test_the_audit_chain_begins_at_nothing(database_url):
    with psycopg.connect(database_url) as connection:
        heads = connection.execute(
            'SELECT "only", seq, seal FROM audit_head'
        ).fetchall()

    assert heads == [(1, 0, bytes(32))]


def test_processes_that_start_at_once_take_turns(empty_database_url):
    failures = []

    def start():
        try:
            migrate.upgrade(empty_database_url)
        except Exception as error:  # noqa: BLE001  # whatever it is, the test shows it
            failures.append(error)

    starts = [threading.Thread(target=start) for _ in range(4)]
    for each in starts:
        each.start()
    for each in starts:
        each.join()

    assert failures == []
    assert migrate.is_current(empty_database_url)


def test_a_turn_is_given_back_when_the_migration_fails(empty_database_url):
    _declared(empty_database_url)  # so that the first step finds its tables taken

    with pytest.raises(sa.exc.ProgrammingError):
        migrate.upgrade(empty_database_url)

    with psycopg.connect(empty_database_url) as connection:
        got = connection.execute("SELECT pg_try_advisory_lock(%s)", [MIGRATE])
        assert got.fetchone() == (True,)


def test_an_unreachable_database_is_said_so():
    with pytest.raises(StoreUnavailable) as refused:
        migrate.upgrade("postgresql://nobody@127.0.0.1:1/nothing")

    assert refused.value.refusal.code == "STORE_UNAVAILABLE"
    assert "127.0.0.1" not in str(refused.value)
