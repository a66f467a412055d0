"""Wage arrears by GraphQL over the whole hub: reports, receipts, collective cases."""

from __future__ import annotations

import asyncio

import pytest

from tests.cases.asking import (
    BOTH,
    HOME,
    OTHER,
    PLACE,
    STRANGER,
    TOP,
    clerk,
    done,
    key,
    opened,
)
from tests.following.test_arrears import FIRM, MISTYPED
from tests.moving.asking import officer

REPORT = """mutation($input: ArrearsInput!, $key: String!) {
 reportArrears(input: $input, idempotencyKey: $key) { __typename
  ... on FiledReport { id caseNo on lead { union }
   receipts { addressee to fact dueOn } }
  ... on Refusal { code rule message remedy } } }"""
CASE = """query($no: ID!) { case(no: $no) { __typename ... on Refusal { code }
 ... on Case { no matter green withheld
  arrears { id reporter employer mainContractor subcontractor project workers since until
   amount evidence guaranteeKnown safetyRisk }
  collective { id group ownReports workers otherProvinces reachedOn }
  earlyWarning { firstSignal firstAct firstReport daysToAct daysToReport }
  dueDates { clock about phase dueOn } } } }"""
COLLECTIVES = """query($office: String!, $first: Int! = 50, $after: String) {
 collectiveCases(office: $office, first: $first, after: $after) {
  edges { cursor node { id group ownReports workers otherProvinces } }
  pageInfo { hasNextPage endCursor } } }"""
INFORMANT = officer(HOME, "arrears:report")


def wages(**more):
    given = {
        "by": HOME, "on": "2026-03-02", "reporter": "INFORMANT", "employer": FIRM,
        "division": "440101", "workers": 4, "since": "2025-11-01",
        "until": "2026-01-31", "amount": "32000.50", "signalOn": "2026-02-20",
    }  # fmt: skip
    return {name: one for name, one in (given | more).items() if one is not None}


async def report(hub, who=INFORMANT, keyed=None, language="en", **more):
    return await hub(
        REPORT, who, language=language, input=wages(**more), key=keyed or key()
    )


async def filed(hub, who=INFORMANT, **more):
    found = await report(hub, who, **more)
    assert found["__typename"] == "FiledReport", found
    return found


async def case_of(hub, office, no, *scopes):
    return await hub(CASE, clerk(office, *scopes), no=no)


