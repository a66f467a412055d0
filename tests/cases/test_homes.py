"""Home unions follow a case: those that the hub moved, and those that registers know."""

from __future__ import annotations

import asyncio
import logging

import pytest

from connectors.faults import ProvinceFault
from hub.following import homes
from schema.records.case_powers import Role
from schema.records.case_task import Seat
from schema.records.keys import ProvinceCode
from schema.records.membership import MembershipState
from schema.records.told import FaultCode
from tests.builders.moving import union
from tests.cases import documents as ask
from tests.cases.asking import HOME, OTHER, PLACE, clerk, opened, request
from tests.cases.test_arrears import filed
from tests.moving import documents as moving_ask

#: It takes the request in, and is nobody's home.
TAKER = union("42", "a")
A33, A44 = union("33", "a"), union("44", "a")


async def held(hub, no, role):
    """Unions with a role in a case."""
    kept = (await hub.parts.following.reading.some([no]))[no]
    return {one.seat.union for one in kept.held if one.role is role}


async def of_several(hub, workers, **more):
    given = {"by": TAKER, "home": None, "workers": workers}
    return (await opened(hub, workers[0], **(given | more)))["no"]


async def one_of_each(hub, *provinces):
    return [(await hub.ground.enrol(code, 1))[0] for code in provinces]


async def test_homes_in_two_provinces_follow_and_help(hub):
    workers = await one_of_each(hub, "51", "33", "44")

    no = await of_several(hub, workers)

    assert await held(hub, no, Role.FOLLOWER) == {HOME, A33, A44, TAKER}
    # Those of other provinces than the lead's help by default (RULEBOOK §1).
    assert await held(hub, no, Role.CO_HANDLER) == {HOME, A33}


async def test_one_call_for_a_province_asks_for_what_is_needed_and_no_more(
    hub, monkeypatch
):
    monkeypatch.setattr(homes, "_MOST_ASKED", 40)
    workers = [
        *await hub.ground.enrol("51", 30, also=("44",)),
        *await hub.ground.enrol("33", 30),
    ]

    await of_several(hub, workers)

    asked = {province: question.asks for province, question in hub.calls}
    assert sorted(province for province, _ in hub.calls) == ["33", "44", "51"]
    assert {code: [len(one.keys) for one in asks] for code, asks in asked.items()} == {
        "51": [30], "44": [30], "33": [10],
    }  # fmt: skip
    for asks in asked.values():
        assert [dict(one.selection.parts) for one in asks] == [
            {"MEMBERSHIP": frozenset({"union_code", "state"})}
        ]


@pytest.mark.parametrize("how", ["slow", "failing"])
async def test_a_silent_province_keeps_no_case_from_being_opened(
    hub, monkeypatch, caplog, how
):
    async def silent():
        if how == "slow":
            await asyncio.sleep(60)
        raise ProvinceFault(FaultCode.PROVINCE_ERROR, "made up")

    monkeypatch.setattr(homes, "_PATIENCE", 0.3)
    workers = await one_of_each(hub, "51", "33")
    hub.ground.connectors["51"].before = silent

    with caplog.at_level(logging.INFO, "hub.following"):
        async with asyncio.timeout(5):
            no = await of_several(hub, workers)
            named = await of_several(hub, workers, home=HOME)

    assert await held(hub, no, Role.FOLLOWER) == {A33, TAKER}
    assert await held(hub, named, Role.FOLLOWER) == {A33, TAKER, HOME}
    lines = [one.getMessage() for one in caplog.records if "homes" in one.getMessage()]
    assert lines == ["case homes silent province=51", "case homes unknown=1"] * 2


async def test_a_worker_in_transit_is_at_home_where_they_were(hub):
    (worker,) = await hub.ground.enrol("51", 1, also=("44",))
    offer = await hub.ground.offer(worker, A44)
    await hub.deliver()
    (row,) = hub.ground.row("51", hub.ground.ids[worker][1])
    assert row.state is not MembershipState.ACTIVE

    underway = await of_several(hub, [worker])
    assert await held(hub, underway, Role.FOLLOWER) == {HOME, TAKER}

    accepted = await hub(
        moving_ask.ACCEPT, clerk(A44, "transfers:write"), id=offer.id, key="k"
    )
    assert accepted["__typename"] == "Transfer"
    await hub.deliver()
    hub.calls.clear()
    arrived = await of_several(hub, [worker])
    assert await held(hub, arrived, Role.FOLLOWER) == {A44, TAKER}
    # The hub moved it: no register is asked.
    assert hub.calls == []


async def test_what_a_register_says_goes_before_what_the_caller_says(hub):
    (worker,) = await hub.ground.enrol("51", 1)

    no = await of_several(hub, [worker], home=OTHER)

    assert await held(hub, no, Role.FOLLOWER) == {HOME, TAKER}


async def test_homes_follow_a_report_of_arrears(hub):
    workers = await one_of_each(hub, "51", "33")

    found = await filed(
        hub, by=TAKER, who=clerk(TAKER, "arrears:report"), listed=workers
    )

    assert await held(hub, found["caseNo"], Role.FOLLOWER) == {HOME, A33, TAKER}


async def test_a_preview_asks_no_register(hub):
    (worker,) = await hub.ground.enrol("51", 1)

    found = await hub(
        ask.ROUTE, clerk(TAKER), input=request(worker, by=TAKER, home=None)
    )

    assert (found["lead"], found["coHandler"]) == (PLACE, TAKER)
    assert hub.calls == []


@pytest.mark.parametrize(
    ("told", "there"),
    [
        (["OUT_REGISTERED@51", "IN_REGISTERED@44"], {"44"}),
        (["IN_TRANSIT@51"], {"51"}),
        (["TRANSFERRED@51", "RETAINED@44"], {"44"}),
        (["ACTIVE@51", "LANDED_FALLBACK@44"], {"44", "51"}),
        (["APPLIED@51", "WITHDRAWN@44", "EXPELLED@33", "OTHER@37"], set()),
    ],
)
def test_where_a_member_is_at_home_by_the_states_of_registers(told, there):
    rows = [one.split("@") for one in told]
    found = homes.home_of(
        [
            (MembershipState(state), Seat(f"U{at}", ProvinceCode(at)))
            for state, at in rows
        ]
    )

    assert {one.province for one in found} == there
