"""Cases of women workers: designated handlers alone see whose they are (RULEBOOK §6)."""

from __future__ import annotations

import pytest

from tests.cases import documents as ask
from tests.cases.asking import BOTH, HOME, PLACE, clerk, done, key, request
from tests.moving.asking import officer

HANDLER = (*BOTH, "cases:women")
RESTRICTED = {"WORKERS", "DOCUMENTS", "CONTENT"}
CASE = """query($no: ID!) { case(no: $no) {
  ... on Case { no matter workers documents { reference } withheld } } }"""
FILES = """query($id: ID!) { worker(by: {id: $id}, purpose: RIGHTS_PROTECTION) {
  ... on Worker { followedCases { no } } } }"""


@pytest.fixture
async def worker(hub):
    """A worker whom both provinces know."""
    (made,) = await hub.ground.enrol("51", 1, also=("44",))
    return made


@pytest.fixture
async def case(hub, worker):
    """A case of a woman worker, which the union of the place leads."""
    wish = request(worker, by=PLACE, matter="WOMEN_WORKERS")
    found = await hub(ask.OPEN, clerk(PLACE, *HANDLER), input=wish, key=key())
    assert found["__typename"] == "Case", found
    paper = {"reference": "doc/1", "sha256": "ab" * 32}
    return await done(hub, PLACE, "addDocument", found["no"], document=paper)


async def test_who_handles_such_cases_sees_whose_they_are_and_others_do_not(
    hub, worker, case
):
    async def seen(who):
        return await hub(CASE, who, no=case["no"])

    handler = await seen(clerk(PLACE, *HANDLER))
    other = await seen(clerk(PLACE))
    follower = await seen(clerk(HOME))

    assert handler["workers"] == [worker]
    assert handler["documents"] == [{"reference": "doc/1"}]
    assert not RESTRICTED & set(handler["withheld"])
    assert other["matter"] == "WOMEN_WORKERS", "it is worked on, without a person"
    # Those of one's own tasks stay; there are none.
    assert (other["workers"], other["documents"]) == (None, [])
    assert set(other["withheld"]) >= RESTRICTED
    assert follower["workers"] is None
    own = await seen(officer("x", "self:read", subject=worker))
    assert own["workers"] == [worker]
    assert (await seen(officer("U11-audit", "audit:read")))["workers"] == [worker]


async def test_nobody_finds_such_a_case_by_its_worker_who_does_not_handle_it(
    hub, worker, case
):
    reading = ("worker:read", "case:read")
    found = await hub(FILES, officer(PLACE, *reading, "cases:women"), id=worker)
    hidden = await hub(FILES, officer(PLACE, *reading), id=worker)

    assert [one["no"] for one in found["followedCases"]] == [case["no"]]
    assert hidden["followedCases"] == []
