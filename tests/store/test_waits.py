from __future__ import annotations

from datetime import timedelta

import pytest

from hub.feeds.events import Topic
from hub.feeds.transfer_change import decode
from hub.store.feeds import FeedStore
from hub.store.transfers import Transfers
from hub.store.waits import TransferWaits
from hub.transfer.ports import Passed
from tests.builders.moves import NOON, opened
from tests.store.test_transfers import _open

DAY = timedelta(days=1)


@pytest.fixture
def transfers(pool):
    return Transfers(pool)


@pytest.fixture
def waits(pool):
    return TransferWaits(pool)


async def test_waits_that_passed_are_told_until_something_is_done(transfers, waits):
    late, later = opened("t1", due_at=NOON + DAY), opened("t2", due_at=NOON + 2 * DAY)
    await _open(transfers, later, late, opened("t3"))

    assert await waits.passed(NOON, 9) == []
    assert await waits.passed(NOON + DAY, 9) == [Passed("t1", 1)]
    both = [Passed("t1", 1), Passed("t2", 1)]
    assert await waits.passed(NOON + 3 * DAY, 9) == both
    assert await waits.passed(NOON + 3 * DAY, 1) == both[:1]
    # Whom somebody works on just now is left to them.
    async with transfers.unit() as unit:
        await unit.lock(["t1"])
        assert await waits.passed(NOON + 3 * DAY, 9) == both[1:]


async def test_a_reminder_is_published_once(transfers, waits, pool, database_url):
    first = opened(target_at=NOON + DAY, due_at=NOON + 3 * DAY)
    await _open(transfers, first, opened(target_at=NOON + 2 * DAY))

    assert await waits.remind(NOON, 9) == []
    assert await waits.remind(NOON + DAY, 9) == [first.transfer]
    assert await waits.remind(NOON + DAY, 9) == []
    said = await FeedStore(pool, database_url).read(Topic.TRANSFER, 0, 9)
    change = decode(said[-1].body)
    assert (len(said), change.transfer, change.reminder) == (3, first.transfer, True)
    assert (change.was, change.seq) == (first.transfer.state, 1)
    # The limit stands.
    assert await waits.passed(NOON + 3 * DAY, 9) == [Passed(first.transfer.id, 1)]
