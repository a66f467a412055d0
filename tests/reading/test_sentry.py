"""Enumeration of workers: counted, throttled, written down, and never told apart."""

from __future__ import annotations

import asyncio

import pytest

from hub.audit.trail import TrailUnavailable
from hub.reading.reader import LookUp
from hub.reading.sentry import Sentry, Thresholds
from schema.records.purpose import PurposeOfUse
from schema.records.refusal import Bilingual, Refusal
from schema.records.selection import Selection
from schema.records.wanted import ById, ByNumber
from tests.fakes.hub import Trail, caller

KNOWN = "known"
WRONG = Refusal("WRONG_CHECK_DIGIT", "GB-11643", Bilingual("", ""), Bilingual("", ""))
DENIED = Refusal("PURPOSE_NOT_ALLOWED", "p", Bilingual("", ""), Bilingual("", ""))


class Reader:
    """Knows one number; notes what it is asked, and how much at once."""

    def __init__(self):
        self.asked = []
        self.at_once = self.most_at_once = 0
        self.pause = 0.0

    async def read(self, lookups, _caller, _request):
        self.asked += lookups
        self.at_once += len(lookups)
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(self.pause)
        self.at_once -= len(lookups)
        return [self._find(one.by) for one in lookups]

    def _find(self, by):
        if isinstance(by, ById) or by.text == KNOWN:
            return "a file"
        return {"wrong": WRONG, "denied": DENIED}.get(by.text)


class Watcher:
    def __init__(self):
        self.alarms = []
        self.ends = []

    def enumeration_alarm(self, whose):
        self.alarms.append(whose)

    def looked_up(self, outcome):
        self.ends.append(outcome)


class Post:
    """A sentry, and all that is around it."""

    def __init__(self, subject=10, office=1000, remembered=100):
        self.now = 1000.0
        self.reader, self.trail, self.watcher = Reader(), Trail(), Watcher()
        self.sentry = Sentry(
            self.reader,
            self.trail,
            self.watcher,
            Thresholds(60.0, subject, office, remembered),
            lambda: self.now,
        )

    async def ask(self, *texts, who=None):
        lookups = [
            LookUp(
                ById(text[3:]) if text.startswith("id:") else ByNumber(text),
                PurposeOfUse.MEMBERSHIP_SERVICE,
                Selection(),
            )
            for text in texts
        ]
        return await self.sentry.read(lookups, who or caller(), "request-1")


def code(outcome):
    return getattr(outcome, "code", outcome)


@pytest.fixture
def post():
    return Post()


async def test_past_the_limit_look_ups_by_number_are_refused_unlooked(post):
    await post.ask(*["unknown"] * 9)
    assert await post.ask(KNOWN) == ["a file"]
    await post.ask("unknown")
    asked = len(post.reader.asked)

    known, unknown, other = await post.ask(KNOWN, "unknown", "id:1")

    assert code(known) == code(unknown) == "ENUMERATION_SUSPECTED"
    assert known == unknown
    assert other == "a file"
    assert len(post.reader.asked) == asked + 1


async def test_what_is_refused_stands_in_the_trail_like_everything_else(post):
    await post.ask(*["unknown"] * 10)
    await post.ask("unknown", KNOWN)

    assert [(one.outcome, one.rule, one.worker) for one in post.trail.written] == [
        ("refused", "limits.enumeration/ENUMERATION_SUSPECTED", "")
    ] * 2
    assert post.watcher.ends == ["refused"] * 2


async def test_one_alarm_is_written_with_counts_and_without_a_number(post):
    for _ in range(30):
        await post.ask("110101199003078515")

    (alarm,) = post.trail.alarms
    assert (alarm.whose, alarm.misses, alarm.limit, alarm.window) == (
        "subject", 10, 10, 60
    )  # fmt: skip
    assert (alarm.subject, alarm.office) == ("officer-1", "OFFICE-44")
    assert "110101199003078515" not in repr(alarm)
    assert post.watcher.alarms == ["subject"]


async def test_numbers_that_can_be_nobodys_count_and_purposes_do_not(post):
    await post.ask(*["denied"] * 50)
    assert post.trail.alarms == []

    await post.ask(*["wrong"] * 10)
    assert len(post.trail.alarms) == 1


async def test_a_list_of_a_hundred_counts_as_a_hundred(post):
    await post.ask(*["unknown"] * 100)

    assert post.trail.alarms[0].misses == 100
    assert code((await post.ask(KNOWN))[0]) == "ENUMERATION_SUSPECTED"


async def test_after_the_window_all_is_well_again_and_the_next_alarm_is_another(post):
    await post.ask(*["unknown"] * 10)
    post.now += 61
    assert await post.ask(KNOWN) == ["a file"]

    await post.ask(*["unknown"] * 10)
    assert len(post.trail.alarms) == 2


async def test_many_subjects_of_one_office_are_one_office():
    post = Post(subject=10, office=25)
    for name in "abcdef":
        await post.ask(*["unknown"] * 5, who=caller(subject=name))

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
            group.create_task(post.ask("unknown"))

    assert len(post.reader.asked) <= 10
    assert post.reader.most_at_once <= 10
    assert len(post.trail.alarms) == 1


async def test_who_finds_people_is_not_held_up(post):
    await post.ask(*[KNOWN] * 100)
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
        await post.ask("unknown", who=caller(subject=f"s{number}", office=f"o{number}"))

    assert len(post.sentry) == 100


async def test_an_alarm_that_cannot_be_written_closes_the_answer(post):
    await post.ask(*["unknown"] * 9)
    post.trail.failure = TrailUnavailable("the disk is full")

    with pytest.raises(TrailUnavailable):
        await post.ask("unknown")


async def test_who_leaves_frees_their_place(post):
    post.reader.pause = 30
    waiting = asyncio.create_task(post.ask(*["unknown"] * 10))
    await asyncio.sleep(0.01)
    next_one = asyncio.create_task(post.ask(KNOWN))
    await asyncio.sleep(0.01)
    assert not next_one.done()

    post.reader.pause = 0
    waiting.cancel()
    assert await asyncio.wait_for(next_one, 1) == ["a file"]
