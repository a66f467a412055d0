"""Changes of case files over REST: a page that is none is a fault, and never a guess."""

from __future__ import annotations

import asyncio

import pytest

from connectors.port import ChangesWanted
from schema.records.change import Watermark
from schema.records.told import FaultCode
from tests.contracts.test_changes import change
from tests.rest.conftest import guarded
from tests.rest.foreign import mapping_text
from tests.rest.subjects import interface


def soon():
    return asyncio.get_running_loop().time() + 10


async def asked(guard, **wanted):
    return await guard.changes(ChangesWanted("request-1", 10, **wanted), soon())


FAULTS = {
    "500": FaultCode.PROVINCE_ERROR,
    "429": FaultCode.THROTTLED,
    "403": FaultCode.UNAUTHORISED,
    "torn": FaultCode.MALFORMED,
    "html": FaultCode.MALFORMED,
    "no rows": FaultCode.MALFORMED,
}


@pytest.mark.parametrize(("fault", "code"), FAULTS.items(), ids=FAULTS)
async def test_a_page_that_is_none_is_a_fault(province, fault, code):
    await province.patch(faults={"/v1/aj": fault})
    async with guarded(province) as guard:
        changed = await asked(guard)
    assert changed.changes is None
    assert changed.fault.code is code


async def test_it_is_asked_in_the_words_of_the_province(province):
    province.write(change("2026-44-1", 1))
    async with guarded(province) as guard:
        log = await asked(guard)
        file = await asked(guard, case_no="2026-44-1", seq=1)
    assert [one.seq for one in log.changes.arrivals] == [1, 1]
    (mark,) = file.changes.arrivals
    assert isinstance(mark, Watermark)
    assert mark.seq == 1


@pytest.mark.parametrize("words", [True, False])
async def test_without_settings_for_it_nothing_is_declared(province, words):
    rest = interface(province.url)
    del rest["changes"]
    mapping = mapping_text(changes=words)
    async with guarded(province, mapping=mapping, rest=rest) as guard:
        assert not guard.capabilities.changes
        changed = await asked(guard)
    assert changed.fault.code is FaultCode.NOT_SUPPORTED
