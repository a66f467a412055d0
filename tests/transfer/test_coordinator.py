"""Whole ways of transfers, over a real PostgreSQL and registers in memory."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from hub.store.audit import verify_book
from schema.records.moving import AlreadyOpen, RequestWish
from schema.records.refusal import Refusal
from schema.records.transfer import Transfer, TransferState
from tests.builders.moving import actor, union

S = TransferState
NEW = union("44", "b")
HOME = union("63", "a")


async def states(hub, transfer):
    """Tell the states of a transfer's timeline, in order, and the homes with them."""
    lines = (await hub.reading.timeline([transfer.id]))[transfer.id]
    assert [line.seq for line in lines] == list(range(1, len(lines) + 1))
    return [str(line.state) for line in lines], [line.home for line in lines]


async def test_a_request_with_the_credential_moves_the_member(hub):
    (worker,) = await hub.enrol("63", 1)

    opened = await hub.request(worker, NEW)
    await hub.deliver()

    assert (opened.state, opened.home, opened.owner) == (S.OUT_PENDING, HOME, HOME)
    assert opened.respond_by < opened.due_on
    ended = await hub.now(opened)
    assert (ended.state, ended.home, ended.home_province) == (S.COMPLETED, NEW, "44")
    assert ended.ended_at
    assert not ended.rule
    assert await states(hub, opened) == (
        ["OUT_PENDING", "IN_PENDING", "CLOSING", "COMPLETED"],
        [HOME, HOME, NEW, NEW],
    )
    assert hub.homes(ended.membership_no) == [NEW]
    (old,) = hub.row("63", "W000000")
    assert old.state == "TRANSFERRED"
    # The register gave the worker a name, and the hub has the link at once.
    located = await hub.locate(worker)
    name = located["44"]
    assert [row.state for row in hub.row("44", name)] == ["ACTIVE"]
    assert (await verify_book(hub.pool)).broken is None


async def test_an_offer_is_accepted_and_the_date_of_joining_goes_along(hub):
    (worker,) = await hub.enrol("63", 1, also=("44",))

    opened = await hub.offer(worker, NEW)
    early = await hub.coordinator.accept(actor(NEW), opened.id, None, "early")
    await hub.deliver()
    waiting = await hub.now(opened)
    accepted = await hub.coordinator.accept(actor(NEW), opened.id, None, "yes")
    await hub.deliver()

    assert early.code == "NOT_YET_REGISTERED_OUT"
    assert (waiting.state, waiting.home, waiting.owner) == (S.IN_TRANSIT, HOME, NEW)
    assert accepted.state is S.IN_PENDING
    assert (await hub.now(opened)).state is S.COMPLETED
    (row,) = hub.row("44", "63-W000000")
    assert row.joined_on.isoformat() == "2016-01-01"


@pytest.mark.parametrize(
    ("act", "who", "outcome"),
    [("reject", NEW, S.REJECTED), ("withdraw", HOME, S.WITHDRAWN)],
)
async def test_who_is_not_taken_in_stays_at_home(hub, act, who, outcome):
    (worker,) = await hub.enrol("63", 1)
    opened = await hub.offer(worker, NEW)
    await hub.deliver()

    told = await getattr(hub.coordinator, act)(actor(who), opened.id, "NO_PLACE", "k")
    await hub.deliver()

    assert told.state is S.RETURNING
    ended = await hub.now(opened)
    assert (ended.state, ended.home) == (outcome, HOME)
    assert hub.homes(ended.membership_no) == [HOME]
    lines = (await hub.reading.timeline([opened.id]))[opened.id]
    assert lines[-2].reason == "NO_PLACE"
    assert (await hub.offer(worker, NEW, key="again")).state is S.OUT_PENDING


