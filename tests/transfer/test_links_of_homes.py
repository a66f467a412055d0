"""Where a membership arrives, the hub asks that register for it from then on."""

from __future__ import annotations

import pytest

from schema.records.kinds import RecordKind
from schema.records.transfer import Transfer, TransferState
from schema.records.wanted import ById
from tests.builders.moving import actor, union

NEW = union("44", "b")


async def kinds(hub, worker):
    (found,) = await hub.links.locate([ById(worker)])
    return {link.key.province: set(link.kinds) for link in found.links}


@pytest.mark.parametrize("way", ["request", "offer", "landing"])
async def test_a_link_for_other_records_gets_the_membership(hub, way):
    (worker,) = await hub.enrol("63", 1, also=("44",))
    async with hub.pool.connection() as connection:
        await connection.execute(
            "UPDATE link SET kinds = '{RIGHTS_CASE,TRAINING}' WHERE province = '44'"
        )
    before = await kinds(hub, worker)

    if way == "request":
        opened = await hub.request(worker, NEW)
    else:
        opened = await hub.offer(worker, NEW, residence="440101001")
    assert isinstance(opened, Transfer), opened
    await hub.deliver()
    if way == "offer":
        await hub.coordinator.accept(actor(NEW), opened.id, None, "yes")
    elif way == "landing":
        hub.clock.forward(days=60)
        await hub.deadlines.look()
    await hub.deliver()

    state = TransferState.LANDED if way == "landing" else TransferState.COMPLETED
    assert (await hub.now(opened)).state is state
    assert RecordKind.MEMBERSHIP not in before["44"]
    after = await kinds(hub, worker)
    assert after["44"] == before["44"] | {RecordKind.MEMBERSHIP}
    assert after["63"] == before["63"]
