"""Waits end: who does not answer loses the member to the union of residence."""

from __future__ import annotations

import pytest

from hub.feeds.events import Topic
from hub.feeds.transfer_change import decode
from hub.store.feeds import FeedStore
from schema.records.command import Act
from schema.records.moving import OfferWish
from schema.records.transfer import TransferState
from tests.builders.moving import actor, union

S = TransferState
NEW = union("44", "b")
HOME = union("63", "a")


async def test_a_silent_union_is_reminded_and_then_the_member_lands(hub, database_url):
    (worker,) = await hub.enrol("63", 1)
    opened = await hub.offer(worker, NEW, residence="510101001")
    await hub.deliver()

    assert await hub.deadlines.look() == 0
    hub.clock.forward(days=8)  # five working days and a weekend
    await hub.deadlines.look()
    await hub.deadlines.look()  # reminded once
    waiting = await hub.now(opened)
    hub.clock.forward(days=16)
    assert await hub.deadlines.look() == 1
    landing = await hub.now(opened)
    late = await hub.coordinator.accept(actor(NEW), opened.id, None, "late")
    await hub.deliver()

    feed = FeedStore(hub.pool, database_url)
    said = [decode(one.body) for one in await feed.read(Topic.TRANSFER, 0, 50)]
    assert [one.reminder for one in said].count(True) == 1
    assert waiting.state is S.IN_TRANSIT
    assert (landing.state, landing.home) == (S.LANDING, HOME)
    assert landing.to_union == union("51", "town")
    assert late.code == "LANDS_ALREADY"
    ended = await hub.now(opened)
    assert (ended.state, ended.home) == (S.LANDED, union("51", "town"))
    (row,) = hub.row("51", "new-51-IN-00000001")
    assert row.state == "LANDED_FALLBACK"
    # The union that was passed over is told of it.
    assert all(NEW in one.parties for one in said if not one.reminder)


async def test_nobody_to_land_at_means_to_stay(hub):
    (worker,) = await hub.enrol("63", 1)
    opened = await hub.offer(worker, NEW)
    await hub.deliver()

    hub.clock.forward(days=30)
    await hub.deadlines.look()
    await hub.deliver()

    ended = await hub.now(opened)
    assert (ended.state, ended.home) == (S.EXPIRED, HOME)
    assert hub.homes(opened.membership_no) == [HOME]


async def test_a_silent_old_register_is_given_up_and_the_late_entry_taken_back(hub):
    (worker,) = await hub.enrol("63", 1)
    opened = await hub.request(worker, NEW)
    await silence(hub, days=40)
    returning = await hub.now(opened)
    await hub.deliver()
    ended = await hub.now(opened)

    assert returning.state is S.RETURNING
    assert (ended.state, ended.home) == (S.EXPIRED, HOME)
    # The late OUT entry was asked before CANCEL_OUT, and taken back.
    assert hub.homes(opened.membership_no) == [HOME]


async def silence(hub, days):
    """Let days pass in which nobody answers."""
    for _ in range(days):
        hub.clock.forward(days=1)
        await hub.deadlines.look()


async def test_a_register_that_is_back_before_the_last_limit_takes_the_member_in(hub):
    (worker,) = await hub.enrol("63", 1)
    opened = await hub.request(worker, NEW)
    await hub.deliver("63")
    await silence(hub, days=20)
    late = await hub.now(opened)
    await hub.deliver()
    ended = await hub.now(opened)

    assert (late.state, late.overdue) == (S.IN_PENDING, True)
    assert late.rule == "transfer-in-overdue-5-15"
    assert (ended.state, ended.home, ended.overdue) == (S.COMPLETED, NEW, False)


@pytest.mark.parametrize("written", [False, True], ids=["no entry", "an entry"])
async def test_a_province_gone_for_months_holds_nobody_and_is_told_when_it_is_back(
    hub, written
):
    (worker,) = await hub.enrol("63", 1, also=["51"])
    opened = await hub.request(worker, NEW)
    await hub.deliver("63")
    if written:  # it wrote the entry, and the receipt was lost for ever
        (command,) = await hub.outbox.next("44", 5)
        hub.connectors["44"].register.act(command, hub.clock.now())
    await silence(hub, days=32)
    cancelling = await hub.now(opened)
    await silence(hub, days=9)
    returning = await hub.now(opened)
    await hub.deliver("63")
    ended = await hub.now(opened)

    assert (cancelling.state, cancelling.home) == (S.IN_CANCELLING, HOME)
    assert returning.state is S.RETURNING
    assert (ended.state, ended.home, ended.overdue) == (S.EXPIRED, HOME, True)
    # Nobody waits for it: the member moves on, and comes to that province later.
    onward = await hub.request(worker, union("51", "a"), key="onward")
    await hub.deliver("63", "51")
    assert (await hub.now(onward)).state is S.COMPLETED
    asked = noted(hub, "44")
    await hub.deliver()
    settled = await hub.now(opened)

    assert asked == [Act.CANCEL_IN, Act.REGISTER_IN]
    assert (settled.state, settled.overdue) == (S.EXPIRED, False)
    assert settled.ended_at == ended.ended_at
    assert hub.homes(opened.membership_no) == [union("51", "a")]


def noted(hub, province):
    """Note down what a register is asked, in order."""
    asked, act = [], hub.connectors[province].register.act

    def note(command, at):
        asked.append(command.act)
        return act(command, at)

    hub.connectors[province].register.act = note
    return asked


async def test_what_a_register_is_owed_goes_before_the_member_s_next_transfer(hub):
    (worker,) = await hub.enrol("63", 1)
    first = await hub.request(worker, NEW)
    await hub.deliver("63")
    await hub.deliver("44")  # the IN entry stands; then the old register is gone
    asked = noted(hub, "63")
    closing = await hub.now(first)
    while (await hub.now(first)).state is S.CLOSING:
        await silence(hub, days=1)
    ended = await hub.now(first)
    back = await hub.coordinator.offer(
        actor(NEW),
        OfferWish(
            membership_no=first.membership_no, from_union=NEW, to_union=HOME,
            worker=worker,
        ),
        "back",
    )  # fmt: skip
    await hub.deliver("44")
    await hub.coordinator.accept(actor(HOME), back.id, None, "yes")
    await hub.deliver()

    assert closing.state is S.CLOSING
    assert (ended.state, ended.home, ended.overdue) == (S.COMPLETED, NEW, True)
    assert asked == [Act.COMPLETE_OUT, Act.REGISTER_IN]
    assert (await hub.now(back)).state is S.COMPLETED
    assert hub.homes(first.membership_no) == [HOME]
