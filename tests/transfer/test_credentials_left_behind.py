"""Where a home moves, what the old union issued and nobody redeemed ends with it."""

from __future__ import annotations

import pytest

from hub.credential.ports import Kept, Spent
from hub.store.credentials import CredentialStore
from schema.records.transfer import Basis, Transfer, TransferState
from tests.builders.moving import actor, union

HOME, NEW = union("63", "a"), union("44", "b")


async def worth(hub, issued):
    return (await hub.room.credentials.verify(issued.compact)).state


async def test_an_offer_that_is_taken_in_ends_the_credential(hub):
    (worker, stays) = await hub.enrol("63", 2)
    issued, other = await hub.issue(worker), await hub.issue(stays)

    opened = await hub.offer(worker, NEW)
    await hub.deliver()
    before = await worth(hub, issued)
    await hub.coordinator.accept(actor(NEW), opened.id, None, "yes")
    await hub.deliver()

    assert before == "VALID"  # until the IN entry stands, the old union is the home
    assert await worth(hub, issued) == "REVOKED"
    assert await worth(hub, other) == "VALID"
    place = issued.claims.status_index
    assert await CredentialStore(hub.pool).spent(0, 9) == [Spent(place, Kept.REVOKED)]


@pytest.mark.parametrize("basis", [Basis.CLOSURE, Basis.OFFER])
async def test_who_lands_lands_without_the_old_union_s_credential(hub, basis):
    (worker,) = await hub.enrol("63", 1)
    issued = await hub.issue(worker)
    wish = hub.offer_of(
        worker, "" if basis is Basis.CLOSURE else NEW, residence="510101001"
    )

    (opened,) = await hub.coordinator.offers(actor(HOME), [wish], ["k"], basis)
    assert isinstance(opened, Transfer)
    await hub.deliver()
    if basis is Basis.OFFER:
        assert await CredentialStore(hub.pool).spent(0, 9) == []
        hub.clock.forward(days=60)
        await hub.deadlines.look()
        await hub.deliver()

    assert (await hub.now(opened)).state is TransferState.LANDED
    assert await CredentialStore(hub.pool).spent(0, 9) == [
        Spent(issued.claims.status_index, Kept.REVOKED)
    ]


async def test_who_comes_back_keeps_it_and_a_request_spends_it(hub):
    (back, asked) = await hub.enrol("63", 2)
    kept, spent = await hub.issue(back), await hub.issue(asked, "request")
    opened = await hub.offer(back, NEW)
    await hub.deliver()

    await hub.coordinator.reject(actor(NEW), opened.id, "NO_PLACE", "no")
    await hub.deliver()
    await hub.request(asked, NEW, "request-2")
    again = await hub.issue(asked, "after")  # the old union is the home yet
    await hub.deliver()

    assert await worth(hub, kept) == "VALID"
    assert await worth(hub, spent) == "REVOKED"  # by the one that was redeemed
    assert await worth(hub, again) == "REVOKED"
    states = [one.kept for one in await CredentialStore(hub.pool).spent(0, 9)]
    assert states == [Kept.REVOKED, Kept.REDEEMED, Kept.REVOKED]
