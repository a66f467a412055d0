"""Rights cases by GraphQL over the whole hub: routing, due dates, lists, the trail."""

from __future__ import annotations

import pytest
from graphql import parse, validate

from hub.audit.before_showing import TrailBeside
from hub.audit.trail import TrailUnavailable
from hub.store.audit import who_looked
from schema.records.showing import Showing
from tests.cases import documents as ask
from tests.cases.asking import (
    HOME,
    OTHER,
    PLACE,
    STRANGER,
    TOP,
    clerk,
    done,
    key,
    opened,
    refused,
    request,
    running,
    seen,
)
from tests.fakes.hub import Trail, graph
from tests.moving.asking import officer
from tests.moving.test_lists import turn


@pytest.fixture
async def worker(hub):
    (made,) = await hub.ground.enrol("51", 1, also=("44",))
    return made


async def test_a_route_is_shown_with_its_reasons_before_anything_is_opened(hub, worker):
    for language, word in (("en", "place of work"), ("zh", "用工地")):
        found = await hub(
            ask.ROUTE, clerk(HOME), input=request(worker), language=language
        )

        assert (found["forum"], found["venue"]) == ("ARREARS", "440101"), found
        assert (found["lead"], found["leadProvince"]) == (PLACE, "44")
        assert not found["provisional"]
        assert any(word in one["text"] for one in found["reasons"])
        assert all(one["rule"] for one in found["reasons"])
    assert (await hub(ask.PAGE, clerk(HOME)))["edges"] == []


async def test_a_case_is_opened_once_under_its_key(hub, worker):
    given, same = request(worker, no="川欠2026-17"), key()

    first = await hub(ask.OPEN, clerk(HOME), input=given, key=same)
    again = await hub(ask.OPEN, clerk(HOME), input=given, key=same)
    other = await hub(ask.OPEN, clerk(HOME), input=given, key=key())

    assert first["no"] == "51-川欠2026-17"
    assert again == first
    assert other["code"] == "CASE_NO_TAKEN"
    assert (first["state"], first["asked"]["union"]) == ("ROUTED", PLACE)


async def test_nobody_without_a_part_learns_that_there_is_a_case(hub, worker):
    case = await running(hub, worker)

    there = await seen(hub, STRANGER, case["no"])
    nowhere = await seen(hub, STRANGER, "C-none")
    unscoped = await hub(ask.ONE, officer(PLACE, "worker:read"), no=case["no"])
    acted = await refused(hub, STRANGER, "closeTask", case["no"], task="t", reason="r")

    assert there == nowhere
    assert there["code"] == acted == "NO_SUCH_CASE"
    assert (unscoped["code"], unscoped["rule"]) == ("SCOPE_MISSING", "scope.cases")
    assert (await hub(ask.PAGE, clerk(STRANGER)))["edges"] == []
    # An office that its issuer places in another province has no part either.
    lent = officer(PLACE, "case:read", "cases:write")
    lent = type(lent)(**{**_fields(lent), "province": "37"})
    assert (await hub(ask.ONE, lent, no=case["no"]))["code"] == "NO_SUCH_CASE"


def _fields(caller):
    return {name: getattr(caller, name) for name in caller.__struct_fields__}


async def test_an_office_above_sees_and_acts_for_those_below(hub, worker):
    case = await opened(hub, worker)

    above = await seen(hub, TOP, case["no"])
    accepted = await done(hub, TOP, "acceptCase", case["no"])

    assert [one["union"]["union"] for one in above["yourParts"]] == [PLACE]
    assert accepted["lead"]["union"] == PLACE
    assert accepted["milestones"][-1]["union"]["union"] == PLACE


async def test_who_has_no_part_left_after_an_act_sees_its_number_alone(hub, worker):
    case = await opened(hub, worker)

    left = await done(hub, PLACE, "declineCase", case["no"], reason="not ours")

    assert (left["no"], left["yourParts"], left["state"]) == (case["no"], [], None)
    assert "STATE" in left["withheld"]
    assert (await seen(hub, PLACE, case["no"]))["code"] == "NO_SUCH_CASE"


async def test_due_dates_explain_themselves_in_both_languages(hub, worker):
    case = await running(hub, worker, matter="DISMISSAL")
    facts = [
        {"kind": "right-known", "on": "2025-03-05"},
        {"kind": "arbitration-accepted", "on": "2026-03-02"},
    ]
    await done(hub, PLACE, "stateFacts", case["no"], facts=facts)

    said = {}
    for language in ("en", "zh"):
        found = await hub(ask.ONE, clerk(HOME), no=case["no"], language=language)
        said[language] = {one["clock"]: one for one in found["dueDates"]}

    clock = said["en"]["arbitration-limitation"]
    assert (clock["dueOn"], clock["phase"]) == ("2026-03-05", "RUNNING")
    assert clock["standing"] == "REMIND"
    assert clock["aidFirst"], "three days are left"
    assert clock["rule"] in clock["why"]
    assert "27" in clock["source"]
    assert "2025-03-05" in clock["why"]
    assert said["zh"]["arbitration-limitation"]["why"] != clock["why"]
    assert "起算" in said["zh"]["arbitration-limitation"]["why"]
    assert found["dueOn"] == "2026-03-05"
    assert {one["kind"] for one in found["facts"]} >= {one["kind"] for one in facts}


