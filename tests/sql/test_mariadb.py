"""What MariaDB does in its own way, and what it must not."""

from __future__ import annotations

import asyncio
import signal
from time import monotonic

import pytest
from sqlalchemy import text

from connectors.faults import ProvinceFault
from connectors.sql.tongues import address
from schema.records.kinds import RecordKind
from schema.records.told import FaultCode
from tests.provinces import own_tables
from tests.provinces.over_sql import NEITHER, connector, soon
from tests.provinces.registers import membership, worker
from tests.sql.test_catalogue import MEMBERS, question

PEOPLE = [worker("w1", membership("a", "c1")), worker("w2", membership("b", "c2"))]
ALL = {"WORKER": ["name"], "MEMBERSHIP": ["membership_no", "joined_on"]}
#: For a user of a test.
_OURS = "of-a-test"


@pytest.fixture
def filled(mariadb):
    url, engine = mariadb
    with engine.begin() as connection:
        own_tables.fill(connection, PEOPLE)
    return url, engine


def reader(engine, *rights):
    """Make a user who may read these tables only; tell its address."""
    with engine.begin() as connection:
        connection.execute(text("DROP USER IF EXISTS reader@localhost"))
        connection.execute(
            text(f"CREATE USER reader@localhost IDENTIFIED BY '{_OURS}'")
        )
        for table in rights:
            connection.execute(text(f'GRANT SELECT ON "{table}" TO reader@localhost'))


async def told(one):
    return await one.ask(question("w1", "w2", **ALL), soon())


async def test_who_may_read_only_reads_and_a_wrong_password_is_told(filled):
    url, engine = filled
    reader(engine, "省_WORKER", "省_MEMBERSHIP")
    for password, code in ((_OURS, None), ("wrong", FaultCode.UNAUTHORISED)):
        where = address(url).set(username="reader", password=password)
        one = connector(where, own_tables.mapping(MEMBERS), NEITHER)
        if code is None:
            await one.probe(soon())
            assert (await told(one)).workers[0][0].memberships
        else:
            with pytest.raises(ProvinceFault) as raised:
                await one.probe(soon())
            assert raised.value.code is code
            assert password not in raised.value.detail
        await one.close()


async def test_a_right_that_is_withdrawn_costs_its_kind(filled):
    url, engine = filled
    reader(engine, "省_WORKER", "省_MEMBERSHIP")
    where = address(url).set(username="reader", password=_OURS)
    one = connector(where, own_tables.mapping(MEMBERS), NEITHER)
    await one.probe(soon())
    with engine.begin() as connection:
        connection.execute(
            text('REVOKE SELECT ON "省_MEMBERSHIP" FROM reader@localhost')
        )
    answer = await told(one)
    await one.close()
    assert [fault.kinds for fault in answer.faults] == [(RecordKind.MEMBERSHIP,)]
    assert answer.workers[0][0].memberships is None
    assert [found.local_id for found in answer.workers[0]] == ["w1", "w2"]


async def test_names_that_differ_in_capitals_are_two_workers(filled):
    url, engine = filled
    with engine.begin() as connection:
        # As provinces have it that never asked for anything else.
        connection.execute(
            text(
                'ALTER TABLE "省_WORKER" MODIFY "LOCAL_ID" VARCHAR(64)'
                " COLLATE utf8mb4_general_ci"
            )
        )
    one = connector(url, own_tables.mapping(MEMBERS), NEITHER)
    await one.probe(soon())
    answer = await one.ask(question("W1", "w1", "w1 ", WORKER=["name"]), soon())
    await one.close()
    assert [found and found.local_id for found in answer.workers[0]] == [
        None,
        "w1",
        None,
    ]
    assert answer.faults == ()


async def test_a_server_that_hangs_costs_its_deadline_and_is_whole_after(filled, maria):
    url, _ = filled
    one = connector(url, own_tables.mapping(MEMBERS), NEITHER)
    await one.probe(soon())
    loop = asyncio.get_running_loop()
    maria.process.send_signal(signal.SIGSTOP)
    try:
        began = monotonic()
        with pytest.raises(TimeoutError):
            # The guard waits no longer than this, whatever the thread does.
            async with asyncio.timeout(0.3):
                await one.ask(question("w1", **ALL), loop.time() + 0.3)
        assert monotonic() - began < 2
    finally:
        maria.process.send_signal(signal.SIGCONT)
    assert (await told(one)).faults == ()
    await one.close()


async def test_a_line_that_is_cut_is_a_fault_once(filled):
    url, engine = filled
    one = connector(url, own_tables.mapping(MEMBERS), NEITHER)
    await one.probe(soon())
    with engine.begin() as connection:
        lines = connection.execute(text("SHOW PROCESSLIST")).all()
        own = connection.execute(text("SELECT CONNECTION_ID()")).scalar()
        for line in lines:
            if line[0] != own and line[3] == engine.url.database:
                connection.execute(text(f"KILL CONNECTION {line[0]}"))
    codes = set()
    for _ in range(NEITHER.connections + 1):
        try:
            answer = await told(one)
            break
        except ProvinceFault as failed:
            codes.add(failed.code)
    await one.close()
    assert codes <= {FaultCode.BROKEN_OFF}
    assert answer.faults == ()
