"""How fast one caller may ask, and what they are told when that was too fast."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.access.caller import Caller
from hub.config.callers import CallerSettings, PaceSettings
from hub.web.errors import BadRequest
from hub.web.throttle import Bucket, filled, full, surcharge, take, wait
from hub.web.turnstile import Turnstile

FAST = {"rate": 1000, "burst": 1000, "at_once": 1000}


def who(subject="officer", office="4401", *scopes):
    return Caller(subject, "issuer", office, "44", frozenset(scopes), 2e9)


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def turnstile(clock):
    def make(**settings):
        settings = {"office": FAST, **settings}
        return Turnstile(CallerSettings(**settings), clock)

    return make


def ask(turnstile, caller=None):
    with turnstile.let_in(caller or who()):
        pass


def refused(turnstile, caller=None):
    with pytest.raises(BadRequest) as bad:
        ask(turnstile, caller)
    (problem,) = bad.value.problems
    assert problem.code == "RATE_LIMITED"
    assert problem.status == 429
    return problem.retry_after


PACE = PaceSettings(rate=2, burst=4, at_once=9)


@given(
    st.lists(st.floats(0, 10), max_size=40),
    st.floats(0.1, 100),
    st.integers(1, 50),
)
def test_nobody_gets_more_than_burst_and_rate_together_allow(pauses, rate, burst):
    pace = PaceSettings(rate=rate, burst=burst, at_once=1)
    now, bucket, let_in = 0.0, full(pace, 0.0), 0
    for pause in pauses:
        now += pause
        bucket = filled(bucket, pace, now)
        if not wait(bucket, pace):
            bucket = take(bucket, 1.0)
            let_in += 1

    assert let_in <= burst + rate * now + 1e-6
    assert bucket.level <= burst


@given(st.floats(-500, 3.99))
def test_who_waits_as_told_gets_in(level):
    bucket = Bucket(level, 0.0)
    later = filled(bucket, PACE, wait(bucket, PACE) + 1e-9)

    assert wait(later, PACE) < 1e-6


def test_a_clock_that_stands_still_gives_nothing():
    assert filled(Bucket(1.0, 5.0), PACE, 4.0).level == 1.0


def test_a_burst_is_let_in_and_then_the_rate(turnstile, clock):
    made = turnstile(subject={"rate": 2, "burst": 3, "at_once": 9})
    for _ in range(3):
        ask(made)

    assert refused(made) == 1
    clock.now += 0.5
    ask(made)
    assert refused(made) == 1


def test_a_request_that_asks_for_much_takes_more(turnstile, clock):
    made = turnstile(subject={"rate": 1, "burst": 10, "at_once": 9})
    ask(made)
    made.charge(who(), 30_000)

    assert refused(made) == 22
    clock.now += 22
    ask(made)
    assert surcharge(999) == 0


def test_those_of_one_office_share_its_pace_and_others_are_not_touched(turnstile):
    made = turnstile(office={"rate": 1, "burst": 3, "at_once": 9})
    for subject in "abc":
        ask(made, who(subject))

    assert refused(made, who("d")) == 1
    ask(made, who("d", "5101"))


def test_who_is_refused_takes_nothing_from_the_office(turnstile):
    made = turnstile(
        subject={"rate": 1, "burst": 1, "at_once": 9},
        office={"rate": 1, "burst": 2, "at_once": 9},
    )
    ask(made, who("a"))
    for _ in range(5):
        refused(made, who("a"))

    ask(made, who("b"))


def test_too_many_at_once_are_refused_until_one_has_ended(turnstile):
    made = turnstile(subject={"rate": 1000, "burst": 1000, "at_once": 2})
    with made.let_in(who()), made.let_in(who()):
        assert refused(made) == 1
        ask(made, who("other"))
    ask(made)


def test_what_fails_inside_has_ended_too(turnstile):
    made = turnstile(subject={"rate": 1000, "burst": 1000, "at_once": 1})
    with pytest.raises(ValueError, match="inside"), made.let_in(who()):
        raise ValueError("inside")

    ask(made)


def test_a_scope_has_a_class_of_its_own(turnstile):
    slow = {"rate": 1, "burst": 1, "at_once": 1}
    made = turnstile(
        subject=slow,
        classes=[{"scope": "hub:operate", "subject": FAST, "office": FAST}],
    )
    operator = who("operator", "4401", "hub:operate")
    for _ in range(50):
        ask(made, operator)
    ask(made)

    assert refused(made) == 1


def test_memory_has_a_bound_whatever_subjects_come(turnstile):
    made = turnstile(remembered=100)
    for number in range(1000):
        ask(made, who(f"s{number}", f"o{number}"))

    assert len(made) == 100


async def test_a_caller_is_told_when_to_come_back(ask_with):
    slow = {"subject": {"rate": 0.5, "burst": 2, "at_once": 9}}
    async with ask_with(limits={"callers": slow}) as ask:
        good = [await ask("{hello}") for _ in range(2)]
        bad = await ask("{hello}", headers={"Accept-Language": "zh-CN"})

    assert [one.status for one in good] == [200, 200]
    assert (bad.status, bad.code) == (429, "RATE_LIMITED")
    assert 1 <= int(bad.headers["Retry-After"]) <= 2
    assert bad.error["extensions"]["retryAfter"] == int(bad.headers["Retry-After"])
    assert "频繁" in bad.error["message"]
    assert bad.error["extensions"]["requestId"] == bad.headers["X-Request-Id"]
    assert "workers" in bad.error["extensions"]["remedy"]["en"]


async def test_one_at_a_time_means_one_at_a_time(ask_with):
    one = {"subject": {"rate": 100, "burst": 100, "at_once": 1}}
    async with (
        ask_with(limits={"callers": one}) as ask,
        asyncio.TaskGroup() as group,
    ):
        first = group.create_task(ask("{slow}"))
        await asyncio.sleep(0.2)
        second = await ask("{hello}")
        assert (second.status, second.headers["Retry-After"]) == (429, "1")
        assert (await first).status == 504
        assert (await ask("{hello}")).status == 200


async def test_the_cost_is_told_on_request(ask):
    query = '{workers(by:[{workerId:"1"},{workerId:"2"}],purpose:MEMBERSHIP_SERVICE){id friends{id}}}'  # fmt: skip
    plain = await ask(query)
    by_header = await ask(query, headers={"X-Hub-Cost": "1"})
    by_extension = await ask(query, also={"extensions": {"cost": True}})

    assert "extensions" not in plain.json
    assert by_header.json["extensions"] == {"cost": {"cost": 11, "limit": 200_000}}
    assert by_extension.json["extensions"] == by_header.json["extensions"]


async def test_what_costs_too_much_is_told_how_much(ask_with):
    async with ask_with(limits={"cost": 10}) as ask:
        answer = await ask("{" + " ".join(f"a{i}:hello" for i in range(11)) + "}")

    assert answer.error["extensions"]["cost"] == {"cost": 11, "limit": 10}


async def test_more_mistakes_in_variables_than_are_listed_are_no_bug(ask):
    query = "query($by:[WorkerBy!]!){workers(by:$by,purpose:MEMBERSHIP_SERVICE){id}}"
    answer = await ask(query, also={"variables": {"by": [{"x": 1}] * 80}})
    codes = [one["extensions"]["code"] for one in answer.json["errors"]]

    assert set(codes) == {"BAD_USER_INPUT"}
    assert len(codes) == 11
    assert "listed" in answer.json["errors"][-1]["message"]
