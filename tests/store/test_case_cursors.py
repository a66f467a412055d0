from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest

from hub.store.case_pruning import prune_listings
from hub.store.case_reading import CaseReading
from hub.store.case_unit import Cases
from schema.records.case_list import CaseFilter, ListOrder, TaskFilter
from schema.records.refusal import Refusal
from tests.builders.case_lists import dated, moved, whole, write
from tests.following.case_samples import (
    DAY,
    HOME,
    PLACE,
    TODAY,
)

_DUE = CaseFilter(order=ListOrder.DUE)
_OPENED = CaseFilter()
_UNIONS = [HOME.union, PLACE.union]


@pytest.fixture
def cases(pool):
    return Cases(pool)


@pytest.fixture
def reading(pool):
    return CaseReading(pool)


async def test_a_cursor_that_is_none_of_the_list_is_refused(cases, reading):
    await write(cases, *(dated(number) for number in range(3)))
    due = (await reading.page(_DUE, _UNIONS, 1, None)).cursors[0]
    opened = (await reading.page(_OPENED, _UNIONS, 1, None)).cursors[0]

    for wanted, read, after in (
        (_OPENED, reading.page, due),
        (_DUE, reading.page, opened),
        (TaskFilter(), reading.tasks, due),
        (_DUE, reading.page, ""),
        (_DUE, reading.page, "nonsense"),
        (_DUE, reading.page, due[:-4]),
        (_DUE, reading.page, "中"),
        (_DUE, reading.page, "A" * 9999),
    ):
        refused = await read(wanted, _UNIONS, 9, after)
        assert isinstance(refused, Refusal), after
        assert (refused.code, refused.rule) == ("CURSOR_INVALID", "cases.after")


async def test_a_cursor_of_an_event_to_come_is_another_database_s(
    cases, reading, database_url
):
    await write(cases, *(dated(number) for number in range(3)))
    await write(cases, dated(5))
    cursor = (await reading.page(_DUE, _UNIONS, 1, None)).cursors[0]
    async with await psycopg.AsyncConnection.connect(database_url) as connection:
        await connection.execute("DELETE FROM feed_event WHERE cursor > 1")

    refused = await reading.page(_DUE, _UNIONS, 9, cursor)
    assert isinstance(refused, Refusal)
    assert refused.code == "CURSOR_INVALID"


async def test_a_list_that_was_begun_too_long_ago_says_so(cases, reading, pool):
    written = [dated(number) for number in range(4)]
    await write(cases, *written)
    old = (await reading.page(_DUE, _UNIONS, 1, None)).cursors[0]
    opened = (await reading.page(_OPENED, _UNIONS, 1, None)).cursors[0]
    await write(cases, moved(written[2], TODAY - DAY))
    new = (await reading.page(_DUE, _UNIONS, 1, None)).cursors[0]

    assert await prune_listings(pool) == 0  # not yet
    rest = await reading.page(_DUE, _UNIONS, 9, old)
    assert [case.no for case in rest.cases] == ["c1", "c2", "c3"]

    assert await prune_listings(pool, timedelta(0)) == 3  # all, home and place
    assert await prune_listings(pool, timedelta(0)) == 0
    refused = await reading.page(_DUE, _UNIONS, 9, old)
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.rule) == ("CURSOR_EXPIRED", "cases.retention")
    for wanted, after in ((_DUE, new), (_OPENED, opened), (_DUE, None)):
        assert not isinstance(await reading.page(wanted, _UNIONS, 9, after), Refusal)
    assert await whole(reading.page, _DUE, _UNIONS) == ["c2", "c0", "c1", "c3"]
