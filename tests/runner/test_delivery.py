"""Commands reach a province in order, whatever the line and the province do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.faults import ProvinceFault
from hub.runner.backoff import wait_after
from schema.records.command import Act, Answered, Receipt
from schema.records.told import FaultCode
from schema.records.transfer import TransferState
from tests.builders.moving import actor, union

S = TransferState
NEW, HOME = union("44", "b"), union("63", "a")


def orders(hub, province):
    """Note down what a province is asked, in order."""
    register = hub.connectors[province].register
    asked, act = [], register.act

    def noted(command, at):
        asked.append((command.transfer, command.act))
        return act(command, at)

    register.act = noted
    return asked


class Broken:
    """A line that loses questions, or receipts."""

    def __init__(self, times):
        self.left = times

    async def __call__(self):
        if self.left:
            self.left -= 1
            raise ProvinceFault(FaultCode.UNREACHABLE)


async def through(hub, *provinces):
    """Deliver, and let time pass, until nothing waits."""
    for _ in range(60):
        await hub.deliver(*provinces)
        if not await hub.count("transfer_command WHERE answered_at IS NULL"):
            return
        hub.clock.forward(seconds=31)


async def test_a_province_that_was_down_gets_all_its_commands_in_order(hub):
    workers = await hub.enrol("63", 25)
    asked = orders(hub, "63")
    hub.connectors["63"].before = Broken(6)
    transfers = []
    for n, worker in enumerate(workers):
        transfers.append(await hub.offer(worker, NEW, key=f"o{n}"))
    back = await hub.coordinator.withdraw(actor(HOME), transfers[3].id, "R", "w")

    await hub.delivery.deliver("63")
    assert asked == []  # it is down; and it rests
    await hub.delivery.deliver("63")
    assert hub.notes.outcomes["63", "unknown"] == 10
    await through(hub)

    outs = [one for one, act in asked if act is Act.REGISTER_OUT]
    assert outs == [one.id for one in transfers]
    assert asked.index((back.id, Act.REGISTER_OUT)) < asked.index(
        (back.id, Act.CANCEL_OUT)
    )
    assert (await hub.now(back)).state is S.WITHDRAWN
    assert (await hub.now(transfers[0])).state is S.IN_TRANSIT


async def test_a_lost_receipt_is_asked_for_again_and_nothing_is_done_twice(hub):
    workers = await hub.enrol("63", 5)
    asked = orders(hub, "63")
    for code in ("63", "44"):
        hub.connectors[code].after = Broken(3)
    opened = [
        await hub.request(worker, NEW, key=f"k{n}") for n, worker in enumerate(workers)
    ]

    await through(hub)

    assert len(asked) > 10
    for one in opened:
        assert (await hub.now(one)).state is S.COMPLETED
        assert hub.homes(one.membership_no) == [NEW]
    assert len(hub.connectors["44"].register.ins) == 5


async def test_no_province_holds_up_another(hub):
    (slow,) = await hub.enrol("63", 1)
    (quick,) = await hub.enrol("51", 1)
    hub.connectors["63"].before = Broken(1_000)
    first = await hub.offer(slow, NEW, key="1")
    second = await hub.request(quick, NEW, key="2")

    await hub.deliver("51", "44")
    for _ in range(5):
        await hub.delivery.deliver("63")
        hub.clock.forward(seconds=31)

    assert (await hub.now(first)).state is S.OUT_PENDING
    assert (await hub.now(second)).state is S.COMPLETED


async def test_pending_is_asked_later_and_an_impossible_refusal_is_a_fault(hub):
    (worker,) = await hub.enrol("63", 1)
    register = hub.connectors["63"].register
    act, answers = register.act, []

    def moody(command, at):
        answers.append(command.act)
        if len(answers) == 1:
            return Receipt(key=command.key, answered=Answered.PENDING)
        if command.act is Act.COMPLETE_OUT and answers.count(Act.COMPLETE_OUT) == 1:
            return Receipt(key=command.key, answered=Answered.REFUSED, code="NO")
        return act(command, at)

    register.act = moody
    opened = await hub.request(worker, NEW)
    await hub.deliver()
    assert (await hub.now(opened)).state is S.OUT_PENDING
    hub.clock.forward(seconds=2)
    await hub.deliver()
    assert (await hub.now(opened)).state is S.CLOSING  # the home has moved
    await through(hub)

    assert (await hub.now(opened)).state is S.COMPLETED
    assert hub.notes.outcomes["63", "unknown"] == 1  # the guard takes it for a fault
    assert answers == [Act.REGISTER_OUT] * 2 + [Act.COMPLETE_OUT] * 2


async def test_two_runners_do_not_deliver_to_one_province_at_once(hub):
    workers = await hub.enrol("63", 30)
    asked = orders(hub, "63")
    for n, worker in enumerate(workers):
        await hub.offer(worker, NEW, key=f"o{n}")
    other = hub.runner()

    async with hub.outbox.draining("63") as alone:
        await other.deliver("63")
        assert (alone, asked) == (True, [])
    await other.deliver("63")

    assert len(asked) == 30


async def test_a_province_that_is_gone_from_the_settings_is_asked_on(hub):
    (worker,) = await hub.enrol("63", 1)
    opened = await hub.offer(worker, NEW)
    taken = hub.registry._berths.pop("63")

    await hub.delivery.deliver("63")
    hub.registry._berths["63"] = taken
    await through(hub)

    assert (await hub.now(opened)).state is S.IN_TRANSIT


@given(
    st.integers(1, 10_000),
    st.floats(0.01, 10),
    st.floats(10, 1_000),
    st.floats(0, 1, exclude_max=True),
)
def test_the_wait_grows_to_a_bound(failures, first, longest, chance):
    wait = wait_after(failures, first, longest, chance)

    assert first / 2 <= wait <= longest
    assert wait_after(failures + 1, first, longest, chance) >= wait


@pytest.mark.parametrize("failures", [0, -1])
def test_no_failure_waits_like_the_first(failures):
    assert wait_after(failures, 1, 8, 0.5) == wait_after(1, 1, 8, 0.5)
