"""Live events of cases and tasks: resumable, masked as they are sent, in the trail first."""

from __future__ import annotations

import asyncio

import pytest

from hub.audit.before_showing import TrailBeside
from hub.audit.trail import TrailUnavailable
from schema.records.refusal import Refused
from tests.cases import documents as ask
from tests.cases.asking import (
    HOME,
    OTHER,
    PLACE,
    STRANGER,
    TOP,
    clerk,
    done,
    opened,
    running,
)
from tests.fakes.hub import Trail


async def some(stream, most):
    """Take events, until nothing comes."""
    found = []
    while len(found) < most:
        event = await asyncio.wait_for(anext(stream), 5)
        assert event.errors is None, event.errors
        (one,) = event.data.values()
        found.append(one)
    return found


async def test_each_follower_gets_what_the_table_lets_it_see(hub):
    (worker,) = await hub.ground.enrol("51", 1)
    place, helper, stranger = [
        await hub.follow(ask.FOLLOW, clerk(one)) for one in (PLACE, OTHER, STRANGER)
    ]
    case = await running(hub, worker)
    no = case["no"]
    await done(hub, PLACE, "assignTask", no, kind="SERVE_PAPERS", toUnion=OTHER)

    asked, accepted, given = await some(place, 3)
    (told,) = await some(helper, 1)

    assert [one["milestone"]["step"] for one in (asked, accepted, given)] == [
        "OPENED", "ACCEPTED", "TASK",
    ]  # fmt: skip
    assert (asked["was"], asked["state"]) == (None, "ROUTED")
    assert asked["notices"][0]["kind"] == "ASKED_TO_LEAD"
    assert {one["to"]["union"] for one in asked["notices"]} == {PLACE}
    assert accepted["case"]["state"] == "OPEN", "as it stands now"
    assert (told["no"], told["matter"], told["state"]) == (no, None, None)
    assert told["milestone"] is None
    assert set(told["withheld"]) == {"MATTER", "STATE", "MILESTONES", "DUE_DATES"}
    assert {one["kind"] for one in told["notices"]} >= {"TASK_GIVEN"}
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(anext(stranger), 0.3)
    for stream in (place, helper):
        await stream.aclose()


async def test_events_are_resumed_after_the_last_cursor(hub):
    one, two = await hub.ground.enrol("51", 2)
    stream = await hub.follow(ask.FOLLOW, clerk(PLACE))
    first = await opened(hub, one)
    (event,) = await some(stream, 1)
    await stream.aclose()
    second = await opened(hub, two)
    await done(hub, PLACE, "acceptCase", first["no"])

    resumed = await hub.follow(ask.FOLLOW, clerk(PLACE), after=event["cursor"])

    assert [(e["no"], e["milestone"]["step"]) for e in await some(resumed, 2)] == [
        (second["no"], "OPENED"), (first["no"], "ACCEPTED"),
    ]  # fmt: skip
    await resumed.aclose()


async def test_tasks_are_followed_by_both_sides_and_by_offices(hub):
    (worker,) = await hub.ground.enrol("51", 1)
    case = await running(hub, worker)
    gave, given = [
        await hub.follow(ask.FOLLOW_TASKS, clerk(who), offices=[who])
        for who in (TOP, OTHER)
    ]
    found = await done(
        hub, PLACE, "assignTask", case["no"], kind="OTHER", toUnion=OTHER
    )
    task = found["tasks"][0]["no"]
    await done(hub, OTHER, "acknowledgeTask", case["no"], task=task)

    for stream in (gave, given):
        events = await some(stream, 2)
        assert [one["was"] for one in events] == [None, "ASSIGNED"]
        assert events[1]["task"]["state"] == "ACKNOWLEDGED"
        await stream.aclose()
    assert events[0]["task"]["case"]["matter"] is None, "a helper does not see it"


@pytest.mark.parametrize(
    ("who", "given", "code"),
    [
        (clerk(PLACE, "worker:read"), {}, "SCOPE_MISSING"),
        (clerk(PLACE), {"offices": [HOME]}, "NOT_YOUR_OFFICE"),
        (clerk(PLACE), {"after": "nothing"}, "CURSOR_INVALID"),
        (clerk("U44-nobody"), {}, "OFFICE_NOT_OF_PROVINCE"),
    ],
    ids=["scope", "office", "cursor", "unknown"],
)
async def test_who_may_not_follow_is_refused(hub, who, given, code):
    for document in (ask.FOLLOW, ask.FOLLOW_TASKS):
        result = await hub.follow(document, who, **given)

        (error,) = result.errors
        assert isinstance(error.original_error, Refused)
        assert error.original_error.refusal.code == code


async def test_an_event_that_cannot_be_written_down_is_not_given(hub):
    (worker,) = await hub.ground.enrol("51", 1)
    trail = Trail()
    hub.parts.beside = TrailBeside(trail)
    stream = await hub.follow("subscription { caseEvents { no } }", clerk(PLACE))
    case = await opened(hub, worker)
    assert (await some(stream, 1))[0]["no"] == case["no"]
    assert [(one.shown, one.about) for one in trail.written] == [
        ("CASE_EVENT", (case["no"],))
    ]
    trail.failure = TrailUnavailable("full")
    await done(hub, PLACE, "acceptCase", case["no"])

    with pytest.raises(TrailUnavailable):
        await anext(stream)
