"""Refusals say what is the matter, in their own words."""

from __future__ import annotations

from hub.credential.batch import read_batch
from hub.credential.keys import Signer
from tests.credential.holding import OLD_KEY
from tests.moving import documents as ask
from tests.moving.asking import A44, A51, officer
from tests.moving.test_transfers import issued, offered

OLD, NEW = officer(A51), officer(A44)


async def test_a_credential_that_is_not_there_has_no_signature_to_speak_of(hub):
    told = await hub(ask.REVOKE, OLD, id="nobody")
    assert told["code"] == "CREDENTIAL_UNKNOWN"
    assert "signature" not in told["message"]


async def test_a_key_that_issued_for_another_member_is_taken(hub):
    a, b = await hub.ground.enrol("51", 2)
    assert (await issued(hub, a, key="k"))["__typename"] == "IssuedCredential"
    assert (await issued(hub, b, key="k"))["code"] == "IDEMPOTENCY_KEY_TAKEN"
    assert (await issued(hub, a, key="k"))["code"] == "CREDENTIAL_ISSUED_ALREADY"


async def test_who_accepts_after_a_landing_hears_that_the_limit_passed(hub):
    (worker,) = await hub.ground.enrol("51", 1)
    opened = await offered(hub, worker, residence="440101001")
    await hub.deliver()
    hub.ground.clock.forward(days=60)
    await hub.ground.deadlines.look()
    told = []
    for key in ("landing", "landed"):
        told.append(await hub(ask.ACCEPT, NEW, id=opened["id"], key=key))
        await hub.deliver()
    assert [one["code"] for one in told] == ["LANDS_ALREADY", "ENDED_ALREADY"]
    assert all("limit" in one["message"] for one in told)


async def test_a_row_that_cannot_be_read_is_told_by_its_field(hub):
    rows = [
        {"membershipNo": "x y\n", "localId": "W1"},
        {"membershipNo": "C1"},
        {"membershipNo": "C2", "localId": "W2", "张三110101": 1},
    ]
    signers = {"k51": Signer("51", OLD_KEY)}
    batch = read_batch(hub.batch(rows), signers, hub.ground.clock.now())
    words = [one.refusal.message.en for one in batch.faulty]
    for field, said in zip(("membershipNo", "localId", "?"), words, strict=True):
        assert said == f"The row is not of the right form ({field})."


async def test_a_moment_without_a_time_zone_is_refused(hub):
    result = await hub.whole(
        ask.PAGE, NEW, filter={"changedSince": "2026-03-01T00:00:00"}
    )
    assert result.errors[0].original_error.refusal.code == "MOMENT_WITHOUT_ZONE"
    result = await hub.whole(
        ask.PAGE, NEW, filter={"changedSince": "2026-03-01T00:00:00+08:00"}
    )
    assert result.errors is None
