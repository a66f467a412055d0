"""What provinces tell is kept once, whatever the order, the portions and the ways."""

from __future__ import annotations

import asyncio
import itertools
from datetime import timedelta
from random import Random

import psycopg
import pytest
from msgspec.structs import replace

from hub.feeds.case_change import decode_case
from hub.feeds.events import Topic
from hub.following.file_ports import Intake, Overtaken, Replayed, UnknownCases
from hub.following.timeline import Contradiction, Gap, History, fold, timeline
from hub.following.told_facts import LineFact
from hub.store.case_changes import CaseChanges
from hub.store.case_unit import Cases
from hub.store.feeds import FeedStore
from schema.records.case import ActKind
from schema.records.change import Change, ToldFact, Tombstone, Watermark
from schema.records.keys import ProvinceCode
from tests.builders.cases import going_on, opening
from tests.following.case_samples import ACCEPTED, AT, DAY, PLACE, TODAY

P44, P51, P33 = map(ProvinceCode, ("44", "51", "33"))
_NONCES = itertools.count(1)


@pytest.fixture
def files(pool):
    return CaseChanges(pool)


@pytest.fixture
async def case(pool):
    """A case that a union of 44 leads, and one of 51 follows."""
    return await kept(pool)


async def kept(pool, no="2026-44-1"):
    begun = opening(no=no)
    accepted = going_on(begun, ACCEPTED, due_on=TODAY)
    async with Cases(pool).unit() as unit:
        await unit.write([begun, accepted])
    return accepted.case


def change(case, seq, province=P44, **more):
    return Change(**{
        "province": province, "case_no": case.no, "seq": seq,
        "as_of": AT + timedelta(hours=seq), "act": ActKind.MEDIATION, "on": TODAY,
        "union": f"u{province}", **more,
    })  # fmt: skip


def gone(case, seq, what, province=P44):
    return Tombstone(province=province, case_no=case.no, seq=seq, as_of=AT, gone=what)


def mark(case, seq, province=P44):
    return Watermark(province=province, case_no=case.no, seq=seq)


def polled(*arrivals, province=P44, **more):
    return Intake(province=province, arrivals=arrivals, now=AT, **more)


def pushed(*arrivals, province=P44, nonce=None):
    name = nonce or f"n{next(_NONCES)}"
    return Intake(province=province, arrivals=arrivals, now=AT, nonce=name, at=AT)


async def line(files, case):
    return (await files.timelines([case.no]))[case.no]


def expected(case, *arrivals):
    return timeline(fold(History(case.no), arrivals))


async def rows(url, statement):
    async with await psycopg.AsyncConnection.connect(url) as connection:
        return await (await connection.execute(statement)).fetchall()


def words(case, chance):
    """What two provinces have to tell, with corrections, burials and contradictions."""
    for province in (P44, P51):
        last = chance.randint(0, 7)
        for seq in range(1, last + 1):
            before = chance.randint(1, max(1, seq - 1))
            if seq > 1 and chance.random() < 0.2:
                yield gone(case, seq, before, province)
                continue
            corrects = before if seq > 1 and chance.random() < 0.3 else None
            one = change(case, seq, province, corrects=corrects)
            yield one
            if chance.random() < 0.15:
                yield replace(
                    one, on=TODAY - DAY, as_of=one.as_of + chance.choice([0, 1]) * DAY
                )
        yield mark(case, last + chance.choice([0, 0, 2]), province)