async def test_an_informant_reports_and_gets_the_receipt_and_never_the_case(hub):
    found = await filed(
        hub, mainContractor=FIRM.lower(), project="harbour", evidence=["doc/1"]
    )

    assert found["lead"]["union"] == PLACE
    # The 2nd of March 2026 is a Monday.
    assert found["receipts"] == [
        {"addressee": "INSPECTION", "to": "440101", "fact": "inspection-receipt",
         "dueOn": "2026-03-03"},
        {"addressee": "SUPERIOR", "to": TOP, "fact": "superior-receipt",
         "dueOn": "2026-03-03"},
    ]  # fmt: skip
    unseen = await hub(CASE, INFORMANT, no=found["caseNo"])
    assert unseen["code"] == "SCOPE_MISSING"
    # The union that is asked sees that it is there, and what is due.
    asked = await case_of(hub, PLACE, found["caseNo"])
    assert asked["matter"] == "WAGE_ARREARS"
    assert asked["arrears"] is None
    assert "CONTENT" in asked["withheld"]
    due = {
        one["clock"]: one["dueOn"]
        for one in asked["dueDates"]
        if one["about"] == found["id"]
    }
    assert due == {
        "arrears-receipt-inspection": "2026-03-03",
        "arrears-receipt-superior": "2026-03-03",
        "arrears-acceptance": "2026-03-04",
        "arrears-follow-up": "2026-03-09",
    }
    # The lead reads the content.
    await done(hub, PLACE, "acceptCase", found["caseNo"])
    (shown,) = (await case_of(hub, PLACE, found["caseNo"]))["arrears"]
    assert shown == {
        "id": found["id"], "reporter": "INFORMANT", "employer": FIRM,
        "mainContractor": FIRM, "subcontractor": None, "project": "harbour",
        "workers": 4, "since": "2025-11-01", "until": "2026-01-31",
        "amount": "32000.50", "evidence": ["doc/1"], "guaranteeKnown": False,
        "safetyRisk": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"employer": MISTYPED}, "EMPLOYER_CODE_CHECK_DIGIT"),
        ({"subcontractor": "123"}, "EMPLOYER_CODE_LENGTH"),
        ({"since": "2026-02-01"}, "PERIOD_REVERSED"),
        ({"on": "2026-03-03"}, "REPORT_IN_FUTURE"),
        ({"workers": 0}, "NO_WORKERS"),
        ({"workers": 1, "localIds": ["a", "b"]}, "NO_WORKERS"),
        ({"amount": "0.00"}, "NO_AMOUNT"),
        ({"amount": "much"}, "AMOUNT_UNUSABLE"),
        ({"amount": "1.234"}, "AMOUNT_UNUSABLE"),
        ({"division": "44"}, "DIVISION_UNUSABLE"),
        ({"signalOn": "2026-03-03"}, "SIGNAL_AFTER_REPORT"),
        ({"project": "of 11010519491231002X"}, "TEXT_HAS_ID_NUMBER"),
        ({"by": PLACE}, "NOT_YOUR_UNION"),
        ({"localIds": ["nobody"]}, "UNKNOWN_WORKER"),
    ],
)
async def test_what_cannot_be_is_refused_with_rule_and_remedy(hub, given, code):
    found = await report(hub, **given)

    assert found["code"] == code
    assert all(found[one] for one in ("rule", "message", "remedy"))
    chinese = await report(hub, language="zh", **given)
    assert chinese["message"] != found["message"]
    async with hub.ground.pool.connection() as connection:
        for table in ("rights_case", "arrears_report", "case_notice"):
            rows = await connection.execute(f"SELECT count(*) FROM {table}")  # noqa: S608
            assert await rows.fetchone() == (0,)


async def test_reported_again_under_one_key_it_is_one_report_and_one_case(hub):
    first = await filed(hub, keyed="k")
    again = await filed(hub, keyed="k")
    other = await report(hub, keyed="k", workers=5)

    assert again == first
    assert other["code"] == "IDEMPOTENCY_KEY_TAKEN"
    assert (await filed(hub))["id"] != first["id"]


async def test_both_receipts_are_acts_of_their_addressees(hub):
    found = await filed(hub)
    no = found["caseNo"]
    await done(hub, PLACE, "acceptCase", no)
    facts = [{"kind": "inspection-receipt", "on": "2026-03-02", "about": found["id"]}]
    await done(hub, PLACE, "stateFacts", no, facts=facts)
    await done(hub, TOP, "followUpCase", no, on="2026-03-02", receipt=True)

    met = await _phases(hub, found)

    assert met == {
        "arrears-receipt-inspection": "MET", "arrears-receipt-superior": "MET",
        "arrears-acceptance": "MET", "arrears-follow-up": "RUNNING",
    }  # fmt: skip
    await done(hub, TOP, "followUpCase", no, on="2026-03-02")
    assert (await _phases(hub, found))["arrears-follow-up"] == "MET"


async def _phases(hub, found):
    seen = await case_of(hub, PLACE, found["caseNo"])
    return {
        one["clock"]: one["phase"]
        for one in seen["dueDates"]
        if one["about"] == found["id"]
    }


async def test_where_people_may_come_to_harm_internal_limits_are_half_as_long(hub):
    found = await filed(hub, safetyRisk=True)

    seen = await case_of(hub, PLACE, found["caseNo"])

    assert seen["green"] is True
    due = {one["clock"]: one["dueOn"] for one in seen["dueDates"]}
    assert due["arrears-follow-up"] < "2026-03-09"


