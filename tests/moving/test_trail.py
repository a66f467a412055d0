"""Whatever is read of a membership stands in the trail before it is shown."""

from __future__ import annotations

import pytest

from hub.acting.actor import actor_of
from hub.audit.before_showing import TrailBeside
from hub.audit.moving_entries import Move
from hub.audit.trail import GroupTrail, TrailUnavailable
from hub.store.audit import who_looked
from hub.web.errors import BadRequest
from schema.records.showing import Showing
from tests.fakes.hub import Trail
from tests.fakes.operating import Operating
from tests.moving import documents as ask
from tests.moving.asking import A37, A44, A51, B44, TOP44, officer
from tests.moving.test_lists import twice
from tests.moving.test_transfers import issued, offered

OLD, NEW = officer(A51), officer(A44)
AUDITOR = officer("U11-audit", "audit:read", subject="inspector")
WHY = {"why": "MEMBERSHIP_SERVICE"}


async def entries(hub, worker):
    """Which showings stand in the trail of a worker, the newest last."""
    looks = await who_looked(hub.ground.pool, worker)
    return [
        (look.tag.removesuffix(":shown"), look.handling.office, look.handling.about)
        for look in reversed(looks)
        if isinstance(look.handling, Showing)
    ]


async def test_each_reading_of_transfers_leaves_its_entry(hub):
    one, two = await hub.ground.enrol("51", 2, also=("44",))
    ids = {worker: (await offered(hub, worker))["id"] for worker in (one, two)}
    await hub.deliver()
    await hub(ask.ONE, NEW, id=ids[one])
    await hub(ask.PAGE, officer(TOP44), first=10)
    assert (await offered(hub, one, to=B44, key="again"))["__typename"] == "AlreadyOpen"
    await hub(ask.ACCEPT, NEW, id=ids[one], key="a")
    await hub.deliver()
    await hub(ask.MEMBERS, NEW, **WHY)

    assert await entries(hub, one) == [
        ("transfer:membership", A44, (ids[one],)),
        ("transfer:timeline", A44, (ids[one],)),
        ("transfer:page", TOP44, (ids[one],)),
        ("transfer:membership", A51, (ids[one],)),
        ("transfer:arrived", A44, (ids[one],)),
        ("transfer:history", A44, (ids[one],)),
    ]
    assert await entries(hub, two) == [("transfer:page", TOP44, (ids[two],))]
    looks = await who_looked(hub.ground.pool, one)
    assert {look.handling.request for look in looks if look.handling.subject != "hub"} == {
        "request-1"
    }  # fmt: skip
    done = [look.tag for look in looks if isinstance(look.handling, Move)]
    assert done[-1] == "transfer:membership:opened"


async def test_inspection_sees_neither_worker_nor_card_and_stands_there_too(hub):
    (worker,) = await hub.ground.enrol("51", 1)
    offer = await offered(hub, worker)

    whole = await hub(ask.ONE, AUDITOR, id=offer["id"])
    page = await hub(ask.PAGE, AUDITOR)

    assert (whole["id"], whole["workerId"], whole["membershipNo"]) == (
        offer["id"], None, None,
    )  # fmt: skip
    assert [edge["node"]["workerId"] for edge in page["edges"]] == [None]
    assert await entries(hub, worker) == []
    assert await entries(hub, "") == [
        ("transfer:membership", "U11-audit", (offer["id"],)),
        ("transfer:timeline", "U11-audit", (offer["id"],)),
        ("transfer:page", "U11-audit", (offer["id"],)),
    ]


async def test_what_is_refused_or_not_seen_leaves_no_entry(hub):
    (worker,) = await hub.ground.enrol("51", 1)
    offer = await offered(hub, worker)

    await hub(ask.ONE, officer(A37), id=offer["id"])
    await hub(ask.PAGE, officer(A37))

    assert await entries(hub, worker) == await entries(hub, "") == []


async def test_live_events_batches_questions_and_credentials_leave_theirs(hub):
    one, two = await hub.ground.enrol("51", 2, also=("44",))
    events, unnamed = [await hub.follow(ask.FOLLOW, who) for who in (NEW, AUDITOR)]
    credential = await issued(hub, one)
    await hub(ask.VERIFY, officer(A37), c=credential["compact"])
    claims = credential["claims"]["id"]
    _, local_id, card = hub.ground.ids[two]
    rows = [{"localId": local_id, "membershipNo": card}]
    batch = await hub(ask.BULK, OLD, batch=hub.batch(rows), key="b")
    await hub.bulk.open(batch["id"], 4)
    told = await hub(ask.BATCH, OLD, id=batch["id"])
    (row,) = (edge["node"] for edge in told["results"]["edges"])
    event, _ = await anext(events), await anext(unnamed)
    assert event.data["transferEvents"]["transfer"]["workerId"] == two
    question = await hub(ask.REPORT, OLD, **twice(hub, one), key="q")
    await hub(ask.QUESTIONS, NEW)

    assert await entries(hub, one) == [
        ("credential:membership", A37, (claims,)),
        ("transfer:duplicate", A44, (question["id"],)),
    ]
    assert sorted(await entries(hub, two)) == [
        ("transfer:batch", A51, (row["transfer"],)),
        ("transfer:event", A44, (row["transfer"],)),
    ]
    looks = await who_looked(hub.ground.pool, two)
    assert {getattr(look.handling, "batch", "") for look in looks} == {"", batch["id"]}
    for stream in (events, unnamed):
        await stream.aclose()


@pytest.mark.parametrize("reading", ["one", "page", "members", "verify"])
async def test_a_trail_that_cannot_be_written_shows_nothing(hub, reading):
    (worker,) = await hub.ground.enrol("51", 1, also=("44",))
    offer = await offered(hub, worker)
    await hub.deliver()
    await hub(ask.ACCEPT, NEW, id=offer["id"], key="a")
    await hub.deliver()
    credential = await hub.room.credentials.issue(
        actor_of(NEW, "r"), worker=worker, union=A44, province="44",
        membership_no="44-1", key="i",
    )  # fmt: skip
    hub.parts.beside = TrailBeside(
        GroupTrail(_NoBook(), hub.ground.clock)
    )  # that of files can be written still
    document, variables = {
        "one": (ask.ONE, {"id": offer["id"]}),
        "page": (ask.PAGE, {}),
        "members": (ask.MEMBERS, WHY),
        "verify": (ask.VERIFY, {"c": credential.compact}),
    }[reading]

    with pytest.raises(BadRequest) as bad:
        await Operating(hub.parts)(NEW, document, **variables)

    (problem,) = bad.value.problems
    assert (problem.code.value, problem.status) == ("TRAIL_UNAVAILABLE", 503)


async def test_an_event_that_cannot_be_written_down_is_not_given(hub):
    (worker,) = await hub.ground.enrol("51", 1)
    trail = Trail()
    hub.parts.beside = TrailBeside(trail)
    events = await hub.follow(ask.FOLLOW, NEW)
    first = await offered(hub, worker)
    assert (await anext(events)).data["transferEvents"]["transfer"]["id"] == first["id"]
    assert [one.about for one in trail.written] == [(first["id"],)]
    trail.failure = TrailUnavailable("full")
    await hub.deliver()

    with pytest.raises(TrailUnavailable):
        await anext(events)


class _NoBook:
    async def append(self, _drafts):
        raise OSError("the disk is full")
