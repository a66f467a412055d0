"""一函两书: each letter that is recorded waits for its own answer."""

from __future__ import annotations

from datetime import date

import pytest

from hub.following.implied import implied
from schema.records import case_wish as w
from schema.records.case import ActKind
from schema.records.clock import Phase
from tests.following.case_samples import running
from tests.following.world import DAY, PLACE, TODAY, Memory, TurnedClock, World

LETTERS = [
    (ActKind.HINT_LETTER, "hint"),
    (ActKind.OPINION_LETTER, "opinion"),
    (ActKind.PROPOSAL_LETTER, "proposal"),
]


@pytest.fixture
def world():
    clock = TurnedClock()
    store = Memory(clock)
    return World(store, store, clock)


async def led(world):
    return await world.does(await world.opened(), PLACE, w.AcceptLead())


def replies(case, name):
    return [
        (one.phase, one.due_on) for one in case.dues if one.clock == f"{name}-reply"
    ]


def answered(name, **more):
    return w.StateFacts(facts=(w.FactWish(kind=f"{name}-answered", on=TODAY, **more),))


@pytest.mark.parametrize(("kind", "name"), LETTERS)
async def test_a_letter_that_is_recorded_waits_for_its_answer(world, kind, name):
    letter = w.RecordAct(kind=kind, on=TODAY)
    case = await world.does(await led(world), PLACE, letter)

    assert replies(case, name) == [(Phase.RUNNING, date(2026, 3, 23))]
    case = await world.does(case, PLACE, answered(name))
    assert [phase for phase, _ in replies(case, name)] == [Phase.MET]


async def test_two_letters_wait_each_for_its_own_answer(world):
    first = w.RecordAct(kind=ActKind.OPINION_LETTER, on=TODAY - DAY)
    second = w.RecordAct(kind=ActKind.OPINION_LETTER, on=TODAY)
    case = await world.does(await led(world), PLACE, first, second)
    names = [one.about for one in case.dues if one.clock == "opinion-reply"]

    assert len(set(names)) == 2
    assert await world.refused(case, PLACE, answered("opinion")) == "SEVERAL_LETTERS"
    case = await world.does(case, PLACE, answered("opinion", about=names[0]))
    assert [phase for phase, _ in replies(case, "opinion")] == [
        Phase.MET,
        Phase.RUNNING,
    ]
    # The one that is left needs not be named.
    case = await world.does(case, PLACE, answered("opinion"))
    assert {phase for phase, _ in replies(case, "opinion")} == {Phase.MET}


def test_a_letter_whose_fact_is_stated_with_it_is_served_once():
    stated = w.FactWish(kind="opinion-served", on=TODAY - DAY)
    act = w.RecordAct(kind=ActKind.OPINION_LETTER, on=TODAY, facts=(stated,))

    assert implied(running(), act, TODAY) == ()
