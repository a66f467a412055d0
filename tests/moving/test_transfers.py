"""A member moves, by GraphQL: credential, request, offer, and every refusal."""

from __future__ import annotations

import asyncio

import pytest

from hub.access.caller import Caller
from tests.moving import documents as ask
from tests.moving.asking import A37, A44, A51, B44, B51, TOP44, TOP51, officer

OLD, NEW = officer(A51), officer(A44)


async def issued(hub, worker, *, key="issue-1", who=OLD):
    _, local_id, card = hub.ground.ids[worker]
    wish = {"union": A51, "membershipNo": card, "localId": local_id}
    return await hub(ask.ISSUE, who, input=wish, key=key)


async def request(hub, credential, *, key="r-1", who=NEW, to=A44, **more):
    wish = {"credential": credential["compact"], "code": credential["code"]}
    wish |= {"toUnion": to, **more}
    return await hub(ask.REQUEST, who, input=wish, key=key)


async def offered(hub, worker, *, to=A44, key=None, who=OLD, **more):
    wish = {"membershipNo": hub.ground.ids[worker][2], "fromUnion": A51, "toUnion": to}
    wish |= {"worker": worker, **more}
    return await hub(ask.OFFER, who, input=wish, key=key or f"o-{worker}")


async def test_from_the_credential_to_the_new_home_as_both_unions_see_it(hub):
    (worker,) = await hub.ground.enrol("51", 1)
    events = await hub.follow(ask.FOLLOW, NEW)
    stranger = await hub.follow(ask.FOLLOW, officer(A37))
    strange = asyncio.ensure_future(anext(stranger))
    first = asyncio.ensure_future(anext(events))

    credential = await issued(hub, worker)
    assert credential["__typename"] == "IssuedCredential", credential
    assert credential["qrSvg"].lstrip().startswith("<")
    told = await hub(ask.VERIFY, officer(A37), c=credential["compact"])
    assert (told["state"], told["claims"]["worker"]) == ("VALID", worker)
    opened = await request(hub, credential)
    assert (opened["state"], opened["home"], opened["owner"]) == (
        "OUT_PENDING", A51, A51,
    )  # fmt: skip
    assert opened["dueRule"]
    assert opened["respondBy"] < opened["dueOn"]
    assert await request(hub, credential) == opened, "the same act, the same answer"
    await hub.deliver()

    seen = [await first]
    async with asyncio.timeout(5):
        while seen[-1].data["transferEvents"]["transfer"]["state"] != "COMPLETED":
            seen.append(await anext(events))
    assert all(one.errors is None for one in seen)
    states = [one.data["transferEvents"]["transfer"]["state"] for one in seen]
    assert states == ["OUT_PENDING", "IN_PENDING", "CLOSING", "COMPLETED"]
    assert [one.data["transferEvents"]["was"] for one in seen] == [None, *states[:-1]]
    homes = [one.data["transferEvents"]["transfer"]["home"] for one in seen]
    assert homes == [A51, A51, A44, A44]
    assert not strange.done(), "who is no party hears nothing"
    strange.cancel()

    again = await hub.follow(
        ask.FOLLOW, OLD, after=seen[1].data["transferEvents"]["cursor"]
    )
    async with asyncio.timeout(5):
        resumed = [(await anext(again)).data for _ in seen[2:]]
    assert resumed == [one.data for one in seen[2:]]
    for stream in (events, again):
        await stream.aclose()

    for who in (OLD, NEW, officer(TOP51), officer(TOP44)):
        whole = await hub(ask.ONE, who, id=opened["id"])
        assert (whole["state"], whole["home"]) == ("COMPLETED", A44)
        assert [one["step"] for one in whole["timeline"]] == [
            "OPENED", "OUT_REGISTERED", "IN_REGISTERED", "OUT_COMPLETED",
        ]  # fmt: skip
    assert (await hub(ask.ONE, officer(A37), id=opened["id"]))["code"] == (
        "UNKNOWN_TRANSFER"
    )
    auditor = officer("U11-audit", "audit:read")
    unnamed = await hub(ask.ONE, auditor, id=opened["id"])
    assert (unnamed["state"], unnamed["workerId"]) == ("COMPLETED", None)
    assert hub.ground.homes(hub.ground.ids[worker][2]) == [A44]