async def test_lists_filter_sort_and_neither_lose_nor_repeat(hub):
    workers = await hub.ground.enrol("51", 12)
    numbers = []
    for worker in workers[:9]:
        numbers.append((await running(hub, worker))["no"])
        hub.ground.clock.forward(seconds=1)
    late, moving = iter(workers[9:]), iter(numbers)

    async def between():
        await done(hub, PLACE, "withdrawCase", next(moving), reason="settled it")
        await running(hub, next(late))
        hub.ground.clock.forward(seconds=1)

    found = await turn(hub, ask.PAGE, clerk(PLACE), first=4, between=between)

    assert [one["no"] for one in found][:9] == numbers
    assert len({one["no"] for one in found}) == len(found)
    open_only = {"states": ["OPEN"], "roles": ["LEAD"], "matters": ["WAGE_ARREARS"]}
    listed = await turn(hub, ask.PAGE, clerk(TOP), first=3, filter=open_only)
    assert {one["state"] for one in listed} == {"OPEN"}
    assert await turn(hub, ask.PAGE, clerk(OTHER), first=3, filter={}) == []
    everything = await turn(hub, ask.PAGE, clerk("U11-audit", "audit:read"), first=5)
    assert len(everything) == len({one["no"] for one in everything}) >= 11


@pytest.mark.parametrize(
    ("who", "variables", "code"),
    [
        (clerk(PLACE), {"first": 0}, "PAGE_SIZE"),
        (clerk(PLACE), {"first": 101}, "PAGE_SIZE"),
        (clerk(PLACE), {"after": "no-cursor"}, "CURSOR_INVALID"),
        (clerk(PLACE), {"filter": {"office": STRANGER}}, "NOT_YOUR_OFFICE"),
        (clerk(PLACE, "worker:read"), {}, "SCOPE_MISSING"),
        (officer(PLACE, "self:read"), {}, "SCOPE_MISSING"),
        (clerk("U44-nobody"), {}, "OFFICE_NOT_OF_PROVINCE"),
    ],
    ids=["none", "many", "cursor", "office", "scope", "self", "unknown"],
)
async def test_a_page_that_cannot_be_given_is_refused(hub, who, variables, code):
    for document in (ask.PAGE, ask.TASKS):
        given = {n: v for n, v in variables.items() if n != "filter" or v}
        result = await hub.whole(document, who, **given)

        (data,) = result.data.values()
        assert data is None
        assert result.errors[0].original_error.refusal.code == code


async def test_a_helper_is_not_listed_by_what_it_does_not_see(hub, worker):
    case = await running(hub, worker)
    await done(hub, PLACE, "assignTask", case["no"], kind="SERVE_PAPERS", toUnion=OTHER)

    listed = await hub(ask.PAGE, clerk(OTHER))
    by_matter = await hub(ask.PAGE, clerk(OTHER), filter={"matters": ["WAGE_ARREARS"]})
    by_role = await hub(ask.PAGE, clerk(OTHER), filter={"roles": ["CO_HANDLER"]})

    (edge,) = listed["edges"]
    assert edge["node"]["matter"] is None
    assert by_matter["edges"] == []
    assert len(by_role["edges"]) == 1


async def test_the_to_do_list_of_a_helper(hub, worker):
    case = await running(hub, worker)
    await done(hub, PLACE, "assignTask", case["no"], kind="SERVE_PAPERS", toUnion=OTHER)
    page = await hub(ask.TASKS, clerk(OTHER), filter={"side": "ASKED"})

    (edge,) = page["edges"]
    task = edge["node"]
    assert (task["state"], task["case"]["no"]) == ("ASSIGNED", case["no"])
    assert task["case"]["matter"] is None
    assert task["acknowledgeBy"] == "2026-03-04"
    await done(hub, OTHER, "acknowledgeTask", case["no"], task=task["no"])
    for who, seen_by in ((clerk(PLACE), 1), (clerk(STRANGER), 0), (clerk(TOP), 1)):
        tasks = await hub(ask.TASKS, who)
        assert [one["node"]["state"] for one in tasks["edges"]] == [
            "ACKNOWLEDGED"
        ] * seen_by
    # Whom the table shows no tasks, sees none in the list either.
    assert (await hub(ask.TASKS, clerk("U11-hub", "hub:operate")))["edges"] == []


