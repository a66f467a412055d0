"""Provinces come, change and go while they are asked: nobody notices but who should."""

from __future__ import annotations

import asyncio

from connectors.guard import Guard
from connectors.health import ProvinceState
from connectors.memory import MemoryConnector
from connectors.registry import Registry
from connectors.unusable import UnusableConnector
from hub.clock import SystemClock
from schema.records.keys import ProvinceCode
from schema.records.refusal import Bilingual, Refusal
from schema.records.told import FaultCode
from schema.records.worker import WorkerRecord
from tests.connectors.conftest import QUESTION, Observed, settings_for
from tests.provinces.registers import command

GD = ProvinceCode("44")
GONE = Refusal("GONE", "test", Bilingual("已撤", "gone"), Bilingual("-", "-"))


class Province(MemoryConnector):
    """In memory; it tells by a name which it is, and whether it was closed."""

    def __init__(self, name, before=None):
        worker = WorkerRecord(local_id="gd-1", as_of=SystemClock().now(), name=name)
        super().__init__(GD, {"gd-1": worker}, SystemClock())
        self.before = before
        self.closed = False

    async def ask(self, question, deadline):
        answer = await super().ask(question, deadline)
        assert not self.closed, "asked or answering after it was closed"
        return answer

    async def close(self):
        self.closed = True


def guard(connector, **more):
    settings = settings_for("http://127.0.0.1:1/", **more)
    return Guard(connector, settings, SystemClock(), Observed(), chance=lambda: 0.5)


async def ask(berth):
    return await berth.ask(QUESTION, asyncio.get_running_loop().time() + 10)


def name(answer):
    assert not answer.faults
    return answer.workers[0][0].name


async def test_what_is_under_way_ends_at_the_old_one_which_then_closes():
    goes_on = asyncio.Event()
    old, new = Province("old", goes_on.wait), Province("new")
    made = Registry([guard(old)])
    held = made.get(GD)
    under_way = asyncio.create_task(ask(held))
    await asyncio.sleep(0)
    made.put(guard(new))

    assert name(await ask(held)) == name(await ask(made.get(GD))) == "new"
    assert not old.closed
    goes_on.set()
    assert name(await under_way) == "old"
    await asyncio.sleep(0.01)
    assert (old.closed, new.closed) == (True, False)
    await made.close()
    assert new.closed


async def test_an_old_one_that_hangs_is_closed_after_its_longest_deadline():
    old = Province("old", asyncio.Event().wait)
    hung = guard(old, deadline="200ms", act_deadline="100ms", retry={"attempts": 1})
    made = Registry([hung])
    under_way = asyncio.create_task(ask(made.get(GD)))
    await asyncio.sleep(0)
    made.put(guard(Province("new")))
    answer = await under_way
    assert answer.faults[0].code is FaultCode.TIMED_OUT
    await asyncio.sleep(0.01)
    assert old.closed, "as soon as nothing is under way"
    await made.close()


async def test_who_found_a_province_that_is_taken_out_is_told_so():
    old = Province("old")
    made = Registry([guard(old)])
    held = made.get(GD)
    made.remove(guard(UnusableConnector(GD, GONE)))

    assert made.get(GD) is None
    assert GD not in made.codes
    assert made.all() == ()
    answer = await ask(held)
    assert answer.faults[0].code is FaultCode.NOT_CONNECTED
    await asyncio.sleep(0.01)
    assert old.closed
    await made.close()


async def test_under_load_no_answer_is_lost_or_wrong_whatever_comes_and_goes():
    async def a_little():
        await asyncio.sleep(0.002)

    made = Registry([guard(Province("0", a_little), concurrency=100)])
    closed, told, stop = [], [], asyncio.Event()

    async def caller():
        while not stop.is_set():
            begun = max((int(n) for n in told), default=0)
            told.append(name(await ask(made.get(GD))))
            assert int(told[-1]) >= begun - 1, "the new one answers at once"

    await made.start()
    callers = [asyncio.create_task(caller()) for _ in range(20)]
    for n in range(1, 40):
        province = Province(str(n), a_little)
        closed.append(province)
        made.put(guard(province, concurrency=100))
        await asyncio.sleep(0.005)
    stop.set()
    for one in callers:
        await one
    await asyncio.sleep(0.05)

    assert len(set(told)) > 30
    assert [one.closed for one in closed] == [True] * 38 + [False]
    before = asyncio.all_tasks()
    await made.close()
    assert len(asyncio.all_tasks()) == len(before) - 1, "its one watch"


async def test_commands_of_the_new_one_wait_for_those_of_the_old():
    order, goes_on = [], asyncio.Event()

    async def slow():
        await goes_on.wait()
        order.append("old")

    async def quick():
        order.append("new")

    old, new = guard(Province("old", slow)), guard(Province("new", quick))
    made = Registry([old])
    until = asyncio.get_running_loop().time() + 10
    sent = [command("CANCEL_OUT", "t1", "w1", "c1")]
    first = asyncio.create_task(made.get(GD).act(sent, "r1", until))
    await asyncio.sleep(0.01)
    new.follow(old, same=False)
    made.put(new)
    second = asyncio.create_task(made.get(GD).act(sent, "r2", until))
    await asyncio.sleep(0.01)
    goes_on.set()
    await first
    await second
    assert order == ["old", "new"]
    await made.close()


async def test_what_is_known_of_the_same_system_holds_until_it_is_asked_again():
    old = guard(Province("old"))
    await old.probe(asyncio.get_running_loop().time() + 1)
    paused = guard(UnusableConnector(GD, GONE), paused=True, contract_version="1.1")
    paused.follow(old, same=True)
    assert paused.capabilities == old.capabilities
    assert paused.health().declared
    assert paused.health().state is ProvinceState.PAUSED
    assert paused.health().last_ok_at == old.health().last_ok_at
    other = guard(UnusableConnector(GD, GONE))
    other.follow(old, same=False)
    assert not other.health().declared
