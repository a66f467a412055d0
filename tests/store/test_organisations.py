from __future__ import annotations

from datetime import date

import msgspec
import psycopg
import pytest

from hub.organisation.organisation import Organisation
from hub.organisation.ports import Imported
from hub.store.organisations import OrganisationStore
from schema.records.membership import OrganisationKind


def union(code="U1", *, begins=date(2020, 1, 1), **other):
    return Organisation(
        **{
            "code": code,
            "name": "青海省总工会",
            "province": "63",
            "division": "630000",
            "kind": next(iter(OrganisationKind)),
            "parent": None,
            "valid_from": begins,
        }
        | other
    )


@pytest.fixture
def store(pool):
    return OrganisationStore(pool)


async def test_what_was_kept_is_read_and_counted(store):
    rows = [union(), union("U2", parent="U1", planned_end=date(2027, 1, 1))]
    assert await store.import_many(rows) == Imported(2, 0, 0)
    assert await store.import_many(rows) == Imported(0, 0, 2)

    ended = msgspec.structs.replace(rows[0], valid_to=date(2026, 1, 1))
    later = union(begins=date(2026, 1, 2), name="另名")
    assert await store.import_many([ended, rows[1], later]) == Imported(1, 1, 1)
    kept = await store.all()
    assert sorted(kept, key=lambda row: (row.code, row.valid_from)) == [
        ended, later, rows[1],
    ]  # fmt: skip
    assert await store.import_many([]) == Imported(0, 0, 0)


async def test_one_wrong_row_keeps_all_out(store):
    wrong = union("U2", valid_to=date(2019, 1, 1))
    with pytest.raises(psycopg.errors.CheckViolation):
        await store.import_many([union(), wrong])
    assert await store.all() == []
