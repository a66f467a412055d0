"""Waits end: who does not answer loses the member to the union of residence."""

from __future__ import annotations

import pytest

from hub.feeds.events import Topic
from hub.feeds.transfer_change import decode
from hub.store.feeds import FeedStore
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


@pytest.mark.parametrize("act", ["out", "in"])
async def test_a_silent_register_is_never_given_up_behind_the_acceptance(hub, act):
    (worker,) = await hub.enrol("63", 1)
    opened = await hub.request(worker, NEW)
    if act == "in":
        await hub.deliver("63")
    hub.clock.forward(days=40)
    await hub.deadlines.look()
    first = await hub.now(opened)
    hub.clock.forward(days=40)
    await hub.deadlines.look()
    second = await hub.now(opened)
    await hub.deliver()
    ended = await hub.now(opened)

    if act == "out":
        assert first.state is S.RETURNING
        assert (ended.state, ended.home) == (S.EXPIRED, HOME)
        # The late OUT entry was asked before CANCEL_OUT, and taken back.
        assert hub.homes(opened.membership_no) == [HOME]
    else:
        assert (first.state, first.overdue) == (S.IN_PENDING, True)
        assert second.due_on > first.due_on
        assert (ended.state, ended.home, ended.overdue) == (S.COMPLETED, NEW, False)
