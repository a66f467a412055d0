"""A register of its own: nothing acknowledged is lost, nothing is done twice."""

from __future__ import annotations

import asyncio
import contextlib
import random
import sqlite3
import threading
import time

import aiohttp
import pytest

from connectors.faults import ProvinceFault
from connectors.port import MOST_COMMANDS
from deploy.demo.province.ledger import Ledger, OtherDataError
from schema.records.command import Act, Answered
from tests.provinces.registers import (
    TOKEN,
    U1,
    command,
    compared,
    end,
    membership,
    serving,
    speaking,
    start,
    worker,
    write,
)

MEMBERS = 1_500
#: So often the province is killed.
KILLS = 2
MOVED = 800


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    file = tmp_path_factory.mktemp("population") / "44.sqlite"
    people = [worker(f"w{n}", membership("a", f"c{n}")) for n in range(MEMBERS)]
    return write(file, people)


def soon(seconds=20):
    return asyncio.get_running_loop().time() + seconds


def out(n, act="REGISTER_OUT"):
    return command(act, f"t{n}", f"w{n}", f"c{n}")


async def carry_out(connector, commands):
    acted = await connector.act(commands, "request-1", soon())
    assert acted.fault is None
    return acted.receipts


async def test_killed_in_the_middle_it_has_done_what_it_acknowledged_once(
    database, tmp_path
):
    acts = tmp_path / "acts.sqlite"
    chance = random.Random(2026)  # noqa: S311
    wanted = [out(n) for n in range(MOVED)] + [
        out(n, "COMPLETE_OUT" if n % 2 else "CANCEL_OUT") for n in range(MOVED)
    ]
    known, unknown, kills = {}, list(wanted), 0
    while unknown:
        process, url = start(database, acts)
        killer = threading.Timer(chance.uniform(0.02, 0.3), process.kill)
        if kills < KILLS:
            killer.start()
            kills += 1
        async with speaking(url) as connector:
            # Whoever was not answered is asked again, with what comes after it: so
            # what was acknowledged just before a kill comes again as well.
            with contextlib.suppress(ProvinceFault):
                while unknown:
                    group = unknown[:80]
                    told = await carry_out(connector, group)
                    for one, receipt in zip(group, told, strict=True):
                        assert known.setdefault(one.key, receipt) == receipt
                    unknown = unknown[40:] if len(unknown) > 80 else []
            if not unknown:
                killer.cancel()
                for at in range(0, len(wanted), 400):
                    group = wanted[at : at + 400]
                    again = await carry_out(connector, group)
                    assert again == tuple(known[one.key] for one in group)
        end(process)
    assert kills == KILLS
    assert {receipt.answered for receipt in known.values()} == {Answered.DONE}
    shown = compared(acts)
    assert len(shown) == MOVED
    for n in range(MOVED):
        card = shown[f"c{n}"]
        ended = "COMPLETE_OUT" if n % 2 else "CANCEL_OUT"
        assert card["done"] == {f"t{n}": {"REGISTER_OUT": 1, ended: 1}}
        assert card["home"] == ([] if n % 2 else [U1])
        assert card["leaving"] == []
        (entry,) = card["entries"]
        assert entry["state"] == ("PAIRED" if n % 2 else "CANCELLED")


@pytest.fixture(scope="module")
def served(database, tmp_path_factory):
    """One province for all that follows: each test has members of its own."""
    acts = tmp_path_factory.mktemp("acts") / "acts.sqlite"
    with serving(database, acts) as url:
        yield url, acts


