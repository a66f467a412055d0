"""Acts on cases, on a real database: what they make of a case, and who is refused."""

from __future__ import annotations

import asyncio
from datetime import date

import psycopg
import pytest

from hub.audit.case_entries import deed_of
from hub.audit.chain import Draft
from hub.following.watching import Watching
from hub.store.case_forms import read_event
from hub.store.case_moments import CaseMoments
from hub.store.case_reading import CaseReading
from hub.store.case_unit import Cases
from schema.records import case_wish as w
from schema.records.case import ActKind, Case, CaseState, Ground, Outcome, SubCaseKind
from schema.records.case_powers import Role
from schema.records.case_task import TaskKind, TaskState
from schema.records.clock import ClockFact, Phase
from schema.records.rights_case import CaseMatter
from tests.builders.link_fixtures import pool  # noqa: F401  # a fixture
from tests.following.world import (
    ABOVE,
    DAY,
    FIRM,
    HOME,
    HOME_CITY,
    HOME_FIRM,
    NOBODY,
    PLACE,
    TODAY,
    TOP,
    WORKER,
    TurnedClock,
    World,
    key,
    replayed,
    speaks,
    wish,
)

HASH = "ab" * 32
PAPER = w.DocumentWish(reference="doc/1", sha256=HASH)
#: The example number of GB 11643.
ID_NUMBER = "11010519491231002X"


@pytest.fixture
def clock():
    return TurnedClock()


@pytest.fixture
def world(pool, clock):  # noqa: F811
    return World(Cases(pool), CaseReading(pool), clock)


@pytest.fixture
def watching(pool, world, clock):  # noqa: F811
    return Watching(CaseMoments(pool), world.following, clock)


async def rows(url, statement, *values):
    async with await psycopg.AsyncConnection.connect(url) as connection:
        return await (await connection.execute(statement, values)).fetchall()


async def journal(url, case):
    found = await rows(
        url,
        "SELECT event::text FROM case_event WHERE case_no = %s ORDER BY seq",
        case.no,
    )
    return [read_event(event) for (event,) in found]


async def notices(url, case):
    found = await rows(
        url, "SELECT kind, union_code FROM case_notice WHERE case_no = %s", case.no
    )
    return sorted(found)


async def accepted(world, **more):
    return await world.does(await world.opened(**more), PLACE, w.AcceptLead())


async def test_a_request_is_routed_to_the_union_of_the_workplace(world, database_url):
    case = await world.opened(green=True)

    assert case.no.startswith("C20260302-")
    assert (case.state, case.asked, case.lead) == (CaseState.ROUTED, PLACE, HOME)
    assert case.workers == {WORKER}
    assert case.first_touch_on == TODAY
    roles = {(one.role, one.seat, one.ground) for one in case.held}
    # Gongshu: the home's union co-handles by default, and follows.
    assert (Role.CO_HANDLER, HOME_FIRM, Ground.DEFAULT) in roles
    assert (Role.FOLLOWER, HOME_FIRM, Ground.DEFAULT) in roles
    assert await journal(database_url, case)
    assert replayed(await journal(database_url, case)) == case
    # Two working days; halved on the green channel.
    ((due, moment),) = await rows(
        database_url,
        "SELECT due_on, next_at FROM rights_case WHERE case_no = %s",
        case.no,
    )
    assert due == TODAY + DAY
    assert moment is not None


async def test_the_trail_names_who_did_what_to_whose_case(world, database_url):
    case = await accepted(world)

    entries = [
        deed_of(Draft(at, tag, worker or "", bytes(body)))
        for at, tag, worker, body in await rows(
            database_url,
            "SELECT at, tag, worker_id::text, body FROM audit_entry ORDER BY seq",
        )
    ]
    assert [(one.what, one.subject, one.union) for one in entries] == [
        ("opened.1", "officer of county51", "county51"),
        ("accepted.1", "officer of county44", "county44"),
    ]
    assert {one.worker for one in entries} == {WORKER}
    assert {one.case for one in entries} == {case.no}
    assert entries[-1].lead == "county44"


