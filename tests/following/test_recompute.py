"""Rules change: the clocks of all open cases are re-evaluated, and nothing else is."""

from __future__ import annotations

import pytest

from hub.following.book import Book
from hub.following.recompute import Recomputed, recompute, stale
from hub.store.case_moments import CaseMoments
from hub.store.case_reading import CaseReading
from hub.store.case_unit import Cases
from schema.records import case_wish as w
from schema.records.case import Outcome
from tests.builders.link_fixtures import pool  # noqa: F401  # a fixture
from tests.following.world import (
    BOOK,
    DAY,
    HOME,
    PLACE,
    TEXTS,
    TODAY,
    TurnedClock,
    World,
)

_OLD = b'id = "mediation-15"\nclock = "mediation"\ncalendar = "natural_days"\ndays = 15'


def _book(days):
    clocks = TEXTS["clocks.toml"]
    assert clocks.count(_OLD) == 1
    changed = clocks.replace(_OLD, _OLD[:-2] + b"%d" % days)
    return Book.load((TEXTS | {"clocks.toml": changed}).__getitem__)


@pytest.fixture
async def worlds(pool):  # noqa: F811
    clock, made = TurnedClock(), []

    def world(book=BOOK):
        made.append(World(Cases(pool), CaseReading(pool), clock, book=book))
        return made[-1]

    yield world
    for one in made:
        await one.following.close()


async def _set_anew(world, book, progress=lambda _: None):
    return await recompute(world.reading, world.following, book, progress)


async def test_all_open_cases_have_the_days_of_the_new_rule(worlds, pool):  # noqa: F811
    old = worlds()
    asked = w.StateFacts(facts=(w.FactWish(kind="mediation-requested", on=TODAY),))
    cases = [
        await old.does(await old.opened(), PLACE, w.AcceptLead(), asked)
        for _ in range(3)
    ]
    ended = await old.does(cases[2], PLACE, w.CloseCase(Outcome.SETTLED, TODAY))
    without = await old.opened()
    assert await _set_anew(old, BOOK) == Recomputed(3, 0)

    book = _book(30)
    new = worlds(book)
    assert [stale(book, one) for one in cases[:2]] == [True, True]
    assert await _set_anew(new, book) == Recomputed(3, 2)
    after = await new.reading.some([one.no for one in (*cases, without)])
    for one in cases[:2]:
        (due,) = [each for each in after[one.no].dues if each.clock == "mediation"]
        assert due.due_on == TODAY + 30 * DAY
        assert after[one.no].milestones == one.milestones
    assert after[ended.no] == ended
    assert after[without.no] == without
    assert await _set_anew(new, book) == Recomputed(3, 0)
    # The moment at which it passes moved, too.
    moment = new.clock.now() + 20 * DAY
    assert cases[0].no not in await CaseMoments(pool).passed(moment, 10)


class KilledError(Exception):
    """The command was killed."""


async def test_killed_and_started_again_it_goes_on(worlds, monkeypatch):
    monkeypatch.setattr("hub.following.recompute._AT_ONCE", 2)
    old, book = worlds(), _book(40)
    asked = w.StateFacts(facts=(w.FactWish(kind="mediation-requested", on=TODAY),))
    for _ in range(5):
        await old.does(await old.opened(), PLACE, w.AcceptLead(), asked)
    new, told = worlds(book), []

    def kill(so_far):
        told.append(so_far)
        raise KilledError

    with pytest.raises(KilledError):
        await _set_anew(new, book, kill)
    assert told == [Recomputed(2, 2)]
    assert await _set_anew(new, book, told.append) == Recomputed(5, 3)
    assert [one.seen for one in told] == [2, 2, 4, 5]


async def test_where_the_lead_moves_the_rules_of_its_place_count(pool):  # noqa: F811
    # Guangdong has its own, longer, time for mediation; Sichuan has that of all.
    own = b"""
[[rule]]
id = "mediation-44"
clock = "mediation"
calendar = "natural_days"
days = 50
jurisdiction = "44"
valid_from = 2008-05-01
text_zh = "x"
text_en = "x"
source = "a test"
"""
    book = Book.load((TEXTS | {"clocks.toml": TEXTS["clocks.toml"] + own}).__getitem__)
    world = World(Cases(pool), CaseReading(pool), TurnedClock(), book=book)
    asked = w.StateFacts(facts=(w.FactWish(kind="mediation-requested", on=TODAY),))
    case = await world.does(await world.opened(), PLACE, w.AcceptLead(), asked)
    assert [(one.rule, one.due_on) for one in case.dues if one.rule] == [
        ("mediation-44", TODAY + 50 * DAY)
    ]
    case = await world.does(case, PLACE, w.OfferHandOver("county51", "MOVED"))
    case = await world.does(case, HOME, w.AcceptLead())
    assert [(one.rule, one.due_on) for one in case.dues if one.rule] == [
        ("mediation-15", TODAY + 15 * DAY)
    ]
    await world.following.close()
