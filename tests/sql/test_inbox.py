"""Acts through the agreed table: pending, once for each key, in their order, in part."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from connectors.faults import ProvinceFault
from connectors.sql.agreed import inbox
from connectors.sql.settings import SqlSettings
from schema.records.command import Answered, RefusalCode
from schema.records.told import FaultCode
from tests.provinces import own_tables
from tests.provinces.over_sql import NEITHER, connector, soon
from tests.provinces.registers import JOINED, command
from tests.sql.test_catalogue import MEMBERS

LINES = inbox("hub_inbox")
SHORT = SqlSettings(
    url_env="X", connections=2, inbox="hub_inbox", receipt_wait=timedelta(0)
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