async def test_one_key_is_one_act(world):
    mine, first = key(), wish(local_ids=())
    case = await world.following.open(speaks(HOME), first, mine)
    again = await world.following.open(speaks(HOME), first, mine)
    other = await world.following.open(speaks(HOME), wish(), mine)

    assert again == case
    assert other.code == "IDEMPOTENCY_KEY_TAKEN"
    act = key()
    took = await world.following.act(speaks(PLACE), case.no, w.AcceptLead(), None, act)
    twice = await world.following.act(speaks(PLACE), case.no, w.AcceptLead(), None, act)
    assert took == twice
    assert took.lead == PLACE
    changed = await world.following.act(
        speaks(PLACE), case.no, w.DeclineLead("R"), None, act
    )
    assert changed.code == "IDEMPOTENCY_KEY_TAKEN"


async def test_a_case_has_one_number_everywhere(world):
    case = await world.opened(no="川工维〔2026〕12号")
    answer = await world.following.open(speaks(HOME), wish(no=case.no), key())

    assert case.no == f"{HOME.province}-川工维〔2026〕12号"
    assert answer.code == "CASE_NO_TAKEN"


async def test_nobody_takes_the_numbers_of_another_province(world):
    ours = await world.opened(no="维2026-1")
    alike = await world.following.open(speaks(HOME), wish(no="维２０２６-１"), key())
    theirs = await world.following.open(
        speaks(PLACE), wish(by=PLACE.union, no=ours.no, local_ids=(), home=None), key()
    )

    assert alike.code == "CASE_NO_TAKEN"
    assert theirs.no == f"{PLACE.province}-{ours.no}"


async def test_the_whole_life_of_a_case(world, clock, database_url):
    case = await accepted(world)
    case = await world.does(
        case,
        PLACE,
        w.StateFacts(facts=(w.FactWish(kind="right-known", on=date(2025, 6, 10)),)),
        w.RecordAct(kind=ActKind.MEDIATION, on=TODAY, document=PAPER),
        w.AssignTask(TaskKind.VISIT_FAMILY, "firm51"),
        w.OpenSubCase(SubCaseKind.LEGAL_AID, "county51"),
    )
    (due,) = [one for one in case.dues if one.clock == "arbitration-limitation"]
    assert due.due_on == date(2026, 6, 10)
    (task,) = case.tasks
    assert (task.acknowledge_by, task.answer_by) == (TODAY + 2 * DAY, TODAY + 14 * DAY)
    case = await world.does(
        case,
        HOME_FIRM,
        w.AcknowledgeTask(task.no),
        w.ExtendTask(task.no, "FAR_AWAY"),
        w.AnswerTask(task.no, (PAPER,)),
    )
    assert case.tasks[0].answer_by == TODAY + 21 * DAY
    assert case.tasks[0].answer[0].province == "51"
    assert await world.refused(case, PLACE, w.CloseCase(Outcome.SETTLED, TODAY)) == (
        "OPEN_TASKS"
    )
    clock.turn(hours=1)
    case = await world.does(
        case,
        PLACE,
        w.RateTask(no=task.no, timeliness=5, effort=4),
        w.CloseTask(task.no),
    )
    assert (
        await world.refused(case, PLACE, w.RateTask(no=task.no, timeliness=1, effort=1))
        == "RATED_ALREADY"
    )
    sub = case.sub_cases[0].no
    case = await world.does(case, HOME, w.EndSubCase(sub, "GIVEN"))
    case = await world.does(case, PLACE, w.CloseCase(Outcome.SETTLED, TODAY, PAPER))

    assert case.state is CaseState.CLOSED
    assert case.first_touch_on == TODAY
    assert replayed(await journal(database_url, case)) == case
    steps = [
        step
        for (step,) in await rows(
            database_url,
            "SELECT step FROM cooperation_event WHERE id LIKE %s ORDER BY at",
            f"{case.no}/{task.no}.%",
        )
    ]
    assert sorted(steps) == ["ACCEPTED", "ANSWERED", "ASKED", "EXTENDED", "RATED"]


