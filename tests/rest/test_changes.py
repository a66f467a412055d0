"""Changes of case files over REST: a page that is none is a fault, and never a guess."""

from __future__ import annotations

import asyncio

import pytest

from connectors.faults import ProvinceFault
from connectors.mapping.mapping import Mapping
from connectors.own_words.log import page
from connectors.own_words.settings import LogPlaces
from connectors.port import ChangesWanted
from schema.records.change import Watermark
from schema.records.told import FaultCode
from tests.contracts.test_changes import change
from tests.rest.conftest import guarded
from tests.rest.foreign import change_row, mapping_text
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


async def test_a_line_that_cannot_be_read_is_set_aside_by_its_name_with_the_reason():
    mapping = Mapping.load(mapping_text().encode(), "44.toml")
    good = change_row(change("2026-44-1", 1))
    late = {**change_row(change("2026-44-1", 2)), "D_AS_OF": "昨天"}
    nameless = {**late, "D_CASE_NO": None}
    rows = [good, late, nameless, change_row(change("2026-44-1", 3))]
    told = {"changes": rows, "watermarks": [], "next": "n", "more": True}

    read = page("44", mapping.change, LogPlaces(), told, 10)

    assert [one.seq for one in read.arrivals] == [1, 3]
    named, unnamed = read.unfit
    assert (named.case_no, named.seq) == ("2026-44-1", 2)
    assert named.rule.startswith("as_of:")
    assert (unnamed.case_no, unnamed.seq) == ("", 0)
    assert unnamed.rule.startswith("case_no:")
    with pytest.raises(ProvinceFault):
        page("44", mapping.change, LogPlaces(), told, 3)
