"""Two provinces with tables of their own: PostgreSQL, and a file of SQLite."""

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
    engine = create_engine(address(url))
    over_sql.make(engine)
    yield url, engine
    engine.dispose()


@pytest.fixture(params=["postgresql", "sqlite"])
def database(request):
    return request.getfixturevalue(request.param)
