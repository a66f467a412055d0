from __future__ import annotations

import threading

import psycopg
import pytest
import sqlalchemy as sa

from hub.store import migrate
from hub.store.locks import MIGRATE
from hub.store.tables import METADATA
from hub.store.unavailable import StoreUnavailable

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
    return sorted(row for row in rows if "alembic_version" not in row[1])


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
    assert not migrate.is_current(database_url)

    migrate.upgrade(database_url)
    assert _shape(database_url) == before
    assert migrate.is_current(database_url)


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
