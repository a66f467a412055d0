"""What the source cannot tell is told so, in its place, in time, and never as nothing."""

from __future__ import annotations

import asyncio
import time
from unittest.mock import AsyncMock

import msgspec
import pytest

from connectors.faults import ProvinceFault, fault
from connectors.port import Changed, ChangesWanted
from schema.records.case import ActKind
from schema.records.change import Change, Changes, Unfit
from schema.records.kinds import RecordKind
from schema.records.record import UNSET
from schema.records.told import FaultCode
from tests.provinces.over_kit import OWN, speaking
from tests.subgraph.conftest import AT, who

ROWS = (
    "query($r:[_Any!]!){_entities(representations:$r)"
    "{...on Worker{localId name memberships{id state}}}}"
)
ENTRY = {
    "key": "t1:REGISTER_OUT", "transfer": "t1", "localId": "gd-1", "membershipNo": "c1",
    "union": "81440100MA12345671", "counterpartUnion": "81450100MA12345673",
    "counterpartProvince": "45", "on": "2026-11-22",
}  # fmt: skip
ACTS = (
    "mutation($e:[RegisterEntryInput!]!,$f:[RegisterEntryInput!]!)"
    "{a:registerOut(entries:$e){key answered code} b:cancelOut(entries:$f){key answered}}"
)


def told_of(told):
    return [(one["extensions"]["code"], one.get("path")) for one in told["errors"]]


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        (FaultCode.UNREACHABLE, "SOURCE_UNREACHABLE"),
        (FaultCode.UNAUTHORISED, "SOURCE_UNAUTHORISED"),
        (FaultCode.MALFORMED, "SOURCE_MALFORMED"),
        (FaultCode.THROTTLED, "THROTTLED"),
    ],
)
async def test_a_source_that_fails_is_no_stranger_and_no_wrong_token(
    stranger, code, shown
):
    stranger.behind.fault = ProvinceFault(code, "secret detail")
    told = await stranger.ask(ROWS, {"r": who("gd-1", "nobody")})

    assert told["data"] is None
    assert told_of(told) == [(shown, ["_entities"])]
    assert "secret detail" not in str(told)
    assert stranger.behind.asked, "it was asked"


async def test_a_slow_source_is_given_up_before_the_hub_gives_the_kit_up(stranger):
    own = OWN.model_copy(update={"deadline": OWN.deadline / 5})
    await stranger.kit.put(stranger.behind, own)
    stranger.behind.seconds = 5
    began = time.perf_counter()
    told = await stranger.ask(ROWS, {"r": who("gd-1")})

    assert time.perf_counter() - began < own.deadline.total_seconds()
    assert told_of(told) == [("SOURCE_TIMED_OUT", ["_entities"])]


async def test_a_kind_that_could_not_be_told_is_null_with_an_error_in_its_place(
    stranger,
):
    stranger.behind.untold = frozenset({RecordKind.MEMBERSHIP})
    told = await stranger.ask(ROWS, {"r": who("gd-1", "nobody")})

    assert told["data"]["_entities"] == [
        {"localId": "gd-1", "name": "李四", "memberships": None}, None,
    ]  # fmt: skip
    assert told_of(told) == [("SOURCE_PARTIAL", ["_entities", 0, "memberships"])]


async def test_a_field_of_one_row_that_could_not_be_read(stranger):
    def broken(worker):
        if worker is None:
            return None
        first, *more = worker.memberships
        first = msgspec.structs.replace(first, state=UNSET)
        return msgspec.structs.replace(worker, memberships=(first, *more))

    stranger.behind.change = broken
    stranger.behind.faults = (fault("44", FaultCode.PARTIAL, (RecordKind.MEMBERSHIP,)),)
    told = await stranger.ask(ROWS, {"r": who("gd-1")})

    rows = told["data"]["_entities"][0]["memberships"]
    assert [one["state"] for one in rows] == [None, "ACTIVE"]
    path = ["_entities", 0, "memberships", 0, "state"]
    assert told_of(told) == [("SOURCE_PARTIAL", path)]


async def test_who_cannot_be_read_is_not_told_as_a_stranger(stranger):
    stranger.behind.change = lambda _worker: None
    stranger.behind.faults = (
        fault("44", FaultCode.PARTIAL, (RecordKind.WORKER, RecordKind.MEMBERSHIP)),
    )
    told = await stranger.ask(ROWS, {"r": who("gd-1", "gd-2")})

    assert told["data"]["_entities"] == [None, None]
    assert told_of(told) == [("SOURCE_PARTIAL", ["_entities", n]) for n in range(2)]


async def test_a_fault_that_shows_nowhere_is_told_all_the_same(stranger):
    stranger.behind.faults = (
        fault("44", FaultCode.MALFORMED, (RecordKind.MEMBERSHIP,)),
    )
    told = await stranger.ask(ROWS, {"r": who("nobody", "gd-1")})

    assert len(told["data"]["_entities"][1]["memberships"]) == 2
    assert told_of(told) == [("SOURCE_MALFORMED", ["_entities", 1, "memberships"])]


