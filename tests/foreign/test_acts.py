"""Acts by mutations of a foreign schema: twice is once, and unknown stays unknown."""

from __future__ import annotations

import pytest

from schema.records.command import Answered, RefusalCode
from schema.records.told import FaultCode
from tests.contracts.test_acts import people
from tests.foreign.conftest import guarded, soon
from tests.foreign.own_schema import ACTS, interface
from tests.foreign.test_asking import seen
from tests.provinces.registers import U1, U2, command

READ_BACK = {
    **ACTS, "keeps_keys": False, "read_back": "huiZhi", "read_back_key": "jian: String!"
}  # fmt: skip


@pytest.fixture
async def register(province):
    await province.put({one.local_id: one for one in people(0)}, unions=[U1, U2])
    return province


def here(act, transfer="t1", **more):
    """A command about the first worker."""
    return command(act, transfer, "w1-00000", "c1-00000", **more)


async def test_a_refusal_comes_with_its_reason(register):
    async with guarded(register) as guard:
        acted = await guard.act([here("REGISTER_OUT", union=U2)], "r", soon())

    assert acted.fault is None
    assert acted.receipts[0].answered is Answered.REFUSED
    assert acted.receipts[0].code == RefusalCode.OTHER_UNION


async def test_a_register_without_keys_is_asked_first_what_it_has(register):
    async with guarded(register, table=interface(acts=READ_BACK)) as guard:
        first = await guard.act([here("REGISTER_OUT")], "r", soon())
        again = await guard.act([here("REGISTER_OUT")], "r", soon())

    assert first.fault is None
    assert again == first
    asked = [body["query"].split()[0] for body in await seen(register)]
    assert asked == ["query", "mutation", "query"]


async def test_what_comes_after_something_unknown_about_a_member_waits(register):
    await register.patch(locked=["t1"])
    other = command("REGISTER_OUT", "t2", "w2-00000", "c2-00000", union=U2)
    out, back = here("REGISTER_OUT"), here("CANCEL_OUT")
    async with guarded(register) as guard:
        acted = await guard.act([out, back], "r", soon())
        apart = await guard.act([out, other], "r", soon())
        await register.patch(locked=[])
        later = await guard.act([out, back], "r", soon())

    assert acted.receipts == (None, None)
    assert acted.fault.code is FaultCode.PROVINCE_ERROR
    assert [one and one.answered for one in apart.receipts] == [None, Answered.DONE]
    assert [one.answered for one in later.receipts] == [Answered.DONE] * 2