FUTURE = TODAY + DAY
NEW_FACT = w.FactWish(kind="mediation-requested", on=TODAY)
BAD_ACTS = [
    (PLACE, w.OfferHandOver("nobody", "R"), "UNKNOWN_UNION"),
    (PLACE, w.OfferHandOver("gone44", "R"), "UNKNOWN_UNION"),
    (PLACE, w.AssignTask(TaskKind.OTHER, "gone44"), "UNKNOWN_UNION"),
    (PLACE, w.OpenSubCase(SubCaseKind.LEGAL_AID, ID_NUMBER), "UNKNOWN_UNION"),
    (PLACE, w.OfferHandOver("county51", "x" * 201), "REASON_UNUSABLE"),
    (PLACE, w.ReportUp(" "), "REASON_UNUSABLE"),
    (PLACE, w.WithdrawCase(f"see {ID_NUMBER}"), "REASON_HAS_ID_NUMBER"),
    (PLACE, w.StateFacts(facts=()), "NO_FACTS"),
    (PLACE, w.StateFacts(facts=(NEW_FACT,) * 51), "TOO_MANY"),
    (
        PLACE,
        w.StateFacts(facts=(w.FactWish(kind="no-such", on=TODAY),)),
        "UNKNOWN_FACT",
    ),
    (
        PLACE,
        w.StateFacts(facts=(w.FactWish(kind="mediation-requested", on=FUTURE),)),
        "FACT_IN_FUTURE",
    ),
    (
        PLACE,
        w.StateFacts(facts=(w.FactWish(kind="task-given", on=TODAY, about="t1"),)),
        "HUB_STATES_THIS_FACT",
    ),
    (
        PLACE,
        w.StateFacts(
            facts=(w.FactWish(kind="right-known", on=TODAY, about=ID_NUMBER),)
        ),
        "TEXT_HAS_ID_NUMBER",
    ),
    (
        PLACE,
        w.StateFacts(
            facts=(w.FactWish(kind="right-known", on=TODAY, corrects="f9.9"),),
            reason="TYPO",
        ),
        "NOTHING_TO_CORRECT",
    ),
    (PLACE, w.RecordAct(kind=ActKind.OTHER, on=FUTURE), "FACT_IN_FUTURE"),
    (PLACE, w.CloseCase(Outcome.SETTLED, FUTURE), "FACT_IN_FUTURE"),
    (PLACE, w.AddDocument(w.DocumentWish(reference="d", sha256="ab")), "WRONG_HASH"),
    (
        PLACE,
        w.AddDocument(w.DocumentWish(reference="d", sha256=HASH.upper())),
        "WRONG_HASH",
    ),
    (
        PLACE,
        w.AddDocument(w.DocumentWish(reference="x" * 201, sha256=HASH)),
        "TEXT_UNUSABLE",
    ),
    (
        PLACE,
        w.AddDocument(w.DocumentWish(reference=f"d {ID_NUMBER}", sha256=HASH)),
        "TEXT_HAS_ID_NUMBER",
    ),
    (
        PLACE,
        w.AddDocument(w.DocumentWish(reference="d", sha256=HASH, task="t9")),
        "UNKNOWN_TASK",
    ),
    (PLACE, w.AcknowledgeTask("t9"), "UNKNOWN_NUMBER"),
    (PLACE, w.EndSubCase("s9", "GIVEN"), "UNKNOWN_NUMBER"),
    (PLACE, w.EndSubCase("s9", ""), "TEXT_UNUSABLE"),
    (PLACE, w.TakeOver(), "NO_GROUND_TO_TAKE_OVER"),
    (PLACE, w.AcceptLead(), "ROLE_MAY_NOT"),
    (PLACE, w.FollowUp(TODAY), "NOT_ABOVE_LEAD"),
    (HOME, w.FollowUp(TODAY), "NOT_ABOVE_LEAD"),
    (HOME, w.CloseCase(Outcome.SETTLED, TODAY), "ROLE_MAY_NOT"),
    (HOME_FIRM, w.StateFacts(facts=(NEW_FACT,)), "ROLE_MAY_NOT"),
    (HOME_FIRM, w.AssignTask(TaskKind.OTHER, "county44"), "ROLE_MAY_NOT"),
    (FIRM, w.AddDocument(PAPER), "NO_SUCH_CASE"),
]


async def test_a_bad_act_is_refused_and_changes_nothing(world):
    case = await accepted(world)
    found = [
        (who, act, await world.refused(case, who, act)) for who, act, _ in BAD_ACTS
    ]

    assert found == BAD_ACTS


