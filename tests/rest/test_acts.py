"""Acts over REST: what comes twice is one act, and what is unknown stays unknown."""

from __future__ import annotations

import asyncio
import itertools

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from connectors.memory import MemoryConnector
from connectors.own_words.register import lanes
from hub.clock import SystemClock
from schema.records.command import Answered, RefusalCode
from schema.records.keys import ProvinceCode
from schema.records.told import FaultCode
from tests.contracts.test_acts import Names, act, calls, people, whole
from tests.provinces.registers import U1, U2, command
from tests.rest.conftest import guarded
from tests.rest.foreign import ACTS, mapping_text
from tests.rest.subjects import interface

_WORLDS = itertools.count()
READ_BACK = {"paths": ACTS, "read_back": "/v1/dj/by/{key}", "receipt_at": "jg"}


def soon():
    return asyncio.get_running_loop().time() + 20


@pytest.fixture
async def register(province):
    workers = {one.local_id: one for one in people(0)}
    await province.put(workers=workers, unions=[U1, U2])
    return province


def here(act_, transfer="t1", **more):
    """A command about the first worker."""
    return command(act_, transfer, "w1-00000", "c1-00000", **more)


async def test_a_refusal_comes_with_its_reason(register):
    async with guarded(register) as guard:
        acted = await guard.act([here("REGISTER_OUT", union=U2)], "r", soon())
    assert acted.fault is None
    assert acted.receipts[0].answered is Answered.REFUSED
    assert acted.receipts[0].code == RefusalCode.OTHER_UNION


async def test_a_register_without_keys_is_asked_first_what_it_has(register):
    await register.patch(keyless=True)
    rest = interface(register.url, acts=READ_BACK)
    async with guarded(register, rest=rest) as guard:
        first = await guard.act([here("REGISTER_OUT")], "r", soon())
        again = await guard.act([here("REGISTER_OUT")], "r", soon())
    assert first.fault is None
    assert again == first
    asked = [(method, path) for method, path, _ in (await register.seen())["seen"]]
    back = ("GET", "/v1/dj/by/t1:REGISTER_OUT")
    assert asked == [back, ("POST", "/v1/dj/zc"), back]


@pytest.mark.parametrize("acts", [None, READ_BACK], ids=["by its key", "read back"])
async def test_a_receipt_that_was_lost_comes_again(register, acts):
    await register.patch(faults={"/after": "lost"}, keyless=acts is not None)
    more = {"acts": acts} if acts else {}
    async with guarded(register, rest=interface(register.url, **more)) as guard:
        lost = await guard.act([here("REGISTER_OUT")], "r", soon())
        found = await guard.act([here("REGISTER_OUT")], "r", soon())
    assert lost.receipts == (None,)
    assert lost.fault.code is FaultCode.PROVINCE_ERROR
    assert lost.fault.retryable
    assert found.fault is None
    assert found.receipts[0].entry.endswith("00000001"), "one entry, not two"


async def test_after_what_is_unknown_the_same_member_is_left_alone(register):
    commands = [here("REGISTER_OUT"), here("CANCEL_OUT"), here("REGISTER_OUT", "t2")]
    await register.patch(faults={"/v1/dj/zc/cx": "html"})
    async with guarded(register) as guard:
        acted = await guard.act(commands, "r", soon())
    assert [one is not None for one in acted.receipts] == [True, False, False]
    assert acted.fault.code is FaultCode.MALFORMED
    paths = [path for _, path, _ in (await register.seen())["seen"]]
    assert paths == ["/v1/dj/zc", "/v1/dj/zc/cx"]


async def test_of_an_ill_province_nothing_more_is_asked(register):
    await register.patch(faults={"/v1/dj": "500"})
    rest = interface(register.url, parallel=2)
    many = [command("REGISTER_OUT", f"t{n}", f"x{n}", f"c{n}") for n in range(30)]
    async with guarded(register, rest=rest) as guard:
        acted = await guard.act(many, "r", soon())
    assert acted.receipts == (None,) * 30
    assert acted.fault.code is FaultCode.PROVINCE_ERROR
    assert len((await register.seen())["seen"]) <= 4


async def test_what_the_register_does_not_take_holds_nothing_else_up(register):
    told = {act_: path for act_, path in ACTS.items() if act_ != "CANCEL_IN"}
    rest = interface(register.url)
    rest["acts"] = {**rest["acts"], "paths": told}
    async with guarded(register, rest=rest) as guard:
        assert guard.capabilities.acts == set(told)
        acted = await guard.act([here("CANCEL_IN"), here("REGISTER_OUT")], "r", soon())
        alone = await guard.act([here("CANCEL_IN")], "r", soon())
    assert [one is not None for one in acted.receipts] == [False, True]
    assert acted.fault.code is alone.fault.code is FaultCode.NOT_SUPPORTED


async def test_a_command_for_which_there_is_no_word_is_not_sent(register):
    mapping = mapping_text().replace(
        'reason = { column = "D_REASON", exact = true }',
        'reason = { column = "D_REASON", codes = { "1" = "CLOSED" } }',
    )
    async with guarded(register, mapping=mapping) as guard:
        acted = await guard.act([here("CANCEL_OUT", reason="MOVED")], "r", soon())
    assert acted.fault.code is FaultCode.NOT_SUPPORTED
    assert (await register.seen())["seen"] == []


def test_commands_that_may_meet_keep_their_order():
    apart = [command("CANCEL_OUT", f"t{n}", f"w{n}", f"c{n}") for n in range(3)]
    assert lanes(apart, [0, 1, 2]) == [[0], [1], [2]]
    for name in ("transfer", "local_id", "membership_no"):
        same = msgspec.structs.replace(apart[2], **{name: getattr(apart[0], name)})
        assert lanes([*apart[:2], same], [0, 1, 2]) == [[0, 1, 2]], name


WORLDS = 200


@pytest.fixture(scope="module")
async def registers(running_province):
    """The same members in memory and over REST."""
    everybody = [one for n in range(WORLDS) for one in people(n)]
    workers = {one.local_id: one for one in everybody}
    memory = MemoryConnector(ProvinceCode("44"), workers, SystemClock())
    memory.register._knows_union = {U1, U2}.__contains__
    await running_province.put(workers=workers, unions=[U1, U2])
    return memory, running_province.connector


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(calls=calls)
async def test_any_commands_in_any_order_end_as_in_memory(registers, calls):
    world, told = f"{next(_WORLDS) % WORLDS:05d}", []
    for one in registers:
        names, receipts = Names(), []
        for group in calls:
            receipts += await act(one, world, *group)
        shown = await whole(one, world, receipts)
        told.append(([names.receipt(each) for each in receipts], shown))
    assert told[1] == told[0]
