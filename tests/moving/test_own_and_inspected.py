"""What a worker says and sees with their own token, and what inspection does not see."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hub.access.caller import Caller
from hub.clock import day_in_china
from hub.store.audit import who_looked
from tests.moving import documents as ask
from tests.moving.asking import A37, A44, A51, officer
from tests.moving.test_lists import NEW, OLD, twice

ANSWER = """mutation($id: ID!, $same: Boolean!, $kept: String, $reason: String!,
    $key: String! = "answer-1") {
  answerDuplicate(id: $id, sameWorker: $same, kept: $kept, reason: $reason,
      idempotencyKey: $key) {
    __typename ... on DuplicateQuestion { id state kept transfer
      reply { sameWorker wished reason at } }
    ... on Refusal { code message remedy } } }"""
REPLIES = """query { duplicates { edges { node { id state reply { wished } } } } }"""
HISTORY = """query($id: ID!, $purpose: PurposeOfUse!, $asOf: Date) {
  worker(by: {id: $id}, purpose: $purpose) { ... on Worker {
    membershipHistory(asOf: $asOf) { union membershipNo transfer home } } } }"""
VERIFY = """query($c: String!) { verifyCredential(credential: $c) {
  ... on VerifiedCredential { state claims { worker membershipNo } } } }"""


def herself(worker, *scopes):
    """The worker, as a portal's token names them."""
    granted = frozenset(scopes or ("self:read",))
    return Caller(worker, "https://issuer.test", "portal", "51", granted, 1e12)


async def questioned(hub):
    (worker,) = await hub.ground.enrol("51", 1, also=("44",))
    asked = await hub(ask.REPORT, NEW, **twice(hub, worker), key="q-1")
    return worker, asked["id"]


async def test_a_worker_answers_and_people_decide(hub):
    worker, question = await questioned(hub)
    said = {"id": question, "same": True, "kept": A44, "reason": "我在广东工作"}

    told = await hub(ANSWER, herself(worker), **said)
    again = await hub(ANSWER, herself(worker), **said)

    assert (told["state"], told["kept"], told["transfer"]) == ("OPEN", None, None)
    assert told["reply"]["wished"] == A44
    assert again == told
    for union in (OLD, NEW):
        page = await hub(REPLIES, union)
        assert [one["node"]["reply"] for one in page["edges"]] == [{"wished": A44}]
    # The term runs on as before, whatever the worker says.
    early = await hub(ask.RESOLVE, OLD, id=question, kept=A44, key="early")
    assert early["code"] == "TERM_NOT_OVER"
    changed = await hub(
        ANSWER, herself(worker), **{**said, "same": False, "kept": None, "key": "2"}
    )
    assert changed["reply"]["sameWorker"] is False
    # A call that was lost on the way and comes late overwrites nothing.
    retried = await hub(ANSWER, herself(worker), **said)
    assert retried["reply"] == changed["reply"]
    other = await hub(ANSWER, herself(worker), **{**said, "reason": "别的"})
    assert other["code"] == "IDEMPOTENCY_KEY_TAKEN"
    await hub(ask.RESOLVE, OLD, id=question, kept=None, key="no")
    late = await hub(ANSWER, herself(worker), **said, key="3")
    assert late["code"] == "DECIDED_ALREADY"
    looks = await who_looked(hub.ground.pool, worker)
    answered = [one.handling.subject for one in looks if one.tag.endswith(":answered")]
    assert answered == [worker, worker]


async def test_nobody_answers_for_another(hub):
    worker, question = await questioned(hub)
    said = {"id": question, "same": True, "kept": A44, "reason": "r"}
    (other,) = await hub.ground.enrol("51", 1)
    refusals = {
        "UNKNOWN_QUESTION": (herself(other), said),
        "SELF_READ_NEEDED": (OLD, said),
        "NOT_ONE_OF_THEM": (herself(worker), {**said, "kept": officer(A51).subject}),
        "REASON_UNUSABLE": (herself(worker), {**said, "reason": " "}),
    }

    for code, (who, words) in refusals.items():
        assert (await hub(ANSWER, who, **words))["code"] == code
    mine = await hub(REPLIES, herself(worker))
    assert [one["node"]["id"] for one in mine["edges"]] == [question]
    for nobody in (other, "no such name"):
        assert (await hub(REPLIES, herself(nobody)))["edges"] == []