async def test_a_correction_lets_no_limit_pass_that_still_runs(world):
    case = await world.does(
        await accepted(world),
        PLACE,
        w.StateFacts(facts=(w.FactWish(kind="right-known", on=date(2026, 1, 5)),)),
    )
    wrong = case.facts[-1].id
    back = w.FactWish(kind="right-known", on=date(2024, 1, 5), corrects=wrong)
    other = w.FactWish(kind="claim-made", on=date(2026, 1, 5), corrects=wrong)

    assert await world.refused(
        case, PLACE, w.StateFacts(facts=(back,), reason="TYPO")
    ) == ("DUE_INTO_PAST")
    assert (
        await world.refused(case, PLACE, w.StateFacts(facts=(other,), reason="TYPO"))
        == "OTHER_FACT"
    )
    right = w.FactWish(kind="right-known", on=date(2026, 1, 6), corrects=wrong)
    case = await world.does(case, PLACE, w.StateFacts(facts=(right,), reason="TYPO"))
    assert (case.facts[-1].revision, case.facts[-1].on) == (1, date(2026, 1, 6))


BAD_WISHES = [
    ({"by": "nobody"}, "UNKNOWN_UNION"),
    ({"by": "county44"}, "NOT_YOUR_UNION"),
    ({"home": "nobody"}, "UNKNOWN_UNION"),
    ({"employer_union": "gone44"}, "UNKNOWN_UNION"),
    ({"received_on": FUTURE}, "FACT_IN_FUTURE"),
    ({"workplace": "44"}, "BAD_DIVISION"),
    ({"workers": (NOBODY,)}, "UNKNOWN_WORKER"),
    ({"local_ids": ("l-9",)}, "UNKNOWN_WORKER"),
    ({"local_ids": (ID_NUMBER,)}, "LOCAL_KEY_IS_ID_NUMBER"),
    ({"local_ids": ("l-1",) * 1001}, "TOO_MANY"),
    ({"no": "a b"}, "CASE_NO_UNUSABLE"),
    ({"no": "a:b"}, "CASE_NO_UNUSABLE"),
    ({"no": "x" * 65}, "CASE_NO_UNUSABLE"),
    ({"no": ID_NUMBER}, "CASE_NO_UNUSABLE"),
    ({"no": "110105.19491231_002X"}, "CASE_NO_UNUSABLE"),
    ({"facts": (w.FactWish(kind="no-such", on=TODAY),)}, "UNKNOWN_FACT"),
    ({"facts": (w.FactWish(kind="lead-routed", on=TODAY),)}, "HUB_STATES_THIS_FACT"),
]


async def test_a_bad_request_opens_nothing(world, database_url):
    found = [
        (wrong, (await world.following.open(speaks(HOME), wish(**wrong), key())).code)
        for wrong, _ in BAD_WISHES
    ]

    assert found == BAD_WISHES
    assert await rows(database_url, "SELECT 1 FROM case_event") == []


async def test_a_token_says_what_it_may_be_used_for(world):
    case = await world.opened()
    opening = wish()

    for actor, code in (
        (speaks(PLACE, "case:read"), "SCOPE_MISSING"),
        (speaks(PLACE, "arrears:report"), "SCOPE_REPORTS_ONLY"),
        (speaks(PLACE, province="51"), "OFFICE_NOT_OF_PROVINCE"),
    ):
        did = await world.following.act(actor, case.no, w.AcceptLead(), None, key())
        assert did.code == code
        assert (await world.following.open(actor, opening, key())).code == code
        assert (await world.following.route(actor, opening)).code == code
    for unusable in ("", "x" * 129, ID_NUMBER):
        did = await world.following.act(
            speaks(PLACE), case.no, w.AcceptLead(), None, unusable
        )
        assert did.code.startswith("IDEMPOTENCY_KEY_")


async def test_where_a_request_would_go_is_told_and_nothing_is_opened(
    world, database_url
):
    routing = await world.following.route(speaks(HOME), wish())

    assert (routing.lead, routing.co_handler) == ("county44", "firm51")
    assert await rows(database_url, "SELECT 1 FROM rights_case") == []


async def test_an_office_acts_for_the_unions_below_it(world):
    case = await world.opened()

    assert await world.refused(case, HOME_CITY, w.DeclineLead("R")) == "SAY_WHICH_UNION"
    assert await world.refused(case, HOME_CITY, w.DeclineLead("R"), by="county51") == (
        "ROLE_MAY_NOT"
    )
    assert await world.refused(case, HOME_CITY, w.AcceptLead(), by="county44") == (
        "NOT_YOUR_UNION"
    )
    # Above the union that is asked, it answers as that union.
    case = await world.does(case, TOP, w.AcceptLead())
    assert case.lead == PLACE
    followed = await world.does(case, TOP, w.FollowUp(TODAY))
    assert (Role.FOLLOWER, TOP) in {(one.role, one.seat) for one in followed.held}


