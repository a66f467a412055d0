from __future__ import annotations

import asyncio
import logging

import psycopg
import pytest

from hub.reading.ports import ByKeys
from hub.store.links import LOCATE
from schema.records.keys import LocalKey
from schema.records.kinds import RecordKind
from schema.records.wanted import ById, ByLocalKey
from tests.builders.linking import FixedClock, by_number, pseudonyms, row
from tests.builders.numbers import many

FIRST, SECOND, THIRD, STRANGER = many(4)


@pytest.fixture
async def known(registrar):
    """Three workers: one in two provinces, one in one, one whose link has ended."""
    rows = [
        row(FIRST, "51", "S1", kinds=("SKILL", "MEMBERSHIP")),
        row(FIRST, "44", "G1", valid_to="2026-06-30"),
        row(SECOND, "44", "G2"),
        row(THIRD, "44", "G3", valid_to="2026-06-29"),
        row(THIRD, "51", "S3", valid_from="2026-07-01"),
    ]
    results = await registrar.register(rows, "test")
    return [results[place].worker for place in (0, 2, 3)]


def _local(province, value):
    return ByLocalKey(LocalKey(province, value))


def _where(located):
    return [(link.key.province, link.key.value) for link in located.links]


async def test_a_mixed_batch_is_answered_in_its_order(store, known):
    first, second, third = known
    answers = await store.locate(
        [
            _local("44", "G2"),
            by_number(STRANGER),
            ById(first),
            by_number(FIRST),
            _local("44", "nobody"),
            ById(third),
            _local("51", "S1"),
        ]
    )

    assert [answer and answer.worker for answer in answers] == [
        second, None, first, first, None, third, first,
    ]  # fmt: skip
    assert _where(answers[3]) == [("44", "G1"), ("51", "S1")]


@pytest.mark.usefixtures("known")
async def test_a_link_tells_what_was_registered(store):
    (located,) = await store.locate([by_number(SECOND)])

    (link,) = located.links
    assert link.kinds == {RecordKind.MEMBERSHIP}
    assert (link.valid_from, link.valid_to, link.source) == ("2020-01-01", None, "test")


async def test_the_last_day_of_a_link_is_part_of_it(store, known):
    (located,) = await store.locate([_local("44", "G1")])

    assert located.worker == known[0]


async def test_links_that_ended_or_are_to_come_are_not_told(store, known):
    by_key, by_id, ended, to_come = await store.locate(
        [by_number(THIRD), ById(known[2]), _local("44", "G3"), _local("51", "S3")]
    )

    assert by_key == by_id
    assert by_key.links == ()
    assert ended is None
    assert to_come is None


async def test_the_same_question_twice_has_two_answers(store, known):
    answers = await store.locate([by_number(FIRST)] * 3 + [ById(known[0])] * 2)

    assert len(answers) == 5
    assert len(set(map(str, answers))) == 1


async def test_nothing_wanted_is_nothing_found(store):
    assert await store.locate([]) == []


@pytest.mark.parametrize(
    "spoilt",
    [
        ById("no uuid"),
        ById("\0"),
        _local("44", "G\0"),
        _local("44", "\ud800"),
        _local("\0", "G2"),
        ByKeys(()),
        ByKeys((b"short",)),
        _local("44", "x" * 100_000),
    ],
    ids=range(8),
)
async def test_what_cannot_be_stored_is_unknown_and_spoils_no_other(
    store, known, spoilt
):
    answers = await store.locate([by_number(FIRST), spoilt, ById(known[1])])

    assert answers[1] is None
    assert [answers[0].worker, answers[2].worker] == known[:2]


async def test_the_key_of_another_version_finds_the_worker(store, known):
    both = pseudonyms(1, 2, current=2)

    (located,) = await store.locate([by_number(FIRST, both)])

    assert located.worker == known[0]


async def test_a_number_with_two_worker_ids_is_one_file_and_is_reported(
    store, known, database_url, caplog
):
    both = pseudonyms(1, 2, current=2)
    newest = by_number(FIRST, both).keys[0]
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "INSERT INTO worker_key VALUES (%s, %s, 2)", [newest, known[1]]
        )

    with caplog.at_level(logging.ERROR):
        (located,) = await store.locate([by_number(FIRST, both)])

    assert located.worker == known[1]
    assert _where(located) == [("44", "G2"), ("51", "S1")]
    assert known[0] in caplog.text
    assert FIRST not in caplog.text


async def test_a_look_up_reads_by_index_only_however_many_links(registrar, pool):
    people = many(300, seed=2)
    await registrar.register(
        [row(each, "44", f"K{n}") for n, each in enumerate(people)], "test"
    )
    parameters = {
        "keys": [key for each in people[:50] for key in by_number(each).keys],
        "ids": ["00000000-0000-4000-8000-000000000000"],
        "provinces": ["44"],
        "local_keys": ["K3"],
        "today": FixedClock().now().date(),
    }
    async with pool.connection() as connection:
        plan = await connection.execute("EXPLAIN " + LOCATE, parameters)
        lines = [line for (line,) in await plan.fetchall()]

    assert not [line for line in lines if "Seq Scan" in line]


async def test_no_question_is_shared_among_processes_of_the_server(pool):
    parameters = {
        "keys": [b"\0" * 32], "ids": ["00000000-0000-4000-8000-000000000000"],
        "provinces": ["44"], "local_keys": ["K3"], "today": FixedClock().now().date(),
    }  # fmt: skip
    async with pool.connection() as connection:
        # Then the server would share everything that it may.
        await connection.execute("SET debug_parallel_query = on")
        plan = await connection.execute("EXPLAIN " + LOCATE, parameters)
        lines = [line for (line,) in await plan.fetchall()]
        await connection.execute("RESET debug_parallel_query")

    assert not [line for line in lines if "Gather" in line]


async def test_many_look_ups_at_once_share_the_pool(store, known):
    async with asyncio.TaskGroup() as group:
        asked = [
            group.create_task(store.locate([by_number(FIRST), ById(known[1])]))
            for _ in range(100)
        ]

    assert all(task.result() == asked[0].result() for task in asked)
