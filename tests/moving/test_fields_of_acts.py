"""What people write into acts is kept only if it names nobody and a register can read it."""

from __future__ import annotations

import pytest

from schema.records.worker import WorkerRecord
from tests.moving import documents as ask
from tests.moving.asking import A44, A51, officer
from tests.moving.test_transfers import issued, offered

OLD, NEW = officer(A51), officer(A44)
NUMBER, SHORT = "11010119900307851" + "5", "110101900307851"
CARDS = {
    "": "MEMBERSHIP_NO_UNUSABLE",
    " C1": "MEMBERSHIP_NO_UNUSABLE",
    "C1 ": "MEMBERSHIP_NO_UNUSABLE",
    "C\x001": "MEMBERSHIP_NO_UNUSABLE",
    "C" * 65: "MEMBERSHIP_NO_UNUSABLE",
    "C" * 5000: "MEMBERSHIP_NO_UNUSABLE",
    NUMBER: "MEMBERSHIP_NO_IS_ID_NUMBER",
    f"No. {NUMBER}!": "MEMBERSHIP_NO_IS_ID_NUMBER",
    "110101 19900307-8515": "MEMBERSHIP_NO_IS_ID_NUMBER",
    "".join(chr(ord(one) + 0xFEE0) for one in NUMBER): "MEMBERSHIP_NO_IS_ID_NUMBER",
    "".join(chr(ord(one) - 48 + 0x660) for one in NUMBER): "MEMBERSHIP_NO_IS_ID_NUMBER",
    SHORT: "MEMBERSHIP_NO_IS_ID_NUMBER",
}
NAMES = {
    " ": "EMPTY_LOCAL_KEY",
    "W\x001": "LOCAL_KEY_UNPRINTABLE",
    "W" * 5000: "LOCAL_KEY_TOO_LONG",
    NUMBER: "LOCAL_KEY_IS_ID_NUMBER",
    SHORT: "LOCAL_KEY_IS_ID_NUMBER",
}


def told(answer, field, written):
    """Give the code of a refusal that names the field, and not what was written."""
    assert answer["message"].startswith(f"{field}: ")
    assert not written.strip() or written not in str(answer)
    return answer["code"]


async def test_no_membership_number_is_kept_that_is_none(hub):
    (worker,) = await hub.ground.enrol("51", 1)
    wish = {"union": A51, "worker": worker}
    for written, code in CARDS.items():
        offer = await offered(
            hub, worker, membershipNo=written, key=f"k-{len(written)}"
        )
        issue = await hub(
            ask.ISSUE, OLD, input=wish | {"membershipNo": written}, key="k-issue"
        )
        report = await hub(
            ask.REPORT, OLD, worker=worker, key="k-report",
            a={"province": "51", "union": A51, "localId": "W000000", "membershipNo": "C"},
            b={"province": "44", "union": A44, "localId": "W9", "membershipNo": written},
        )  # fmt: skip
        for answer in (offer, issue, report):
            assert told(answer, "membershipNo", written) == code, ascii(written)
    assert await hub.ground.count("transfer") == 0


async def test_no_local_id_is_kept_that_a_register_could_not_read(hub):
    worker, asked, holder = await hub.ground.enrol("51", 3)
    credential = await issued(hub, asked)
    opened = await offered(hub, worker)
    await hub.deliver()
    card = hub.ground.ids[holder][2]
    for written, code in NAMES.items():
        wish = {"union": A51, "membershipNo": card, "localId": written}
        request = {"credential": credential["compact"], "code": credential["code"]}
        request |= {"toUnion": A44, "localId": written}
        offer = {"membershipNo": card, "fromUnion": A51, "toUnion": A44}
        offer |= {"localId": written}
        answers = [
            await hub(ask.ACCEPT, NEW, id=opened["id"], localId=written, key="a"),
            await hub(ask.ISSUE, OLD, input=wish, key="b"),
            await hub(ask.REQUEST, NEW, input=request, key="c"),
            await hub(ask.OFFER, OLD, input=offer, key="d"),
        ]
        for answer in answers:
            assert told(answer, "localId", written) == code, ascii(written)
    # Nobody is left on the way: the member waits for an answer that can be given still.
    assert (await hub(ask.ONE, NEW, id=opened["id"]))["state"] == "IN_TRANSIT"
    known = WorkerRecord(local_id="W77", as_of=hub.ground.clock.now())
    hub.ground.workers["44"]["W77"] = known
    await hub(ask.ACCEPT, NEW, id=opened["id"], localId=" W77 ", key="yes")
    await hub.deliver()
    assert (await hub(ask.ONE, NEW, id=opened["id"]))["state"] == "COMPLETED"
    assert (await hub.ground.locate(worker))["44"] == "W77"


@pytest.mark.parametrize("field", ["fromUnion", "toUnion"])
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_what_is_no_code_of_a_union_is_not_repeated(hub, field, language):
    (worker,) = await hub.ground.enrol("51", 1)
    card = hub.ground.ids[worker][2]
    for written in (NUMBER, f"U{NUMBER}", "张三 13800000000", "<script>"):
        wish = {
            "membershipNo": card,
            "fromUnion": A51,
            "toUnion": A44,
            "worker": worker,
        }
        wish[field] = written
        answer = await hub(ask.OFFER, OLD, language=language, input=wish, key="k")
        assert answer["code"] in {"UNKNOWN_UNION", "NOT_YOUR_UNION"}
        assert written not in str(answer)
    wish[field] = "U99-nobody"
    answer = await hub(ask.OFFER, OLD, language=language, input=wish, key="k")
    assert "U99-nobody" in answer["message"], "a code helps to find the mistake"


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("   ", "IDEMPOTENCY_KEY_UNUSABLE"),
        (NUMBER, "IDEMPOTENCY_KEY_HAS_ID_NUMBER"),
        (f"offer-{NUMBER}", "IDEMPOTENCY_KEY_HAS_ID_NUMBER"),
    ],
)
async def test_an_idempotency_key_says_something_and_names_nobody(hub, key, code):
    (worker,) = await hub.ground.enrol("51", 1)
    assert (await offered(hub, worker, key=key))["code"] == code
