"""Lists of cases and what is withheld: full pages, and nothing told between the lines."""

from __future__ import annotations

import base64

import pytest

from tests.cases import documents as ask
from tests.cases.asking import OTHER, PLACE, clerk, done, opened, running

_PAGE = """query ($filter: CaseFilter, $first: Int!, $after: String, $by: ListOrder!) {
  cases(filter: $filter, first: $first, after: $after, orderBy: $by) {
    edges { cursor node { no matter dueOn } } pageInfo { hasNextPage endCursor } } }"""
_ALL = {"first": 2, "filter": None, "after": None, "by": "OPENED"}
#: What a helper does not see of a case, and what would choose or order by it.
_WITHHELD = [
    {"filter": {"matters": ["WAGE_ARREARS"]}},
    {"filter": {"states": ["OPEN", "ROUTED"]}},
    {"filter": {"dueBy": "2099-01-01"}},
    {"filter": {"changedSince": "2020-01-01T00:00:00Z"}},
    {"by": "DUE"},
]


async def page(hub, **more):
    return await hub(_PAGE, clerk(OTHER), **(_ALL | more))


@pytest.fixture
async def cases(hub):
    """Three that the union helps with, and then one that it leads."""
    helped = []
    for worker in await hub.ground.enrol("51", 3):
        case = await running(hub, worker)
        await done(hub, PLACE, "assignTask", case["no"], kind="OTHER", toUnion=OTHER)
        helped.append(case["no"])
        hub.ground.clock.forward(seconds=1)
    (worker,) = await hub.ground.enrol("51", 1)
    led = (await opened(hub, worker, by=OTHER, home=None))["no"]
    return helped, led


async def test_a_list_goes_over_cases_whose_fields_it_is_chosen_by_are_seen(hub, cases):
    helped, led = cases

    for more in _WITHHELD:
        for first in (1, 2, 10):
            found = await page(hub, first=first, **more)

            assert [each["node"]["no"] for each in found["edges"]] == [led], more
            assert not found["pageInfo"]["hasNextPage"], more
    every = await page(hub, first=10)
    assert [each["node"]["no"] for each in every["edges"]] == [*helped, led]
    assert [each["node"]["matter"] is None for each in every["edges"]] == [True] * 3 + [
        False
    ]


async def test_nothing_can_be_read_in_a_cursor(hub, cases):
    helped, led = cases
    found = await page(hub, first=10)
    found["edges"] += (await page(hub, by="DUE"))["edges"]

    for each in found["edges"]:
        cursor = each["cursor"].encode()
        read = base64.urlsafe_b64decode(cursor + b"=" * (-len(cursor) % 4))
        assert each["node"]["no"].encode() not in read
    rest = await page(hub, after=found["edges"][1]["cursor"])
    assert [each["node"]["no"] for each in rest["edges"]] == [helped[2], led]
    assert (await page(hub))["pageInfo"]["endCursor"] == found["edges"][1]["cursor"]


@pytest.mark.usefixtures("cases")
async def test_a_cursor_that_was_changed_is_none(hub):
    cursor = (await page(hub))["pageInfo"]["endCursor"]
    for at in range(0, len(cursor), 5):
        changed = "B" if cursor[at] == "A" else "A"
        given = {**_ALL, "after": cursor[:at] + changed + cursor[at + 1 :]}

        result = await hub.whole(_PAGE, clerk(OTHER), **given)

        refusal = result.errors[0].original_error.refusal
        assert refusal.code == "CURSOR_INVALID", at


async def test_to_be_asked_is_no_role(hub):
    (worker,) = await hub.ground.enrol("51", 1, also=("44",))
    await opened(hub, worker)

    by_role = await hub(ask.PAGE, clerk(PLACE), filter={"roles": ["FOLLOWER"]})
    asked = await hub(ask.PAGE, clerk(PLACE), filter={"asked": True})

    assert (by_role["edges"], len(asked["edges"])) == ([], 1)
