"""A register of contract 1.1 that was silent: it cannot take an IN entry back."""

from __future__ import annotations

import asyncio

import pytest

from connectors.port import WHOLE_CONTRACT, Capabilities
from schema.records.command import Act
from schema.records.transfer import TransferState as S
from tests.builders.moving import PROVINCES, union

NEW, BESIDE, THIRD = union("44", "b"), union("63", "b"), union("51", "a")
OLD_CONTRACT = Capabilities(
    "1.1", WHOLE_CONTRACT.fields, frozenset(Act) - {Act.CANCEL_IN}
)


async def on_old_contract(hub, province):
    """Let a province declare the contract that knows no cancelIn."""
    hub.connectors[province]._capabilities = OLD_CONTRACT
    soon = asyncio.get_running_loop().time() + 5
    await hub.registry.get(province).probe(soon)


async def silent_until_given_up(hub, transfer):
    """Let days pass without an answer until the old register is asked to undo."""
    for _ in range(90):
        if (await hub.now(transfer)).state is S.RETURNING:
            return
        hub.clock.forward(days=1)
        await hub.deadlines.look()
    raise AssertionError(await hub.now(transfer))


async def waiting(hub):
    """Name the acts without a last word."""
    async with hub.pool.connection() as connection:
        found = await connection.execute(
            "SELECT act FROM transfer_command WHERE answered_at IS NULL ORDER BY act"
        )
        return [Act(act) for (act,) in await found.fetchall()]


async def test_within_a_province_nothing_stays_open_for_an_act_that_it_has_not(hub):
    await on_old_contract(hub, "63")
    (worker,) = await hub.enrol("63", 1, also=("51",))
    opened = await hub.request(worker, BESIDE)
    (out,) = await hub.outbox.next("63", 5)
    await hub.delivery._ask("63", [out])
    assert (await hub.now(opened)).state is S.IN_PENDING

    await silent_until_given_up(hub, opened)
    assert await waiting(hub) == [Act.CANCEL_OUT]
    hub.clock.forward(hours=1)
    await hub.deliver("63")

    ended = await hub.now(opened)
    assert (ended.state, ended.home, ended.overdue) == (
        S.EXPIRED, union("63", "a"), False,
    )  # fmt: skip
    assert hub.homes(opened.membership_no) == [union("63", "a")]
    assert await waiting(hub) == []
    onward = await hub.offer(worker, THIRD)
    await hub.deliver()
    assert (await hub.now(onward)).state is S.IN_TRANSIT


async def test_a_member_is_taken_in_again_at_once_when_the_province_is_back(hub):
    await on_old_contract(hub, "44")
    (worker,) = await hub.enrol("63", 1)
    opened = await hub.request(worker, NEW)
    await hub.deliver("63")
    await silent_until_given_up(hub, opened)
    await hub.deliver("63")
    assert (await hub.now(opened)).state is S.EXPIRED

    again = await hub.request(worker, NEW, "again")
    await hub.deliver()

    assert (await hub.now(again)).state is S.COMPLETED
    assert hub.homes(opened.membership_no) == [NEW]
    health = hub.registry.get("44").health()
    assert health.last_fault is None, "it was asked nothing that it does not know"


@pytest.mark.parametrize("later", [False, True])
async def test_an_entry_that_it_wrote_all_the_same_is_told_to_people(
    hub, caplog, later
):
    await on_old_contract(hub, "44")
    (worker,) = await hub.enrol("63", 1)
    opened = await hub.request(worker, NEW)
    await hub.deliver("63")
    (command,) = await hub.outbox.next("44", 5)
    await silent_until_given_up(hub, opened)
    if later:
        await hub.deliver("63")
    before = await hub.now(opened)

    # The call was under way when the limit passed.
    await hub.delivery._ask("44", [command])

    after = await hub.now(opened)
    assert (after.state, after.home) == (before.state, union("63", "a"))
    assert after.due_on == before.due_on
    lines = (await hub.reading.timeline([opened.id]))[opened.id]
    assert (lines[-1].step, lines[-1].province) == ("IN_REGISTERED", "44")
    assert lines[-1].entry
    assert hub.notes.outcomes["44", "home-clash"] == 1
    assert f"home-clash province=44 transfer={opened.id}" in caplog.text


async def test_what_a_register_has_already_it_may_still_answer(hub):
    await on_old_contract(hub, "44")
    (worker,) = await hub.enrol("63", 1)
    opened = await hub.request(worker, NEW)
    await hub.deliver("63")
    async with hub.pool.connection() as connection:
        await connection.execute(
            "UPDATE transfer_command SET pending = true WHERE act = 'REGISTER_IN'"
        )
    await silent_until_given_up(hub, opened)

    assert await waiting(hub) == [Act.CANCEL_OUT, Act.REGISTER_IN]
    hub.clock.forward(hours=1)
    await hub.deliver(*PROVINCES)

    assert (await hub.now(opened)).state is S.EXPIRED
    assert hub.notes.outcomes["44", "home-clash"] == 1


async def test_who_is_found_to_be_on_the_old_contract_is_waited_for_no_longer(hub):
    (worker,) = await hub.enrol("63", 1)
    opened = await hub.request(worker, NEW)
    await hub.deliver("63")
    for _ in range(60):
        if (await hub.now(opened)).state is S.IN_CANCELLING:
            break
        hub.clock.forward(days=1)
        await hub.deadlines.look()
    assert Act.CANCEL_IN in await waiting(hub)

    await on_old_contract(hub, "44")
    await silent_until_given_up(hub, opened)
    await hub.deliver("63")

    assert await waiting(hub) == []
    ended = await hub.now(opened)
    assert (ended.state, ended.overdue) == (S.EXPIRED, False)


async def test_a_wait_that_goes_on_keeps_its_limit_when_something_owed_is_done(hub):
    (worker,) = await hub.enrol("63", 1)
    opened = await hub.request(worker, NEW)
    await hub.deliver("63")
    await silent_until_given_up(hub, opened)
    before = await hub.reading.one(opened.id)
    assert before.saga.owed == (Act.CANCEL_IN,)
    hub.clock.forward(days=3)

    await hub.deliver("44")

    after = await hub.reading.one(opened.id)
    assert after.saga.owed == ()
    assert (after.due_at, after.target_at) == (before.due_at, before.target_at)
    assert (after.transfer.due_on, after.transfer.rule) == (
        before.transfer.due_on,
        before.transfer.rule,
    )
    assert after.transfer.due_on is not None
