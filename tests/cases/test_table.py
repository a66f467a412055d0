"""The whole table of roles, through the graph: who sees which field, who does which act."""

from __future__ import annotations

import asyncio
from datetime import date

import msgspec
import pytest

from schema.records.case_powers import CaseField, Deed, Party
from tests.cases import documents as ask
from tests.cases.asking import OTHER, PLACE, TOP, clerk, done, key, request
from tests.cases.parties import Stand, rich, stand
from tests.following.case_samples import TABLE

TODAY = date(2026, 3, 2)
POWERS = TABLE.on(TODAY)
#: What shows each column of the table.
SHOWN = {
    CaseField.MATTER: ("matter", "green"),
    CaseField.STATE: ("state", "accepted", "overdue"),
    CaseField.WORKERS: ("workers",),
    CaseField.ROLES: ("roles", "lead", "fileProvince"),
    CaseField.FIRST_TOUCH: ("firstTouchOn",),
    CaseField.MILESTONES: ("milestones",),
    CaseField.DUE_DATES: ("dueDates", "facts"),
    CaseField.RESULT: ("result",),
    CaseField.SUB_CASES: ("subCases",),
    CaseField.TASKS: ("tasks",),
    CaseField.DOCUMENTS: ("documents",),
}
#: Columns that stand elsewhere: in the province's file, in the trail, in statistics.
ELSEWHERE = {CaseField.CONTENT, CaseField.ACCESS_LOG}
#: Nobody is this by a token: whoever is, sees and does nothing here.
BY_NO_TOKEN = {Party.STATISTICS, Party.OUTSIDE_LAWYER}

TO, WHY = {"toUnion": "U63-county"}, {"reason": "because"}
PAPER = {"reference": "doc/9", "sha256": "cd" * 32}
DAY = {"on": "2026-03-02"}
ACTS = {
    "acceptCase": (Deed.ANSWER_ROUTE, {}),
    "declineCase": (Deed.ANSWER_ROUTE, WHY),
    "forwardCase": (Deed.ANSWER_ROUTE, TO | WHY),
    "reportCaseUp": (Deed.REPORT_UP, WHY),
    "offerHandOver": (Deed.HAND_OVER, TO | WHY),
    "recallHandOver": (Deed.HAND_OVER, {}),
    "takeOverCase": (Deed.TAKE_OVER, {}),
    "leaveCaseBelow": (Deed.TAKE_OVER, WHY),
    "followUpCase": (Deed.FOLLOW_UP, DAY),
    "recordAct": (Deed.RECORD_ACT, DAY | {"kind": "MEDIATION"}),
    "stateFacts": (Deed.STATE_FACT, {"facts": [{"kind": "mediation-requested"} | DAY]}),
    "addDocument": (Deed.ADD_DOCUMENT, {"document": PAPER}),
    "openSubCase": (Deed.OPEN_SUB_CASE, TO | {"kind": "LEGAL_AID"}),
    "endSubCase": (Deed.END_SUB_CASE, {"subCase": "s", "outcome": "done"}),
    "assignTask": (Deed.ASSIGN_TASK, TO | {"kind": "SERVE_PAPERS"}),
    "acknowledgeTask": (Deed.DO_TASK, {"task": "t"}),
    "answerTask": (Deed.DO_TASK, {"task": "t", "documents": [PAPER]}),
    "extendTask": (Deed.DO_TASK, {"task": "t"} | WHY),
    "refuseTask": (Deed.DO_TASK, {"task": "t"} | WHY),
    "askTaskAgain": (Deed.CLOSE_TASK, {"task": "t"}),
    "closeTask": (Deed.CLOSE_TASK, {"task": "t", "reason": "enough"}),
    "rateTask": (Deed.CLOSE_TASK, {"task": "t", "timeliness": 5, "effort": 4}),
    "closeCase": (Deed.CLOSE_CASE, DAY | {"outcome": "FULFILLED"}),
    "withdrawCase": (Deed.WITHDRAW_CASE, WHY),
}
#: Why who may not is refused: by the table, or because there is no case for them.
NOT_THEIRS = {
    "ROLE_MAY_NOT", "NO_SUCH_CASE", "SCOPE_MISSING", "SCOPE_REPORTS_ONLY",
    "NOT_ABOVE_LEAD", "NOT_YOUR_TASK", "NO_GROUND_TO_TAKE_OVER",
}  # fmt: skip


@pytest.fixture
async def worker(hub):
    """A member whose register does not tell where they are at home."""
    (made,) = await hub.ground.enrol("51", 1)
    _, local_id, _ = hub.ground.ids[made]
    kept = hub.ground.workers["51"]
    kept[local_id] = msgspec.structs.replace(kept[local_id], memberships=())
    return made


def fields(party):
    return frozenset() if party in BY_NO_TOKEN else POWERS.fields([party])


async def test_each_party_sees_what_the_table_says_and_nothing_else(hub, worker):
    for party in Party:
        await sees_its_fields(hub, party, worker)


async def sees_its_fields(hub, party, worker):
    made = await stand(hub, party, worker)
    sees = fields(party)

    found = await hub(ask.ONE, made.who, no=made.no)

    if CaseField.CASE_NO not in sees:
        assert found["__typename"] == "Refusal", party
        assert found["code"] in {"NO_SUCH_CASE", "SCOPE_MISSING"}
        return
    assert {one["party"] for one in found["yourParts"]} == {party}, party
    assert set(found["withheld"]) == {*SHOWN, *ELSEWHERE} - sees, party
    for field, names in SHOWN.items():
        for name in names:
            if field in sees:
                assert found[name] is not None or name == "result", (party, name)
            elif CaseField.OWN_TASKS not in sees or found[name] is None:
                assert found[name] is None, (party, name)
    if CaseField.OWN_TASKS in sees and CaseField.TASKS not in sees:
        assert {one["to"]["union"] for one in found["tasks"]} == {OTHER}
        assert [one["no"] for one in found["subCases"]] == [made.sub_case]
        assert {one["task"] for one in found["documents"]} == {made.task}
    assert len(found["documents"] or ()) == (
        2 if CaseField.DOCUMENTS in sees else len(found["documents"] or ())
    )


