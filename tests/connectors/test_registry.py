"""The registry: every province in its guard, and the watch over what they serve."""

from __future__ import annotations

import asyncio

import pytest

from connectors.health import ProvinceState
from connectors.memory import MemoryConnector
from connectors.port import WHOLE_CONTRACT, Capabilities
from connectors.registry import Registry
from schema.records.keys import ProvinceCode
from schema.records.kinds import RecordKind
from schema.records.told import FaultCode
from tests.connectors.conftest import QUESTION, ask, settings_for
from tests.connectors.test_guard import over_memory
from tests.provinces.launch import running
from tests.provinces.opened import registry_of


@pytest.fixture(scope="module")
def plain():
    with running("tests.provinces.plain") as told:
        yield told["url"]


def registry(*provinces, environ=None):
    return registry_of(provinces, environ or {})


async def test_one_bad_province_never_stops_the_start(hostile, plain):
    made = registry(
        settings_for(plain, code="44"),
        settings_for(hostile.url("/hang"), code="33", deadline="400ms"),
        settings_for(hostile.url("/ok", "closed"), code="51"),
        settings_for(hostile.url("/ok"), code="63", bearer_env="NOT_SET"),
        settings_for(hostile.url("/ok"), code="42", paused=True),
    )
    began = asyncio.get_running_loop().time()
    await made.start()
    try:
        assert asyncio.get_running_loop().time() - began < 4.0
        told = {g.province: (g.health().state, g.health().declared) for g in made.all()}
        assert told == {
            "33": (ProvinceState.FAILING, False),
            "42": (ProvinceState.PAUSED, False),
            "44": (ProvinceState.ANSWERING, True),
            "51": (ProvinceState.FAILING, False),
            "63": (ProvinceState.FAILING, False),
        }
        answer = await ask(made.get(ProvinceCode("63")))
        assert answer.faults[0].code is FaultCode.NOT_CONNECTED
        assert made.get(ProvinceCode("11")) is None
    finally:
        await made.close()


async def test_closing_ends_the_watch():
    before = asyncio.all_tasks()
    made = Registry([over_memory()])
    await made.start()
    assert len(asyncio.all_tasks()) == len(before) + 1
    await made.close()
    assert asyncio.all_tasks() == before


def test_two_connectors_of_one_province_are_refused():
    with pytest.raises(ValueError, match="44"):
        Registry([over_memory(), over_memory()])


async def test_a_refused_question_makes_the_watch_ask_again_what_is_served():
    guard = over_memory(probe_every="1h")
    connector = guard._connector
    assert isinstance(connector, MemoryConnector)
    made = Registry([guard])
    await made.start()
    try:
        asked = 0

        async def count():
            nonlocal asked
            asked += 1

        connector.before = count
        connector._capabilities = Capabilities("1.0", {RecordKind.SKILL: frozenset()})
        answer = await guard.ask(QUESTION, asyncio.get_running_loop().time() + 1)
        assert answer.faults[0].code is FaultCode.NOT_SUPPORTED
        await asyncio.sleep(1.2)
        assert asked == 2, "the question, and then a probe"
    finally:
        await made.close()


async def test_before_it_is_asked_a_province_serves_what_the_settings_say(hostile):
    kinds = (RecordKind.WORKER, RecordKind.SKILL)
    made = registry(settings_for(hostile.url("/ok"), kinds=kinds))
    (guard,) = made.all()
    assert guard.capabilities.kinds == set(kinds)
    skills = guard.capabilities.fields[RecordKind.SKILL]
    assert skills == WHOLE_CONTRACT.fields[RecordKind.SKILL]
    assert not guard.health().declared
