"""What is said of provinces: by whom, when, and once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from hub.clock import SystemClock
from hub.feeds.province_change import (
    ProvinceChange,
    Stated,
    change_of,
    may_contradict,
    signature,
)
from hub.feeds.reporting import ProvinceReporter
from hub.feeds.settings import FeedSettings
from hub.store.unavailable import StoreUnavailable
from schema.records.keys import ProvinceCode
from schema.records.kinds import RecordKind
from schema.records.province import ProvinceState, ProvinceStatus
from schema.records.refusal import Bilingual, Refused
from schema.records.told import FaultCode
from tests.feeds.live import live, take

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ALL = (RecordKind.WORKER, RecordKind.MEMBERSHIP)


def status(
    state=ProvinceState.ANSWERING, code="44", version="1.0", kinds=ALL, at=None, **more
):
    at = at or SystemClock().now()
    failed = state is ProvinceState.FAILING
    return ProvinceStatus(
        code=ProvinceCode(code),
        name=Bilingual("广东", "Guangdong"),
        state=state,
        contract_version=version,
        kinds=kinds,
        last_answer_at=None if failed else at,
        last_fault=FaultCode.TIMED_OUT if failed else None,
        last_fault_at=at if failed else None,
        median_latency_ms=more.get("latency", 12.5),
    )


def said(seen, was=None):
    return ProvinceChange(seen, was, "hub-1")


def test_the_first_thing_that_is_known_is_news():
    seen = status()

    assert change_of(None, seen, "hub-2") == ProvinceChange(seen, None, "hub-2")


def test_what_is_not_known_is_no_news():
    assert change_of(None, status(ProvinceState.UNKNOWN), "hub-2") is None
    before = said(status())
    assert change_of(before, status(ProvinceState.UNKNOWN), "hub-2") is None


@pytest.mark.parametrize(
    "now",
    [
        status(ProvinceState.FAILING),
        status(ProvinceState.SUSPENDED),
        status(ProvinceState.PAUSED),
        status(version="1.1"),
        status(kinds=(RecordKind.WORKER,)),
    ],
)
def test_state_contract_and_kinds_are_news(now):
    change = change_of(said(status()), now, "hub-2")

    assert change == ProvinceChange(now, ProvinceState.ANSWERING, "hub-2")
    assert change_of(change, now, "hub-3") is None


def test_times_and_latencies_are_no_news():
    assert change_of(said(status(at=NOON)), status(latency=99.0), "hub-2") is None


def test_a_process_that_has_not_heard_the_contract_leaves_it_as_it_was_said():
    unheard = status(ProvinceState.FAILING, version=None, kinds=())

    assert change_of(said(status()), status(version=None, kinds=()), "hub-2") is None
    change = change_of(said(status()), unheard, "hub-2")
    assert change.province.contract_version == "1.0"
    assert change.province.kinds == ALL


@pytest.mark.parametrize(
    ("age", "facts", "may"), [(31, 1, True), (29, 1, False), (31, -1, False)]
)
def test_another_word_is_contradicted_when_it_is_old_and_the_facts_are_new(
    age, facts, may
):
    stated = Stated(1, NOON, said(status()))
    seen = status(ProvinceState.FAILING, at=NOON + timedelta(seconds=facts))
    now = NOON + timedelta(seconds=age)

    assert may_contradict(stated, seen, now, timedelta(seconds=30)) is may


def test_without_facts_nobody_is_contradicted():
    stated = Stated(1, NOON, said(status()))
    seen = replace(status(ProvinceState.PAUSED), last_answer_at=None)

    assert not may_contradict(stated, seen, NOON + timedelta(days=1), timedelta(0))


class Process:
    """A hub process that sees the provinces in its own way."""

    def __init__(self, hub, name, contradict=timedelta(hours=1)):
        self.seen = [status()]
        settings = FeedSettings(contradict_after=contradict)
        self.reporter = ProvinceReporter(
            lambda: self.seen, hub.statements, SystemClock(), settings, name
        )

    async def look(self, *seen):
        if seen:
            self.seen = list(seen)
        await self.reporter.look()
        await self.reporter.look()


def anyone(_event):
    return True


async def test_two_processes_that_see_the_same_say_it_once(database_url):
    async with live(database_url) as hub:
        one, two = Process(hub, "hub-1"), Process(hub, "hub-2")
        async with asyncio.TaskGroup() as group:
            group.create_task(one.look(status(), status(code="51")))
            group.create_task(two.look(status(), status(code="51")))
        stated = await hub.statements.stated()
        events = await hub.store.read("province-status", 0, 10)

    assert sorted(s.change.province.code for s in stated) == ["44", "51"]
    assert len(events) == 2


async def test_a_change_must_be_seen_twice(database_url):
    async with live(database_url) as hub:
        one = Process(hub, "hub-1")
        await one.look(status())
        for state in (ProvinceState.FAILING, ProvinceState.ANSWERING) * 5:
            one.seen = [status(state)]
            await one.reporter.look()
        assert len(await hub.store.read("province-status", 0, 10)) == 1
        one.seen = [status(ProvinceState.FAILING)]
        await one.reporter.look()
        await one.reporter.look()
        assert len(await hub.store.read("province-status", 0, 10)) == 2


async def test_processes_that_disagree_do_not_argue(database_url):
    async with live(database_url) as hub:
        one, two = Process(hub, "hub-1"), Process(hub, "hub-2")
        await one.look(status())
        await two.look(status())
        await two.look(status(ProvinceState.FAILING))
        for _ in range(5):
            await one.look(status())
            await two.look(status(ProvinceState.FAILING))
        events = await hub.store.read("province-status", 0, 20)
        stated = await hub.statements.stated()

    assert len(events) == 2
    assert stated[0].change.seen_by == "hub-2"
    assert stated[0].change.was is ProvinceState.ANSWERING


async def test_the_last_word_of_a_process_that_is_gone_does_not_stand(database_url):
    async with live(database_url) as hub:
        await Process(hub, "hub-1").look(status(ProvinceState.FAILING, at=NOON))
        await asyncio.sleep(0.05)
        two = Process(hub, "hub-2", contradict=timedelta(milliseconds=20))
        await two.look(status())
        stated = await hub.statements.stated()

    assert stated[0].change.province.state is ProvinceState.ANSWERING
    assert stated[0].change.seen_by == "hub-2"


async def test_a_report_that_could_not_be_written_is_written_later(database_url):
    async with live(database_url) as hub:
        one = Process(hub, "hub-1")
        await one.look(status())
        working = hub.statements.state

        async def broken(*_):
            raise StoreUnavailable("down")

        hub.statements.state = broken
        with pytest.raises(StoreUnavailable):
            await one.look(status(ProvinceState.FAILING))
        hub.statements.state = working
        await one.look()
        stated = await hub.statements.stated()

    assert stated[0].change.province.state is ProvinceState.FAILING


async def test_a_subscriber_gets_the_last_change_of_each_and_then_the_next(
    database_url,
):
    async with live(database_url) as hub:
        one = Process(hub, "hub-1")
        await one.look(status(), status(code="51"))
        await one.look(status(ProvinceState.SUSPENDED), status(code="51"))
        follow = await hub.feeds.provinces(None, anyone)
        first = await take(follow, 2)
        await one.look(status(ProvinceState.SUSPENDED), status(code="51", version="2"))
        then = await take(follow, 1)

    # 51 was said before 44 changed: in the order of the feed.
    assert [(e.province.code, e.state, e.was) for e in first] == [
        ("51", ProvinceState.ANSWERING, None),
        ("44", ProvinceState.SUSPENDED, ProvinceState.ANSWERING),
    ]
    assert [(e.province.code, e.province.contract_version) for e in then] == [
        ("51", "2")
    ]
    assert then[0].cursor > first[1].cursor > first[0].cursor


async def test_resuming_after_any_of_them_misses_nothing(database_url):
    async with live(database_url) as hub:
        one = Process(hub, "hub-1")
        codes = ["44", "51", "41", "33"]
        await one.look(*[status(code=code) for code in codes])
        all_ = await take(await hub.feeds.provinces(None, anyone), 4)
        await hub.store.prune(timedelta(0), 1)
        for index in range(3):
            cursor = all_[index].cursor
            if index < 2:
                # Events after it were pruned: it is said so, not left out.
                with pytest.raises(Refused) as refused:
                    await hub.feeds.provinces(cursor, anyone)
                assert refused.value.refusal.code == "CURSOR_EXPIRED"
            else:
                rest = await take(await hub.feeds.provinces(cursor, anyone), 1)
                assert rest == all_[3:]
        last = await hub.feeds.provinces(all_[3].cursor, anyone)
        with pytest.raises(TimeoutError):
            await take(last, 1, within=0.2)


async def test_only_what_a_subscriber_may_see_is_shown(database_url):
    async with live(database_url) as hub:
        one = Process(hub, "hub-1")
        await one.look(status(), status(code="51"))
        follow = await hub.feeds.provinces(
            None, lambda event: event.province.code == "51"
        )
        first = await take(follow, 1)
        await one.look(status(version="2"), status(code="51", version="2"))
        then = await take(follow, 1)

    assert [e.province.code for e in first + then] == ["51", "51"]


def test_the_signature_has_what_callers_act_upon():
    assert signature(status(at=NOON)) == (ProvinceState.ANSWERING, "1.0", ALL)
