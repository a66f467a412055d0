from __future__ import annotations

import base64
import logging

import anyio
import psycopg
import pytest

from hub.store.rekey import rotate
from tests.builders.linking import by_number, pseudonyms, row
from tests.builders.linking import registrar as make_registrar
from tests.builders.numbers import many, number, old_form

PEOPLE = many(60, seed=21)


def _forms(text):
    """How a number might lie about, readable to who looks for it."""
    for written in (text, old_form(text), text[:17], text.lower()):
        raw = written.encode()
        yield written
        yield raw.hex()
        # whatever stands before it, two of three alignments show in base64
        for before in range(3):
            encoded = base64.b64encode(b"\0" * before + raw)
            yield encoded[4:20].decode()
        yield raw.decode().encode("utf-16-le").hex()


def _dump(url):
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        rows = [
            str(each)
            for schema, table in tables
            for each in connection.execute(
                f'SELECT t::text, row_to_json(t)::text FROM "{schema}"."{table}" t'  # noqa: S608
            ).fetchall()
        ]
        encoded = connection.execute(
            "SELECT encode(worker_key, 'base64') FROM worker_key"
        ).fetchall()
    return "\n".join([*rows, str(encoded)])


@pytest.fixture
def recorded(caplog, capfd):
    return caplog, capfd


async def test_no_number_is_readable_in_the_database_or_the_log(
    pool, store, database_url, recorded, postgres
):
    caplog, capfd = recorded
    caplog.set_level(logging.DEBUG)
    registrar = make_registrar(pool)
    rows = [row(each, "44", f"W{place}") for place, each in enumerate(PEOPLE)]
    rows += [
        row(PEOPLE[0], "44", "W0", kinds=("SKILL",)),
        row(PEOPLE[1], "44", "W999"),
        row(PEOPLE[2], "51", PEOPLE[3]),
        row(PEOPLE[4], "51", f"x{PEOPLE[5]}"),
        row(old_form(PEOPLE[6]), "51", "S6"),
        row(PEOPLE[7], PEOPLE[8], "S7"),
        row(PEOPLE[9], "51", "S9", kinds=(PEOPLE[9],)),
        row(PEOPLE[10], "51", "S10", valid_from=PEOPLE[10]),
        row(PEOPLE[11][:-1] + "?", "51", "S11"),
        row(number("999999"), "51", "S12"),
    ]
    results = await registrar.register(rows, "test")
    both = pseudonyms(1, 2, current=2)
    await rotate(pool, both)
    await store.locate([by_number(each, both) for each in PEOPLE])

    output = capfd.readouterr()
    places = {
        "database": _dump(database_url),
        "log": caplog.text,
        "output": output.out + output.err,
        "results": repr(results),
        "rows": repr(rows),
        "server's log": postgres.log.read_text(errors="replace"),
    }
    assert len(places["database"].splitlines()) > 120
    for where, text in places.items():
        for each in PEOPLE:
            assert not [form for form in _forms(each) if form in text], where


def test_the_search_would_find_a_number(database_url):
    (text,) = many(1, seed=22)
    hidden = text.encode()
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "INSERT INTO audit_entry VALUES (1, now(), 'x', %s, %s, '')",
            [base64.b64encode(b"ab" + hidden).decode(), hidden],
        )

    dump = _dump(database_url)

    found = {form for form in _forms(text) if form in dump}
    assert hidden.hex() in found
    assert len(found) >= 2


async def test_no_number_is_readable_in_the_files_of_the_server(
    pool, database_url, postgres
):
    """Not in a heap, an index or the write-ahead log either."""
    rows = [row(each, "44", f"W{place}") for place, each in enumerate(PEOPLE)]
    await make_registrar(pool).register(rows, "test")
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")

    searched = await anyio.run_process(
        ["grep", "-rlaF", "-f", "-", str(postgres.log.parent)],
        input="\n".join([*PEOPLE, *map(old_form, PEOPLE)]).encode(),
        check=False,
    )

    assert searched.stdout == b""
