"""Which transfer came last is told by the journal, whatever the clocks say."""

from __future__ import annotations

from schema.records.moving import OfferWish
from schema.records.refusal import Refusal
from tests.builders.moving import actor, union

HOME, NEW, THIRD = union("63", "a"), union("44", "b"), union("51", "a")


async def move(hub, worker, card, way, key):
    """Let the old union offer and the new one accept, to the end."""
    old, new = way
    wish = OfferWish(membership_no=card, from_union=old, to_union=new, worker=worker)
    offer = await hub.coordinator.offer(actor(old), wish, key)
    assert not isinstance(offer, Refusal), offer.code
    await hub.deliver()
    await hub.coordinator.accept(actor(new), offer.id, None, f"{key}-yes")
    await hub.deliver()
    assert (await hub.now(offer)).state == "COMPLETED"
    return offer


async def test_a_clock_that_went_back_makes_no_old_home_the_home_again(hub):
    (worker,) = await hub.enrol("63", 1, also=("51",))
    first = await hub.request(worker, NEW)
    await hub.deliver()
    card = first.membership_no
    hub.clock.forward(hours=-2)  # another process, whose clock is behind
    second = await move(hub, worker, card, (NEW, THIRD), "second")
    hub.clock.forward(days=3)

    back = OfferWish(membership_no=card, from_union=NEW, to_union=HOME, worker=worker)
    refused = await hub.coordinator.offer(actor(NEW), back, "no")
    history = (await hub.reading.of_worker([worker]))[worker]
    third = await move(hub, worker, card, (THIRD, HOME), "third")

    assert refused.code == "NOT_THE_HOME"
    assert [one.id for one in history] == [first.id, second.id]
    assert hub.homes(card) == [HOME] == [(await hub.now(third)).home]


async def test_transfers_of_one_moment_keep_their_order(hub):
    (worker,) = await hub.enrol("63", 1, also=("51",))
    first = await hub.request(worker, NEW)
    await hub.deliver()
    card, homes = first.membership_no, [NEW, THIRD, HOME]
    for turn in range(6):  # the clock stands still
        way = homes[turn % 3], homes[(turn + 1) % 3]
        await move(hub, worker, card, way, f"turn-{turn}")

    history = (await hub.reading.of_worker([worker]))[worker]
    assert [one.home for one in history[1:]] == [THIRD, HOME, NEW] * 2
    assert hub.homes(card) == [NEW]
