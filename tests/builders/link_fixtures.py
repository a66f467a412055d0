"""Fixtures of the rooms that keep links: a pool, the store, a registrar."""

from __future__ import annotations

import pytest

from hub.store.links import LinkStore
from tests.builders.linking import FixedClock, opened
from tests.builders.linking import registrar as make_registrar


@pytest.fixture
async def pool(database_url):
    async with opened(database_url) as made:
        yield made


@pytest.fixture
def store(pool):
    return LinkStore(pool, FixedClock())


@pytest.fixture
def registrar(pool):
    return make_registrar(pool)
