"""The trail in a real PostgreSQL: whole, in turns, and verified as a stream."""

from __future__ import annotations

import asyncio

import pytest
from psycopg_pool import AsyncConnectionPool

from hub.audit.chain import GENESIS, Flaw, Head
from hub.store.audit import AuditBook, verify_book, who_looked
from tests.audit.samples import draft


@pytest.fixture
async def pool(database_url):
    async with AsyncConnectionPool(
        database_url, min_size=1, max_size=4, kwargs={"autocommit": True}, open=False
    ) as pool:
        yield pool


async def test_what_is_appended_is_chained_and_holds(pool):
    book = AuditBook(pool)
    first = await book.append([draft(1), draft(2)])
    second = await book.append([draft(3)])
    report = await verify_book(pool)
    assert (first.seq, second.seq) == (2, 3)
    assert (report.entries, report.head, report.broken) == (3, second, None)
