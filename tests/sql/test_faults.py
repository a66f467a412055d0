"""What goes wrong with a database becomes a fault, in its time, and ends when it ends."""

from __future__ import annotations

import asyncio
import logging
import shutil
import signal
import tempfile
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import create_engine, text

from connectors.faults import ProvinceFault
from connectors.port import WHOLE_CONTRACT
from connectors.sql.database import Database
from connectors.sql.tongues import UnknownTongue, address
from deploy.demo.postgres import EmbeddedPostgres
from hub.clock import SystemClock
from schema.records.kinds import RecordKind
from schema.records.record import UNSET
from schema.records.told import FaultCode
from tests.provinces import over_sql, own_tables
from tests.provinces.over_sql import NEITHER, connector, soon
from tests.provinces.registers import membership, worker
from tests.sql.test_catalogue import MEMBERS, question

PEOPLE = [worker("w1", membership("a", "c1")), worker("w2", membership("b", "c2"))]
ALL = {"WORKER": ["name"], "MEMBERSHIP": ["membership_no", "joined_on"]}


_SLOW = {
    "postgresql": "SELECT pg_sleep(20)",
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
    " SELECT count(*) FROM n",
    "mysql": "SELECT COUNT(*) FROM information_schema.COLUMNS a, information_schema.COLUMNS b"
    ", information_schema.COLUMNS c",
    "mariadb": "SELECT COUNT(*) FROM information_schema.COLUMNS a, information_schema.COLUMNS b"
    ", information_schema.COLUMNS c",
}


@pytest.fixture
def filled(database):
    url, engine = database
    with engine.begin() as connection:
        own_tables.fill(connection, PEOPLE)
    return url, engine


async def speaking(url, settings=NEITHER):
    one = connector(url, own_tables.mapping(MEMBERS), settings)
    await one.probe(soon())
    return one


async def test_a_slow_statement_ends_at_the_deadline_in_the_database_too(filled):
    url, engine = filled
    one = await speaking(url)
    slow = _SLOW[engine.dialect.name]
    loop = asyncio.get_running_loop()
    began = monotonic()
    with pytest.raises(ProvinceFault) as raised:
        await one._database.read(
            lambda session: session.connection.execute(text(slow)), loop.time() + 0.2
        )
    assert raised.value.code is FaultCode.TIMED_OUT
    assert monotonic() - began < 5
    # The connection is whole again.
    answer = await one.ask(question("w1", **ALL), soon())
    assert answer.faults == ()
    await one.close()


async def test_no_time_left_is_told_without_asking(filled):
    one = await speaking(filled[0])
    past = asyncio.get_running_loop().time() - 1
    with pytest.raises(ProvinceFault) as raised:
        await one.ask(question("w1", **ALL), past)
    assert raised.value.code is FaultCode.TIMED_OUT
    await one.close()


async def test_reading_cannot_write(filled):
    url, _ = filled
    one = await speaking(url)
    with pytest.raises(ProvinceFault) as raised:
        await one._database.read(
            lambda session: session.connection.execute(text("DELETE FROM hub_log")),
            soon(),
        )
    assert raised.value.code is FaultCode.PROVINCE_ERROR
    await one.close()


async def test_a_value_that_cannot_be_read_costs_its_own_field_only(filled, caplog):
    url, engine = filled
    one = await speaking(url)
    # The furthest day that the database has; Python knows none so far.
    day = "'infinity'" if engine.dialect.name == "postgresql" else "'31 Feb'"
    with engine.begin() as connection:
        which = f'SET "JOINED_ON" = {day} WHERE "ID" = \'a\''
        connection.execute(text('UPDATE "省_MEMBERSHIP" ' + which))
    with caplog.at_level(logging.WARNING):
        answer = await one.ask(question("w1", "w2", **ALL), soon())
    await one.close()

    (fault,) = answer.faults
    assert (fault.code, fault.kinds) == (FaultCode.PARTIAL, (RecordKind.MEMBERSHIP,))
    first, second = answer.workers[0]
    (row,) = first.memberships
    assert (row.membership_no, row.joined_on) == ("c1", UNSET)
    assert second.memberships[0].joined_on == PEOPLE[1].memberships[0].joined_on
    assert "field=joined_on column=JOINED_ON why=NOT_A_DATE" in caplog.text
    assert "infinity" not in caplog.text
    assert "31 Feb" not in caplog.text


async def test_a_row_without_its_date_is_no_row_and_its_kind_is_not_told(filled):
    url, engine = filled
    one = await speaking(url)
    with engine.begin() as connection:
        connection.execute(
            text('UPDATE "省_MEMBERSHIP" SET "AS_OF" = NULL WHERE "ID" = \'a\'')
        )
    answer = await one.ask(question("w1", "w2", **ALL), soon())
    await one.close()

    assert answer.workers[0][0].memberships is None
    assert answer.workers[0][1].memberships
    assert answer.faults[0].kinds == (RecordKind.MEMBERSHIP,)


async def test_text_that_is_no_utf_8_costs_its_own_field_only(sqlite):
    url, engine = sqlite
    with engine.begin() as connection:
        own_tables.fill(connection, PEOPLE)
        connection.execute(
            text('UPDATE "省_WORKER" SET "NAME" = CAST(x\'C0C1\' AS TEXT)')
        )
    one = await speaking(url)
    answer = await one.ask(question("w1", **ALL), soon())
    await one.close()

    assert answer.workers[0][0].name is UNSET
    assert answer.workers[0][0].memberships
    assert answer.faults[0].kinds == (RecordKind.WORKER,)


