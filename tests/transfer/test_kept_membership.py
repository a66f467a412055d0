"""What is kept of a duplicate must stand: nobody is left without any membership."""

from __future__ import annotations

import pytest

from connectors.faults import ProvinceFault
from hub.transfer.confirming import in_register
from schema.records.duplicate import Found
from schema.records.keys import LocalKey, ProvinceCode
from schema.records.moving import OfferWish
from schema.records.told import FaultCode
from schema.records.worker import WorkerRecord
from tests.builders.moving import START, actor, member, union

OURS, THEIRS, THIRD = union("63", "a"), union("44", "a"), union("51", "a")
A, B, C = actor(OURS), actor(THEIRS), actor(THIRD)
BOTH = (
    Found(union=OURS, province="63", local_id="W000000", membership_no="C63000000"),
    Found(union=THEIRS, province="44", local_id="63-W000000", membership_no="C44000000"),
)  # fmt: skip


@pytest.fixture
async def asked(hub):
    """A worker who joined at both ends, and the question about it."""
    (worker,) = await hub.enrol("63", 1, also=("44", "51"))
    hub.workers["44"]["63-W000000"] = WorkerRecord(
        local_id="63-W000000",
        as_of=START,
        memberships=member("44", 0, THEIRS).memberships,
    )
    question = await hub.duplicates.report(A, worker, BOTH, "SAME_PERSON", "k")
    hub.clock.forward(days=15)
    return worker, question


async def goes_on(hub, worker):
    """Offer the member of 44 to the third union."""
    wish = OfferWish(
        membership_no="C44000000", from_union=THEIRS, to_union=THIRD, worker=worker
    )
    return await hub.coordinator.offer(B, wish, "goes-on")


async def resolve(hub, question, key="r"):
    return await hub.duplicates.resolve(A, question.id, THEIRS, "WORKS_THERE", key)


async def test_a_membership_that_does_not_stand_is_not_kept(hub, asked):
    _, question = asked
    hub.workers["44"]["63-W000000"] = WorkerRecord(
        local_id="63-W000000", as_of=START, memberships=()
    )

    refused = await resolve(hub, question)
    await hub.deliver()

    assert refused.code == "KEPT_NOT_CONFIRMED"
    assert THEIRS in refused.message.en
    assert await hub.count("transfer") == 0
    assert hub.homes("C63000000") == [OURS]
    assert (await hub.questions.one(question.id)).state == "OPEN"


async def test_a_register_that_does_not_answer_is_asked_again_later(hub, asked):
    _, question = asked
    province = hub.connectors["44"]

    async def down():
        raise ProvinceFault(FaultCode.UNREACHABLE)

    province.before = down
    silent = await resolve(hub, question)
    province.before = None
    done = await resolve(hub, question)

    assert (silent.code, done.state) == ("KEPT_UNANSWERED", "RESOLVED")


async def test_what_was_merged_is_answered_the_same_however_the_register_is(hub, asked):
    _, question = asked
    actor_and_kept = (A, question, THEIRS)
    first = await hub.duplicates._merging.merge(*actor_and_kept)
    # The process died before it noted this with the question.
    hub.workers["44"].clear()

    done = await resolve(hub, question)

    assert (done.state, done.transfer) == ("RESOLVED", first.id)


async def test_a_member_who_went_on_is_not_merged_into_where_they_were(hub, asked):
    worker, question = asked
    offer = await goes_on(hub, worker)
    await hub.deliver()
    await hub.coordinator.accept(C, offer.id, None, "yes")
    await hub.deliver()
    assert hub.homes("C44000000") == [THIRD]

    refused = await resolve(hub, question)

    assert refused.code == "KEPT_NOT_CONFIRMED"
    assert hub.homes("C63000000") == [OURS]
    assert (await hub.now(offer)).home == THIRD


async def test_the_journal_knows_better_than_a_register_that_lags(hub, asked):
    worker, question = asked
    told, ask = [], hub.connectors["44"].ask

    async def lagging(question, deadline):
        told.append(await ask(question, deadline))
        return told[0]

    hub.connectors["44"].ask = lagging
    key = LocalKey(ProvinceCode("44"), "63-W000000")
    asked_of = {"provinces": hub.registry, "request": "r"}
    assert await in_register(key, THIRD, "C44000000", **asked_of) is False
    assert await in_register(key, THEIRS, "C44000000", **asked_of) is True
    offer = await goes_on(hub, worker)
    await hub.deliver()
    await hub.coordinator.accept(C, offer.id, None, "yes")
    await hub.deliver()

    refused = await resolve(hub, question)

    assert refused.code == "NOT_THE_HOME"
    assert hub.homes("C63000000") == [OURS]


async def test_another_open_transfer_is_not_taken_for_the_merge(hub, asked):
    worker, question = asked
    offer = await goes_on(hub, worker)

    refused = await resolve(hub, question)
    undone = await hub.duplicates.undo(A, question.id, "NOT_SO", "u")
    await hub.deliver()

    assert (refused.code, undone.code) == ("OTHER_TRANSFER_OPEN", "NOT_RESOLVED")
    assert (await hub.now(offer)).state == "IN_TRANSIT"


async def test_undoing_touches_no_transfer_but_the_merge_and_the_way_back(hub, asked):
    worker, question = asked
    merged = await resolve(hub, question)
    await hub.deliver()
    offer = await goes_on(hub, worker)

    refused = await hub.duplicates.undo(B, question.id, "NOT_SO", "u")
    stranger = await hub.duplicates._merging.unmerge(
        actor(THIRD), await hub.questions.one(question.id), "NOT_SO", "u"
    )

    assert refused.code == "OTHER_TRANSFER_OPEN"
    assert stranger.code == "NOT_YOUR_UNION"
    assert (await hub.now(offer)).state == "OUT_PENDING"
    assert (await hub.questions.one(question.id)).transfer == merged.transfer


async def test_nobody_but_the_two_unions_withdraws_a_merge(hub, asked):
    _, question = asked
    merged = await resolve(hub, question)
    question = await hub.questions.one(question.id)

    refused = await hub.duplicates._merging.unmerge(C, question, "NOT_SO", "u")
    undone = await hub.duplicates.undo(B, question.id, "NOT_SO", "u")

    assert refused.code == "UNKNOWN_TRANSFER"
    assert undone.state == "UNDONE"
    transfer = (await hub.reading.one(merged.transfer)).transfer
    assert transfer.state == "RETURNING"
