"""What a GraphQL province does on the wire is held against the contract too."""

from __future__ import annotations

import dataclasses
from urllib.parse import urlsplit

import msgspec
import pytest

from connectors.conformance.opening import _wrong, visiting
from connectors.conformance.report import PARTS, Outcome
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


#: What a lie on the wire can be seen by.
WIRE = ("declare", "secrets", "wire")


async def outcomes(province, parts=tuple(PARTS)):
    async with served(province) as url:
        settings = ProvinceSettings(
            code="44", name_zh="广东", name_en="Guangdong", url=url, bearer_env="T44"
        )
        async with visiting(settings, {"T44": TOKEN}, CLOCK) as (connector, means):
            report = await run(
                connector, FEW, dataclasses.replace(means, rounds=1), parts=parts
            )
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
    told = await outcomes(make(), WIRE)

    wanted = Outcome.WARNED if warned else Outcome.FAILED
    assert {name for name, one in told.items() if one is wanted} == seen_by


@pytest.mark.parametrize(
    ("secret", "user"),
    [
        ("postgresql+psycopg://reader:s3cret@db/x", "reader"),
        ("postgresql://reader:p%40ss%2Fword@db/x", "reader"),
        ("mysql+pymysql://a:b@db:3306/x?charset=utf8", "a"),
    ],
)
def test_a_wrong_password_is_the_only_thing_that_is_wrong(secret, user):
    was, made = urlsplit(secret), urlsplit(_wrong(secret))

    assert made.password != was.password
    assert made.username == user
    assert was._replace(netloc="") == made._replace(netloc="")
    assert (was.hostname, was.port) == (made.hostname, made.port)


def test_what_has_no_password_is_no_secret():
    assert _wrong("sqlite:////data/own.sqlite") == ""
    assert _wrong("a-token") not in {"", "a-token"}


async def test_each_secret_is_wrong_by_itself_wherever_it_is_kept(tmp_path):
    file = tmp_path / "token"
    file.write_text("a-token-of-the-tests")
    async with served(Province()) as url:
        settings = ProvinceSettings(
            code="44", name_zh="广东", name_en="Guangdong", url=url, bearer_env="T44",
            secrets={"T44": {"file": str(file)}},
        )  # fmt: skip
        async with visiting(settings, {"T44": "another"}, CLOCK) as (connector, means):
            report = await run(connector, FEW, dataclasses.replace(means, rounds=1))
    told = {one.check.id: one for one in report.findings}

    assert set(means.strangers) == {"bearer_env"}
    assert told["secrets.wrong"].outcome is Outcome.PASSED
    assert report.conforms