async def test_ten_workers_from_two_provinces_are_one_collective_case_without_names(
    hub,
):
    here = clerk(OTHER)
    first = await filed(hub, workers=6)
    second = await filed(hub, here, by=OTHER, workers=3)
    assert (await hub(COLLECTIVES, clerk(PLACE), office=PLACE))["edges"] == []
    third = await filed(hub, here, by=OTHER, workers=1, division="330101")

    lead = (await case_of(hub, PLACE, first["caseNo"]))["collective"]
    own = (await case_of(hub, OTHER, third["caseNo"]))["collective"]

    # Who is asked to lead does not see who owes; who took it in leads until then.
    assert (lead["group"], own["group"]) == (None, FIRM)
    assert lead["id"] == own["id"]
    assert lead["workers"] == own["workers"] == 10
    assert own["ownReports"] == sorted([second["id"], third["id"]])
    assert own["otherProvinces"] == 1
    for office in (HOME, PLACE, OTHER, TOP):
        listed = await hub(COLLECTIVES, clerk(office), office=office)
        expected = 0 if office in {PLACE, TOP} else 1
        assert len(listed["edges"]) == expected, office
    await done(hub, PLACE, "acceptCase", first["caseNo"])
    assert len((await hub(COLLECTIVES, clerk(TOP), office=TOP))["edges"]) == 1
    refused = await hub.whole(COLLECTIVES, clerk(STRANGER), office=PLACE)
    assert refused.errors


async def test_when_a_report_is_taken_back_it_is_no_collective_case_any_more(hub):
    first = await filed(hub, workers=6)
    second = await filed(hub, workers=4)
    no = second["caseNo"]
    await done(hub, PLACE, "acceptCase", no)
    assert (await case_of(hub, PLACE, no))["collective"]["workers"] == 10

    await done(hub, PLACE, "withdrawCase", no, reason="reported twice")

    assert (await case_of(hub, PLACE, first["caseNo"]))["collective"] is None


async def test_the_same_workers_listed_twice_count_once(hub):
    workers = await hub.ground.enrol("51", 6)
    local = [hub.ground.ids[one][1] for one in workers]
    await filed(hub, workers=6, localIds=local)
    await filed(hub, workers=5, listed=list(workers[:5]))
    assert (await hub(COLLECTIVES, clerk(HOME), office=HOME))["edges"] == []

    await filed(hub, workers=4)

    (edge,) = (await hub(COLLECTIVES, clerk(HOME), office=HOME))["edges"]
    assert edge["node"]["workers"] == 10


async def test_early_warning_is_measured_from_the_first_signal(hub):
    found = await filed(hub)
    hub.ground.clock.forward(days=1)
    await done(hub, PLACE, "acceptCase", found["caseNo"])

    early = (await case_of(hub, PLACE, found["caseNo"]))["earlyWarning"]

    assert early == {
        "firstSignal": "2026-02-20", "firstAct": "2026-03-03",
        "firstReport": "2026-03-02", "daysToAct": 11, "daysToReport": 10,
    }  # fmt: skip


async def test_many_reports_at_once_are_one_collective_case(hub):
    async with asyncio.TaskGroup() as group:
        for _ in range(12):
            group.create_task(filed(hub, workers=1))

    (edge,) = (await hub(COLLECTIVES, clerk(HOME), office=HOME))["edges"]

    assert edge["node"]["workers"] == 12
    assert len(edge["node"]["ownReports"]) == 12


async def test_a_question_has_a_due_reply_that_the_reply_meets(hub):
    (worker,) = await hub.ground.enrol("51", 1)
    case = await opened(hub, worker, matter="CONSULTATION", workplace=None)
    (due,) = [one for one in case["dueDates"] if one["clock"] == "consultation-reply"]
    assert due["phase"] == "RUNNING"

    act = {"kind": "CONSULTATION_REPLY", "on": "2026-03-02"}
    case = await done(hub, HOME, "recordAct", case["no"], **act)

    (due,) = [one for one in case["dueDates"] if one["clock"] == "consultation-reply"]
    assert due["phase"] == "MET"


COOPERATION = """query($office: String, $corridor: CorridorInput) {
 cooperation(office: $office, corridor: $corridor) { __typename ... on Refusal { code }
  ... on Cooperation { office corridor withinDays
   accepted { good whole percent goal reached rule source }
   answered { good whole reached } answerHours { value number }
   timeliness { value } effort { value }
   earlyWarning { daysToAct { value number } daysToReport { value } unacted } } } }"""


