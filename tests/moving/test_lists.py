"""Pages, batches, members who came, and questions of duplicates, by GraphQL."""

from __future__ import annotations

from uuid import UUID

import pytest
from msgspec import structs

from connectors.faults import ProvinceFault
from schema.records.told import FaultCode
from tests.builders.moving import member
from tests.moving import documents as ask
from tests.moving.asking import A37, A44, A51, B44, TOP44, TOP51, officer
from tests.moving.test_transfers import offered, refused

OLD, NEW = officer(A51), officer(A44)


async def turn(hub, document, who, *, first, between=None, **variables):
    """Turn all pages; between two of them something may happen."""
    after, found = None, []
    while True:
        page = await hub(document, who, first=first, after=after, **variables)
        found += [edge["node"] for edge in page["edges"]]
        assert len(page["edges"]) <= first
        assert page["pageInfo"]["endCursor"] == (
            page["edges"][-1]["cursor"] if page["edges"] else None
        )
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]
        if between:
            await between()


async def test_pages_lose_and_repeat_nothing_while_transfers_move(hub):
    workers = await hub.ground.enrol("51", 20)
    opened = []
    for worker in workers[:14]:
        opened.append((await offered(hub, worker))["id"])
        hub.ground.clock.forward(milliseconds=5)
    moving = iter(opened[:6])
    late = iter(workers[14:])

    async def between():
        """Deliver, accept one that was shown already, and open one more."""
        await hub.deliver()
        await hub(ask.ACCEPT, NEW, id=next(moving), key=f"a-{next(late)}")
        hub.ground.clock.forward(milliseconds=5)

    found = await turn(hub, ask.PAGE, officer(TOP51), first=4, between=between)

    assert [one["id"] for one in found] == opened
    assert len(await turn(hub, ask.PAGE, NEW, first=100)) == 14
    assert await turn(hub, ask.PAGE, officer(A37), first=100) == []
    inbound = {"side": "IN", "states": ["IN_TRANSIT"]}
    waiting = await turn(hub, ask.PAGE, NEW, first=3, filter=inbound)
    assert {one["state"] for one in waiting} == {"IN_TRANSIT"}
    assert await turn(hub, ask.PAGE, OLD, first=3, filter=inbound) == []
    auditor = officer("U11-audit", "audit:read")
    unnamed = await turn(hub, ask.PAGE, auditor, first=5)
    assert [one["id"] for one in unnamed] == opened
    assert {one["workerId"] for one in unnamed} == {None}


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"first": 0}, "PAGE_SIZE"),
        ({"first": 101}, "PAGE_SIZE"),
        ({"after": "no-cursor"}, "CURSOR_INVALID"),
        ({"after": "游标"}, "CURSOR_INVALID"),
        ({"filter": {"office": A37}}, "NOT_YOUR_OFFICE"),
    ],
    ids=["none", "many", "cursor", "chinese", "office"],
)
async def test_a_page_that_cannot_be_given_is_refused(hub, variables, code):
    result = await hub.whole(ask.PAGE, NEW, **variables)

    assert result.data == {"transfers": None}
    refusal = result.errors[0].original_error.refusal
    assert refusal.code == code
    assert refusal.message.zh
    assert refusal.remedy.en


async def test_those_who_came_bring_their_files_with_one_call_to_each_province(hub):
    workers = await hub.ground.enrol("51", 5, also=("44", "37"))
    for worker in workers:
        offer = await offered(hub, worker)
        await hub.deliver()
        await hub(ask.ACCEPT, NEW, id=offer["id"], key=f"a-{worker}")
        await hub.deliver()
        hub.ground.clock.forward(seconds=1)
    hub.calls.clear()

    why = {"why": "MEMBERSHIP_SERVICE"}
    page = await hub(ask.MEMBERS, NEW, first=3, **why)

    assert sorted(code for code, _ in hub.calls) == ["37", "44", "51"]
    assert page["pageInfo"]["hasNextPage"]
    files = [edge["node"]["worker"] for edge in page["edges"]]
    assert [one["id"] for one in files] == list(workers[:3])
    for one in files:
        assert one["completeness"]["complete"]
        assert sorted(one["completeness"]["answered"]) == ["37", "44", "51"]
        homes = [stay for stay in one["membershipHistory"] if stay["home"]]
        assert [stay["union"] for stay in homes] == [A51, A44]
        assert homes[0]["until"] < homes[1]["since"]
        assert homes[1]["source"] == "BOTH"
    assert len(await turn(hub, ask.MEMBERS, officer(TOP44), first=2, **why)) == 5

    hub.calls.clear()
    everybody = await turn(hub, ask.MEMBERS, NEW, first=2, **why)
    assert len(everybody) == 5
    assert len(hub.calls) == 3 * 3, "three pages, three provinces"
    assert await turn(hub, ask.MEMBERS, OLD, first=2, **why) == []
    inspecting = officer(A44, "worker:read", "audit:read")
    assert len(await turn(hub, ask.MEMBERS, inspecting, first=9, **why)) == 5