async def test_doubled_late_and_reordered_it_ends_the_same(served):
    url, acts = served
    chance = random.Random(7)  # noqa: S311
    members = range(1_000, 1_200)
    sent = [one for n in members for one in (out(n), out(n, "COMPLETE_OUT"))] * 3
    chance.shuffle(sent)
    # The same from several sides at once: the province takes one after the other.
    groups = [sent[at : at + 50] for at in range(0, len(sent), 50)]
    async with speaking(url) as connector, asyncio.TaskGroup() as tasks:
        told = [tasks.create_task(carry_out(connector, group)) for group in groups]
    receipts = {}
    for group, task in zip(groups, told, strict=True):
        for one, receipt in zip(group, task.result(), strict=True):
            assert receipts.setdefault(one.key, receipt) == receipt
    shown = compared(acts)
    went = 0
    for n in members:
        assert receipts[f"t{n}:COMPLETE_OUT"].answered is Answered.DONE
        if receipts[f"t{n}:REGISTER_OUT"].answered is Answered.REFUSED:
            assert f"c{n}" not in shown, "its end came first, and barred it"
            continue
        went += 1
        card = shown[f"c{n}"]
        assert card["done"] == {f"t{n}": {"REGISTER_OUT": 1, "COMPLETE_OUT": 1}}
        assert card["home"] == []
    assert 0 < went < len(members)


async def test_what_was_acknowledged_is_shown_from_then_on(served):
    url, _ = served
    query = """query ($k: [_Any!]!) { a: _entities(representations: $k) {
      ... on Worker { memberships { state registeredOutOn counterpartProvince } } } }"""
    representations = [{"__typename": "Worker", "localId": "w1201"}]
    asked = {"query": query, "variables": {"k": representations}}
    headers = {"Authorization": f"Bearer {TOKEN}"}

    async def read():
        async with session.post(url, json=asked) as reply:
            return (await reply.json())["data"]["a"][0]["memberships"][0]

    async with (
        speaking(url) as connector,
        aiohttp.ClientSession(headers=headers) as session,
    ):
        assert (await read())["state"] == "ACTIVE"
        await carry_out(connector, [out(1_201)])
        assert await read() == {
            "state": "IN_TRANSIT",
            "registeredOutOn": "2026-11-02",
            "counterpartProvince": "45",
        }


async def test_a_bad_entry_costs_only_its_own_place(served):
    url, _ = served
    long = command("REGISTER_OUT", "t1302", "w1302", "c1302", key="k" * 129)
    empty = command("REGISTER_OUT", "", "w1303", "c1303")
    async with speaking(url) as connector:
        acted = await connector.act([out(1_301), long, empty, out(1_304)], "r", soon())
    assert [one and one.answered for one in acted.receipts] == [
        Answered.DONE, None, None, Answered.DONE
    ]  # fmt: skip
    assert acted.fault.code == "PROVINCE_ERROR"


async def test_more_entries_than_it_takes_are_refused_as_a_whole(served):
    url, acts = served
    entries = [
        {"key": f"k{n}", "transfer": f"k{n}", "membershipNo": f"c{n}", "union": U1,
         "counterpartUnion": U1, "counterpartProvince": "45", "on": "2026-11-02"}
        for n in range(MOST_COMMANDS + 1)
    ]  # fmt: skip
    query = """mutation ($e: [RegisterEntryInput!]!) {
      cancelOut(entries: $e) { key answered } }"""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(url, json={"query": query, "variables": {"e": entries}}) as it,
    ):
        told = await it.json()
    assert told["data"] == {"cancelOut": None}
    assert "500" in told["errors"][0]["message"]
    with contextlib.closing(sqlite3.connect(acts)) as db:
        (kept,) = db.execute("SELECT count(*) FROM bar WHERE transfer LIKE 'k%'")
    assert kept == (0,)


def test_acts_of_other_data_are_not_taken_for_its_own(database, tmp_path):
    acts = tmp_path / "acts.sqlite"
    Ledger(acts, database).close()
    other = write(tmp_path / "44.sqlite", [worker("x", membership("a", "c"))])
    with pytest.raises(OtherDataError):
        Ledger(acts, other)


async def test_hundreds_of_acts_a_second(served):
    """A floor far below what it does: it catches a fall by an order, not a slow day."""
    url, _ = served
    async with speaking(url) as connector:
        began, done = time.perf_counter(), 0
        for act in (Act.REGISTER_OUT, Act.COMPLETE_OUT):
            for at in range(0, 800, 200):
                group = [out(n, act) for n in range(at, at + 200)]
                done += len(await carry_out(connector, group))
        rate = done / (time.perf_counter() - began)
    assert rate > 300, f"{rate:.0f} acts a second"