async def test_cooperation_is_measured_of_unions_and_of_corridors(hub):
    (worker,) = await hub.ground.enrol("51", 1)
    case = await opened(hub, worker)
    no = case["no"]
    await done(hub, PLACE, "acceptCase", no)
    given = await done(hub, PLACE, "assignTask", no, kind="VISIT_FAMILY", toUnion=HOME)
    task = given["tasks"][-1]["no"]
    hub.ground.clock.forward(hours=30)
    await done(hub, HOME, "acknowledgeTask", no, task=task)
    hub.ground.clock.forward(hours=30)
    await done(hub, HOME, "answerTask", no, task=task)
    await done(hub, PLACE, "rateTask", no, task=task, timeliness=5, effort=4)
    await filed(hub)

    own = await hub(COOPERATION, clerk(HOME), office=HOME)
    pair = {"from": "44", "to": "51"}
    both = await hub(COOPERATION, clerk(PLACE), corridor=pair)

    assert own["accepted"] == {
        "good": 1, "whole": 1, "percent": 100.0, "goal": 80, "reached": True,
        "rule": "accepted-percent", "source": "RULEBOOK §10",
    }  # fmt: skip
    assert own["answered"] == {"good": 1, "whole": 1, "reached": True}
    assert own["answerHours"] == {"value": 60.0, "number": 1}
    assert (own["timeliness"], own["effort"]) == ({"value": 5.0}, {"value": 4.0})
    assert own["earlyWarning"]["unacted"] == 1
    assert both["accepted"] == own["accepted"]
    assert both["corridor"] == ["44", "51"]
    assert both["earlyWarning"] is None
    strange = clerk(STRANGER)
    for given, code in (
        ({"office": HOME}, "NOT_YOUR_OFFICE"),
        ({"corridor": pair}, "NOT_YOUR_CORRIDOR"),
        ({}, "OFFICE_OR_CORRIDOR"),
    ):
        assert (await hub(COOPERATION, strange, **given))["code"] == code
    inspector = officer("U11-audit", "audit:read")
    assert (await hub(COOPERATION, inspector, office=HOME))["accepted"]["good"] == 1


DIGEST = """query($office: String!, $on: Date) { digest(office: $office, on: $on) {
 __typename ... on Refusal { code } ... on Digest { office on
  parts { part count items { id union dueOn task } } } } }"""


async def test_the_digest_tells_what_there_is_to_do(hub):
    found = await filed(hub)
    counts = await _digest(hub, PLACE)
    assert counts["ASKED_TO_LEAD"]["count"] == counts["NEW_CASES"]["count"] == 1
    assert counts["ASKED_TO_LEAD"]["items"][0]["id"] == found["caseNo"]

    await done(hub, PLACE, "acceptCase", found["caseNo"])
    no = found["caseNo"]
    given = await done(hub, PLACE, "assignTask", no, kind="VISIT_FAMILY", toUnion=HOME)
    tomorrow = {"on": "2026-03-03"}
    counts = await _digest(hub, TOP, **tomorrow)

    assert counts["ASKED_TO_LEAD"]["count"] == 0
    assert counts["DUE_TODAY"]["items"] == [
        {"id": no, "union": PLACE, "dueOn": "2026-03-03", "task": None}
    ]
    assert counts["TASKS_DUE_TODAY"]["count"] == 0
    (task,) = given["tasks"]
    by = {"on": task["acknowledgeBy"]}
    due = (await _digest(hub, HOME, **by))["TASKS_DUE_TODAY"]
    assert due["items"][0]["task"] == task["no"]
    refused = await hub(DIGEST, clerk(STRANGER), office=HOME)
    assert refused["code"] == "NOT_YOUR_OFFICE"


async def _digest(hub, office, **given):
    found = await hub(DIGEST, clerk(office, *BOTH), office=office, **given)
    assert len(found["parts"]) == 9
    return {one["part"]: one for one in found["parts"]}


async def test_the_digest_of_a_day_counts_from_the_day_before(hub):
    await filed(hub)
    hub.ground.clock.forward(days=1)
    assert (await _digest(hub, PLACE))["NEW_CASES"]["count"] == 1
    hub.ground.clock.forward(days=1)

    assert (await _digest(hub, PLACE))["NEW_CASES"]["count"] == 0