async def test_a_register_that_says_no_ends_it(hub):
    (worker,) = await hub.enrol("63", 1)
    wish = msgspec.structs.replace(hub.offer_of(worker, NEW), membership_no="other")

    opened = await hub.coordinator.offer(actor(HOME), wish, "k")
    await hub.deliver()

    ended = await hub.now(opened)
    assert (ended.state, ended.home) == (S.REFUSED, HOME)
    lines = (await hub.reading.timeline([opened.id]))[opened.id]
    assert (lines[-1].step, lines[-1].reason) == ("OUT_REFUSED", "NOT_A_MEMBER")


async def test_the_wrong_union_may_do_nothing(hub):
    (worker,) = await hub.enrol("63", 1)
    opened = await hub.offer(worker, NEW)
    await hub.deliver()
    act = hub.coordinator
    stranger, sibling = actor(union("51", "a")), actor(union("44", "a"))
    above = actor(union("44", "top"))

    told = [
        await act.accept(stranger, opened.id, None, "1"),
        await act.accept(sibling, opened.id, None, "2"),
        await act.accept(actor(HOME), opened.id, None, "3"),
        await act.withdraw(actor(NEW), opened.id, "r", "4"),
        await act.accept(actor(NEW, scopes=frozenset()), opened.id, None, "5"),
        await act.reject(actor(NEW), opened.id, "号码 110101199003078515", "6"),
        await act.accept(actor(NEW), "no such", None, "7"),
    ]

    assert [one.code for one in told] == [
        "UNKNOWN_TRANSFER",
        "UNKNOWN_TRANSFER",
        "NOT_YOUR_TRANSFER",
        "NOT_YOUR_TRANSFER",
        "SCOPE_MISSING",
        "REASON_HAS_ID_NUMBER",
        "UNKNOWN_TRANSFER",
    ]
    assert (await hub.now(opened)).state is S.IN_TRANSIT
    assert (await act.accept(above, opened.id, None, "8")).state is S.IN_PENDING


async def test_two_accept_at_once_and_one_is_first(hub):
    (worker,) = await hub.enrol("63", 1)
    opened = await hub.offer(worker, NEW)
    await hub.deliver()

    told = await together(
        *(
            hub.coordinator.accept(actor(NEW), opened.id, None, f"k{n}")
            for n in range(5)
        ),
        hub.coordinator.withdraw(actor(HOME), opened.id, "LATE", "w"),
    )
    await hub.deliver()

    moved = [one for one in told if isinstance(one, Transfer)]
    assert len(moved) == 1
    assert {one.code for one in told if isinstance(one, Refusal)} <= {
        "ACCEPTED_ALREADY",
        "RETURNS_ALREADY",
    }
    lines = (await hub.reading.timeline([opened.id]))[opened.id]
    assert [line.step for line in lines].count("ACCEPTED") <= 1
    assert len(hub.homes(opened.membership_no)) == 1


async def together(*work):
    tasks = [asyncio.ensure_future(one) for one in work]
    await asyncio.wait(tasks)
    return [task.result() for task in tasks]


async def test_a_key_is_one_act_however_often_it_is_asked(hub):
    (worker, other) = await hub.enrol("63", 2)
    issued = await hub.issue(worker)
    wish = RequestWish(credential=issued.compact, code=issued.code, to_union=NEW)

    first, *again = await together(
        *(hub.coordinator.request(actor(NEW), wish, "same") for _ in range(4))
    )
    await hub.deliver()
    later = await hub.coordinator.request(actor(NEW), wish, "same")
    another = await hub.coordinator.offer(actor(NEW), hub.offer_of(other, NEW), "same")
    elsewhere = await hub.offer(other, NEW, key="same")

    assert {one.id for one in (first, *again, later)} == {first.id}
    assert later.state is S.COMPLETED
    assert another.code in {"NOT_YOUR_UNION", "IDEMPOTENCY_KEY_TAKEN"}
    assert elsewhere.state is S.OUT_PENDING  # each office has its own keys


