"""What passes by itself: one bad case keeps no other back, and new homes follow."""

from __future__ import annotations

import psycopg
import pytest

from hub.following.watching import Watching
from hub.store.case_moments import CaseMoments
from hub.store.case_reading import CaseReading
from hub.store.case_unit import Cases
from hub.store.unavailable import StoreUnavailable
from schema.records.case_powers import Role
from tests.builders.link_fixtures import pool  # noqa: F401  # a fixture
from tests.following.world import (
    FIRM,
    OTHER_WORKER,
    WORKER,
    Memory,
    TurnedClock,
    World,
)


class Spoilt(Memory):
    """Cannot write of one case."""

    spoilt = ""

    def _keep(self, unit):
        if any(each.case.no == self.spoilt for each in unit.written):
            raise RuntimeError("spoilt")
        super()._keep(unit)


async def test_a_case_that_cannot_be_written_keeps_no_other_back():
    clock = TurnedClock()
    store = Spoilt(clock)
    world = World(store, store, clock)
    cases = [await world.opened() for _ in range(4)]
    store.spoilt = cases[1].no
    clock.turn(days=10)
    watching = Watching(store, world.following, clock)

    assert await watching.look() == 4
    moved = [store.cases[one.no].seq > one.seq for one in cases]
    assert moved == [True, False, True, True]
    store.spoilt = ""
    assert await watching.look() == 1
    assert store.cases[cases[1].no].seq > cases[1].seq


async def test_where_the_store_cannot_be_used_it_looks_again_later():
    clock = TurnedClock()
    store = Memory(clock)
    world = World(store, store, clock)
    await world.opened()
    clock.turn(days=10)
    watching = Watching(store, world.following, clock)
    store.fails = "before"

    with pytest.raises(StoreUnavailable):
        await watching.look()
    assert await watching.look() == 1


async def test_moves_of_homes_are_told_to_open_cases_and_forgotten(
    pool,  # noqa: F811
    database_url,
):
    clock = TurnedClock()
    world = World(Cases(pool), CaseReading(pool), clock)
    case = await world.opened()
    other = await world.opened(local_ids=("l-2",))
    async with await psycopg.AsyncConnection.connect(database_url) as connection:
        for worker in (WORKER, OTHER_WORKER, WORKER):
            await connection.execute(
                "INSERT INTO membership_move (worker_id, union_code, province, at)"
                " VALUES (%s, 'firm44', '44', %s)",
                (worker, clock.now()),
            )
    watching = Watching(CaseMoments(pool), world.following, clock)

    assert await watching.homes() == 3
    assert await watching.homes() == 0
    for number in (case.no, other.no):
        after = (await world.reading.some([number]))[number]
        assert (Role.FOLLOWER, FIRM) in {(one.role, one.seat) for one in after.held}
        assert after.seq == 2
    await world.following.close()