async def test_who_moves_memberships_reads_no_file_by_that(hub):
    (worker,) = await hub.ground.enrol("51", 1, also=("44",))
    offer = await offered(hub, worker)
    await hub.deliver()
    mover = officer(A44, "transfers:write")
    document = """query($id: ID!) { transfer(id: $id) { ... on Transfer { membershipNo
      worker(purpose: MEMBERSHIP_SERVICE) { __typename ... on Refusal { code rule }
        ... on Worker { memberships { state } } } } } }"""

    blind = await hub(document, mover, id=offer["id"])
    seeing = await hub(document, NEW, id=offer["id"])
    members = await hub.whole(ask.MEMBERS, mover, why="MEMBERSHIP_SERVICE")

    assert blind["membershipNo"]
    assert blind["worker"]["code"] == "PURPOSE_NOT_ALLOWED"
    assert seeing["worker"]["__typename"] == "Worker"
    assert members.errors[0].original_error.refusal.rule == "scope.worker:read"


async def test_a_province_that_is_silent_stands_in_the_file_of_each_member(hub):
    (worker,) = await hub.ground.enrol("51", 1, also=("44",))
    offer = await offered(hub, worker)
    await hub.deliver()
    await hub(ask.ACCEPT, NEW, id=offer["id"], key="a")
    await hub.deliver()

    async def fails():
        raise ProvinceFault(FaultCode.UNREACHABLE)

    hub.ground.connectors["51"].before = fails
    page = await hub(ask.MEMBERS, NEW, why="MEMBERSHIP_SERVICE")

    (edge,) = page["edges"]
    whole = edge["node"]["worker"]
    assert not whole["completeness"]["complete"]
    assert [one["province"] for one in whole["completeness"]["faults"]] == ["51"]
    (home,) = (one for one in whole["membershipHistory"] if one["home"])
    assert (home["union"], home["source"]) == (A44, "BOTH"), "the hub knows the home"


async def test_a_signed_batch_opens_who_can_be_opened_and_names_the_others(hub):
    workers = await hub.ground.enrol("51", 6)
    open_already = await offered(hub, workers[0])
    rows = [
        {"membershipNo": card, "localId": local_id}
        for _, local_id, card in (hub.ground.ids[one] for one in workers)
    ]
    rows[3] = {"membershipNo": "C51-nobody", "localId": "W999999"}
    rows[4] = {"membershipNo": rows[4]["membershipNo"]}
    compact = hub.batch(rows)

    sent = await hub(ask.BULK, OLD, batch=compact, key="bulk-1")
    assert (sent["rows"], sent["state"]) == (6, "WAITING")
    assert (await hub(ask.BULK, OLD, batch=compact, key="bulk-2"))["id"] == sent["id"]
    await hub.bulk.open(sent["id"], 4)

    whole = await hub(ask.BATCH, OLD, id=sent["id"], first=4)
    assert [whole[k] for k in ("state", "opened", "alreadyOpen", "refused")] == [
        "DONE", 3, 1, 2,
    ]  # fmt: skip
    page = whole["results"]
    assert page["pageInfo"]["hasNextPage"]
    rest = await hub(
        ask.BATCH, OLD, id=sent["id"], first=4, after=page["pageInfo"]["endCursor"]
    )
    told = [edge["node"] for edge in page["edges"] + rest["results"]["edges"]]
    assert [one["row"] for one in told] == list(range(6))
    assert (told[0]["alreadyOpen"], told[0]["transfer"]) == (True, open_already["id"])
    assert told[3]["refusal"]["code"] == "UNKNOWN_WORKER"
    assert told[4]["refusal"] is not None
    assert all(told[n]["transfer"] for n in (1, 2, 5))
    of_batch = await turn(hub, ask.PAGE, OLD, first=9, filter={"batch": sent["id"]})
    assert len(of_batch) == 3
    assert (await hub(ask.BATCH, NEW, id=sent["id"]))["code"] == "UNKNOWN_BATCH"
    assert await refused(hub, ask.BULK, NEW, batch=compact, key="x") == "NOT_YOUR_UNION"
    assert (
        await refused(hub, ask.BULK, OLD, batch="0" * 32, key="y") == "UNKNOWN_UPLOAD"
    )
    assert "BATCH" in await refused(hub, ask.BULK, OLD, batch=compact[:-9], key="z")


async def test_a_batch_that_was_uploaded_is_submitted_by_its_id(hub):
    (worker,) = await hub.ground.enrol("51", 1)
    _, local_id, card = hub.ground.ids[worker]
    compact = hub.batch([{"membershipNo": card, "localId": local_id}])
    uploads, actor = hub.parts.moving.uploads, hub.context(OLD).transfers._actor

    kept = await uploads.upload(actor, compact.encode())
    assert (kept.rows, kept.faulty) == (1, 0)
    sent = await hub(ask.BULK, OLD, batch=kept.upload, key="bulk-1")

    assert (sent["rows"], sent["digest"]) == (1, kept.digest)
    assert await refused(hub, ask.BULK, officer(B44), batch=kept.upload, key="x") == (
        "UNKNOWN_UPLOAD"
    ), "it is the office's own"


