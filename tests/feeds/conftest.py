"""One database for the room, emptied before each test: a clone takes a second."""

from __future__ import annotations

import secrets

import psycopg
import pytest
from psycopg import sql

from tests.feeds.live import empty


@pytest.fixture(scope="package")
def feed_database(postgres, migrated):
    name = f"t_{secrets.token_hex(8)}"
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        parts = sql.Identifier(name), sql.Identifier(migrated)
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*parts))
        yield postgres.url(name)
        drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
        connection.execute(drop)


@pytest.fixture
def database_url(feed_database):
    empty(feed_database)
    return feed_database