async def test_a_page_with_all_its_fields_costs_one_statement_for_each(
    hub, monkeypatch
):
    for worker in await hub.ground.enrol("51", 5):
        case = await running(hub, worker)
        await done(hub, PLACE, "assignTask", case["no"], kind="OTHER", toUnion=OTHER)
    doors, asked = hub.parts.following, []
    for part, name in (
        (doors.reading, "some"), (doors.reading, "page"), (doors.reading, "tasks"),
        (doors.timelines, "timelines"),
    ):  # fmt: skip
        monkeypatch.setattr(part, name, counted(name, getattr(part, name), asked))

    document = """{ cases(first: 10) { edges { node { no tasks { no case { no } }
      timeline { lines { on } } } } } tasks(first: 10) { edges { node { case { no } } } } }"""
    assert validate(graph(), parse(document)) == []
    result = await hub.whole(document, clerk(PLACE))

    assert result.errors is None
    assert len(result.data["cases"]["edges"]) == 5
    assert len(result.data["cases"]["edges"][0]["node"]["tasks"]) == 1
    assert sorted(asked) == ["page", "some", "tasks", "timelines"]


def counted(name, real, asked):
    async def called(*given, **more):
        asked.append(name)
        return await real(*given, **more)

    return called


async def test_cases_are_entities_by_their_number(hub, worker):
    case = await running(hub, worker)
    document = """query($r: [_Any!]!) { _entities(representations: $r) { __typename
      ... on Case { no state } } }"""
    mine = {"__typename": "Case", "no": case["no"]}
    other = {"__typename": "Case", "no": "C-none"}

    result = await hub.whole(
        document, clerk(PLACE), r=[mine, other, {"__typename": "Case"}]
    )

    assert [one and one["state"] for one in result.data["_entities"]] == [
        "OPEN", None, None,
    ]  # fmt: skip
    assert sorted(one.path[1] for one in result.errors) == [1, 2]


FILES = """query($id: ID!) { worker(by: {id: $id}, purpose: %s) { __typename
  ... on Worker { id followedCases { no state withheld } } ... on Refusal { code } } }"""


async def test_a_workers_file_names_the_cases_that_the_caller_may_see(hub, worker):
    case = await running(hub, worker)
    reading = ("worker:read", "case:read")

    asked = FILES % "RIGHTS_PROTECTION"
    file = await hub(asked, officer(PLACE, *reading), id=worker)
    without = await hub(asked, officer(PLACE, "worker:read"), id=worker)
    own = await hub(
        FILES % "OWN_FILE", officer("x", "self:read", subject=worker), id=worker
    )
    foreign = await hub(asked, officer("U44-b", *reading), id=worker)
    operator = await hub(asked, officer(PLACE, "worker:read", "hub:operate"), id=worker)

    assert [one["no"] for one in file["followedCases"]] == [case["no"]]
    assert [one["no"] for one in own["followedCases"]] == [case["no"]]
    assert own["followedCases"][0]["withheld"] == []
    assert without["followedCases"] == foreign["followedCases"] == []
    assert operator["followedCases"] == [], "who runs the hub looks for nobody"


async def entries(hub, worker):
    looks = await who_looked(hub.ground.pool, worker)
    return [
        (look.tag, look.handling.office, look.handling.about)
        for look in reversed(looks)
        if isinstance(look.handling, Showing)
    ]


async def test_whatever_is_read_stands_in_the_trail_of_the_worker(hub, worker):
    no = (await running(hub, worker))["no"]
    await seen(hub, HOME, no)
    await hub(ask.PAGE, clerk(TOP))
    await hub(ask.TIMELINE, clerk(PLACE), no=no)
    await hub(
        FILES % "RIGHTS_PROTECTION",
        officer(PLACE, "worker:read", "case:read"),
        id=worker,
    )
    await seen(hub, STRANGER, no)

    assert await entries(hub, worker) == [
        ("following:case:shown", HOME, (no,)),
        ("following:page:shown", TOP, (no,)),
        ("following:case:shown", PLACE, (no,)),
        ("following:timeline:shown", PLACE, (no,)),
        ("following:worker:shown", PLACE, (no,)),
    ]


async def test_a_trail_that_cannot_be_written_shows_nothing(hub, worker):
    no = (await running(hub, worker))["no"]
    trail = Trail()
    trail.failure = TrailUnavailable("full")
    hub.parts.beside = TrailBeside(trail)

    for document, given in ((ask.ONE, {"no": no}), (ask.PAGE, {}), (ask.TASKS, {})):
        result = await hub.whole(document, clerk(PLACE), **given)
        if document == ask.TASKS:
            continue
        assert isinstance(result.errors[0].original_error, TrailUnavailable)
