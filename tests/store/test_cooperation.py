"""Figures of cooperation over a real PostgreSQL: as the decider says, and fast."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.following.indicators import cooperation
from hub.store.cooperation import CooperationFigures
from hub.store.migrations.versions.m0008_arrears import _OFFERS
from schema.records.cooperation import (
    CooperationEvent,
    CooperationStep,
    Indicators,
    Share,
)
from schema.records.moving import OfferWish
from tests.builders.linking import opened as opened_pool
from tests.builders.moving import actor, ground, union

BEGIN = datetime(2026, 3, 2, 1, tzinfo=UTC)
EVER = datetime(2000, 1, 1, tzinfo=UTC)
_COPY = """
COPY cooperation_event (id, case_no, step, at, asker, asker_province, asked,
    asked_province, answer_by, timeliness, effort) FROM STDIN
"""


async def keep(pool, events):
    async with (
        pool.connection() as connection,
        connection.cursor() as cursor,
        cursor.copy(_COPY) as copy,
    ):
        for one in events:
            row = (
                one.id, "", one.step.value, one.at, one.asker, one.asker_province,
                one.asked, one.asked_province, one.answer_by, one.timeliness, one.effort,
            )  # fmt: skip
            await copy.write_row(row)


@st.composite
def journals(draw):
    """Offers and tasks between two provinces, in the order in which they happened."""
    events = []
    hours = st.integers(0, 24 * 40)
    for number in range(draw(st.integers(0, 6))):
        begin = draw(hours)
        about = draw(st.sampled_from([None, 5, 14]))
        asked = BEGIN + timedelta(hours=begin)
        events.append(
            CooperationEvent(
                id=f"t{number}", step=CooperationStep.ASKED, at=asked, asker="here",
                asker_province="44", asked=draw(st.sampled_from(["home", "other"])),
                asked_province="51",
                answer_by=about and (asked + timedelta(days=about)).date(),
            )
        )  # fmt: skip
        for step in draw(
            st.lists(st.sampled_from(list(CooperationStep)[1:]), max_size=5)
        ):
            facts = {}
            at = asked + timedelta(hours=draw(hours))
            if step is CooperationStep.RATED:
                facts = {"timeliness": draw(st.integers(1, 5)), "effort": 3}
            if step is CooperationStep.EXTENDED:
                facts = {"answer_by": (at + timedelta(days=6)).date()}
            if step is CooperationStep.WITHDRAWN and draw(st.booleans()):
                continue
            events.append(CooperationEvent(id=f"t{number}", step=step, at=at, **facts))
    # Of one moment the later line holds: as the journal has them.
    return sorted(set(events), key=lambda one: (one.at, repr(one)))


@given(events=journals(), days=st.integers(0, 60))
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_the_database_judges_as_the_decider_does(database_url, events, days):
    until = BEGIN + timedelta(days=days)
    expected = cooperation(events, until=until, within_days=7)

    async def judged():
        async with opened_pool(database_url) as pool:
            async with pool.connection() as connection:
                await connection.execute("TRUNCATE cooperation_event")
            await keep(pool, events)
            figures = CooperationFigures(pool)
            one = await figures.of_unions(["home"], EVER, until, 7)
            both = await figures.of_corridor(("44", "51"), EVER, until, 7)
            return one, both

    one, both = asyncio.run(judged())

    assert one == expected.unions.get("home", Indicators())
    assert both == expected.corridors.get(("44", "51"), Indicators())


async def test_a_hundred_thousand_events_are_judged_in_well_below_a_second(pool):
    steps = [
        ("ASKED", 0), ("ACCEPTED", 30), ("ANSWERED", 200), ("RATED", 240)
    ]  # fmt: skip
    events = [
        CooperationEvent(
            id=f"t{number}", step=CooperationStep(step),
            at=BEGIN + timedelta(hours=hours, seconds=number),
            **({"asker": "here", "asker_province": "44", "asked": f"u{number % 500}",
                "asked_province": "51", "answer_by": (BEGIN + timedelta(days=9)).date()}
               if step == "ASKED" else {}),
            **({"timeliness": 4, "effort": 5} if step == "RATED" else {}),
        )
        for number in range(25_000)
        for step, hours in steps
    ]  # fmt: skip
    for first in range(0, len(events), 10_000):
        await keep(pool, events[first : first + 10_000])
    async with pool.connection() as connection:
        await connection.execute("ANALYZE cooperation_event")
    figures = CooperationFigures(pool)
    unions = [f"u{number}" for number in range(500)]

    began = time.perf_counter()
    found = await figures.of_unions(unions, EVER, BEGIN + timedelta(days=60), 7)
    took = time.perf_counter() - began

    assert found.accepted == Share(25_000, 25_000)
    assert found.timeliness.value == 4
    assert took < 1, f"{took * 1000:.0f} ms"


async def test_offers_are_asked_accepted_and_refused_in_the_transfers_own_transaction(
    database_url,
):
    async with ground(database_url) as made:
        members = await made.enrol("51", 3)
        for number, worker in enumerate(members):
            _, local_id, card = made.ids[worker]
            wish = OfferWish(
                from_union=union("51", "a"), to_union=union("44", "a"), membership_no=card,
                local_id=local_id,
            )  # fmt: skip
            opened = await made.coordinator.offer(
                actor(union("51", "a")), wish, f"k{number}"
            )
            await made.deliver()
            answer = actor(union("44", "a"))
            if number == 0:
                await made.coordinator.accept(answer, opened.id, None, "y")
            if number == 1:
                await made.coordinator.reject(answer, opened.id, "NOT_HERE", "n")
        figures = CooperationFigures(made.pool)
        later = made.clock.now() + timedelta(days=8)

        corridor = await figures.of_corridor(("51", "44"), EVER, later, 7)

        # What the migration says of offers that were made before is the same.
        written = await _journal(made.pool)
        async with made.pool.connection() as connection:
            await connection.execute("TRUNCATE cooperation_event")
            await connection.execute(_OFFERS.encode())
        assert await _journal(made.pool) == written
        # Who says no has answered, and in time.
        assert corridor.accepted == Share(2, 3)
        assert corridor.answer_hours.number == 2
        assert (
            await figures.of_unions([union("51", "a")], EVER, later, 7) == Indicators()
        )


async def _journal(pool):
    async with pool.connection() as connection:
        found = await connection.execute(
            "SELECT id, step, at, asker, asker_province, asked, asked_province"
            " FROM cooperation_event"
        )
        return sorted(await found.fetchall())
