"""Registering many links gives way: nobody else waits for it."""

from __future__ import annotations

import asyncio
import gc
from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from hub.linking.registrar import Registrar
from hub.linking.rows import LinkResult, Outcome
from hub.reading.pace import Pace
from hub.web.lag import metering
from tests.builders.linking import PROVINCES, FixedClock, pseudonyms, row
from tests.builders.numbers import many
from tests.fakes.hub import caller
from tests.fakes.operating import Operating

#: Without a pause the loop may work for so long at a stretch, in seconds.
MOST = 0.05
MUTATION = """mutation($links: [LinkInput!]!) { registerLinks(links: $links) {
  ... on LinksRegistered { results { row outcome refusal { code message remedy } } }
} }"""


class Book:
    """Takes every statement."""

    async def settle(self, statements, _source):
        return [LinkResult(one.row, Outcome.CREATED, None) for one in statements]


class Breaths:
    """A pace that is counted."""

    def __init__(self):
        self.taken = 0

    async def breathe(self):
        self.taken += 1


class Longest:
    worked = 0.0

    def held_up(self, _lag, worked):
        self.worked = max(self.worked, worked)


@dataclass
class Inside:
    registrar: Registrar
    reader = provinces = feeds = beside = None
    moving = following = SimpleNamespace(clock=FixedClock())


def registrar(pace=None):
    return Registrar(pseudonyms(), Book(), PROVINCES, FixedClock(), pace)


async def longest(work):
    """Measure the longest stretch; the best of three, as the machine has other work."""
    found = []
    gc.collect()
    gc.disable()  # a hub's own heap is frozen at the start; that of the tests is not
    try:
        for _ in range(3):
            seen = Longest()
            with metering(seen):
                await asyncio.sleep(0.02)
                await work()
                await asyncio.sleep(0.02)
            found.append(seen.worked)
    finally:
        gc.enable()
    return min(found)


async def test_rows_are_checked_in_turns_and_answered_in_their_order():
    pace = Breaths()
    numbers = many(100)
    rows = [
        row(number if place % 3 else "1", local_key=f"W{place}")
        for place, number in enumerate(numbers)
    ]
    at_once = await registrar().register(rows, "office")
    in_turns = await registrar(pace).register(rows, "office")

    assert in_turns == at_once
    assert [one.row for one in in_turns] == list(range(100))
    assert pace.taken == 4


@pytest.mark.parametrize(
    ("number", "key"),
    [("1" * 18, "W{}"), ("1", "9" * 58 + "{:06}"), (many(1)[0], "W{}")],
    ids=["bad number", "a key that looks like numbers", "good"],
)
async def test_many_rows_hold_nobody_up(number, key):
    rows = [row(number, local_key=key.format(place)) for place in range(5000)]
    made = registrar(Pace(0.01))

    assert await longest(lambda: made.register(rows, "office")) < MOST


async def test_a_thousand_links_over_graphql_hold_nobody_up():
    pace = Pace()
    operate = Operating(Inside(registrar(pace)), pace)
    link = {
        "residentId": "1",
        "province": "44",
        "kinds": ["MEMBERSHIP", "SKILL"],
        "validFrom": "2020-01-01",
    }
    links = [{**link, "localId": f"W{place}"} for place in range(1000)]
    answers = []

    async def work():
        answers.append(
            await operate(caller("44", "links:write"), MUTATION, links=links)
        )

    assert await longest(work) < MOST
    results = answers[0].body["data"]["registerLinks"]["results"]
    assert [one["row"] for one in results] == list(range(1000))
    assert {one["refusal"]["code"] for one in results} == {"WRONG_LENGTH"}


async def test_a_thousand_bad_representations_hold_nobody_up():
    pace = Pace()
    operate = Operating(Inside(registrar(pace)), pace)
    text = "query($r: [_Any!]!) { _entities(representations: $r) { __typename } }"
    who = caller()
    answers = []

    async def work():
        answers.append(await operate(who, text, r=[{}] * 1000))

    assert await longest(work) < MOST
    assert len(answers[0].body["errors"]) == 1000