@pytest.fixture
async def came(hub):
    """A member who came by a transfer, and the credential of it."""
    (worker,) = await hub.ground.enrol("51", 1)
    issued = await hub.ground.issue(worker)
    opened = await hub.ground.request(worker, A44, key="r")
    await hub.deliver()
    return worker, opened, issued


async def test_a_worker_sees_where_they_were_at_home(hub, came):
    worker, opened, _ = came
    told = await hub(HISTORY, herself(worker), id=worker, purpose="OWN_FILE")

    homes = {stay["union"]: stay for stay in told["membershipHistory"] if stay["home"]}
    assert homes[A44]["transfer"] == opened.id
    assert homes[A44]["membershipNo"] == opened.membership_no


async def test_a_day_to_come_is_refused(hub, came):
    worker, *_ = came
    today = day_in_china(hub.ground.clock.now())
    asked = {"id": worker, "purpose": "OWN_FILE"}
    known = await hub(HISTORY, herself(worker), **asked, asOf=today.isoformat())
    later = (today + timedelta(days=1)).isoformat()
    result = await hub.whole(HISTORY, herself(worker), **asked, asOf=later)

    assert known["membershipHistory"]
    assert result.data["worker"] is None or (
        result.data["worker"]["membershipHistory"] is None
    )
    (error,) = result.errors
    assert error.original_error.refusal.code == "DAY_TO_COME"


CARDS = """query($id: ID!, $purpose: PurposeOfUse!) {
  worker(by: {id: $id}, purpose: $purpose) { ... on Worker {
    memberships { unionCode membershipNo } withheld { kind field rule }
    membershipHistory { union membershipNo transfer } } } }"""
DUPLICATES = """query { duplicates { edges { node {
  id worker first { membershipNo } reply { reason } } } } }"""


@pytest.mark.parametrize(
    "scopes", [("audit:read",), ("audit:read", "transfers:write")], ids=len
)
async def test_inspection_gets_no_card_from_a_register_either(hub, came, scopes):
    worker, opened, _ = came
    inspector = officer(A37, *scopes)

    told = await hub(CARDS, inspector, id=worker, purpose="SUPERVISION")

    assert {one["unionCode"] for one in told["memberships"]} >= {A44}
    assert [one["membershipNo"] for one in told["memberships"]] == [None] * len(
        told["memberships"]
    )
    assert {one["membershipNo"] for one in told["membershipHistory"]} == {None}
    assert opened.id in {one["transfer"] for one in told["membershipHistory"]}
    listed = {"kind": "MEMBERSHIP", "field": "membershipNo"}
    (withheld,) = told["withheld"]
    assert withheld == {**listed, "rule": "supervision.no-personal-content"}
    own = await hub(CARDS, herself(worker), id=worker, purpose="OWN_FILE")
    assert opened.membership_no in {one["membershipNo"] for one in own["memberships"]}
    service = officer(A44, "worker:read")
    seen = await hub(CARDS, service, id=worker, purpose="MEMBERSHIP_SERVICE")
    assert opened.membership_no in {one["membershipNo"] for one in seen["memberships"]}


async def test_inspection_lists_no_questions_but_those_of_its_own_unions(hub):
    worker, question = await questioned(hub)
    said = {"id": question, "same": True, "kept": A44, "reason": "我在广东工作"}
    await hub(ANSWER, herself(worker), **said)

    elsewhere = officer(A37, "audit:read", "transfers:write")
    here = officer(A44, "audit:read", "transfers:write")

    assert (await hub(DUPLICATES, elsewhere))["edges"] == []
    (one,) = (await hub(DUPLICATES, here))["edges"]
    assert one["node"]["reply"]["reason"] == "我在广东工作"


async def test_inspection_gets_no_card_and_no_name(hub, came):
    worker, opened, issued = came
    inspector = officer(A51, "audit:read")

    told = await hub(VERIFY, inspector, c=issued.compact)
    moved = await hub.context(inspector).transfers.of_worker(worker)

    assert told["claims"] is None
    assert [(one.transfer.id, one.transfer.membership_no) for one in moved] == [
        (opened.id, "")
    ]
    assert (await hub(VERIFY, OLD, c=issued.compact))["claims"]["worker"] == worker
