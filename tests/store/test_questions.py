from __future__ import annotations

import asyncio
from datetime import date

import msgspec
import pytest

from hub.audit.chain import Draft
from hub.feeds.events import Topic
from hub.store.audit import verify_book
from hub.store.duplicates import QuestionStore
from hub.store.feeds import FeedStore
from hub.store.webhooks import WebhookCursors
from schema.records.duplicate import DuplicateQuestion, DuplicateState, Found
from tests.builders.moves import NOON, new_worker

DRAFT = Draft(NOON, "duplicate:worker:asked", "", b"{}")
ACT = b"\1" * 32


def membership(union, province):
    return Found(union=union, province=province, local_id="L", membership_no="M")


def question(name="q1", worker=None, first=("U", "63"), second=("V", "44")):
    return DuplicateQuestion(
        id=name,
        worker=worker or new_worker(),
        first=membership(*first),
        second=membership(*second),
        reason="两处会籍",
        office=first[0],
        asked_at=NOON,
        answer_by=date(2026, 11, 20),
        rule="duplicate.answer",
    )


@pytest.fixture
def store(pool):
    return QuestionStore(pool)


async def test_a_question_is_asked_once(store, pool, database_url):
    first = question()
    assert await store.ask(first, "U/k1", ACT, DRAFT) == first
    assert await store.ask(question("q2"), "U/k1", ACT, DRAFT) == first
    assert await store.ask(question("q3"), "U/k1", b"\2", DRAFT) is None
    # The other side asks about the same two.
    turned = question("q4", first.worker, ("V", "44"), ("U", "63"))
    assert await store.ask(turned, "V/k1", ACT, DRAFT) == first

    assert await store.one("q1") == first
    assert await store.one("q4") is None
    assert (await verify_book(pool)).entries == 1
    said = await FeedStore(pool, database_url).read(Topic.DUPLICATE, 0, 9)
    assert [msgspec.json.decode(each.body)["id"] for each in said] == ["q1"]


async def test_it_is_decided_once_and_may_be_asked_again(store, pool):
    first = question()
    await store.ask(first, "U/k1", ACT, DRAFT)

    def dismiss(standing):
        if standing.state is not DuplicateState.OPEN:
            return None
        dismissed = msgspec.structs.replace(standing, state=DuplicateState.DISMISSED)
        return dismissed, DRAFT

    async with asyncio.TaskGroup() as group:
        for _ in range(4):
            group.create_task(store.move("q1", dismiss))
    assert (await store.one("q1")).state is DuplicateState.DISMISSED
    assert (await verify_book(pool)).entries == 2
    assert await store.move("no", dismiss) is None
    again = question("q2", first.worker)
    assert await store.ask(again, "U/k2", ACT, DRAFT) == again


async def test_unions_read_their_own(store):
    asked = {
        "q1": question("q1"),
        "q2": question("q2", first=("V", "44"), second=("W", "51")),
        "q3": question("q3", first=("X", "51"), second=("Y", "51")),
    }
    for name, each in asked.items():
        await store.ask(each, f"U/{name}", ACT, DRAFT)

    async def ids(*wanted):
        return [each.id for each in await store.of_unions(*wanted)]

    assert await ids(["V"], 9, None) == ["q1", "q2"]
    assert await ids(["U", "V", "W"], 1, "q1") == ["q2"]
    assert await ids(["Z"], 9, None) == []
    assert await ids([], 9, None) == []


async def test_an_endpoint_s_cursor_goes_where_it_is_put(pool):
    cursors = WebhookCursors(pool)
    await cursors.move("e1", 7)
    await cursors.move("e2", 1)
    await cursors.move("e1", 3)
    assert await cursors.all() == {"e1": 3, "e2": 1}
    await cursors.forget("e1")
    assert await cursors.all() == {"e2": 1}
