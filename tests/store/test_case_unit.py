from __future__ import annotations

import asyncio

import psycopg
import pytest

from hub.feeds.case_change import decode_case, decode_task
from hub.feeds.events import Topic
from hub.following.case_events import ActRecorded
from hub.following.ports import Clashed, Looked
from hub.following.task_events import Acknowledged
from hub.store.audit import verify_book
from hub.store.case_forms import read_event
from hub.store.case_reading import CaseReading
from hub.store.case_unit import Cases
from hub.store.feeds import FeedStore
from hub.store.unavailable import StoreUnavailable
from schema.records.case import CaseState
from schema.records.case_notice import Notice, NoticeKind
from schema.records.case_task import TaskState
from schema.records.cooperation import CooperationEvent, CooperationStep
from tests.builders.cases import going_on, later, new_worker, opening
from tests.following.case_samples import (
    ACCEPTED,
    AT,
    HOME,
    OTHER,
    PLACE,
    TODAY,
    act,
    on_task,
    task,
)


@pytest.fixture
def cases(pool):
    return Cases(pool)


@pytest.fixture
def reading(pool):
    return CaseReading(pool)


async def write(cases, *written, looked=()):
    async with cases.unit() as unit:
        numbers = [each.case.no for each in written if each.case.seq > 1]
        await unit.lock([*numbers, *(one.no for one in looked)])
        await unit.write(written, looked)


async def rows(url, statement):
    async with await psycopg.AsyncConnection.connect(url) as connection:
        return await (await connection.execute(statement)).fetchall()


_TABLES = (
    "rights_case", "case_event", "case_worker", "case_notice", "cooperation_event",
    "case_listing", "audit_entry", "feed_event",
)  # fmt: skip


async def counts(url):
    return {
        table: (await rows(url, f"SELECT count(*) FROM {table}"))[0][0]  # noqa: S608  # ours
        for table in _TABLES
    }


async def said(pool, url, topic, decode):
    events = await FeedStore(pool, url).read(topic, 0, 100)
    return [decode(event.body) for event in events]


async def test_all_that_an_event_changes_is_there_at_once(cases, pool, database_url):
    first = opening(due_on=TODAY, next_at=AT)
    second = opening()
    await write(cases, first, second)

    notices = len(first.told) + len(second.told)
    assert notices
    assert await counts(database_url) == {
        "rights_case": 2,
        "case_event": 2,
        "case_worker": 2,
        "case_notice": notices,
        "cooperation_event": 0,
        "case_listing": 6,  # all, home and place, of each
        "audit_entry": 2,
        "feed_event": 2,
    }
    report = await verify_book(pool)
    assert (report.entries, report.broken) == (2, None)
    changes = await said(pool, database_url, Topic.CASE, decode_case)
    assert [each.no for each in changes] == [first.case.no, second.case.no]
    assert [each.told for each in changes] == [first.told, second.told]
    assert [(each.was, each.seq) for each in changes] == [(None, 1), (None, 1)]
    assert [each.due_on for each in changes] == [TODAY, None]
    assert [each.milestone for each in changes] == [
        first.case.milestones[0],
        second.case.milestones[0],
    ]


async def test_what_was_written_is_what_is_read(cases, reading, database_url):
    first = opening()
    await write(cases, first)
    taken = going_on(first, ACCEPTED, acting="o/k", act=b"1" * 32)
    given = going_on(taken, task())
    await write(cases, taken, given)

    no = first.case.no
    assert await reading.some([no, "no such", "\0", "\ud800"]) == {no: given.case}
    assert await reading.some([]) == {}
    (worker,) = first.case.workers
    other = new_worker()
    told = await reading.of_workers([worker, other, "x\0"])
    assert told == {worker: [given.case], other: [], "x\0": []}
    async with cases.unit() as unit:
        assert await unit.lock([no, "no such", "\0"]) == {no: given.case}
    journal = await rows(
        database_url, "SELECT event::text FROM case_event ORDER BY seq"
    )
    events = [first.event, taken.event, given.event]
    assert [read_event(event) for (event,) in journal] == events


async def test_a_unit_says_what_each_event_did(cases, pool, database_url):
    first = opening()
    await write(cases, first)
    taken = going_on(first, ACCEPTED)
    given = going_on(taken, task())
    seen = going_on(given, on_task(Acknowledged(round=1)))
    await write(cases, taken, given, seen)

    changes = await said(pool, database_url, Topic.CASE, decode_case)
    assert [(each.seq, each.was, each.state) for each in changes[1:]] == [
        (2, CaseState.ROUTED, CaseState.OPEN),
        (3, CaseState.OPEN, CaseState.OPEN),
        (4, CaseState.OPEN, CaseState.OPEN),
    ]
    tasks = await said(pool, database_url, Topic.TASK, decode_task)
    assert [(each.seq, each.was, each.task.state) for each in tasks] == [
        (3, None, TaskState.ASSIGNED),
        (4, TaskState.ASSIGNED, TaskState.ACKNOWLEDGED),
    ]
    assert {(each.no, each.lead) for each in tasks} == {(first.case.no, PLACE)}


