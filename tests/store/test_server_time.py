from __future__ import annotations

from datetime import timedelta

import pytest

from hub.clock import SystemClock
from hub.runner.sweep import in_time
from hub.store.server_time import ServerTime


class Ahead:
    def __init__(self, by):
        self._by = by

    def now(self):
        return SystemClock().now() + self._by


@pytest.mark.parametrize(
    ("by", "agrees"),
    [
        (timedelta(0), True),
        (timedelta(seconds=90), True),
        (timedelta(seconds=-90), True),
        (timedelta(minutes=3), False),
        (timedelta(days=-30), False),
    ],
)
async def test_what_goes_by_the_day_waits_while_the_clock_is_wrong(
    pool, caplog, by, agrees
):
    looked = []

    async def look():
        looked.append(True)

    await in_time(ServerTime(pool, Ahead(by)), look)()
    assert bool(looked) is agrees
    assert ("clock-wrong" in caplog.text) is not agrees