async def test_an_offer_is_accepted_rejected_or_withdrawn(hub):
    a, b, c = await hub.ground.enrol("51", 3)
    offers = [await offered(hub, one) for one in (a, b, c)]
    early = await hub(ask.ACCEPT, NEW, id=offers[0]["id"], key="x-0")
    assert early["code"] == "NOT_YET_REGISTERED_OUT"
    await hub.deliver()

    accepted = await hub(ask.ACCEPT, NEW, id=offers[0]["id"], key="x-1")
    rejected = await hub(
        ask.REJECT, NEW, id=offers[1]["id"], key="x-2", why="not known here"
    )
    withdrawn = await hub(
        ask.WITHDRAW, OLD, id=offers[2]["id"], key="x-3", why="a mistake"
    )
    assert [one["state"] for one in (accepted, rejected, withdrawn)] == [
        "IN_PENDING", "RETURNING", "RETURNING",
    ]  # fmt: skip
    await hub.deliver()

    ends = [await hub(ask.ONE, OLD, id=one["id"]) for one in offers]
    assert [(one["state"], one["home"]) for one in ends] == [
        ("COMPLETED", A44), ("REJECTED", A51), ("WITHDRAWN", A51),
    ]  # fmt: skip
    for worker, home in zip((a, b, c), (A44, A51, A51), strict=True):
        assert hub.ground.homes(hub.ground.ids[worker][2]) == [home]


async def test_who_is_in_a_transfer_already_gets_that_one(hub):
    (worker,) = await hub.ground.enrol("51", 1)
    first = await offered(hub, worker)

    again = await offered(hub, worker, to=B44, key="another")

    assert again["__typename"] == "AlreadyOpen"
    assert again["transfer"]["id"] == first["id"]
    assert again["transfer"]["toUnion"] == A44


def both(refusals):
    """Each refusal in Chinese and English, with a remedy in both."""
    zh, en = refusals
    assert zh["code"] == en["code"], refusals
    assert zh["__typename"] == en["__typename"] == "Refusal"
    for one, chinese in ((zh, True), (en, False)):
        for said in (one["message"], one["remedy"]):
            assert any("一" <= c <= "鿿" for c in said) == chinese, said
    return en["code"]


async def refused(hub, document, who, **variables):
    return both(
        [await hub(document, who, language=one, **variables) for one in ("zh", "en")]
    )


async def test_a_credential_that_does_not_do_is_refused_in_words(hub):
    a, b = await hub.ground.enrol("51", 2)
    good, spent = await issued(hub, a), await issued(hub, b, key="issue-2")
    await request(hub, spent, key="spend")
    await hub.deliver()
    head, payload, signature = good["compact"].split(".")
    forged = f"{head}.{payload}.{signature[:-8]}{signature[-8:][::-1]}"
    wrong = f"{(int(good['code']) + 1) % 10**8:08d}"

    async def said(number, credential, code=good["code"], who=NEW, to=A44):
        wish = {"credential": credential, "code": code, "toUnion": to}
        return await refused(hub, ask.REQUEST, who, input=wish, key=f"bad-{number}")

    assert await said(1, forged) == "CREDENTIAL_FORGED"
    assert await said(2, "eyJ.no") == "CREDENTIAL_FORGED"
    assert await said(3, spent["compact"], spent["code"]) == "CREDENTIAL_REDEEMED"
    assert "CODE" in await said(4, good["compact"], wrong)
    assert await said(5, good["compact"], to=A37) == "NOT_YOUR_UNION"
    presented = await hub(
        ask.PRESENT, officer(A51, "self:read"),
        c=good["compact"], code=good["code"], to=B44,
    )  # fmt: skip
    assert presented["__typename"] == "Presentation"
    assert "PRESENTATION" in await said(6, presented["compact"], None)
    of_both = {"toUnion": B44, "state": "VALID", "credential": "VALID"}
    told = await hub(ask.VERIFY, officer(B44), c=presented["compact"])
    assert (told["state"], told["presentation"]) == ("VALID", of_both)
    assert told["claims"]["id"] == good["claims"]["id"]
    strange = await hub(ask.VERIFY, officer(A37), c=presented["compact"])
    assert (strange["claims"], strange["presentation"]) == (None, of_both)
    assert (await hub(ask.REVOKE, OLD, id=good["claims"]["id"]))["id"]
    assert await said(7, good["compact"]) == "CREDENTIAL_REVOKED"
    told = await hub(ask.VERIFY, NEW, c=good["compact"])
    assert told["state"] == "REVOKED"
    assert await refused(hub, ask.REVOKE, NEW, id=good["claims"]["id"]) == (
        "CREDENTIAL_UNKNOWN"
    ), "nobody learns of a credential that is not theirs"


