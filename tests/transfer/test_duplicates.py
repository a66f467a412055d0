"""Two memberships of one worker: a question with a term, never an automatic act."""

from __future__ import annotations

import msgspec
import pytest

from hub.feeds.events import Topic
from hub.store.feeds import FeedStore
from schema.records.duplicate import Found
from tests.builders.moving import START, actor, member, union

OURS, THEIRS = union("63", "a"), union("44", "a")
A, B = actor(OURS), actor(THEIRS)


@pytest.fixture
async def twice(hub):
    """One worker who joined at both ends."""
    (worker,) = await hub.enrol("63", 1, also=("44",))
    there = member("44", 0, THEIRS)
    hub.workers["44"]["63-W000000"] = type(there)(
        local_id="63-W000000", as_of=START, memberships=there.memberships
    )
    return worker, (
        Found(union=OURS, province="63", local_id="W000000", membership_no="C63000000"),
        Found(union=THEIRS, province="44", local_id="63-W000000", membership_no="C44000000"),
    )  # fmt: skip


async def test_it_is_asked_with_a_term_and_resolved_by_who_gives_up(
    hub, twice, database_url
):
    worker, both = twice
    report, resolve = hub.duplicates.report, hub.duplicates.resolve

    asked = await report(A, worker, both, "SAME_PERSON", "k")
    again = await report(B, worker, both[::-1], "SAME_PERSON", "k")
    early = await resolve(A, asked.id, THEIRS, "WORKS_THERE", "r1")
    assert await hub.count("transfer") == 0
    hub.clock.forward(days=15)
    wrong = await resolve(B, asked.id, THEIRS, "WORKS_THERE", "r2")
    done = await resolve(A, asked.id, THEIRS, "WORKS_THERE", "r3")
    repeated = await resolve(A, asked.id, THEIRS, "WORKS_THERE", "r3")
    other = await resolve(B, asked.id, OURS, "NO", "r4")
    await hub.deliver()

    assert again.id == asked.id
    assert (asked.answer_by - START.date()).days == 14  # ten working days
    assert early.code == "TERM_NOT_OVER"
    assert asked.answer_by.isoformat() in early.message.en
    assert wrong.code == "NOT_THE_ENDING_UNION"
    assert (done.state, done.kept, done.because) == ("RESOLVED", THEIRS, "WORKS_THERE")
    assert repeated == done
    assert other.code == "DECIDED_ALREADY"
    transfer = (await hub.reading.one(done.transfer)).transfer
    assert (transfer.basis, transfer.state) == ("DUPLICATE", "COMPLETED")
    assert transfer.home == THEIRS
    assert hub.homes("C63000000") == []
    assert hub.homes("C44000000") == [THEIRS]
    said = await FeedStore(hub.pool, database_url).read(Topic.DUPLICATE, 0, 10)
    assert len(said) == 2  # both unions have notice of the question and its end
    page = await hub.duplicates.page(B, (), 10, None)
    assert [one.id for one in page.items] == [asked.id]
    assert (
        await hub.duplicates.page(actor(union("51", "a")), (), 10, None)
    ).items == ()


async def test_a_wrong_card_number_is_ended_by_the_reporter_and_reported_anew(
    hub, twice
):
    worker, (ours, theirs) = twice
    report = hub.duplicates.report
    wrong = msgspec.structs.replace(theirs, membership_no="C-nobody")

    asked = await report(A, worker, (ours, wrong), "SAME_PERSON", "k")
    ended = await hub.duplicates.resolve(A, asked.id, None, "WRONG_NUMBER", "r")
    anew = await report(A, worker, (ours, theirs), "SAME_PERSON", "k2")

    assert (ended.state, anew.state) == ("DISMISSED", "OPEN")
    assert anew.id != asked.id
    assert anew.second == theirs


async def test_it_is_undone_at_once_and_when_it_is_complete(hub, twice):
    worker, both = twice
    resolve, undo = hub.duplicates.resolve, hub.duplicates.undo
    asked = await hub.duplicates.report(A, worker, both, "SAME_PERSON", "k")
    hub.clock.forward(days=15)
    merged = await resolve(A, asked.id, THEIRS, "WORKS_THERE", "r")

    undone = await undo(A, asked.id, "NOT_SO", "u")
    repeated = await undo(A, asked.id, "NOT_SO", "u")
    await hub.deliver()

    assert (undone.state, undone.because) == ("UNDONE", "NOT_SO")
    assert repeated == undone
    assert (await hub.reading.one(merged.transfer)).transfer.state == "WITHDRAWN"
    assert hub.homes("C63000000") == [OURS]

    asked = await hub.duplicates.report(A, worker, both, "AFTER_ALL", "k2")
    hub.clock.forward(days=15)
    await resolve(A, asked.id, THEIRS, "WORKS_THERE", "r2")
    await hub.deliver()
    back = await undo(B, asked.id, "NOT_SO", "u2")
    await hub.deliver()
    accepted = await hub.coordinator.accept(A, back.transfer, None, "yes")

    assert back.state == "UNDONE"
    assert (accepted.basis, accepted.from_union, accepted.to_union) == (
        "OFFER",
        THEIRS,
        OURS,
    )


async def test_what_is_no_question_is_refused(hub, twice):
    worker, both = twice
    (other,) = await hub.enrol("63", 1)
    report = hub.duplicates.report
    stranger = actor(union("51", "a"))
    asked = await report(A, worker, both, "SAME_PERSON", "k")

    told = [
        await report(stranger, worker, both, "R", "1"),
        await report(A, other, both, "R", "2"),
        await report(A, worker, (both[0], both[0]), "R", "3"),
        await report(A, worker, both, "OTHER_WORDS", "k"),
        await hub.duplicates.resolve(stranger, asked.id, THEIRS, "R", "4"),
        await hub.duplicates.resolve(A, asked.id, union("51", "a"), "R", "5"),
        await hub.duplicates.resolve(A, "none", None, "R", "6"),
        await hub.duplicates.undo(A, asked.id, "R", "7"),
    ]
    dismissed = await hub.duplicates.resolve(B, asked.id, None, "TWO_PERSONS", "8")

    assert [one.code for one in told] == [
        "NOT_YOUR_UNION",
        "NOT_ONE_WORKER",
        "SAME_MEMBERSHIP",
        "IDEMPOTENCY_KEY_TAKEN",
        "UNKNOWN_QUESTION",
        "NOT_ONE_OF_THEM",
        "UNKNOWN_QUESTION",
        "NOT_RESOLVED",
    ]
    assert dismissed.state == "DISMISSED"
    assert await hub.count("transfer") == 0


async def test_only_the_union_that_gives_up_loses_its_credential(hub, twice):
    worker, both = twice
    asked = await hub.duplicates.report(A, worker, both, "SAME_PERSON", "k")
    hub.clock.forward(days=15)
    issued = await hub.room.credentials.issue(
        B,
        worker=worker,
        union=THEIRS,
        province="44",
        membership_no="C44000000",
        key="i",
    )

    await hub.duplicates.resolve(A, asked.id, THEIRS, "WORKS_THERE", "r")
    await hub.deliver()

    assert hub.homes("C63000000") == []
    assert (await hub.room.credentials.verify(issued.compact)).state == "VALID"
