"""What an office may not do to make a case look better than it is, on a real database."""

from __future__ import annotations

from datetime import date

import pytest

from hub.store.case_reading import CaseReading
from hub.store.case_unit import Cases
from schema.records import case_wish as w
from schema.records.case import ActKind, Case, Outcome
from schema.records.case_task import TaskKind
from tests.builders.link_fixtures import pool  # noqa: F401  # a fixture
from tests.following.world import (
    ABOVE,
    DAY,
    FIRM,
    HOME,
    HOME_FIRM,
    PLACE,
    TODAY,
    TurnedClock,
    World,
    key,
    speaks,
    wish,
)


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


async def test_to_take_back_and_state_again_is_a_correction_and_needs_a_reason(world):
    case = await accepted(world)
    known = w.FactWish(kind="right-known", on=date(2026, 1, 5))
    case = await world.does(case, PLACE, w.StateFacts(facts=(known,)))
    back = w.FactWish(
        kind="right-known", on=TODAY, corrects=case.facts[-1].id, withdrawn=True
    )

    silent = w.StateFacts(facts=(back,))
    assert await world.refused(case, PLACE, silent) == "REASON_UNUSABLE"
    hidden = w.RecordAct(kind=ActKind.MEDIATION, on=TODAY, facts=(back,))
    assert await world.refused(case, PLACE, hidden) == "CORRECT_BY_STATING"
    case = await world.does(case, PLACE, w.StateFacts(facts=(back,), reason="TYPO"))
    assert (case.facts[-1].on, case.facts[-1].withdrawn) == (known.on, True)

    old = w.FactWish(kind="right-known", on=date(2024, 1, 5))
    assert await world.refused(case, PLACE, w.StateFacts(facts=(old,))) == (
        "REASON_UNUSABLE"
    )
    assert await world.refused(
        case, PLACE, w.StateFacts(facts=(old,), reason="TYPO")
    ) == ("DUE_INTO_PAST")
    await world.does(case, PLACE, w.StateFacts(facts=(known,), reason="TYPO"))


async def test_no_day_is_taken_that_cannot_be(world):
    case = await accepted(world)
    early, late = date(1900, 1, 1), TODAY + DAY
    first = case.first_touch_on
    found = {
        "received": (
            await world.following.open(speaks(HOME), wish(received_on=early), key())
        ).code,
        "fact": await world.refused(
            case,
            PLACE,
            w.StateFacts(facts=(w.FactWish(kind="right-known", on=early),)),
        ),
        "act": await world.refused(
            case, PLACE, w.RecordAct(kind=ActKind.MEDIATION, on=early)
        ),
        "followed": await world.refused(case, ABOVE, w.FollowUp(early)),
        "closed": await world.refused(
            case, PLACE, w.CloseCase(Outcome.SETTLED, first - DAY)
        ),
    }

    assert found == dict.fromkeys(found, "DAY_TOO_EARLY")
    assert await world.refused(case, ABOVE, w.FollowUp(late)) == "FACT_IN_FUTURE"


async def test_a_document_is_of_ones_own_task_or_of_ones_own_case(world):
    case = await world.does(
        await accepted(world),
        PLACE,
        w.AssignTask(TaskKind.OTHER, FIRM.union),
        w.AssignTask(TaskKind.OTHER, HOME_FIRM.union),
    )
    near, away = (one.no for one in case.tasks)
    paper = w.DocumentWish(reference="doc/1", sha256="ab" * 32, task=near)

    assert await world.refused(case, HOME_FIRM, w.AddDocument(paper)) == (
        "NOT_YOUR_TASK"
    )
    case = await world.does(case, FIRM, w.AddDocument(paper))
    other = w.DocumentWish(reference="doc/2", sha256="ab" * 32, task=away)
    await world.does(case, PLACE, w.AddDocument(other))