async def test_a_notice_is_told_once(cases, pool, database_url):
    first = opening()
    await write(cases, first)
    notice = Notice(NoticeKind.CLOCK_MISSED, PLACE, "c.2026-06-01")
    other = Notice(NoticeKind.CLOCK_MISSED, HOME, "c.2026-06-01")
    no = first.case.no
    for told in ((notice,), (notice,), (notice, other, other)):
        await write(cases, looked=[Looked(no=no, told=told, next_at=later(1))])

    changes = await said(pool, database_url, Topic.CASE, decode_case)
    assert [each.told for each in changes] == [first.told, (notice,), (other,)]
    reminder = changes[1]
    assert reminder.milestone is None
    assert (reminder.seq, reminder.state, reminder.was) == (1, *[CaseState.ROUTED] * 2)
    assert (await counts(database_url))["audit_entry"] == 1


async def test_steps_of_cooperation_are_kept_in_their_order(cases, database_url):
    asked = CooperationEvent(
        id="n.t1", step=CooperationStep.ASKED, at=AT, asker=PLACE.union,
        asker_province="44", asked=HOME.union, asked_province="51", answer_by=TODAY,
    )  # fmt: skip
    rated = CooperationEvent(
        id="n.t1", step=CooperationStep.RATED, at=AT, timeliness=5, effort=4
    )
    first = opening(cooperation=(asked, rated))
    await write(cases, first)

    assert await rows(
        database_url,
        "SELECT id, step, asker, asker_province, asked, asked_province, answer_by,"
        " timeliness, effort, case_no FROM cooperation_event ORDER BY place",
    ) == [
        ("n.t1", "ASKED", "place-union", "44", "home-union", "51", TODAY, None, None,
         first.case.no),
        ("n.t1", "RATED", "", "", "", "", None, 5, 4, first.case.no),
    ]  # fmt: skip


async def test_a_key_names_one_act(cases, database_url):
    first = opening(acting="o|k1", act=b"\1" * 32)
    await write(cases, first)
    async with cases.unit() as unit:
        before = await unit.acted(["o|k1", "o|k2", ""])
    assert before.keys() == {"o|k1"}
    assert (before["o|k1"].case, before["o|k1"].act) == (first.case, b"\1" * 32)

    kept = await counts(database_url)
    with pytest.raises(Clashed):
        await write(cases, opening(), opening(acting="o|k1"))
    assert await counts(database_url) == kept


async def test_a_number_names_one_case(cases, database_url):
    first = opening(no="2026-1")
    await write(cases, first)
    kept = await counts(database_url)
    with pytest.raises(Clashed):
        await write(cases, opening(no="2026-1"))
    assert await counts(database_url) == kept


async def test_two_that_act_on_one_case_take_turns(cases):
    first = opening()
    await write(cases, first)
    seen = []

    async def attempt():
        async with cases.unit() as unit:
            case = (await unit.lock([first.case.no]))[first.case.no]
            seen.append(case.state)
            await asyncio.sleep(0.01)
            if case.state is CaseState.ROUTED:
                await unit.write([going_on(case, ACCEPTED)])

    async with asyncio.TaskGroup() as group:
        for _ in range(4):
            group.create_task(attempt())

    assert seen == [CaseState.ROUTED] + [CaseState.OPEN] * 3


async def test_what_was_not_locked_is_refused_at_once(cases):
    first = opening()
    await write(cases, first)
    looked = Looked(no=first.case.no, told=(), next_at=None)
    for written, looks in (([going_on(first, ACCEPTED)], []), ([], [looked])):
        with pytest.raises(RuntimeError, match="not locked"):
            async with cases.unit() as unit:
                await unit.write(written, looks)
    async with cases.unit() as unit:
        await unit.acted([])
        with pytest.raises(RuntimeError, match="order"):
            await unit.lock([])


async def test_the_journal_is_only_added_to(cases, database_url):
    await write(cases, opening())
    for statement in (
        "UPDATE case_event SET acting = 'x'",
        "DELETE FROM case_event",
        "TRUNCATE case_event",
    ):
        with (
            pytest.raises(psycopg.errors.RestrictViolation),
            psycopg.connect(database_url) as connection,
        ):
            connection.execute(statement)


async def test_a_backend_that_is_killed_leaves_nothing(cases, database_url):
    first = opening()

    async def die_before_the_commit():
        async with cases.unit() as unit:
            await unit.write([first])
            await unit._connection.execute(
                "SELECT pg_terminate_backend(pg_backend_pid())"
            )

    with pytest.raises(StoreUnavailable):
        await die_before_the_commit()
    assert set((await counts(database_url)).values()) == {0}
    await write(cases, first)


async def test_the_trail_stays_whole_under_load(cases, pool, database_url):
    """Openers and actors at once, on cases that overlap."""
    standing = [opening() for _ in range(12)]
    await write(cases, *standing)
    numbers = [each.case.no for each in standing]

    async def actor(turn):
        picked = [numbers[(turn * 7 + step * 5) % 12] for step in range(4)]
        async with cases.unit() as unit:
            locked = await unit.lock(picked)
            done = []
            for case in locked.values():
                event = (
                    ACCEPTED
                    if case.state is CaseState.ROUTED
                    else act(key=f"a{turn}", who=PLACE)
                )
                assert isinstance(event, ActRecorded) or case.lead == HOME
                done.append(going_on(case, event))
            new = opening(to=OTHER)
            await unit.write([*done, new])

    async with asyncio.TaskGroup() as group:
        for turn in range(20):
            group.create_task(actor(turn))

    report = await verify_book(pool)
    kept = await counts(database_url)
    assert report.broken is None
    assert report.entries == kept["case_event"] == 12 + 20 * 5
    assert kept["rights_case"] == 32