async def test_more_at_once_than_fit_are_told_to_come_again(stranger):
    stranger.behind.seconds = 0.4
    asking = [stranger.send(ROWS, {"r": who("gd-1")}) for _ in range(8)]
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one) for one in asking]
    statuses = [task.result()[0] for task in tasks]

    assert sorted(statuses) == [200] * 4 + [503] * 4
    stranger.behind.seconds = 0
    assert (await stranger.send(ROWS, {"r": who("gd-1")}))[0] == 200


async def test_all_fields_of_a_mutation_are_one_call_in_their_order(stranger):
    stop = ENTRY | {"key": "t1:CANCEL_OUT"}
    bad = ENTRY | {"key": "t2:REGISTER_OUT", "on": "22.11.2026"}
    told = await stranger.ask(ACTS, {"e": [bad, ENTRY], "f": [stop]})

    (commands,) = stranger.behind.acted
    assert [one.key for one in commands] == ["t1:REGISTER_OUT", "t1:CANCEL_OUT"]
    first, second = told["data"]["a"]
    assert first is None
    assert second["code"] == "NOT_A_MEMBER"
    assert told["data"]["b"] == [{"key": "t1:CANCEL_OUT", "answered": "DONE"}]
    assert told_of(told) == [("BAD_USER_INPUT", ["a", 0])]
    assert "22.11.2026" not in str(told["errors"])
    assert "on" in told["errors"][0]["message"]


async def test_acts_whose_end_nobody_knows_are_null_with_an_error_each(stranger):
    stranger.behind.fault = ProvinceFault(FaultCode.BROKEN_OFF)
    told = await stranger.ask(ACTS, {"e": [ENTRY], "f": []})

    assert told["data"] == {"a": [None], "b": []}
    assert told_of(told) == [("SOURCE_BROKEN_OFF", ["a", 0])]


async def test_too_many_entries_are_refused_as_a_whole(stranger):
    told = await stranger.ask(
        "mutation($e:[RegisterEntryInput!]!){"
        + "".join(f"a{n}:registerOut(entries:$e){{key}}" for n in range(6))
        + "}",
        {"e": [ENTRY] * 90},
    )

    assert set(told["data"].values()) == {None}
    assert stranger.behind.acted == []
    assert "500" in told["errors"][0]["message"]


async def test_a_statement_that_was_set_aside_keeps_its_number(stranger):
    """The hub sets it aside too, and reads on behind it."""
    sound = Change(
        province="44", case_no="c1", seq=2, as_of=AT, act=ActKind.MEDIATION,
        on=AT.date(), union="81440100MA12345671",
    )  # fmt: skip
    aside = (Unfit(case_no="c1", seq=1, rule="day"), Unfit(rule="unreadable"))
    page = Changes((sound,), "n", unfit=aside)
    stranger.behind.changes = AsyncMock(return_value=Changed(page))
    async with speaking(stranger.url) as hub:
        wanted = ChangesWanted("request-1", 10)
        told = await hub.changes(wanted, asyncio.get_running_loop().time() + 5)

    assert told.changes.arrivals == (sound,)
    (unfit,) = told.changes.unfit
    assert (unfit.case_no, unfit.seq) == ("c1", 1)
    assert told.changes.next == "n"


async def test_readiness_follows_the_source_and_life_does_not(stranger):
    assert await stranger.get("/readyz") == (
        200, {"ready": True, "checks": {"source": "ok"}},
    )  # fmt: skip
    stranger.behind.fault = ProvinceFault(FaultCode.UNREACHABLE)
    assert await stranger.kit.source.probe() is FaultCode.UNREACHABLE
    assert (await stranger.get("/readyz"))[0] == 503
    assert await stranger.get("/livez") == (200, {"live": True})
    stranger.behind.fault = None
    assert await stranger.kit.source.probe() is None
    assert (await stranger.get("/readyz"))[0] == 200


async def test_what_the_source_declares_anew_is_served_from_then_on(stranger):
    whole = stranger.behind.capabilities
    fields = {RecordKind.WORKER: frozenset({"name"})}
    stranger.behind._capabilities = msgspec.structs.replace(
        whole, fields=fields, acts=frozenset(), changes=False
    )
    await stranger.kit.source.probe()

    status, told = await stranger.send(ROWS, {"r": who("gd-1")})
    assert status == 400
    assert "memberships" in told["errors"][0]["message"]
    async with speaking(stranger.url) as hub:
        told = await hub.probe(asyncio.get_running_loop().time() + 5)
    assert (dict(told.fields), told.acts, told.changes) == (fields, frozenset(), False)
