"""Provinces with tables of their own: PostgreSQL, MariaDB, and a file of SQLite."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine

from connectors.sql.tongues import address
from tests.provinces import over_sql


@pytest.fixture(scope="module")
def postgresql(postgres, request):
    """A database with the agreed tables and the province's own; address and engine."""
    name = request.module.__name__.rpartition(".")[2]
    yield from _made(postgres.ensure_database(name))


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory):
    file = tmp_path_factory.mktemp("province") / "own.sqlite"
    file.touch()
    yield from _made(f"sqlite:///{file}")


def _made(url):
    # The tests write names as the standard does; and a province may keep the day 0.
    as_standard = {"sql_mode": "ANSI_QUOTES"} if url.startswith("mariadb") else {}
    engine = create_engine(address(url), connect_args=as_standard)
    over_sql.make(engine)
    yield url, engine
    engine.dispose()


@pytest.fixture(scope="module")
def mariadb(maria, request):
    yield from _made(maria.database(request.module.__name__.rpartition(".")[2]))


@pytest.fixture(params=["postgresql", "sqlite", "mariadb"])
def database(request):
    return request.getfixturevalue(request.param)
