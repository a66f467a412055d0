from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from hub.following.case_events import Withdrawn
from hub.following.ports import Looked
from hub.store.case_moments import CaseMoments
from hub.store.case_reading import CaseReading
from hub.store.case_unit import Cases
from hub.store.transfers import Transfers
from schema.records.case_task import Seat
from tests.builders.cases import going_on, later, new_worker, opening
from tests.builders.moves import done, moved, opened, to_the_end
from tests.following.case_samples import ACCEPTED, PLACE, by

SECOND = timedelta(seconds=1)


@pytest.fixture
def cases(pool):
    return Cases(pool)


@pytest.fixture
def transfers(pool):
    return Transfers(pool)


@pytest.fixture
def moments(pool):
    return CaseMoments(pool)


async def write(cases, *written, looked=()):
    async with cases.unit() as unit:
        numbers = [each.case.no for each in written if each.case.seq > 1]
        await unit.lock([*numbers, *(one.no for one in looked)])
        await unit.write(written, looked)


async def move(transfers, written):
    async with transfers.unit() as unit:
        await unit.open_of([each.transfer.worker for each in written])
        await unit.lock([each.transfer.id for each in written])
        await unit.write(written)


async def test_moments_come_the_oldest_first_and_go_when_they_were_looked_at(
    cases, moments
):
    late, soon, never = (
        opening(next_at=later(2)),
        opening(next_at=later(1)),
        opening(),
    )
    await write(cases, late, soon, never)

    assert await moments.passed(later(1) - SECOND, 9) == []
    assert await moments.passed(later(1), 9) == [soon.case.no]
    assert await moments.passed(later(3), 9) == [soon.case.no, late.case.no]
    assert await moments.passed(later(3), 1) == [soon.case.no]

    looked = Looked(no=soon.case.no, told=(), next_at=later(4))
    await write(cases, going_on(late, ACCEPTED, next_at=later(5)), looked=[looked])
    assert await moments.passed(later(3), 9) == []
    assert await moments.passed(later(5), 9) == [soon.case.no, late.case.no]


async def test_a_home_that_moves_is_told_to_the_open_cases_of_the_worker(
    cases, transfers, moments
):
    first = opened()
    worker = first.transfer.worker
    two = [opening(workers=frozenset({worker, new_worker()})) for _ in range(2)]
    over = opening(workers=frozenset({worker}))
    await write(cases, *two, over, opening())
    await write(
        cases,
        *(
            last := going_on(over, ACCEPTED),
            going_on(last, by(PLACE, Withdrawn, reason="r")),
        ),
    )
    out, came, ended = to_the_end(first)
    await move(transfers, [first])
    await move(transfers, [out])
    assert await moments.moves(9) == []

    await move(transfers, [came])
    (told,) = await moments.moves(9)
    assert (told.worker, told.to) == (worker, Seat("V", "44"))
    assert told.at == came.milestone.at
    assert told.cases == tuple(sorted(each.case.no for each in two))

    await moments.told([told.id])
    await move(transfers, [ended])  # the home has moved already
    assert await moments.moves(9) == []


async def test_moves_are_told_in_their_order(transfers, moments):
    several = [opened() for _ in range(3)]
    await move(transfers, several)
    for each in several:
        await move(transfers, to_the_end(each))

    told = await moments.moves(2)
    assert [each.worker for each in told] == [
        each.transfer.worker for each in several[:2]
    ]
    assert all(each.cases == () for each in told)
    await moments.told([each.id for each in told])
    assert [each.worker for each in await moments.moves(2)] == [
        several[2].transfer.worker
    ]


async def test_a_transfer_that_is_not_written_moves_nobody(transfers, moments):
    first = opened()
    await move(transfers, [first])

    async def fail():
        async with transfers.unit() as unit:
            await unit.lock([first.transfer.id])
            await unit.write(to_the_end(first))
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert await moments.moves(9) == []


async def test_a_home_is_known_where_the_hub_has_moved_it(transfers, pool):
    reading = CaseReading(pool)
    gone, going, stays = opened(), opened(), opened()
    await move(transfers, [gone, going, stays])
    out, came, ended = to_the_end(gone)
    workers = [each.transfer.worker for each in (gone, going, stays)]
    home = Seat("V", "44")
    await move(transfers, [out])
    assert await reading.homes([*workers, new_worker(), "\0"]) == {}

    await move(transfers, [came])  # the old register's pairing is missing still
    await move(transfers, to_the_end(going))
    assert await reading.homes(workers) == {workers[0]: home, workers[1]: home}

    await move(transfers, [ended])
    again = opened(
        worker=workers[0], from_union="V", from_province="44", to_union="W",
        to_province="33", at=later(9000),
    )  # fmt: skip
    await move(transfers, [again])  # nothing has come of it yet
    assert (await reading.homes(workers))[workers[0]] == home
    back = moved(again, done("REGISTER_OUT", "44"))
    await move(transfers, [back, moved(back, done("REGISTER_IN", "33"))])
    assert (await reading.homes(workers))[workers[0]] == Seat("W", "33")


async def test_a_home_that_moves_while_a_case_is_made_up_is_told_to_it(
    cases, transfers, moments
):
    first = opened()
    worker = first.transfer.worker
    made_up = opening(workers=frozenset({worker}))  # its maker saw no new home
    await move(transfers, [first])
    await move(transfers, to_the_end(first))
    await moments.told([one.id for one in await moments.moves(9)])

    await write(cases, made_up)

    (told,) = await moments.moves(9)
    assert (told.worker, told.to) == (worker, Seat("V", "44"))
    assert told.cases == (made_up.case.no,)
    await moments.told([told.id])
    follows = opening(workers=frozenset({worker}), homes=(Seat("V", "44"),))
    await write(cases, follows, opening())
    assert await moments.moves(9) == []
    both = [
        opening(workers=frozenset({worker}), homes=(Seat("V", "44"),)),
        opening(workers=frozenset({worker})),
    ]
    await write(cases, *both)
    assert len(await moments.moves(9)) == 1


async def test_a_home_that_moves_while_a_case_is_written_is_told_to_it(
    cases, transfers, moments
):
    first = opened()
    worker = first.transfer.worker
    case = opening(workers=frozenset({worker}))
    await move(transfers, [first])
    async with asyncio.TaskGroup() as group, cases.unit() as unit:
        await unit.write([case])
        moving = group.create_task(move(transfers, to_the_end(first)))
        done, _ = await asyncio.wait([moving], timeout=0.3)
        assert not done, "no home moves before the case is there"

    (told,) = await moments.moves(9)
    assert told.cases == (case.case.no,)
