"""What a province declares: asked for, checked, and remembered."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import aiohttp
import pytest

from connectors.credentials import Credentials
from connectors.faults import ProvinceFault
from connectors.graphql.connector import GraphQLConnector
from connectors.port import WHOLE_CONTRACT
from connectors.transport import Transport
from hub.clock import SystemClock
from schema.records.kinds import RecordKind
from schema.records.told import FaultCode
from tests.connectors.conftest import QUESTION, settings_for
from tests.provinces.launch import running

ALL = sorted(RecordKind)


class Then:
    """A clock that stands still."""

    def now(self):
        return datetime(2026, 11, 1, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def plain():
    with running("tests.provinces.plain") as told:
        yield told["url"]


@pytest.fixture
async def connector(plain):
    made = connect(plain)
    yield made
    await made.close()


def connect(url, clock=None):
    settings = settings_for(url)
    transport = Transport(settings, Credentials(None, None), clock or SystemClock())
    return GraphQLConnector(settings, transport, SystemClock())


async def keep(url, **told):
    async with aiohttp.ClientSession() as session, session.put(url, json=told) as reply:
        assert reply.status == 200


def soon():
    return asyncio.get_running_loop().time() + 5


async def fault_of(awaited):
    with pytest.raises(ProvinceFault) as raised:
        await awaited
    return raised.value


async def test_an_older_version_with_fewer_kinds_is_normal(plain, connector):
    kinds = ["WORKER", "MEMBERSHIP", "PET"]
    await keep(plain, version="0.9", kinds=kinds, without=["Membership.seasonal"])
    told = await connector.probe(soon())
    assert told == connector.capabilities
    assert told.contract_version == "0.9"
    assert told.kinds == {RecordKind.WORKER, RecordKind.MEMBERSHIP}
    assert "seasonal" not in told.fields[RecordKind.MEMBERSHIP]
    assert await connector.probe(soon()) is told, "the same SDL is not read twice"


async def test_another_province_at_the_address_is_found_out(plain, connector):
    await keep(plain, code="33", kinds=ALL)
    fault = await fault_of(connector.probe(soon()))
    assert fault.code is FaultCode.MALFORMED
    assert connector.capabilities == WHOLE_CONTRACT


async def test_after_another_major_version_nothing_is_asked_until_it_says_otherwise(
    plain, connector
):
    await keep(plain, version="2.0", kinds=ALL)
    assert (await fault_of(connector.probe(soon()))).code is FaultCode.NOT_SUPPORTED
    assert connector.capabilities.kinds == frozenset()
    asked = await fault_of(connector.ask(QUESTION, soon()))
    assert asked.code is FaultCode.NOT_SUPPORTED
    await keep(plain, version="1.3", kinds=ALL)
    assert (await connector.probe(soon())).fields == WHOLE_CONTRACT.fields


PATHS = {
    "/errors": FaultCode.PROVINCE_ERROR,
    "/400-unknown": FaultCode.NOT_SUPPORTED,
    "/500": FaultCode.PROVINCE_ERROR,
    "/500-json": FaultCode.PROVINCE_ERROR,
    "/null-data": FaultCode.MALFORMED,
    "/ok": FaultCode.MALFORMED,
    "/huge": FaultCode.TOO_LARGE,
}


@pytest.mark.parametrize(("path", "code"), PATHS.items(), ids=PATHS)
async def test_a_probe_that_fails_changes_nothing(hostile, path, code):
    connector = connect(hostile.url(path))
    assert (await fault_of(connector.probe(soon()))).code is code
    assert connector.capabilities == WHOLE_CONTRACT
    await connector.close()


async def test_a_moment_to_come_back_is_turned_into_a_wait(hostile):
    connector = connect(hostile.url("/503-until"), Then())
    fault = await fault_of(connector.ask(QUESTION, soon()))
    assert (fault.code, fault.retry_after) == (FaultCode.PROVINCE_ERROR, 30.0)
    await connector.close()
