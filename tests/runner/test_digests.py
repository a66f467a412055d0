"""The daily digest: once for each endpoint and day, signed, whatever becomes of runners."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest

from hub.audit.trail import GroupTrail, TrailUnavailable
from hub.config.moving import WebhookSettings
from hub.organisation.directory import Directory
from hub.runner.calling import Caller
from hub.runner.digests import DailyDigests
from hub.store.audit import AuditBook
from hub.store.case_unit import Cases
from hub.store.digests import Digests, DigestsSent
from hub.store.unavailable import StoreUnavailable
from schema.records.case_task import Seat
from tests.builders.cases import new_worker, opening
from tests.builders.linking import opened as opened_pool
from tests.builders.moving import Counted, MovingClock, organisations, union
from tests.fakes.hub import Trail
from tests.following.case_samples import opened
from tests.runner.test_webhooks import NEXT, SECRET, Receiver, serving

OFFICE, LEAD = union("44", "top"), union("44", "county")
#: One minute before eight in China.
EARLY = datetime(2026, 6, 1, 23, 59, tzinfo=UTC)


class Sending:
    """A runner's digests, and the office that gets them."""

    def __init__(self, pool, receiver, port, clock, **settings):
        endpoint = {
            "name": "office", "office": OFFICE, "url": f"http://127.0.0.1:{port}/in", "secret_env": "S",
            "digest": True,
        }  # fmt: skip
        self.clock, self.receiver = clock, receiver
        self.settings = WebhookSettings.model_validate(
            {"endpoints": [endpoint | settings], "loopback": True}
        )
        self.notes = Counted()
        self.caller = Caller(deadline=5.0, loopback=True, private=False)
        self.trail = GroupTrail(AuditBook(pool), clock)
        self.directory = Directory(organisations())
        self.pool = pool

    def runner(self, trail=None, sent=None):
        return DailyDigests(
            self.settings, {"office": [SECRET, NEXT]}, digests=Digests(self.pool),
            sent=sent or DigestsSent(self.pool), trail=trail or self.trail,
            post=self.caller, directory=lambda: self.directory, clock=self.clock,
            notes=self.notes, chance=lambda: 1.0,
        )  # fmt: skip

    async def look(self, runner):
        await runner.look()
        await runner.finish()


@pytest.fixture
async def pool(database_url):
    async with opened_pool(database_url) as made:
        yield made


@pytest.fixture
async def sending(pool):
    receiver = Receiver()
    async with serving(receiver) as port:
        made = Sending(pool, receiver, port, MovingClock(EARLY))
        try:
            yield made
        finally:
            await made.caller.close()
            await made.trail.close()


async def a_case(pool):
    first = opened(to=Seat(LEAD, "44"), workers=frozenset({new_worker()}), no="case-1")
    async with Cases(pool).unit() as unit:
        await unit.lock([])
        await unit.write([opening(first)])


async def test_it_comes_at_the_hour_in_china_once_and_again_the_next_day(sending, pool):
    await a_case(pool)
    runner = sending.runner()
    await sending.look(runner)
    assert sending.receiver.got == []

    sending.clock.forward(minutes=1)
    for _ in range(3):
        await sending.look(runner)

    (message,) = sending.receiver.taken()
    assert message["type"] == "digest"
    digest = message["data"]["digest"]
    assert (digest["office"], digest["on"]) == (OFFICE, "2026-06-02")
    asked = next(one for one in digest["parts"] if one["part"] == "ASKED_TO_LEAD")
    assert asked["count"] == 1
    assert [item["id"] for item in asked["items"]] == ["case-1"]
    headers = sending.receiver.got[0][0]
    assert headers["webhook-id"] == "digest_office_2026-06-02"
    sending.clock.forward(days=1)
    await sending.look(sending.runner())
    assert [one["data"]["digest"]["on"] for one in sending.receiver.taken()] == [
        "2026-06-02", "2026-06-03"
    ]  # fmt: skip


async def test_a_runner_that_was_down_for_days_sends_that_of_today_once(sending):
    sending.clock.forward(minutes=1)
    await sending.look(sending.runner())
    sending.clock.forward(days=4, hours=9)

    for _ in range(2):
        await sending.look(sending.runner())

    assert [one["data"]["digest"]["on"] for one in sending.receiver.taken()] == [
        "2026-06-02", "2026-06-06"
    ]  # fmt: skip


async def test_of_ten_runners_at_once_one_sends_it(sending):
    sending.clock.forward(minutes=1)
    runners = [sending.runner() for _ in range(10)]

    async with asyncio.TaskGroup() as group:
        for one in runners:
            group.create_task(sending.look(one))

    assert len(sending.receiver.got) == 1


async def test_a_runner_that_is_killed_while_it_calls_is_followed_by_another(sending):
    sending.clock.forward(minutes=1)
    sending.receiver.hang = asyncio.Event()
    killed = sending.runner()
    await killed.look()
    await asyncio.sleep(0.2)
    for task in list(killed._sending.values()):
        task.cancel()
    await killed.finish()
    sending.receiver.hang.set()

    await sending.look(sending.runner())

    # What the killed one had sent may arrive too: it bears the same id.
    ids = {headers["webhook-id"] for headers, *_ in sending.receiver.got}
    assert ids == {"digest_office_2026-06-02"}
    before = len(sending.receiver.got)
    await sending.look(sending.runner())
    assert len(sending.receiver.got) == before


async def test_an_endpoint_that_fails_is_tried_again_later_with_the_same_id(sending):
    sending.clock.forward(minutes=1)
    sending.receiver.answers = [500, 204]
    runner = sending.runner()
    await sending.look(runner)
    await sending.look(runner)
    assert len(sending.receiver.got) == 1, "it rests first"

    sending.clock.forward(minutes=1)
    await sending.look(runner)

    assert [status for *_, status in sending.receiver.got] == [500, 204]
    assert len({headers["webhook-id"] for headers, *_ in sending.receiver.got}) == 1


async def test_nothing_is_told_that_does_not_stand_in_the_trail(sending):
    sending.clock.forward(minutes=1)
    trail = Trail()
    trail.failure = TrailUnavailable()
    await sending.look(sending.runner(trail=trail))

    assert sending.receiver.got == []
    assert sending.notes.calls == [("office", "not-audited")]


async def test_who_does_not_ask_for_it_gets_none(pool):
    receiver = Receiver()
    async with serving(receiver) as port:
        made = Sending(
            pool, receiver, port, MovingClock(EARLY + timedelta(hours=1)), digest=False
        )
        await made.look(made.runner())
        await made.caller.close()
        await made.trail.close()

    assert receiver.got == []


async def test_without_the_store_nothing_is_sent(sending):
    class Gone:
        async def done(self, _day):
            raise StoreUnavailable("gone")

    sending.clock.forward(minutes=1)

    with pytest.raises(StoreUnavailable):
        await sending.runner(sent=Gone()).look()

    assert json.dumps(sending.receiver.taken()) == "[]"