async def test_acts_that_come_at_once_are_decided_one_after_the_other(world):
    cases = [await world.opened() for _ in range(3)]
    task = w.AssignTask(TaskKind.OTHER, "firm51")
    acts = [(one, w.AcceptLead()) for one in cases]
    acts += [(one, w.DeclineLead("R")) for one in cases]
    acts += [(cases[0], task)] * 3
    async with asyncio.TaskGroup() as group:
        begun = [group.create_task(world.tries(one, PLACE, act)) for one, act in acts]
    answers = [one.result() for one in begun]

    assert all(isinstance(one, Case) for one in answers[:3])
    assert {one.code for one in answers[3:6]} == {"ROLE_MAY_NOT"}
    assert [len(one.tasks) for one in answers[6:]] == [1, 2, 3]
    assert len({task.no for task in answers[-1].tasks}) == 3


async def test_who_does_not_answer_is_passed_over_up_to_the_top(
    world, watching, clock, database_url
):
    case = await world.opened()
    assert await watching.look() == 0
    clock.turn(days=1)  # the day before the last: a reminder, once
    for _ in range(3):
        await watching.look()
    assert (await notices(database_url, case)).count(
        ("ANSWER_DUE_SOON", "county44")
    ) == 1
    clock.turn(days=2)
    await watching.look()
    case = (await world.reading.some([case.no]))[case.no]
    assert (case.state, case.asked, case.below) == (CaseState.ESCALATED, ABOVE, PLACE)
    clock.turn(days=30)  # the runner was down
    await watching.look()
    case = (await world.reading.some([case.no]))[case.no]
    assert case.asked == TOP
    clock.turn(days=30)
    await watching.look()
    await watching.look()
    case = (await world.reading.some([case.no]))[case.no]
    assert (case.asked, case.overdue, case.lead) == (TOP, True, HOME)
    assert await watching.look() == 0
    assert replayed(await journal(database_url, case)) == case
    # 上代下.
    case = await world.does(case, TOP, w.TakeOver())
    assert (case.lead, case.state) == (TOP, CaseState.OPEN)
    assert case.first_touch_on == TODAY


async def test_limits_of_tasks_and_clocks_pass_and_are_told_once(
    world, watching, clock, database_url
):
    case = await world.does(
        await accepted(world),
        PLACE,
        w.AssignTask(TaskKind.VISIT_FAMILY, "firm51"),
        w.StateFacts(facts=(w.FactWish(kind="mediation-requested", on=TODAY),)),
    )
    clock.turn(days=40)
    await watching.look()
    assert await watching.look() == 0
    told = await notices(database_url, case)
    case = (await world.reading.some([case.no]))[case.no]

    assert len(case.tasks[0].late) == 2
    assert [one.missed for one in case.dues if one.clock == "mediation"] == [True]
    assert told.count(("TASK_LATE", "firm51")) == 2
    # `effect = "escalate"`: the union above the late co-handler is told; the lead stays.
    assert told.count(("TASK_LATE", "county51")) == 2
    assert (case.state, case.lead) == (CaseState.OPEN, PLACE)
    assert told.count(("CLOCK_MISSED", "county44")) == 1


async def test_a_fact_whose_limit_is_over_already_is_noted_at_once(world):
    case = await world.does(
        await accepted(world),
        PLACE,
        w.StateFacts(
            facts=(w.FactWish(kind="consultation-asked", on=date(2026, 1, 5)),)
        ),
    )

    assert [one.missed for one in case.dues if one.clock == "consultation-reply"] == [
        True
    ]
    # A clock of the unions themselves: the union above is asked at once.
    assert (case.state, case.asked) == (CaseState.ESCALATED, ABOVE)


