"""Reports of arrears over a real PostgreSQL: kept, linked over provinces, recomputed."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from random import Random

import msgspec
import psycopg
import pytest

from hub.feeds.case_change import decode_case
from hub.feeds.events import Topic
from hub.following.case_events import Closed, Withdrawn
from hub.following.collecting import warned
from hub.following.ports import ReportedArrears
from hub.store import arrears_collecting
from hub.store.arrears import ArrearsLinks
from hub.store.arrears_forms import kept_of
from hub.store.arrears_reading import ArrearsReading
from hub.store.case_unit import Cases
from hub.store.feeds import FeedStore
from hub.store.transfer_cursors import BEFORE_ALL
from schema.records.case import CaseState, Outcome, Result
from schema.records.case_notice import NoticeKind
from tests.builders.cases import going_on, new_worker, opening
from tests.following.case_samples import ACCEPTED, HOME, PLACE, TODAY, by, opened
from tests.following.test_arrears import BRANCH, BUILDERS, FIRM, OTHER, report


@pytest.fixture
def cases(pool):
    return Cases(pool, ArrearsLinks(BUILDERS, lambda _on: 10))


@pytest.fixture
def reading(pool):
    return ArrearsReading(pool)


def reported(name, province="51", *, workers=4, employer=FIRM, whose=None, **facts):
    """Open the case of a report: it is led where it was taken in."""
    lead = PLACE if province == "44" else HOME
    first = opened(
        by=lead,
        to=lead,
        no=f"no-{name}",
        outflow=(),
        homes=(),
        workers=whose or frozenset({new_worker()}),
    )
    written = opening(first)
    given = report(
        name, province, on=TODAY, workers=workers, employer=employer, **facts
    )
    kept = ReportedArrears(report=given)
    return msgspec.structs.replace(written, report=kept)


async def write(cases, *written):
    async with cases.unit() as unit:
        await unit.lock([each.case.no for each in written if each.case.seq > 1])
        await unit.write(written)


async def standing(reading, unions=(HOME.union, PLACE.union)):
    return await reading.page(unions, 50, BEFORE_ALL)


async def told(pool, url):
    events = await FeedStore(pool, url).read(Topic.CASE, 0, 1000)
    return [
        (change.no, notice.kind, notice.to)
        for change in (decode_case(event.body) for event in events)
        for notice in change.told
        if notice.kind in {NoticeKind.COLLECTIVE_FOUND, NoticeKind.COLLECTIVE_ENDED}
    ]


def ends(written, state=CaseState.WITHDRAWN):
    lead = written.case.lead
    if state is CaseState.WITHDRAWN:
        return going_on(written, by(lead, Withdrawn, reason="MISTAKE"))
    result = Result(outcome=Outcome.SETTLED, on=TODAY)
    return going_on(written, by(lead, Closed, result=result))


async def test_a_report_is_kept_with_its_case_or_not_at_all(cases, reading, pool):
    one = reported("r1")
    await write(cases, one)
    with pytest.raises(psycopg.errors.UniqueViolation):
        await write(cases, msgspec.structs.replace(reported("r2"), report=one.report))

    found = await reading.of_cases(["no-r1", "no-r2", "no-r3"])

    known = msgspec.structs.replace(one.report.report, listed=one.case.workers)
    assert [kept.report for kept in found["no-r1"]] == [known]
    assert set(found) == {"no-r1"}
    async with pool.connection() as connection:
        rows = await connection.execute("SELECT case_no FROM rights_case")
        assert await rows.fetchall() == [("no-r1",)]


async def test_ten_workers_of_a_group_from_two_provinces_are_one_collective_case(
    cases, reading, pool, database_url
):
    await write(cases, reported("r1", "51", workers=6))
    await write(cases, reported("r2", "44", workers=3, employer=FIRM))
    await write(cases, reported("r3", "44", workers=9, employer=OTHER))
    assert await standing(reading) == []

    await write(cases, reported("r4", "44", workers=1))

    (case,) = await standing(reading)
    assert case.case.workers == 10
    assert case.case.reports == {"51": 1, "44": 2}
    for unions, own in (
        ([HOME.union], ("r1",)), ([PLACE.union], ("r2", "r4")), ([], ()),
        (None, ("r1", "r2", "r4")),
    ):  # fmt: skip
        seen = (await reading.collectives([case.id], unions))[case.id]
        assert (seen.own, seen.leads) == (own, own != ()), unions
    found = NoticeKind.COLLECTIVE_FOUND
    assert sorted(await told(pool, database_url)) == [
        ("no-r1", found, HOME), ("no-r2", found, PLACE), ("no-r4", found, PLACE)
    ]  # fmt: skip
    assert await standing(reading, ["nobody"]) == []


async def test_one_that_comes_later_joins_and_only_its_lead_is_told(
    cases, reading, pool, database_url
):
    await write(cases, reported("r1", workers=12), reported("r2", "44"))
    (before,) = await standing(reading)
    await write(cases, reported("r3", "44"))

    (case,) = await standing(reading)

    assert case.id == before.id
    assert case.case.workers == 20
    assert len(await told(pool, database_url)) == 3


async def test_a_worker_who_is_listed_twice_counts_once(cases, reading):
    same = frozenset({new_worker(), new_worker()})
    await write(cases, reported("r1", workers=6, whose=same))
    await write(cases, reported("r2", "44", workers=5, whose=same))
    assert await standing(reading) == []

    await write(cases, reported("r3", "44", workers=1))

    assert (await standing(reading))[0].case.workers == 10


async def test_what_is_taken_back_counts_no_more(cases, reading, pool, database_url):
    first, second = reported("r1", workers=8), reported("r2", "44", workers=4)
    await write(cases, first, second)
    assert len(await standing(reading)) == 1

    await write(cases, ends(second))

    assert await standing(reading) == []
    ended = [one for one in await told(pool, database_url) if "ENDED" in one[1]]
    assert ended == [("no-r1", NoticeKind.COLLECTIVE_ENDED, HOME)]
    await write(cases, reported("r3", "44", workers=2))
    assert [one.case.workers for one in await standing(reading)] == [10]


async def test_a_case_that_is_closed_leaves_the_collective_one_until_all_are(
    cases, reading
):
    first, second = reported("r1", workers=8), reported("r2", "44", workers=4)
    await write(cases, first, second)
    await write(cases, ends(first, CaseState.CLOSED))
    assert [one.case.workers for one in await standing(reading)] == [12]

    await write(cases, ends(second, CaseState.CLOSED))

    assert await standing(reading) == []
    # Neither of them makes a new one.
    await write(cases, reported("r3", "44", workers=4))
    assert await standing(reading) == []


async def test_a_branch_counts_with_its_group_while_it_is_of_it(cases, reading):
    await write(cases, reported("r1", workers=5))
    await write(cases, reported("r2", "44", workers=5, employer=BRANCH))

    assert [one.case.group for one in await standing(reading)] == ["builders"]


async def test_forty_at_once_make_one_collective_case(
    cases, reading, pool, database_url
):
    async with asyncio.TaskGroup() as group:
        for number in range(40):
            province = "51" if number % 2 else "44"
            written = reported(f"r{number:02}", province, workers=1)
            group.create_task(write(cases, written))

    (case,) = await standing(reading)

    assert case.case.workers == 40
    assert case.case.reports == {"51": 20, "44": 20}
    assert list(case.own) == [f"r{number:02}" for number in range(40)]
    everybody = await told(pool, database_url)
    assert len(everybody) == len({no for no, *_ in everybody}) == 40


async def test_reports_that_come_and_go_at_once_never_wait_for_each_other(
    cases, reading
):
    all_of_them = [
        reported(f"r{number:02}", "51" if number % 2 else "44", workers=3,
                 employer=(FIRM, OTHER, BRANCH)[number % 3])
        for number in range(30)
    ]  # fmt: skip
    await write(cases, *all_of_them)

    async with asyncio.TaskGroup() as group:
        for number in range(0, 30, 3):
            some = [ends(one) for one in all_of_them[number : number + 3]]
            group.create_task(write(cases, *some))
            group.create_task(write(cases, reported(f"s{number}", workers=12)))

    counted = {one.case.group: one.case.workers for one in await standing(reading)}
    assert counted == {"builders": 120}


async def test_the_lead_and_the_first_act_come_forward_with_the_case(cases, reading):
    first = opened(no="no-r1", workers=frozenset({new_worker()}))
    written = opening(first)
    kept = ReportedArrears(
        report=report("r1", "51", on=TODAY), signal_on=TODAY - timedelta(days=20)
    )
    written = msgspec.structs.replace(written, report=kept)
    await write(cases, written)
    await write(cases, going_on(written, ACCEPTED))

    (one,) = (await reading.of_cases(["no-r1"]))["no-r1"]

    assert one.lead == PLACE
    assert one.signal_on == TODAY - timedelta(days=20)
    early = warned(going_on(written, ACCEPTED).case.milestones, [one])
    assert (early.days_to_act, early.days_to_report) == (20, 20)


async def test_a_report_costs_the_same_however_many_there_are(
    cases, reading, monkeypatch
):
    """Of the others no report is read or written."""
    await write(cases, reported("r", workers=12))
    await write(cases, *(reported(f"r{one:03}", workers=2) for one in range(100)))
    read = []
    monkeypatch.setattr(
        arrears_collecting, "kept_of", lambda row: read.append(row) or kept_of(row)
    )
    new = reported("new", workers=2)

    await write(cases, new)
    await write(cases, ends(new, CaseState.CLOSED))

    assert len(read) == 2
    (case,) = await standing(reading)
    assert (case.case.workers, len(case.own), case.own_more) == (214, 50, True)
    assert case.case.open == 101


async def test_totals_are_those_of_all_reports_whatever_comes_and_goes(
    cases, reading, pool
):
    random, standing_now = Random(5), []  # noqa: S311  # a test's own
    whose = [new_worker() for _ in range(6)]
    for number in range(60):
        if standing_now and random.random() < 0.4:
            gone = standing_now.pop(random.randrange(len(standing_now)))
            state = random.choice([CaseState.WITHDRAWN, CaseState.CLOSED])
            await write(cases, ends(gone, state))
        else:
            named = frozenset(random.sample(whose, random.randint(1, 3)))
            made = reported(
                f"r{number:02}", random.choice(["51", "44"]), workers=random.randint(3, 7),
                whose=named,
            )  # fmt: skip
            await write(cases, made)
            standing_now.append(made)
        async with pool.connection() as connection:
            rows = await (await connection.execute(_COUNTED)).fetchall()
        found = await standing(reading)
        assert [(one.case.workers, one.case.open) for one in found] == rows


#: What the totals must be, by the reports that are linked.
_COUNTED = """
SELECT (sum((body->>'workers')::int - json_array_length(body->'listed')) + (
        SELECT count(DISTINCT worker) FROM collective_report AS other
        JOIN arrears_report AS kept USING (report_id),
        json_array_elements_text(kept.body->'listed') AS worker
        WHERE other.collective_id = linked.collective_id))::int,
    (count(*) FILTER (WHERE state = 'OPEN'))::int
FROM collective_report AS linked JOIN arrears_report USING (report_id)
GROUP BY linked.collective_id
"""