def twice(hub, worker):
    """The same worker's membership at two unions, as they are reported."""
    _, local_id, card = hub.ground.ids[worker]
    there = {"union": A44, "province": "44", "localId": f"51-{local_id}"}
    return {
        "worker": worker,
        "a": {
            "union": A51,
            "province": "51",
            "localId": local_id,
            "membershipNo": card,
        },
        "b": {**there, "membershipNo": "C44"},
    }


def joined_too(hub, worker):
    """Let the register of 44 keep a membership of the worker, too."""
    card = twice(hub, worker)["b"]["membershipNo"]
    local_id = twice(hub, worker)["b"]["localId"]
    (row,) = member("44", 0, A44).memberships
    file = hub.ground.workers["44"][local_id]
    row = structs.replace(row, id=card, membership_no=card)
    hub.ground.workers["44"][local_id] = structs.replace(file, memberships=(row,))


async def test_a_duplicate_is_asked_and_resolved_by_people(hub):
    (worker,) = await hub.ground.enrol("51", 1, also=("44",))
    joined_too(hub, worker)

    asked = await hub(ask.REPORT, NEW, **twice(hub, worker), key="q-1")
    assert asked.get("state") == "OPEN", asked
    assert asked["answerBy"] > hub.ground.clock.now().date().isoformat()
    for who, seen in ((OLD, 1), (NEW, 1), (officer(A37), 0)):
        page = await hub(ask.QUESTIONS, who, states=["OPEN"])
        assert len(page["edges"]) == seen
    early = await refused(hub, ask.RESOLVE, NEW, id=asked["id"], kept=A44, key="early")
    assert early
    hub.ground.clock.forward(days=40)
    foreign = await refused(hub, ask.RESOLVE, NEW, id=asked["id"], kept=A44, key="n")
    assert foreign == "NOT_THE_ENDING_UNION", "nobody ends another's membership"
    resolved = await hub(ask.RESOLVE, OLD, id=asked["id"], kept=A44, key="r-1")

    assert (resolved.get("state"), resolved.get("kept")) == ("RESOLVED", A44), resolved
    ending = await hub(ask.ONE, OLD, id=resolved["transfer"])
    assert (ending["basis"], ending["fromUnion"]) == ("DUPLICATE", A51)
    assert (await hub(ask.QUESTIONS, OLD, states=["OPEN"]))["edges"] == []


async def test_transfers_are_entities_beside_workers(hub):
    (worker,) = await hub.ground.enrol("51", 1)
    offer = await offered(hub, worker)
    document = """query($r: [_Any!]!) { _entities(representations: $r) { __typename
      ... on Transfer { id state } } }"""
    mine = {"__typename": "Transfer", "id": offer["id"]}
    other = {"__typename": "Transfer", "id": str(UUID(int=7))}

    result = await hub.whole(document, OLD, r=[mine, other, {"__typename": "X"}, mine])

    found = [one and one["state"] for one in result.data["_entities"]]
    assert found == ["OUT_PENDING", None, None, "OUT_PENDING"]
    assert sorted(one.path[1] for one in result.errors) == [1, 2]
    foreign = await hub.whole(document, officer(A37), r=[mine])
    assert foreign.data["_entities"] == [None]


async def test_a_hundred_entities_cost_one_statement(hub, monkeypatch):
    workers = await hub.ground.enrol("51", 99)
    rows = [
        {"membershipNo": card, "localId": local_id}
        for _, local_id, card in (hub.ground.ids[one] for one in workers)
    ]
    batch = await hub(ask.BULK, OLD, batch=hub.batch(rows), key="all")
    await hub.bulk.open(batch["id"], 99)
    told = await hub(ask.BATCH, OLD, id=batch["id"], first=99)
    ids = [edge["node"]["transfer"] for edge in told["results"]["edges"]]
    reading = hub.parts.moving.reading
    rows, statements = reading._rows, []

    async def counted(statement, wanted):
        statements.append(statement)
        return await rows(statement, wanted)

    monkeypatch.setattr(reading, "_rows", counted)
    document = """query($r: [_Any!]!) { _entities(representations: $r) {
      ... on Transfer { id state } } }"""
    wanted = [{"__typename": "Transfer", "id": one} for one in ids]
    wanted.append({"__typename": "Transfer", "id": "nobody's"})

    result = await hub.whole(document, OLD, r=wanted)

    found = [one and one["id"] for one in result.data["_entities"]]
    assert found == [*ids, None]
    assert len(statements) == 1
