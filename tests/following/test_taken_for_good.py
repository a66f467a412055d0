"""What an office may not do to make a case look better than it is, on a real database."""

from __future__ import annotations

import pytest

from hub.store.case_reading import CaseReading
from hub.store.case_unit import Cases
from schema.records import case_wish as w
from schema.records.case import Case
from schema.records.case_task import TaskKind
from tests.builders.link_fixtures import pool  # noqa: F401  # a fixture
from tests.following.world import FIRM, HOME_FIRM, PLACE, TurnedClock, World


@pytest.fixture
def world(pool):  # noqa: F811
    return World(Cases(pool), CaseReading(pool), TurnedClock())


async def accepted(world):
    case = await world.does(await world.opened(), PLACE, w.AcceptLead())
    assert isinstance(case, Case)
    return case


async def test_nobody_rates_their_own_task(world):
    case = await world.does(
        await accepted(world),
        PLACE,
        w.AssignTask(TaskKind.OTHER, FIRM.union),
        w.AssignTask(TaskKind.OTHER, "firm51"),
    )
    below, away = (one.no for one in case.tasks)
    case = await world.does(case, FIRM, w.RefuseTask(below, "NOBODY_THERE"))
    case = await world.does(case, HOME_FIRM, w.RefuseTask(away, "NOBODY_THERE"))
    rates = [w.RateTask(no=one, timeliness=5, effort=5) for one in (below, away)]

    assert await world.refused(case, PLACE, rates[0]) == "OWN_TASK", "it acts for both"
    case = await world.does(case, PLACE, w.OfferHandOver("firm51", "NEARER"))
    case = await world.does(case, HOME_FIRM, w.AcceptLead())
    assert await world.refused(case, HOME_FIRM, rates[1]) == "OWN_TASK"
    case = await world.does(case, HOME_FIRM, rates[0])
    assert [one.rated for one in case.tasks] == [True, False]
