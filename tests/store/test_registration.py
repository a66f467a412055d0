from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.store.unavailable import StoreUnavailable
from schema.records.refusal import Refused
from tests.builders.linking import (
    LINKS,
    PROVINCES,
    codes,
    opened,
    outcomes,
    read,
    row,
)
from tests.builders.linking import registrar as make_registrar
from tests.builders.numbers import many, number, old_form

FIRST, SECOND, THIRD = many(3)


async def test_rows_are_kept_and_each_has_its_result(registrar, database_url):
    results = await registrar.register(
        [row(FIRST, "51", "S1", kinds=("SKILL", "MEMBERSHIP", "SKILL")), row(SECOND)],
        "office 44-01",
    )

    assert outcomes(results) == ["CREATED", "CREATED"]
    first, second = read(database_url, LINKS)
    assert first == (
        results[0].worker, "51", "S1", ["MEMBERSHIP", "SKILL"],
        "2020-01-01", None, "office 44-01",
    )  # fmt: skip
    assert second[0] == results[1].worker != results[0].worker


async def test_two_spellings_are_one_worker(registrar):
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in FIRST)

    results = await registrar.register(
        [row(FIRST, "51"), row(old_form(FIRST), "44"), row(f" {wide} ", "33")], "test"
    )

    assert len({result.worker for result in results}) == 1


async def test_registering_again_changes_nothing(registrar, database_url):
    rows = [row(each, "44", f"W{place}") for place, each in enumerate(many(50))]
    first = await registrar.register(rows, "test")
    before = read(database_url, LINKS)

    again = await registrar.register(rows, "somebody else")

    assert set(outcomes(first)) == {"CREATED"}
    assert set(outcomes(again)) == {"UNCHANGED"}
    assert [result.worker for result in again] == [result.worker for result in first]
    assert read(database_url, LINKS) == before


async def test_a_twin_is_written_down_for_people(registrar, database_url):
    await registrar.register([row(FIRST), row(SECOND, local_key="W2")], "test")
    before = read(database_url, LINKS)

    for _ in range(2):
        results = await registrar.register(
            [row(FIRST, local_key="W9"), row(THIRD, local_key="W2")], "twin"
        )

    assert codes(results) == ["TWIN_LOCAL_KEY", "LOCAL_KEY_TAKEN"]
    assert read(database_url, LINKS) == before
    conflicts = read(
        database_url,
        "SELECT worker_id::text, local_key, standing_local_key, code, source"
        " FROM link_conflict ORDER BY conflict_id",
    )
    assert conflicts == [
        (results[0].worker, "W9", "W1", "TWIN_LOCAL_KEY", "twin"),
        (results[1].worker, "W2", "W2", "LOCAL_KEY_TAKEN", "twin"),
    ]


async def test_keys_change_hands_in_one_batch(registrar, database_url):
    await registrar.register([row(FIRST), row(SECOND, local_key="W2")], "test")

    results = await registrar.register(
        [
            row(FIRST, valid_to="2025-12-31"),
            row(SECOND, local_key="W2", valid_to="2025-12-31"),
            row(FIRST, local_key="W2", valid_from="2026-01-01"),
            row(SECOND, local_key="W1", valid_from="2026-01-01"),
        ],
        "test",
    )

    assert outcomes(results) == ["ENDED", "ENDED", "CREATED", "CREATED"]
    assert len(read(database_url, LINKS)) == 4


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"province": "99"}, "UNKNOWN_PROVINCE"),
        ({"province": ""}, "UNKNOWN_PROVINCE"),
        ({"local_key": " "}, "EMPTY_LOCAL_KEY"),
        ({"local_key": "W" * 65}, "LOCAL_KEY_TOO_LONG"),
        ({"local_key": "W\0"}, "LOCAL_KEY_UNPRINTABLE"),
        ({"local_key": "W\ud800"}, "LOCAL_KEY_UNPRINTABLE"),
        ({"local_key": SECOND}, "LOCAL_KEY_IS_ID_NUMBER"),
        ({"local_key": old_form(SECOND)}, "LOCAL_KEY_IS_ID_NUMBER"),
        ({"local_key": f"GD{SECOND}"}, "LOCAL_KEY_IS_ID_NUMBER"),
        ({"kinds": ("MEMBERSHIP", "PET")}, "UNKNOWN_KIND"),
        ({"kinds": ("",)}, "NO_KINDS"),
        ({"valid_from": "2020-02-30"}, "BAD_DATE"),
        ({"valid_from": "20200101"}, "BAD_DATE"),
        ({"valid_from": "2020-W01-1"}, "BAD_DATE"),
        ({"valid_from": ""}, "BAD_DATE"),
        ({"valid_to": "31.12.2024"}, "BAD_DATE"),
        ({"valid_to": "2019-12-31"}, "ENDS_BEFORE_IT_BEGINS"),
    ],
    ids=range(17),
)
async def test_a_bad_row_is_refused_for_itself(registrar, fields, code):
    results = await registrar.register(
        [row(SECOND), row(FIRST, **fields), row(THIRD, local_key="W3")], "test"
    )

    assert codes(results) == [None, code, None]
    refusal = results[1].refusal
    assert refusal.message.zh
    assert refusal.remedy.en
    assert SECOND not in repr(results)
    assert results[1].worker is None


