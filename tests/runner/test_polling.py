"""Provinces are asked again and again: each change once, and none holds up another."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import psycopg
import pytest
from msgspec.structs import replace

from connectors.guard import Guard
from connectors.memory import MemoryConnector
from connectors.port import Changed
from connectors.settings import ProvinceSettings
from hub.config.moving import RunnerSettings
from hub.following.timeline import Contradiction, Gap, History, fold, timeline
from hub.runner.polling import Polling
from hub.store.case_changes import CaseChanges
from hub.store.case_unit import Cases
from hub.store.pool import open_pool
from hub.store.settings import DatabaseSettings
from schema.records.case import ActKind
from schema.records.change import Change, Changes, ToldFact, Tombstone, Unfit
from schema.records.keys import ProvinceCode
from tests.builders.cases import going_on, opening
from tests.builders.moving import Counted, MovingClock
from tests.following.case_samples import ACCEPTED, AT, DAY, PLACE, TODAY

P44, P51 = ProvinceCode("44"), ProvinceCode("51")


class Facts:
    """Whoever takes facts: notes them, and says what the test wants."""

    def __init__(self):
        self.taken = []
        self.refuses = ()

    async def facts_from_province(self, due):
        self.taken.append(due.facts)
        return self.refuses


class Ground:
    """Provinces in memory in their real guards, a real store, and a poller."""

    def __init__(self, pool, *provinces):
        self.clock, self.notes, self.facts = MovingClock(AT), Counted(), Facts()
        self.pool = pool
        self.files = CaseChanges(pool)
        self.provinces = {
            code: MemoryConnector(code, {}, self.clock) for code in provinces
        }
        self._guards = [self._guard(one) for one in self.provinces.values()]
        self.poller = self.make()

    def _guard(self, connector):
        settings = ProvinceSettings(
            code=connector.province, name_zh="省", name_en="P",
            url="http://127.0.0.1:1/", deadline="300ms", retry={"attempts": 1},
        )  # fmt: skip
        return Guard(connector, settings, self.clock)

    def make(self, **settings):
        return Polling(
            self.files,
            self,
            self.facts,
            settings=RunnerSettings(**{"changes": 3, "poll_every": "3s", **settings}),
            clock=self.clock,
            notes=self.notes,
            chance=lambda: 0.0,
        )

    def all(self):
        return self._guards

    def write(self, *statements):
        for one in statements:
            self.provinces[one.province].file.write(one)

    async def look(self, poller=None):
        """Look once, when it is everybody's turn again."""
        self.clock.forward(seconds=60)
        poller = poller or self.poller
        await poller.look()
        await poller.finish()
        await poller.take_facts()

    async def case(self, no="2026-44-1"):
        begun = opening(no=no)
        accepted = going_on(begun, ACCEPTED)
        async with Cases(self.pool).unit() as unit:
            await unit.write([begun, accepted])
        return accepted.case

    async def line(self, case):
        return (await self.files.timelines([case.no]))[case.no]


@pytest.fixture
async def pool(database_url):
    made = await open_pool(DatabaseSettings(url_env="URL"), {"URL": database_url})
    yield made
    await made.close()


@pytest.fixture
def hub(pool):
    return Ground(pool, P44, P51)


def change(case, seq, province=P44, **more):
    return Change(**{
        "province": province, "case_no": case.no, "seq": seq,
        "as_of": AT + timedelta(hours=seq), "act": ActKind.MEDIATION, "on": TODAY,
        "union": PLACE.union, **more,
    })  # fmt: skip


def expected(case, *arrivals):
    return timeline(fold(History(case.no), arrivals))


async def test_what_provinces_tell_comes_in_however_many_pages_it_is(hub):
    case = await hub.case()
    told = [
        *(change(case, seq) for seq in range(1, 9)),
        *(change(case, seq, P51) for seq in range(1, 4)),
    ]
    hub.write(*told)
    await hub.look()

    assert await hub.line(case) == expected(case, *told)
    more = [change(case, 9, corrects=2), change(case, 4, P51)]
    hub.write(*more)
    await hub.look()
    assert await hub.line(case) == expected(case, *told, *more)


async def test_a_province_is_asked_once_in_a_while_by_all_runners_together(hub):
    asked = []
    hub.provinces[P44].before = lambda: asked.append(1) or asyncio.sleep(0)
    runners = [hub.make() for _ in range(4)]
    async with asyncio.TaskGroup() as tasks:
        for one in runners:
            tasks.create_task(one.look())
    for one in runners:
        await one.finish()
    assert len(asked) == 1
    hub.clock.forward(seconds=2)
    await hub.poller.look()
    await hub.poller.finish()
    assert len(asked) == 1
    hub.clock.forward(seconds=2)
    await hub.poller.look()
    await hub.poller.finish()
    assert len(asked) == 2


async def test_a_slow_or_dead_province_holds_up_no_other(hub):
    case = await hub.case()
    still = asyncio.Event()
    hub.provinces[P51].before = still.wait
    hub.write(change(case, 1), change(case, 1, P51))
    await hub.poller.look()
    async with asyncio.timeout(5):
        while not (await hub.line(case)).lines:  # noqa: ASYNC110  # the store tells nobody
            await asyncio.sleep(0.01)

    assert [one.change.province for one in (await hub.line(case)).lines] == [P44]
    await hub.poller.finish()
    assert (P51, "timed_out", 0) in hub.notes.polls
    # It rests, longer each time, and is asked again when it is back.
    still.set()
    await hub.look()
    assert len((await hub.line(case)).lines) == 2


