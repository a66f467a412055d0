"""Whose union is closed is not stranded: the one above it moves them on."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from hub.organisation.directory import Directory
from hub.store.transfer_counts import TransferCounts
from schema.records.moving import TransferFilter
from tests.builders.moving import organisations, union
from tests.moving import documents as ask
from tests.moving.asking import A44, A51, officer

COUNTY = officer(union("51", "county"))


def close(hub, code):
    """Let a union have closed the day before yesterday."""
    gone = hub.ground.clock.now().date() - timedelta(days=2)
    rows = [
        replace(row, valid_to=gone) if row.code == code else row
        for row in organisations()
    ]
    hub.ground.directory = Directory(rows)


async def offer(hub, worker, who, key, to=A44):
    card = hub.ground.ids[worker][2]
    wish = {"membershipNo": card, "fromUnion": A51, "toUnion": to, "worker": worker}
    return await hub(ask.OFFER, who, input=wish, key=key)


async def test_the_one_above_a_closed_union_offers_issues_and_lands(hub):
    (one, two, three) = await hub.ground.enrol("51", 3)
    close(hub, A51)

    offered = await offer(hub, one, COUNTY, "o")
    _, local_id, card = hub.ground.ids[two]
    wish = {"union": A51, "membershipNo": card, "localId": local_id}
    issued = await hub(ask.ISSUE, COUNTY, input=wish, key="i")
    _, local_id, card = hub.ground.ids[three]
    rows = [{"localId": local_id, "membershipNo": card, "residence": "510101001"}]
    batch = hub.ground.batch("51", rows, union=A51, basis="CLOSURE")
    told = await hub(ask.BULK, COUNTY, batch=batch, key="b")

    assert (offered["__typename"], offered["owner"]) == ("Transfer", A51), offered
    assert issued["__typename"] == "IssuedCredential", issued
    assert told["__typename"] == "TransferBatch", told
    await hub.ground.bulk.open(told["id"], 10)
    await hub.deliver()
    page = await hub.ground.reading.page(
        TransferFilter(batch=told["id"]), None, 9, None
    )
    assert [(each.state, each.home) for each in page.transfers] == [
        ("LANDED", union("51", "town"))
    ]
    wish = {"credential": issued["compact"], "code": issued["code"], "toUnion": A44}
    moved = await hub(ask.REQUEST, officer(A44), input=wish, key="r")
    assert moved["__typename"] == "Transfer", moved


async def test_a_closed_union_acts_no_more_and_takes_nobody_in(hub):
    (worker,) = await hub.ground.enrol("51", 1)
    close(hub, A51)

    itself = await offer(hub, worker, officer(A51), "itself")
    stranger = await offer(hub, worker, officer(union("44", "county")), "stranger")
    close(hub, A44)
    into = await offer(hub, worker, officer(A51), "into")

    assert itself["code"] == "OFFICE_NOT_OF_PROVINCE"
    assert stranger["code"] == "NOT_YOUR_UNION"
    assert into["code"] == "UNKNOWN_UNION"


async def test_open_transfers_at_a_union_are_counted(hub):
    (worker,) = await hub.ground.enrol("51", 1)
    await offer(hub, worker, officer(A51), "o")

    told = await TransferCounts(hub.ground.pool).open_at([A44, A51, union("37", "a")])

    assert told == {A44: 1, A51: 1}
