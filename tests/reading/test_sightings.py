"""Only distinct numbers are guesses, and none of them is kept."""

from __future__ import annotations

import asyncio

import pytest

from hub.reading.sightings import Sightings
from tests.builders.linking import FixedClock
from tests.builders.numbers import many
from tests.fakes.post import KNOWN, Post, strangers


@pytest.fixture
def post():
    return Post()


async def test_one_number_is_one_guess_however_often_and_however_it_is_written(post):
    (number,) = many(1)
    spaced = f" {number[:6]} {number[6:14]}-{number[14:]}"
    old = number[:6] + number[8:17]
    for _ in range(30):
        await post.ask(number, spaced, old, "wrong", "wrong")

    assert post.trail.alarms == []
    await post.ask(*strangers(8))
    assert [one.misses for one in post.trail.alarms] == [10]


async def test_to_find_one_person_often_allows_no_more_guesses_at_once(post):
    await post.ask(*[KNOWN] * 100)
    post.reader.pause, post.reader.most_at_once = 0.01, 0
    async with asyncio.TaskGroup() as group:
        for _ in range(100):
            group.create_task(post.ask(*strangers(1)))

    assert post.reader.most_at_once <= 11


async def test_a_number_counts_again_after_the_window(post):
    numbers = strangers(9)
    await post.ask(*numbers)
    post.now += 61
    await post.ask(*numbers)
    assert post.trail.alarms == []

    await post.ask(*strangers(1))
    assert len(post.trail.alarms) == 1


async def test_numbers_are_remembered_up_to_a_bound_and_forgotten_ones_count_twice():
    post = Post(subject=60, office=1000, seen=40)
    numbers = strangers(30)
    await post.ask(*numbers)
    await post.ask(*numbers)

    assert [one.misses for one in post.trail.alarms] == [60]


def test_a_sighting_is_a_digest_and_another_process_has_another():
    numbers = many(50)
    one, other = (Sightings(FixedClock(), 10) for _ in range(2))

    assert len({one.digest(number) for number in numbers}) == 50
    assert one.digest(numbers[0]) != other.digest(numbers[0])
    now = {"found": True, "now": 0.0, "window": 60.0}
    assert one.new(("subject", "s"), map(one.digest, numbers), **now) == 50
    assert len(one) == 10
    assert numbers[-1] not in repr(vars(one))
    assert one.new(("subject", "s"), [one.digest(numbers[-1])], **now) == 0
    assert one.new(("subject", "another"), [one.digest(numbers[-1])], **now) == 1
