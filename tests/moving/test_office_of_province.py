"""An issuer lends out no unions of another province: office and province must agree."""

from __future__ import annotations

import asyncio

from hub.access.caller import Caller
from tests.moving import documents as ask
from tests.moving.asking import A44, A51, officer
from tests.moving.test_transfers import issued, offered

ELSEWHERE = "OFFICE_NOT_OF_PROVINCE"
OLD, NEW = officer(A51), officer(A44)


def lent(office, *scopes, province="37"):
    """A token of an issuer of one province for an office of another."""
    granted = frozenset(scopes or ("transfers:write", "worker:read"))
    return Caller("clerk", "https://issuer.test", office, province, granted, 1e12)


async def test_no_act_for_the_unions_of_another_province(hub):
    worker, holder = await hub.ground.enrol("51", 2)
    opened = await offered(hub, worker)
    await hub.deliver()
    credential = await issued(hub, holder)

    told = [
        await hub(ask.ACCEPT, lent(A44), id=opened["id"], key="x-1"),
        await hub(ask.REJECT, lent(A44), id=opened["id"], key="x-2", why="no"),
        await hub(ask.WITHDRAW, lent(A51), id=opened["id"], key="x-3", why="no"),
        await offered(hub, worker, who=lent(A51), key="x-4"),
        await issued(hub, holder, who=lent(A51), key="x-5"),
        await hub(ask.REVOKE, lent(A51), id=credential["claims"]["id"]),
        await hub(ask.BULK, lent(A51), batch=hub.batch([]), key="x-6"),
        await hub(ask.BULK, lent(A51), batch="0" * 32, key="x-7"),
    ]
    # What was answered before under a key is answered to nobody else.
    told.append(await offered(hub, worker, who=lent(A51)))

    assert [one.get("code") for one in told] == [ELSEWHERE] * len(told)
    assert (await hub(ask.ONE, NEW, id=opened["id"]))["state"] == "IN_TRANSIT"
    assert (await hub(ask.ACCEPT, NEW, id=opened["id"], key="y"))["state"] == (
        "IN_PENDING"
    )


async def test_nothing_of_another_province_is_read(hub):
    (worker,) = await hub.ground.enrol("51", 1)
    opened = await offered(hub, worker)
    await hub.deliver()

    one = await hub(ask.ONE, lent(A51), id=opened["id"])
    assert one["code"] == "UNKNOWN_TRANSFER"
    asked = ((ask.PAGE, {}), (ask.MEMBERS, {"why": "MEMBERSHIP_SERVICE"}))
    for document, more in (*asked, (ask.QUESTIONS, {})):
        result = await hub.whole(document, lent(A51), **more)
        assert result.errors[0].original_error.refusal.code == ELSEWHERE, document
    result = await hub.follow(ask.FOLLOW, lent(A51))
    assert result.errors[0].original_error.refusal.code == ELSEWHERE


async def test_who_inspects_sees_the_transfers_and_no_names_of_any_office(hub):
    (worker,) = await hub.ground.enrol("51", 1)
    opened = await offered(hub, worker)
    both = lent(A51, "audit:read", "worker:read")

    one = await hub(ask.ONE, both, id=opened["id"])

    assert (one["state"], one["workerId"]) == ("OUT_PENDING", None)
    stream = await hub.follow(ask.FOLLOW, lent(A51, "audit:read"))
    first = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0)
    await hub.deliver()
    async with asyncio.timeout(5):
        told = (await first).data["transferEvents"]["transfer"]
    assert told["workerId"] is None
    await stream.aclose()