async def test_any_order_and_any_cut_by_poll_and_push_give_the_same(pool, files):
    chance = Random(2026)  # noqa: S311
    for example in range(25):
        case = await kept(pool, f"2026-44-{example}")
        told = list(words(case, chance))
        again = [*told, *chance.sample(told, len(told) // 2)]
        chance.shuffle(again)
        while again:
            some = [again.pop() for _ in range(min(len(again), chance.randint(1, 4)))]
            for province in (P44, P51):
                of = [one for one in some if one.province == province]
                way = chance.choice([pushed, polled])
                await files.take(way(*of, province=province))

        assert await line(files, case) == expected(case, *told), f"example {example}"


async def test_taken_at_once_from_many_sides_it_is_there_once(
    files, case, database_url
):
    told = [change(case, seq) for seq in range(1, 41)]
    async with asyncio.TaskGroup() as tasks:
        for seed in range(6):
            mixed = Random(seed).sample(told, len(told))  # noqa: S311
            for at in range(0, 40, 10):
                tasks.create_task(files.take(pushed(*mixed[at : at + 10])))

    assert await line(files, case) == expected(case, *told)
    assert await rows(
        database_url, "SELECT held, last FROM case_file WHERE province = '44'"
    ) == [(40, 40)]


async def test_the_same_twice_changes_nothing_and_says_nothing(
    files, case, database_url
):
    first = await files.take(pushed(change(case, 1), mark(case, 1)))
    said = await rows(database_url, "SELECT cursor FROM feed_event")
    again = await files.take(polled(change(case, 1), mark(case, 1)))

    assert (first.new, again.new, again.contradicted) == (1, 0, 0)
    assert await rows(database_url, "SELECT cursor FROM feed_event") == said


async def test_what_is_new_is_said_in_the_feed_with_the_case_as_it_stands(
    pool, files, case, database_url
):
    feed = FeedStore(pool, database_url)
    head = await feed.head()
    await files.take(pushed(change(case, 1), change(case, 2)))
    (event,) = await feed.read(Topic.CASE, head, 10)
    body = decode_case(event.body)

    assert (body.no, body.seq, body.state, body.held) == (
        case.no, case.seq, case.state, case.held
    )  # fmt: skip
    assert (body.was, body.milestone, body.due_on) == (case.state, None, TODAY)


async def test_a_message_is_taken_once(files, case):
    await files.take(pushed(change(case, 1), nonce="n"))
    with pytest.raises(Replayed):
        await files.take(pushed(change(case, 2), nonce="n"))

    assert await line(files, case) == expected(case, change(case, 1))
    await files.take(pushed(mark(case, 2, P51), nonce="n", province=P51))
    await files.forget(AT + timedelta(seconds=1))
    await files.take(pushed(change(case, 2), nonce="n"))


async def test_a_push_about_another_provinces_case_changes_nothing(files, case):
    for province, number in ((P33, case.no), (P44, "unknown"), (P44, "\x00")):
        foreign = change(replace(case, no=number), 1, province)
        with pytest.raises(UnknownCases):
            await files.take(
                pushed(change(case, 1, province), foreign, nonce="n", province=province)
            )

    assert await line(files, case) == expected(case)
    await files.take(pushed(change(case, 1), nonce="n"))


async def test_a_poll_passes_over_what_is_not_the_provinces(files, case):
    foreign = change(replace(case, no="unknown"), 1)
    taken = await files.take(polled(foreign, change(case, 1)))

    assert (taken.new, taken.passed_over) == (1, 1)
    assert await line(files, case) == expected(case, change(case, 1))


async def test_a_log_is_read_on_with_what_was_read_or_not_at_all(files, case):
    assert await files.turn(P44, AT, AT) == ""
    await files.take(polled(change(case, 1), log=("", "c1")))
    with pytest.raises(Overtaken):
        await files.take(polled(change(case, 2), log=("", "c2")))

    assert await line(files, case) == expected(case, change(case, 1))
    assert await files.turn(P44, AT, AT) == "c1"


async def test_turns_are_taken_by_one_process_at_a_time(files):
    since = timedelta(seconds=3)
    assert await files.turn(P44, AT, AT - since) == ""
    assert await files.turn(P44, AT + since / 2, AT - since / 2) is None
    assert await files.turn(P51, AT, AT - since) == ""
    assert await files.turn(P44, AT + since, AT) == ""


async def test_a_province_that_comes_into_a_case_is_asked_for_its_file(files, case):
    assert await files.to_ask(P44, AT, 9) == {case.no: 0}
    assert await files.to_ask(P51, AT, 9) == {case.no: 0}
    assert await files.to_ask(P33, AT, 9) == {}
    await files.take(polled(file=case.no))

    assert await files.to_ask(P44, AT, 9) == {}


async def test_a_gap_is_asked_for_from_the_right_place_and_declared(files, case):
    await files.take(polled(file=case.no))
    await files.take(pushed(*(change(case, seq) for seq in (1, 2, 5))))

    assert await files.to_ask(P44, AT, 9) == {case.no: 2}
    assert (await line(files, case)).gaps == (Gap(P44, 3, 4),)
    # It was asked for in vain: later again, and each time later.
    await files.take(polled(mark(case, 5), file=case.no))
    assert await files.to_ask(P44, AT + timedelta(seconds=4), 9) == {}
    assert await files.to_ask(P44, AT + timedelta(minutes=1), 9) == {case.no: 2}
    await files.take(polled(file=case.no))
    assert await files.to_ask(P44, AT + timedelta(seconds=9), 9) == {}
    assert (await line(files, case)).gaps == (Gap(P44, 3, 4),)

    await files.take(polled(change(case, 3), change(case, 4)))
    assert await files.to_ask(P44, AT + DAY, 9) == {}
    assert (await line(files, case)).gaps == ()


async def test_a_contradiction_is_counted_and_declared(files, case):
    first = change(case, 1)
    await files.take(polled(first))
    taken = await files.take(polled(replace(first, on=TODAY - DAY)))

    assert (taken.new, taken.contradicted) == (0, 1)
    assert (await line(files, case)).contradictions == (Contradiction(P44, 1),)


async def test_facts_are_due_until_they_are_done_and_again_when_they_change(
    files, case
):
    fact = ToldFact(kind="mediation-requested")
    await files.take(polled(change(case, 1)))
    assert await files.facts_due(9) == []
    await files.take(polled(change(case, 2, fact=fact, union=PLACE.union)))
    (due,) = await files.facts_due(9)
    said = LineFact(line=2, seq=2, union=PLACE.union, kind=fact.kind, on=TODAY)

    assert (due.case_no, due.province, due.facts) == (case.no, P44, (said,))
    # Something comes while they are taken: they are due again.
    await files.take(polled(change(case, 3, corrects=2, fact=fact, on=TODAY - DAY)))
    await files.facts_done(due, ())
    (due,) = await files.facts_due(9)
    assert [(one.line, one.seq, one.on) for one in due.facts] == [(2, 3, TODAY - DAY)]
    await files.facts_done(due, [3])
    assert await files.facts_due(9) == []
    assert (await line(files, case)).contradictions == (Contradiction(P44, 3),)
    await files.take(polled(gone(case, 4, 2)))
    (due,) = await files.facts_due(9)
    assert due.facts == ()


async def test_a_thousand_statements_of_a_case_cost_no_more_than_the_first(files, case):
    """What comes later is not slower: nothing is written anew."""
    loop = asyncio.get_running_loop()
    spent = []
    for at in range(1, 1002, 100):
        began = loop.time()
        await files.take(polled(*(change(case, seq) for seq in range(at, at + 100))))
        spent.append(loop.time() - began)
    assert len((await line(files, case)).lines) == 1100
    assert min(spent[-3:]) < 10 * min(spent[:3])