async def test_the_table_has_no_column_that_nothing_shows():
    assert {*SHOWN, *ELSEWHERE} | {
        CaseField.CASE_NO, CaseField.OWN_TASKS, CaseField.COUNTS,
    } == set(CaseField)  # fmt: skip


async def test_who_sees_the_result_sees_it_and_its_paper_with_the_documents(
    hub, worker
):
    made = await stand(hub, Party.FOLLOWER, worker)
    await done(hub, OTHER, "endSubCase", made.no, subCase=made.sub_case, outcome="paid")
    await done(hub, PLACE, "closeTask", made.no, task=made.task, reason="enough")
    ended = {"outcome": "SETTLED", "on": "2026-03-02", "document": PAPER}
    await done(hub, PLACE, "closeCase", made.no, **ended)

    follower = await hub(ask.ONE, made.who, no=made.no)
    inspector = await hub(ask.ONE, clerk("U11-audit", "audit:read"), no=made.no)
    helper = await hub(ask.ONE, clerk(OTHER), no=made.no)

    assert follower["result"] == {
        "outcome": "SETTLED", "on": "2026-03-02", "document": None,
    }  # fmt: skip
    assert inspector["result"]["document"] == {"reference": "doc/9"}
    assert helper["result"] is None


async def test_who_may_not_by_the_table_changes_nothing(hub, worker):
    for party in Party:
        await does_nothing_else(hub, party, worker)


async def does_nothing_else(hub, party, worker):
    made = await stand(hub, party, worker)
    inspector = clerk("U11-audit", "audit:read")
    before = await hub(ask.ONE, inspector, no=made.no)
    may = frozenset() if party in BY_NO_TOKEN else TABLE.on(TODAY).rule(party).may

    # At once, for none of them may change what the others find.
    asked = {
        name: filled(given, made)
        for name, (deed, given) in ACTS.items()
        if deed not in may and (name, party) != ("forwardCase", Party.SUPERIOR)
    }
    async with asyncio.TaskGroup() as group:
        answers = [
            group.create_task(
                hub(ask.act(name, told), made.who, no=made.no, key=key(), **told)
            )
            for name, told in asked.items()
        ]
    for name, answer in zip(asked, answers, strict=True):
        found = answer.result()
        assert found["__typename"] == "Refusal", (party, name)
        # Of a case without sub-cases it is enough that there is none of that number.
        none = set() if made.sub_case else {"UNKNOWN_NUMBER"}
        assert found["code"] in NOT_THEIRS | none, (party, name, found)
        assert found["rule"], (party, name)

    after = await hub(ask.ONE, inspector, no=made.no)
    assert after == before, party


#: What has to happen before an act, by who does it; the number of its task is ``t``.
BEFORE = {
    ("recallHandOver", Party.LEAD): [(PLACE, "offerHandOver", TO | WHY)],
    ("askTaskAgain", Party.LEAD): [(OTHER, "refuseTask", {"task": "t"} | WHY)],
    ("rateTask", Party.LEAD): [(OTHER, "answerTask", {"task": "t"})],
    ("closeCase", Party.LEAD): [
        (OTHER, "endSubCase", {"subCase": "s", "outcome": "done"}),
        (PLACE, "closeTask", {"task": "t", "reason": "enough"}),
    ],
}
ALLOWED = {
    party: [name for name, (deed, _) in ACTS.items() if POWERS.may(party, deed)]
    for party in (Party.LEAD, Party.CO_HANDLER, Party.ASKED, Party.SUPERIOR)
}


async def test_who_may_by_the_table_does_it(hub, worker):
    assert all(ALLOWED.values())
    for party, name in [(who, one) for who, some in ALLOWED.items() for one in some]:
        made = await ready(hub, worker, party, name)
        told = filled(ACTS[name][1], made)
        by = made.who.office

        document = ask.act(name, told)
        found = await hub(document, made.who, no=made.no, by=by, key=key(), **told)

        assert found["__typename"] == "Case", (party, name, found)
        assert found["no"] == made.no


async def ready(hub, worker, party, name):
    """Make a case in which somebody who is this can do it now."""
    if name in {"followUpCase", "leaveCaseBelow"}:
        # Above a lead of its own province.
        no, *_ = await rich(hub, worker)
        if name == "leaveCaseBelow":
            await done(hub, PLACE, "reportCaseUp", no, **WHY)
        return Stand(no, clerk(TOP))
    made = await stand(hub, party, worker)
    for office, first, given in BEFORE.get((name, party), ()):
        await done(hub, office, first, made.no, **filled(given, made))
    return made


async def test_who_opens_cases(hub, worker):
    opens = {
        Party.LEAD, Party.CO_HANDLER, Party.FOLLOWER, Party.ASKED, Party.SUPERIOR,
        Party.HOME_UNION,
    }  # fmt: skip
    for party in Party:
        made = await stand(hub, party, worker)
        wish = request(worker, by=made.who.office, home=None)

        found = await hub(ask.OPEN, made.who, input=wish, key=key())

        assert (found["__typename"] == "Case") == (party in opens), (party, found)
        assert party not in opens or POWERS.may(party, Deed.OPEN_CASE)


def filled(given, made):
    names = {"task": made.task or "t9", "subCase": made.sub_case or "s9"}
    return {one: names.get(one, what) for one, what in given.items()}
