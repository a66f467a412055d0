"""What a GraphQL province does on the wire is held against the contract too."""

from __future__ import annotations

import dataclasses

import msgspec
import pytest

from connectors.conformance.opening import visiting
from connectors.conformance.report import Outcome
from connectors.conformance.running import run
from connectors.settings import ProvinceSettings
from schema.records.kinds import RecordKind
from tests.conformance.lying_wire import TOKEN, WIRE_LIES, Province, served
from tests.conformance.sound import CLOCK, SAMPLE

FEW = msgspec.structs.replace(
    SAMPLE,
    rows={RecordKind.SKILL: ("gd-0001",)},
    none={RecordKind.TRAINING: ("gd-0001",)},
)


async def outcomes(province):
    async with served(province) as url:
        settings = ProvinceSettings(
            code="44", name_zh="广东", name_en="Guangdong", url=url, bearer_env="T44"
        )
        async with visiting(settings, {"T44": TOKEN}, CLOCK) as (connector, means):
            report = await run(connector, FEW, dataclasses.replace(means, rounds=1))
    return {one.check.id: one.outcome for one in report.findings}


async def test_a_sound_one_passes():
    told = await outcomes(Province())

    assert set(told.values()) == {
        Outcome.PASSED, Outcome.SKIPPED, Outcome.INAPPLICABLE
    }  # fmt: skip
    skipped = {name for name, one in told.items() if one is Outcome.SKIPPED}
    assert skipped == {"refuse.acts"}
    passed = {name for name, one in told.items() if one is Outcome.PASSED}
    assert len([name for name in passed if name.startswith("wire.")]) == 9


@pytest.mark.parametrize("name", WIRE_LIES)
async def test_a_lie_is_found_by_its_check(name):
    _, seen_by, make, warned = WIRE_LIES[name]
    told = await outcomes(make())

    wanted = Outcome.WARNED if warned else Outcome.FAILED
    assert {name for name, one in told.items() if one is wanted} == seen_by