async def test_a_bad_number_is_refused_with_its_own_code(registrar):
    results = await registrar.register(
        [row(FIRST[:17]), row(number("999999")), row(FIRST)], "test"
    )

    assert codes(results) == ["WRONG_LENGTH", "UNKNOWN_DIVISION", None]
    assert [result.row for result in results] == [0, 1, 2]


async def test_the_remedy_names_the_provinces_there_are(registrar):
    (result,) = await registrar.register([row(FIRST, "99")], "test")

    assert all(province in result.refusal.remedy.en for province in PROVINCES)


async def test_a_caller_registers_for_the_own_province_only(registrar):
    results = await registrar.register(
        [row(FIRST, "44"), row(FIRST, "51")], "test", only="44"
    )

    assert codes(results) == [None, "OTHER_PROVINCE"]


@pytest.mark.parametrize(
    "source", ["", "x" * 201, f"{FIRST}.csv", "a\nb"], ids=range(4)
)
async def test_a_source_that_may_not_be_stored_is_refused(registrar, source):
    with pytest.raises(Refused) as refused:
        await registrar.register([row(FIRST)], source)

    assert refused.value.refusal.code == "BAD_SOURCE"


async def test_results_keep_the_order_over_many_batches(registrar, database_url):
    people = many(6_000, seed=4)
    rows = [
        row(each, "44" if place % 7 else "99", f"K{place}")
        for place, each in enumerate(people)
    ]

    results = await registrar.register(rows, "test")

    assert [result.row for result in results] == list(range(6_000))
    assert all(
        (result.refusal is not None) == (place % 7 == 0)
        for place, result in enumerate(results)
    )
    assert len(read(database_url, LINKS)) == outcomes(results).count("CREATED")


async def test_nothing_to_register_is_nothing_done(registrar):
    assert await registrar.register([], "test") == []


async def test_a_store_that_is_away_keeps_nothing_and_says_so():
    async with opened("postgresql://x@127.0.0.1:1/x", wait="200ms") as pool:
        with pytest.raises(StoreUnavailable):
            await make_registrar(pool).register([row(FIRST)], "test")


async def test_a_batch_that_fails_leaves_nothing_half_written(
    registrar, pool, database_url
):
    async with pool.connection() as connection:
        # the last of the batch's statements will fail
        await connection.execute("ALTER TABLE link_conflict RENAME TO elsewhere")
    rows = [row(FIRST), row(FIRST, local_key="W2")]

    with pytest.raises(Exception, match="link_conflict"):
        await registrar.register(rows, "test")

    assert read(database_url, LINKS) == []
    assert read(database_url, "SELECT * FROM worker_key") == []


_people = st.sampled_from(many(4, seed=7))
_rows = st.lists(
    st.builds(
        row,
        _people,
        st.sampled_from(["44", "51", "99"]),
        st.sampled_from(["A", "B", ""]),
        kinds=st.sampled_from([("SKILL",), ("MEMBERSHIP",), ("PET",)]),
        valid_from=st.sampled_from(["2020-01-01", "2022-01-01", "2020-13-01"]),
        valid_to=st.sampled_from([None, "", "2021-12-31", "2024-12-31"]),
    ),
    max_size=10,
)


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(_rows)
async def test_the_store_does_what_was_decided_and_a_rerun_keeps_the_file(
    registrar, pool, database_url, rows
):
    """Whatever the rows: results are stable from the second run on."""
    async with pool.connection() as connection:
        await connection.execute("TRUNCATE worker_key, link, link_conflict")

    await registrar.register(rows, "test")
    second = await registrar.register(rows, "test")
    after_second = read(database_url, LINKS)
    third = await registrar.register(rows, "test")

    assert read(database_url, LINKS) == after_second
    assert outcomes(third) == outcomes(second)
    assert codes(third) == codes(second)