async def test_another_act_under_the_same_key_is_refused(hub):
    (worker,) = await hub.enrol("63", 1)
    opened = await hub.offer(worker, NEW)
    await hub.deliver()

    told = [
        await hub.coordinator.reject(actor(NEW), opened.id, "A", "k"),
        await hub.coordinator.reject(actor(NEW), opened.id, "B", "k"),
        await hub.coordinator.accept(actor(NEW), opened.id, None, "k"),
        await hub.coordinator.reject(actor(NEW), opened.id, "A", "k"),
    ]

    assert [getattr(one, "code", None) for one in told] == [
        None, "IDEMPOTENCY_KEY_TAKEN", "IDEMPOTENCY_KEY_TAKEN", None,
    ]  # fmt: skip


async def test_a_worker_is_in_one_transfer_at_a_time(hub):
    (worker,) = await hub.enrol("63", 1)
    opened = await hub.offer(worker, NEW)

    again = await hub.offer(worker, union("51", "b"), key="2")
    asked = await hub.request(worker, union("51", "b"))

    assert again == AlreadyOpen(opened)
    assert asked == AlreadyOpen(opened)


async def test_one_credential_serves_one_transfer(hub):
    (worker,) = await hub.enrol("63", 1)
    issued = await hub.issue(worker)
    wish = RequestWish(credential=issued.compact, code=issued.code, to_union=NEW)
    elsewhere = msgspec.structs.replace(wish, to_union=union("51", "b"))

    told = await together(
        hub.coordinator.request(actor(NEW), wish, "1"),
        hub.coordinator.request(actor(union("51", "b")), elsewhere, "2"),
    )
    await hub.deliver()
    replayed = await hub.coordinator.request(actor(NEW), wish, "3")

    assert sorted(type(one).__name__ for one in told) == ["AlreadyOpen", "Transfer"]
    assert replayed.code == "CREDENTIAL_REDEEMED"


async def test_bad_credentials_open_nothing(hub):
    (worker,) = await hub.enrol("63", 1)
    issued = await hub.issue(worker)
    good = RequestWish(credential=issued.compact, code=issued.code, to_union=NEW)
    wrong = f"{(int(issued.code) + 1) % 10**8:08d}"
    head, body, signature = issued.compact.split(".")
    change = msgspec.structs.replace

    told = {}
    for name, wish in {
        "forged": change(good, credential=f"{head}.{body}x.{signature}"),
        "code": change(good, code=wrong),
        "nothing": change(good, credential="x"),
    }.items():
        told[name] = await hub.coordinator.request(actor(NEW), wish, name)
    foreign = await hub.coordinator.request(actor(union("51", "b")), good, "k")
    revoked = await hub.room.credentials.revoke(actor(HOME), issued.claims.id, "LOST")
    after = await hub.coordinator.request(actor(NEW), good, "after")
    hub.clock.forward(days=100)
    expired = await hub.coordinator.request(actor(NEW), good, "expired")

    assert all(isinstance(one, Refusal) for one in told.values())
    assert foreign.code == "NOT_YOUR_UNION"
    assert revoked.id == issued.claims.id
    assert isinstance(after, Refusal)
    assert isinstance(expired, Refusal)
    assert await hub.count("transfer") == 0


async def test_who_is_not_known_is_not_moved(hub):
    (worker,) = await hub.enrol("63", 1)
    wish = hub.offer_of(worker, NEW)
    change = msgspec.structs.replace

    told = [
        await hub.coordinator.offer(actor(HOME), one, f"k{n}")
        for n, one in enumerate(
            (
                change(wish, to_union="U99-none"),
                change(wish, to_union=HOME),
                change(wish, worker=None, local_id="W999999"),
                change(wish, local_id="W000000"),
                change(wish, from_union=union("51", "a")),
            )
        )
    ]

    assert [one.code for one in told] == [
        "UNKNOWN_UNION",
        "SAME_UNION",
        "UNKNOWN_WORKER",
        "WORKER_NOT_SAID",
        "NOT_YOUR_UNION",
    ]
    assert await hub.count("transfer_event") == 0