async def test_two_workers_of_one_name_are_nobody(postgresql):
    url, engine = postgresql
    with engine.begin() as connection:
        own_tables.fill(connection, PEOPLE)
        connection.execute(
            text(
                'CREATE VIEW twice AS SELECT * FROM "省_WORKER"'
                ' UNION ALL SELECT * FROM "省_WORKER" WHERE "LOCAL_ID" = \'w1\''
            )
        )
    names = {RecordKind.WORKER: {"name"}}
    mapping = own_tables.mapping(names, source=lambda _: "twice")
    one = connector(url, mapping, NEITHER)
    answer = await one.ask(question("w1", "w2", WORKER=["name"]), soon())
    await one.close()
    with engine.begin() as connection:
        connection.execute(text("DROP VIEW twice"))

    assert [told and told.local_id for told in answer.workers[0]] == [None, "w2"]
    assert answer.faults[0].kinds == (RecordKind.WORKER,)


async def test_rows_without_a_date_of_their_own_are_as_fresh_as_the_look_up(filled):
    url, _ = filled
    written = own_tables.mapping_text(MEMBERS).replace('as_of = "AS_OF"', "")
    one = connector(url, own_tables.Mapping.load(written.encode(), "44"), NEITHER)
    before = SystemClock().now()
    answer = await one.ask(question("w1", **ALL), soon())
    await one.close()

    (told,) = answer.workers[0]
    assert before <= told.as_of <= answer.fetched_at
    assert told.memberships[0].as_of == told.as_of


async def test_keys_are_looked_for_as_the_column_holds_them(database):
    url, engine = database
    number = "BIGINT" if engine.dialect.name == "postgresql" else "INTEGER"
    with engine.begin() as connection:
        connection.execute(text(f'CREATE TABLE people ("LOCAL_ID" {number}, nm TEXT)'))
        connection.execute(text("INSERT INTO people VALUES (7, '李四')"))
    written = (
        'version = 1\n[kinds.WORKER]\nsource = "people"\nkey = "LOCAL_ID"\n'
        '[kinds.WORKER.fields]\nname = "nm"\n'
    )
    one = connector(url, own_tables.Mapping.load(written.encode(), "44"), NEITHER)
    keys = ("7", "07", "x", "9" * 40, "-7", "٧")
    answer = await one.ask(question(*keys, WORKER=["name"]), soon())
    await one.close()
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE people"))

    assert [told and told.name for told in answer.workers[0]] == ["李四", *[None] * 5]
    assert answer.workers[0][0].local_id == "7"
    assert answer.faults == ()


async def test_more_keys_than_fit_into_one_statement_are_all_found(filled):
    url, engine = filled
    many = [worker(f"x{n}", membership("a", f"c{n}")) for n in range(1201)]
    with engine.begin() as connection:
        own_tables.fill(connection, many)
    one = await speaking(url)
    keys = tuple(told.local_id for told in many)
    answer = await one.ask(question(*keys, **ALL), soon())
    await one.close()

    assert [told.memberships[0].membership_no for told in answer.workers[0]] == [
        f"c{n}" for n in range(1201)
    ]


@pytest.fixture
def place():
    """Where a server may live that is another user's, if we are root."""
    directory = Path(tempfile.mkdtemp(prefix="sql-gone-"))
    directory.chmod(0o711)
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


async def test_a_server_that_is_gone_is_a_fault_and_its_return_needs_nothing(place):
    with EmbeddedPostgres(place, durable=False) as server:
        url = server.ensure_database("own")
        engine = create_engine(address(url))
        over_sql.make(engine)
        with engine.begin() as connection:
            own_tables.fill(connection, PEOPLE)
        engine.dispose()
        one = await speaking(url)
        assert (await one.ask(question("w1", **ALL), soon())).workers[0][0]
        server.process.send_signal(signal.SIGINT)
        server.process.wait()
        codes = [await failing(one) for _ in range(2)]
        server._server.let_go()
        server._run(server._place)
        # Connections of before may be left: each is found dead once.
        for _ in range(NEITHER.connections + 1):
            try:
                answer = await one.ask(question("w1", **ALL), soon())
                break
            except ProvinceFault as failed:
                codes.append(failed.code)
        assert answer.workers[0][0].memberships[0].membership_no == "c1"
        assert set(codes) <= {FaultCode.BROKEN_OFF, FaultCode.UNREACHABLE}
        await one.close()


async def failing(one):
    with pytest.raises(ProvinceFault) as raised:
        await one.ask(question("w1", **ALL), soon())
    return raised.value.code


async def test_a_wrong_role_and_a_place_without_a_database(postgresql, tmp_path):
    url, _ = postgresql
    for wrong, code in (
        (address(url).set(password="wrong"), FaultCode.UNAUTHORISED),  # noqa: S106
        (address(url).set(database="none"), FaultCode.UNREACHABLE),
        (address(f"sqlite:///{tmp_path}/none.sqlite"), FaultCode.UNREACHABLE),
    ):
        one = connector(wrong, own_tables.mapping(MEMBERS), NEITHER)
        with pytest.raises(ProvinceFault) as raised:
            await one.probe(soon())
        assert raised.value.code is code, wrong.get_backend_name()
        assert "wrong" not in raised.value.detail
        await one.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("written", ["", "nonsense", "oracle+none://a:secret@b/c"])
def test_an_address_that_is_none_is_told_without_itself(written):
    with pytest.raises(UnknownTongue) as raised:
        Database(address(written), 1, 1)
    assert "secret" not in str(raised.value)


def test_the_whole_contract_can_be_mapped():
    assert own_tables.mapping(WHOLE_CONTRACT.fields).fields == WHOLE_CONTRACT.fields