async def test_killed_between_page_and_commit_each_change_is_there_once(
    hub, database_url
):
    case = await hub.case()
    told = [change(case, seq) for seq in range(1, 31)]
    hub.write(*told)
    real, left = hub.files.take, list(range(40))

    async def killed(intake):
        if left and left.pop() % 3:
            raise asyncio.CancelledError  # the page came, and nothing was kept
        taken = await real(intake)
        if left and left.pop() % 2:
            raise asyncio.CancelledError  # it was kept, and nobody heard of it
        return taken

    hub.files.take = killed
    for _ in range(40):
        await hub.look(hub.make(changes=4))
    assert await hub.line(case) == expected(case, *told)
    async with await psycopg.AsyncConnection.connect(database_url) as connection:
        rows = await connection.execute("SELECT count(*) FROM case_statement")
        assert await rows.fetchone() == (30,)
        said = await connection.execute(
            "SELECT count(*) FROM feed_event WHERE body::text LIKE '%\"milestone\":null%'"
        )
        assert (await said.fetchone())[0] <= 8


async def test_what_came_before_the_hub_knew_of_the_case_is_asked_for(hub):
    early = replace(change(await hub.case("other"), 1), case_no="2026-44-9")
    hub.write(early, replace(early, seq=2))
    await hub.look()
    case = await hub.case("2026-44-9")
    await hub.look()

    assert await hub.line(case) == expected(case, early, replace(early, seq=2))


async def test_a_gap_after_a_push_is_asked_for_and_one_that_stays_is_declared(hub):
    case = await hub.case()
    await hub.look()
    log = hub.provinces[P44].file
    hub.write(*(change(case, seq) for seq in (1, 2, 5)))
    await hub.look()
    assert (await hub.line(case)).gaps == (Gap(P44, 3, 4),)
    # The log never tells it, but the file does.
    log._log.insert(0, change(case, 3))
    log._log.insert(0, change(case, 4))
    await hub.look()
    assert (await hub.line(case)).gaps == ()


async def test_numbers_that_a_province_contradicts_are_declared(hub):
    case = await hub.case()
    hub.write(
        change(case, 1), change(case, 2), replace(change(case, 2), on=TODAY - DAY)
    )
    hub.write(Tombstone(province=P44, case_no=case.no, seq=3, as_of=AT, gone=7))
    await hub.look()

    assert (await hub.line(case)).contradictions == (
        Contradiction(P44, 2), Contradiction(P44, 3)
    )  # fmt: skip


def lie(case, kind):
    one = change(case, 1)
    pages = {
        "another province": Changes((replace(one, province=P51),), "1"),
        "too long": Changes(tuple(change(case, n) for n in range(1, 6)), "1"),
        "leads nowhere": Changes((), "x", more=True),
        "no page": None,
    }
    return pages[kind]


async def test_a_lying_province_is_refused_and_named(hub, caplog):
    case = await hub.case()
    caplog.set_level("INFO")
    for kind in ("another province", "too long", "leads nowhere"):

        async def changes(wanted, deadline, kind=kind):  # noqa: ARG001
            return Changed(lie(case, kind))

        hub.provinces[P44].changes = changes
        caplog.clear()
        await hub.look()
        assert "province=44" in caplog.text, kind
        assert (
            f"detail={kind.replace(' ', '-')}".replace("too-long", "too-many-changes")
            in caplog.text
        )
    assert {one for one in hub.notes.polls if one[0] == P44} == {(P44, "malformed", 0)}
    assert (await hub.line(case)).lines == ()


async def test_a_number_of_a_person_is_not_kept_and_stays_a_gap(hub, caplog):
    case = await hub.case()
    named = ToldFact(kind="x", about="110101199003078515")
    hub.write(change(case, 1, fact=named), change(case, 2))
    await hub.look()

    assert (await hub.line(case)).gaps == (Gap(P44, 1, 1),)
    assert "case-changes-unfit province=44 rule=personal-data" in caplog.text
    assert "110101199003078515" not in caplog.text


async def test_one_unfit_statement_is_a_gap_and_the_log_goes_on(hub, caplog):
    case = await hub.case()
    ask = hub.provinces[P44].changes
    hub.write(change(case, 1), change(case, 2), change(case, 3))

    async def changes(wanted, deadline):
        page = (await ask(wanted, deadline)).changes
        kept = tuple(one for one in page.arrivals if one.seq != 2)
        aside = Unfit(case_no=case.no, seq=2, rule="day-out-of-range")
        return Changed(Changes(kept, page.next, page.more, (aside,)))

    hub.provinces[P44].changes = changes
    await hub.look()

    line = await hub.line(case)
    assert [one.seq for one in line.lines] == [1, 3]
    assert line.gaps == (Gap(P44, 2, 2),)
    assert "case-changes-unfit province=44 rule=day-out-of-range" in caplog.text


async def test_facts_go_to_the_case_until_it_has_them(hub):
    case = await hub.case()
    hub.write(change(case, 1, fact=ToldFact(kind="mediation-requested")))
    hub.facts.refuses = (1,)
    await hub.look()

    assert [[one.kind for one in some] for some in hub.facts.taken] == [
        ["mediation-requested"]
    ]
    assert (await hub.line(case)).contradictions == (Contradiction(P44, 1),)
    await hub.look()
    assert len(hub.facts.taken) == 1


async def test_a_province_that_does_not_tell_is_not_asked(hub):
    case = await hub.case()
    connector = hub.provinces[P44]
    connector._capabilities = replace(connector.capabilities, changes=False)
    hub.write(change(case, 1))
    await hub.look()

    assert [one for one in hub.notes.polls if one[0] == P44] == []


async def test_a_poll_that_goes_well_is_counted_and_not_written_into_the_log(
    hub, caplog
):
    caplog.set_level("INFO")
    await hub.case()
    await hub.look()

    assert (P44, "ok", 0) in hub.notes.polls
    assert "changes province=44" not in caplog.text