async def test_a_clock_that_passed_while_the_case_was_routed_is_asked_about_later(
    world, watching, clock, database_url
):
    asked = w.FactWish(kind="consultation-asked", on=date(2026, 1, 5))
    case = await world.opened(facts=(asked,))
    assert (case.state, case.asked) == (CaseState.ROUTED, PLACE)
    await watching.look()
    case = (await world.reading.some([case.no]))[case.no]
    assert case.state is CaseState.ROUTED  # nobody leads for good: none above is asked

    case = await world.does(case, PLACE, w.AcceptLead())
    assert (case.state, case.asked, case.below) == (CaseState.ESCALATED, ABOVE, PLACE)
    assert replayed(await journal(database_url, case)) == case
    case = await world.does(case, ABOVE, w.LeaveBelow("IN_HAND"))
    clock.turn(days=1)
    await watching.look()
    case = (await world.reading.some([case.no]))[case.no]
    assert case.state is CaseState.OPEN  # asked once


async def test_aid_comes_first_when_few_days_are_left(
    world, watching, clock, database_url
):
    known = w.FactWish(kind="right-known", on=date(2025, 3, 20))
    case = await world.does(await accepted(world), PLACE, w.StateFacts(facts=(known,)))
    assert ("AID_FIRST", "county44") not in await notices(database_url, case)
    clock.turn(days=12)
    await watching.look()
    await watching.look()

    assert (await notices(database_url, case)).count(("AID_FIRST", "county44")) == 1


async def test_where_a_home_moves_the_new_one_follows(world, clock, database_url):
    from hub.following.ports import HomeMove  # noqa: PLC0415

    case = await accepted(world)
    move = HomeMove(1, WORKER, FIRM, clock.now(), (case.no,))
    await world.following.moved([move])
    await world.following.moved([move])
    after = (await world.reading.some([case.no]))[case.no]

    assert (Role.FOLLOWER, FIRM) in {(one.role, one.seat) for one in after.held}
    assert after.seq == case.seq + 1
    assert after.lead == PLACE
    assert replayed(await journal(database_url, after)) == after


async def test_what_the_province_file_says_is_stated_by_its_lead(world):
    case = await accepted(world)
    fact = ClockFact(id="44:7", kind="mediation-requested", on=TODAY)

    async def says(*facts, province="44", union="county44"):
        return await world.following.facts_from_province(
            case.no, province, union, facts
        )

    assert (await says(fact, province="51")).code == "NOT_THE_FILE"
    assert (await says(fact, union="county51")).code == "NOT_THE_FILE"
    own = ClockFact(id="44:8", kind="task-given", on=TODAY)
    assert (await says(own)).code == "HUB_STATES_THIS_FACT"
    after = await says(fact)
    assert await says(fact) == after
    assert fact in after.facts
    taken_back = ClockFact(
        id="44:7", kind="mediation-requested", on=TODAY, revision=1, withdrawn=True
    )
    after = await says(taken_back)
    assert not [one for one in after.dues if one.clock == "mediation"]
    assert (await says()) == after


async def test_matters_that_nobody_leads_elsewhere_stay_where_they_came(world):
    case = await world.opened(matter=CaseMatter.CONSULTATION, workplace=None, home=None)

    assert (case.state, case.lead, case.accepted) == (CaseState.OPEN, HOME, True)
    (due,) = [one for one in case.dues if one.phase is Phase.RUNNING]
    assert due.clock == "consultation-reply"
    case = await world.does(
        case, HOME, w.RecordAct(kind=ActKind.CONSULTATION_REPLY, on=TODAY)
    )
    assert [one.phase for one in case.dues] == [Phase.MET]


async def test_a_refused_task_is_asked_again_and_closed(world):
    case = await world.does(
        await accepted(world), PLACE, w.AssignTask(TaskKind.OTHER, "firm51")
    )
    no = case.tasks[0].no
    rate = w.RateTask(no=no, timeliness=1, effort=1)
    assert await world.refused(case, PLACE, rate) == "NOTHING_TO_RATE"
    case = await world.does(case, HOME_FIRM, w.RefuseTask(no, "NOBODY_THERE"))
    assert await world.refused(case, HOME_FIRM, rate) == "ROLE_MAY_NOT"
    case = await world.does(case, PLACE, w.AskTaskAgain(no))
    assert (case.tasks[0].round, case.tasks[0].state) == (2, TaskState.ASSIGNED)
    unanswered = await world.does(case, PLACE, w.CloseTask(no))
    assert await world.refused(unanswered, PLACE, rate) == "NOTHING_TO_RATE"


@pytest.fixture(autouse=True)
async def _settled(world):
    yield
    await world.following.close()
