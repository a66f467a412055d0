"""Enumeration of workers: counted, throttled, written down, and never told apart."""

from __future__ import annotations

import asyncio

import pytest

from hub.audit.trail import TrailUnavailable
from tests.builders.numbers import many
from tests.fakes.hub import caller
from tests.fakes.post import KNOWN, Post, strangers


def code(outcome):
    return getattr(outcome, "code", outcome)


@pytest.fixture
def post():
    return Post()


async def test_past_the_limit_look_ups_by_number_are_refused_unlooked(post):
    await post.ask(*strangers(9))
    assert await post.ask(KNOWN) == ["a file"]
    await post.ask(*strangers(1))
    asked = len(post.reader.asked)

    known, unknown, other = await post.ask(KNOWN, *strangers(1), "id:1")

    assert code(known) == code(unknown) == "ENUMERATION_SUSPECTED"
    assert known == unknown
    assert other == "a file"
    assert len(post.reader.asked) == asked + 1


async def test_what_is_refused_stands_in_the_trail_like_everything_else(post):
    await post.ask(*strangers(10))
    await post.ask(*strangers(1), KNOWN)

    assert [(one.outcome, one.rule, one.worker) for one in post.trail.written] == [
        ("refused", "limits.enumeration/ENUMERATION_SUSPECTED", "")
    ] * 2
    assert post.watcher.ends == ["refused"] * 2


async def test_one_alarm_is_written_with_counts_and_without_a_number(post):
    for number in many(30):
        await post.ask(number)

    (alarm,) = post.trail.alarms
    assert (alarm.whose, alarm.misses, alarm.limit, alarm.window) == (
        "subject", 10, 10, 60
    )  # fmt: skip
    assert (alarm.subject, alarm.office) == ("officer-1", "OFFICE-44")
    assert not any(number in repr(alarm) for number in many(30))
    assert post.watcher.alarms == ["subject"]


async def test_numbers_that_can_be_nobodys_count_and_purposes_do_not(post):
    await post.ask(*[f"denied-{number}" for number in range(50)])
    assert post.trail.alarms == []

    await post.ask(*[f"wrong-{number}" for number in range(10)])
    assert len(post.trail.alarms) == 1


async def test_a_list_of_a_hundred_counts_as_a_hundred(post):
    await post.ask(*strangers(100))

    assert post.trail.alarms[0].misses == 100
    assert code((await post.ask(KNOWN))[0]) == "ENUMERATION_SUSPECTED"


async def test_after_the_window_all_is_well_again_and_the_next_alarm_is_another(post):
    await post.ask(*strangers(10))
    post.now += 61
    assert await post.ask(KNOWN) == ["a file"]

    await post.ask(*strangers(10))
    assert len(post.trail.alarms) == 2


async def test_many_subjects_of_one_office_are_one_office():
    post = Post(subject=10, office=25)
    for name in "abcdef":
        await post.ask(*strangers(5), who=caller(subject=name))

    assert [one.whose for one in post.trail.alarms] == ["office"]
    assert code((await post.ask(KNOWN, who=caller(subject="z")))[0]) == (
        "ENUMERATION_SUSPECTED"
    )
    other = caller("51", office="OFFICE-51")
    assert await post.ask(KNOWN, who=other) == ["a file"]


async def test_a_flood_at_once_gains_nothing(post):
    post.reader.pause = 0.01
    async with asyncio.TaskGroup() as group:
        for _ in range(100):
            group.create_task(post.ask(*strangers(1)))

    assert len(post.reader.asked) <= 10
    assert post.reader.most_at_once <= 10
    assert len(post.trail.alarms) == 1


async def test_who_finds_people_is_not_held_up(post):
    await post.ask(*[f"{KNOWN}-{number}" for number in range(100)])
    post.reader.pause = 0.01
    async with asyncio.TaskGroup() as group:
        for _ in range(100):
            group.create_task(post.ask(KNOWN))

    assert post.reader.most_at_once == 100
    assert post.trail.alarms == []


async def test_by_other_names_nobody_is_counted(post):
    await post.ask(*["id:1"] * 100)

    assert len(post.sentry) == 0


async def test_memory_has_a_bound(post):
    for number in range(300):
        await post.ask(
            *strangers(1), who=caller(subject=f"s{number}", office=f"o{number}")
        )

    assert len(post.sentry) == 100


async def test_an_alarm_that_cannot_be_written_closes_the_answer_and_stays_due():
    post = Post(subject=10, office=10)
    await post.ask(*strangers(9))
    post.trail.failure = TrailUnavailable("the disk is full")
    for _ in range(3):
        with pytest.raises(TrailUnavailable):
            await post.ask(*strangers(1))
    assert post.trail.alarms == []

    post.trail.failure = None
    assert code((await post.ask(KNOWN))[0]) == "ENUMERATION_SUSPECTED"
    await post.ask(*strangers(5))

    # Each once; the subject's did not cost the office its own.
    assert sorted((one.whose, one.misses) for one in post.trail.alarms) == [
        ("office", 10),
        ("subject", 10),
    ]
    assert sorted(post.watcher.alarms) == ["office", "subject"]


async def test_an_alarm_that_is_due_is_written_when_the_window_has_passed_too(post):
    post.trail.failure = TrailUnavailable("the disk is full")
    with pytest.raises(TrailUnavailable):
        await post.ask(*strangers(10))
    post.trail.failure = None
    post.now += 61

    assert await post.ask(KNOWN) == ["a file"]
    assert [one.misses for one in post.trail.alarms] == [10]


async def test_who_leaves_while_the_alarm_is_written_does_not_keep_it_out(post):
    written = post.trail.alarm
    disk = asyncio.Event()

    async def slowly(alarm):
        await disk.wait()
        await written(alarm)

    post.trail.alarm = slowly
    asking = asyncio.create_task(post.ask(*strangers(10)))
    await asyncio.sleep(0.01)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert post.trail.alarms == []

    disk.set()
    await asyncio.sleep(0.01)
    assert len(post.trail.alarms) == 1


async def test_who_leaves_frees_their_place(post):
    post.reader.pause = 30
    waiting = asyncio.create_task(post.ask(*strangers(10)))
    await asyncio.sleep(0.01)
    next_one = asyncio.create_task(post.ask(KNOWN))
    await asyncio.sleep(0.01)
    assert not next_one.done()

    post.reader.pause = 0
    waiting.cancel()
    assert await asyncio.wait_for(next_one, 1) == ["a file"]
