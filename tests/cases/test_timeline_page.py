"""A timeline is read by pages, and a long one weighs what it is."""

from __future__ import annotations

import pytest
from graphql import parse

from hub.web.cost import weigh
from hub.web.list_sizes import assumed_sizes
from tests.cases.asking import HOME, PLACE, clerk, done, running
from tests.fakes.hub import graph

_PAGE = """query ($no: ID!, $first: Int!, $after: String) { case(no: $no) { ... on Case {
  timeline(first: $first, after: $after) { lines { on milestone { seq step } }
    pageInfo { hasNextPage hasPreviousPage endCursor } } } } }"""


@pytest.fixture
async def case(hub):
    (worker,) = await hub.ground.enrol("51", 1, also=("44",))
    made = await running(hub, worker)
    for _ in range(5):
        await done(hub, PLACE, "recordAct", made["no"], kind="OTHER", on="2026-03-02")
    return made["no"]


async def test_pages_are_the_whole_timeline(hub, case):
    whole = (await hub(_PAGE, clerk(HOME), no=case, first=50))["timeline"]
    shown, after = [], None
    while True:
        page = await hub(_PAGE, clerk(HOME), no=case, first=2, after=after)
        page = page["timeline"]
        shown += page["lines"]
        assert len(page["lines"]) <= 2
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]

    assert shown == whole["lines"]
    assert len(shown) == 7
    assert not whole["pageInfo"]["hasNextPage"]


@pytest.mark.parametrize(
    ("given", "code"),
    [({"first": 0}, "PAGE_SIZE"), ({"first": 101}, "PAGE_SIZE"),
     ({"after": "nonsense"}, "CURSOR_INVALID"), ({"after": "中"}, "CURSOR_INVALID")],
)  # fmt: skip
async def test_a_page_that_cannot_be_given_is_refused(hub, case, given, code):
    result = await hub.whole(_PAGE, clerk(HOME), **({"no": case, "first": 5} | given))

    assert result.errors[0].original_error.refusal.code == code


def test_a_page_weighs_what_it_may_hold():
    def cost(arguments):
        asked = "{ case(no: 1) { ... on Case { timeline%s { lines { on seq } } } } }"
        document = parse(asked.replace("%s", arguments))
        return weigh(document, {}, 1, assumed_sizes(graph())).cost

    assert cost("(first: 100)") - cost("(first: 10)") >= 90 * 2
    assert cost("(first: 1)") > 50
