"""Clocks run from what the lead's province says in its own file of the case."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hub.following.file_facts import FileFacts
from hub.following.file_ports import Intake
from hub.following.timeline import Contradiction
from hub.following.told_facts import FactsDue, LineFact, steps
from hub.store.case_changes import CaseChanges
from hub.store.case_reading import CaseReading
from hub.store.case_unit import Cases
from hub.store.unavailable import StoreUnavailable
from schema.records import case_wish as w
from schema.records.case import ActKind
from schema.records.change import Change, ToldFact, Tombstone
from schema.records.clock import Phase
from schema.records.keys import ProvinceCode
from schema.records.refusal import Refused
from tests.builders.link_fixtures import pool  # noqa: F401  # a fixture
from tests.following.world import (
    DAY,
    HOME,
    PLACE,
    START,
    TODAY,
    TurnedClock,
    World,
)

P44, P51 = ProvinceCode("44"), ProvinceCode("51")
AT = datetime(2026, 3, 2, tzinfo=UTC)
MEDIATION = ToldFact(kind="mediation-requested")


class Ground:
    """A coordinator and the words of provinces over one store."""

    def __init__(self, pool):  # noqa: F811
        self.world = World(Cases(pool), CaseReading(pool), TurnedClock())
        self.files = CaseChanges(pool)
        self.facts = FileFacts(self.world.following, self.world.reading)
        self.case = None
        self.seq = {P44: 0, P51: 0}

    async def says(self, fact=None, province=P44, union="county44", on=TODAY, **more):
        """The province writes something down, and the hub takes it in."""
        one = Change(
            province=province, case_no=self.case.no, seq=self._next(province),
            as_of=AT, act=ActKind.MEDIATION, on=on, union=union, fact=fact, **more,
        )  # fmt: skip
        return await self.takes(one)

    async def buries(self, gone):
        return await self.takes(
            Tombstone(
                province=P44, case_no=self.case.no, seq=self._next(P44), as_of=AT,
                gone=gone,
            )
        )  # fmt: skip

    def _next(self, province):
        self.seq[province] += 1
        return self.seq[province]

    async def takes(self, one):
        intake = Intake(province=one.province, arrivals=(one,), now=START)
        await self.files.take(intake)
        return await self.settle()

    async def settle(self):
        for due in await self.files.facts_due(9):
            refused = await self.facts.facts_from_province(due)
            await self.files.facts_done(due, refused)
        assert await self.files.facts_due(9) == []
        self.case = (await self.world.reading.some([self.case.no]))[self.case.no]
        return self.case

    async def declared(self):
        return (await self.files.timelines([self.case.no]))[self.case.no].contradictions


@pytest.fixture
async def hub(pool):  # noqa: F811
    made = Ground(pool)
    case = await made.world.opened()
    made.case = await made.world.does(case, PLACE, w.AcceptLead())
    return made


def told(case, province="44"):
    return {
        one.id: (one.kind, one.on, one.revision, one.withdrawn)
        for one in case.facts
        if one.id.startswith(f"{province}:")
    }


def mediation(case):
    return [one.due_on for one in case.dues if one.clock == "mediation"]


async def test_a_fact_of_the_file_starts_a_clock_and_its_correction_moves_it(hub):
    case = await hub.says(MEDIATION)
    assert told(case) == {"44:1": ("mediation-requested", TODAY, 0, False)}
    assert mediation(case) == [TODAY + 15 * DAY]

    case = await hub.says(MEDIATION, corrects=1, on=TODAY - DAY)
    assert told(case) == {"44:1": ("mediation-requested", TODAY - DAY, 1, False)}
    assert mediation(case) == [TODAY + 14 * DAY]
    seq = case.seq
    case = await hub.says()
    assert (await hub.settle()).seq == seq, "what the case has already changes nothing"

    case = await hub.buries(1)
    assert told(case)["44:1"][2:] == (2, True)
    assert mediation(case) == []
    assert await hub.declared() == ()


async def test_a_correction_to_another_kind_takes_the_fact_back_and_states_another(hub):
    await hub.says(MEDIATION)
    claim = ToldFact(kind="claim-made")
    case = await hub.says(claim, corrects=1)
    assert told(case) == {
        "44:1": ("mediation-requested", TODAY, 1, True),
        "44:1.2": ("claim-made", TODAY, 0, False),
    }
    case = await hub.says(MEDIATION, corrects=2)
    assert told(case) == {
        "44:1": ("mediation-requested", TODAY, 2, False),
        "44:1.2": ("claim-made", TODAY, 1, True),
    }
    case = await hub.says(corrects=3)
    assert {one[3] for one in told(case).values()} == {True}


async def test_what_the_case_cannot_take_is_declared_and_the_rest_is_taken(hub):
    await hub.says(ToldFact(kind="no-such-fact"))
    await hub.says(ToldFact(kind="task-given"))
    case = await hub.says(MEDIATION)
    assert set(told(case)) == {"44:3"}
    assert await hub.declared() == (Contradiction(P44, 1), Contradiction(P44, 2))
    # Back into days on which its limit would have passed already.
    case = await hub.says(MEDIATION, corrects=3, on=TODAY - 40 * DAY)
    assert told(case)["44:3"][1] == TODAY
    assert Contradiction(P44, 4) in await hub.declared()
    # It is put right, and then nothing is wrong with it.
    case = await hub.says(MEDIATION, corrects=4, on=TODAY - DAY)
    assert told(case)["44:3"][1] == TODAY - DAY
    assert Contradiction(P44, 4) not in await hub.declared()


async def test_only_the_lead_speaks_for_the_case_and_only_in_its_own_file(hub):
    before = hub.case
    await hub.says(MEDIATION, union="firm44")
    await hub.says(MEDIATION, province=P51, union="county51")
    after = await hub.says(MEDIATION, province=P51, union="county44")

    assert after == before
    assert await hub.declared() == ()


async def test_when_the_lead_moves_its_file_counts_from_then_on(hub):
    hub.case = await hub.world.opened()
    hub.seq = {P44: 0, P51: 0}
    case = await hub.says(MEDIATION, province=P51, union=HOME.union)
    assert "51:1" in told(case, "51")
    await hub.world.does(case, PLACE, w.AcceptLead())
    case = await hub.settle()
    assert not told(case, "51")["51:1"][3], "it stays as it was taken"
    case = await hub.says(ToldFact(kind="mediation-ended"))
    assert [one.phase for one in case.dues if one.clock == "mediation"] == [Phase.MET]


async def test_while_the_store_is_away_facts_stay_due(hub):
    async def away(*_):
        raise StoreUnavailable("away")

    real, hub.world.following.facts_from_province = (
        hub.world.following.facts_from_province, away,
    )  # fmt: skip
    with pytest.raises(Refused):
        await hub.says(MEDIATION)
    hub.world.following.facts_from_province = real
    assert "44:1" in told(await hub.settle())


async def test_a_case_that_ended_or_is_unknown_takes_nothing(hub):
    fact = LineFact(line=1, seq=1, union="county44", kind="claim-made", on=TODAY)
    due = FactsDue(case_no="unknown", province=P44, facts=(fact,), version=1)
    assert await hub.facts.facts_from_province(due) == ()


async def test_steps_are_none_when_the_case_says_it_already(hub):
    case = await hub.says(MEDIATION)
    (one,) = [one for one in case.facts if one.id == "44:1"]
    fact = LineFact(line=1, seq=1, union="county44", kind=one.kind, on=one.on)

    assert steps(case, P44, [fact]) == ()
    assert [one.fact.withdrawn for one in steps(case, P44, [])] == [True]
    assert steps(case, P51, []) == ()
