"""Acts through the agreed table: pending, once for each key, in their order, in part."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, select, text, update

from connectors.faults import ProvinceFault
from connectors.port import ChangesWanted
from connectors.sql.agreed import inbox
from connectors.sql.settings import SqlSettings
from connectors.sql.tongues import address
from schema.records.command import Answered, RefusalCode
from schema.records.kinds import RecordKind
from schema.records.told import FaultCode
from tests.provinces import own_tables
from tests.provinces.over_sql import NEITHER, connector, soon
from tests.provinces.registers import JOINED, command, membership, worker
from tests.sql.test_catalogue import MEMBERS, question

LINES = inbox("hub_inbox")
README = Path(__file__).parents[2] / "connectors/REFERENCE.md"
SHORT = SqlSettings(
    url_env="X", connections=2, inbox="hub_inbox", receipt_wait=timedelta(0)
)
AGREED_SHORT = SqlSettings(
    url_env="X",
    connections=2,
    inbox="hub_inbox",
    changes="hub_log",
    receipt_wait=timedelta(0),
)
OUT, BACK = command("REGISTER_OUT"), command("CANCEL_OUT")


@pytest.fixture
async def province(database):
    """A province whose office is asleep; its inbox is empty."""
    url, engine = database
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM hub_inbox"))
    one = connector(url, own_tables.mapping(MEMBERS), SHORT)
    await one.probe(soon())
    yield one, engine
    await one.close()


def answer(engine, key, **receipt):
    with engine.begin() as connection:
        mine = update(LINES).where(LINES.c.key == key)
        connection.execute(mine.values(**receipt))


def keys(engine):
    with engine.connect() as connection:
        return list(
            connection.execute(select(LINES.c.key).order_by(LINES.c.seq)).scalars()
        )


async def test_what_nobody_has_answered_is_pending_and_is_written_once(province):
    one, engine = province
    for _ in range(2):
        acted = await one.act([OUT, BACK], "r", soon())
        assert [told.answered for told in acted.receipts] == [Answered.PENDING] * 2
        assert acted.fault is None

    assert keys(engine) == [OUT.key, BACK.key]
    done = {"answered": "DONE", "entry": "44-1", "first_joined_on": JOINED}
    answer(engine, OUT.key, **done)
    first, second = (await one.act([OUT, BACK], "r", soon())).receipts
    assert (first.answered, first.entry, first.joined_on) == ("DONE", "44-1", JOINED)
    assert second.answered is Answered.PENDING


async def test_commands_at_the_same_moment_leave_one_line_each(province):
    one, engine = province
    async with asyncio.TaskGroup() as group:
        for _ in range(6):
            group.create_task(one.act([OUT, BACK], "r", soon()))
    assert keys(engine) == [OUT.key, BACK.key]


async def test_a_receipt_that_is_none_is_unknown_and_costs_no_other(province):
    one, engine = province
    await one.act([OUT, BACK], "r", soon())
    answer(engine, OUT.key, answered="PERHAPS")
    answer(engine, BACK.key, answered="DONE")
    acted = await one.act([OUT, BACK], "r", soon())

    assert acted.receipts[0] is None
    assert acted.receipts[1].answered is Answered.DONE
    assert acted.fault.code is FaultCode.MALFORMED


async def test_a_refusal_has_its_reason(province):
    one, engine = province
    await one.act([OUT], "r", soon())
    answer(engine, OUT.key, answered="REFUSED", code="NOT_ACTIVE", message="已退会")
    (told,) = (await one.act([OUT], "r", soon())).receipts

    assert (told.answered, told.code) == (Answered.REFUSED, RefusalCode.NOT_ACTIVE)
    assert told.message == "已退会"


async def test_without_an_inbox_acts_are_refused(database):
    one = connector(database[0], own_tables.mapping(MEMBERS), NEITHER)
    await one.probe(soon())
    assert one.capabilities.acts == frozenset()
    for asked in (one.act([OUT], "r", soon()),):
        with pytest.raises(ProvinceFault) as raised:
            await asked
        assert raised.value.code is FaultCode.NOT_SUPPORTED
    await one.close()


#: What connectors/REFERENCE.md asks a province to grant, and no more.
RIGHTS = """
CREATE ROLE hub_reader LOGIN PASSWORD 'of-the-test';
GRANT SELECT ON "省_WORKER", "省_MEMBERSHIP", hub_inbox, hub_log TO hub_reader;
GRANT INSERT ON hub_inbox TO hub_reader;
"""


async def test_the_rights_that_are_asked_for_are_enough_and_no_more_is_read(postgresql):
    url, engine = postgresql
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM hub_inbox"))
        connection.execute(text(RIGHTS))
        own_tables.fill(connection, [worker("w1", membership("a", "c1"))])
    role = address(url).set(username="hub_reader", password="of-the-test")  # noqa: S106
    fields = {**MEMBERS, RecordKind.SKILL: {"level"}}
    one = connector(role, own_tables.mapping(fields), AGREED_SHORT)
    told = await one.probe(soon())
    acted = await one.act([OUT, BACK], "r", soon())
    rows = await one.ask(question("w1", MEMBERSHIP=["state"]), soon())
    changed = await one.changes(ChangesWanted("r", 10), soon())
    # A table that is there and that we may not read costs its own kind.
    skills = await one.ask(question("w1", SKILL=["level"], WORKER=["name"]), soon())
    await one.close()
    with engine.begin() as connection:
        connection.execute(text("DROP OWNED BY hub_reader; DROP ROLE hub_reader"))

    assert told.changes
    assert [one.answered for one in acted.receipts] == [Answered.PENDING] * 2
    assert keys(engine) == [OUT.key, BACK.key]
    assert rows.workers[0][0].memberships
    assert changed.changes.arrivals == ()
    assert skills.workers[0][0].skills is None
    assert skills.faults[0].kinds == (RecordKind.SKILL,)


def test_the_tables_that_the_readme_shows_are_the_ones_that_are_agreed(
    empty_database_url, postgresql
):
    (shown,) = re.findall(r"```sql\n(.+?)```", README.read_text("utf-8"), re.DOTALL)
    told = []
    for url in (empty_database_url, postgresql[0]):
        engine = create_engine(address(url))
        if url is empty_database_url:
            with engine.begin() as connection:
                connection.execute(text(shown))
        there = inspect(engine)
        told.append({
            (table, column["name"], str(column["type"]), column["nullable"])
            for table in ("hub_inbox", "hub_log")
            for column in there.get_columns(table)
        })  # fmt: skip
        engine.dispose()

    assert told[0] == told[1]
    assert len(told[0]) > 30