async def test_an_expired_credential_is_refused(hub):
    (worker,) = await hub.ground.enrol("51", 1)
    credential = await issued(hub, worker)
    hub.ground.clock.forward(days=91)
    wish = {"credential": credential["compact"], "code": credential["code"]}

    code = await refused(
        hub, ask.REQUEST, NEW, input={**wish, "toUnion": A44}, key="late"
    )

    assert code == "CREDENTIAL_EXPIRED"
    told = await hub(ask.VERIFY, NEW, c=credential["compact"])
    assert told["state"] == "EXPIRED"


async def test_acts_out_of_turn_are_refused(hub):
    (worker,) = await hub.ground.enrol("51", 1)
    offer = await offered(hub, worker)
    await hub.deliver()
    its = {"id": offer["id"]}

    assert await refused(hub, ask.ACCEPT, OLD, **its, key="w-1") == "NOT_YOUR_TRANSFER"
    assert await refused(hub, ask.ACCEPT, officer(B44), **its, key="w-2") == (
        "UNKNOWN_TRANSFER"
    ), "a union that is no party does not even learn of it"
    assert await refused(hub, ask.WITHDRAW, NEW, **its, key="w-3", why="no") == (
        "NOT_YOUR_TRANSFER"
    )
    assert await refused(hub, ask.ACCEPT, NEW, **its, key="") == (
        "IDEMPOTENCY_KEY_UNUSABLE"
    )
    reader = officer(A44, "worker:read")
    assert await refused(hub, ask.ACCEPT, reader, **its, key="w-4") == "SCOPE_MISSING"
    assert (
        await refused(
            hub, ask.REJECT, NEW, **its, key="w-5", why="no 11010519491231002X"
        )
        == "REASON_HAS_ID_NUMBER"
    )
    await hub(ask.WITHDRAW, OLD, **its, key="back", why="a mistake")
    assert await refused(hub, ask.ACCEPT, NEW, **its, key="w-6") == "RETURNS_ALREADY"
    await hub.deliver()
    assert await refused(hub, ask.ACCEPT, NEW, **its, key="w-7") == "ENDED_ALREADY"
    assert await refused(hub, ask.WITHDRAW, OLD, **its, key="w-1", why="again") in {
        "IDEMPOTENCY_KEY_TAKEN", "ENDED_ALREADY",
    }  # fmt: skip


async def test_two_clerks_accept_at_once_and_one_transfer_moves(hub):
    (worker,) = await hub.ground.enrol("51", 1)
    offer = await offered(hub, worker)
    await hub.deliver()

    answers = await asyncio.gather(  # noqa: TID251  # it is what is meant
        *(
            hub(
                ask.ACCEPT, officer(office, subject=str(n)), id=offer["id"], key=f"k{n}"
            )
            for n, office in enumerate((A44, TOP44, A44))
        )
    )
    kinds = sorted(one["__typename"] for one in answers)
    assert kinds == ["Refusal", "Refusal", "Transfer"]
    assert {one["code"] for one in answers if "code" in one} == {"ACCEPTED_ALREADY"}
    await hub.deliver()
    assert hub.ground.homes(hub.ground.ids[worker][2]) == [A44]


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"membershipNo": "C51000999"}, "MEMBERSHIP_NOT_CONFIRMED"),
        ({"localId": "W000999"}, "MEMBERSHIP_NOT_CONFIRMED"),
        ({"union": B51}, "MEMBERSHIP_NOT_CONFIRMED"),
        ({"union": A44}, "NOT_YOUR_UNION"),
        ({"union": "U99-x"}, "NOT_YOUR_UNION"),
        ({"worker": "00000000-0000-4000-8000-000000000001"}, "WORKER_NOT_SAID"),
    ],
    ids=["card", "nobody", "other-union", "foreign", "unknown", "twice"],
)
async def test_a_credential_is_issued_only_for_a_membership_that_stands(
    hub, wish, code
):
    (worker,) = await hub.ground.enrol("51", 1)
    _, local_id, card = hub.ground.ids[worker]
    given = {"union": A51, "membershipNo": card, "localId": local_id, **wish}
    who = officer(TOP51 if wish.get("union") == B51 else A51)

    assert await refused(hub, ask.ISSUE, who, input=given, key="k") == code


async def test_nobody_acts_with_a_token_for_reading(hub):
    (worker,) = await hub.ground.enrol("51", 1)
    reader = Caller("r", "i", A51, "51", frozenset({"worker:read"}), 1e12)

    answer = await offered(hub, worker, who=reader)

    assert answer["code"] == "SCOPE_MISSING"
