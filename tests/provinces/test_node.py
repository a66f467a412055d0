"""A province of somebody else: the contract in Node, by Apollo Server.

The suite of ``tests/contracts`` runs over it too; here is what is its own.
"""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from schema.records.command import Answered, RefusalCode
from schema.records.told import FaultCode
from tests.peers.kept import unless_missing
from tests.provinces import in_node
from tests.provinces.registers import command, membership, worker

WORKERS = [worker("w1", membership("a", "c1")), worker("w2", membership("a", "c2"))]
KEPT = {
    "kinds": ["WORKER", "MEMBERSHIP"],
    "workers": {one.local_id: msgspec.to_builtins(one) for one in WORKERS},
    "journal": "the-journal",
}


def soon():
    return asyncio.get_running_loop().time() + 10


async def act(url, *commands):
    async with in_node.speaking(url) as connector:
        await connector.probe(soon())
        return await connector.act(commands, "request-1", soon())


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    unless_missing(in_node.modules)
    return tmp_path_factory.mktemp("node")


async def test_what_was_answered_before_it_was_killed_is_answered_again(directory):
    out, done = command("REGISTER_OUT"), command("COMPLETE_OUT")
    with in_node.provinces(directory) as url:
        in_node.control("PUT", f"{url}/contract", **KEPT)
        first = (await act(url, out)).receipts
    # It was killed, by SIGKILL.
    with in_node.provinces(directory) as url:
        in_node.control("PUT", f"{url}/contract", **KEPT)
        again = (await act(url, out, done)).receipts
        other = command("REGISTER_OUT", "t2")
        (late,) = (await act(url, other)).receipts

    assert again[0] == first[0]
    assert again[1].entry == first[0].entry
    assert late.code == RefusalCode.NOT_ACTIVE


async def test_an_entry_that_cannot_be_dealt_with_costs_its_own_place(directory):
    locked = command("REGISTER_OUT", "t9", local_id="w2", card="c2")
    with in_node.provinces(directory) as url:
        told = {**KEPT, "journal": "another", "locked": ["t9"]}
        in_node.control("PUT", f"{url}/contract", **told)
        acted = await act(url, command("REGISTER_OUT"), locked)
        in_node.control("PATCH", f"{url}/contract", locked=[])
        later = await act(url, locked)

    assert [one and one.answered for one in acted.receipts] == [Answered.DONE, None]
    assert acted.fault.code is FaultCode.PROVINCE_ERROR
    assert [one.answered for one in later.receipts] == [Answered.DONE]
