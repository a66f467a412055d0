"""A REST province may do anything: each failure has its name, and costs what it must."""

from __future__ import annotations

import logging

import msgspec
import pytest

from schema.records.kinds import RecordKind
from schema.records.record import UNSET
from schema.records.selection import Selection
from schema.records.skill import SkillLevel, SkillRecord
from schema.records.told import FaultCode
from tests.contracts.test_connector import AT, WANG
from tests.rest.conftest import ask, guarded
from tests.rest.foreign import mapping_text
from tests.rest.subjects import interface

WORKERS, MEMBERS = "/v1/gr/query", "/v1/hy/query"
CROWD = {f"gd-{n}": msgspec.structs.replace(WANG, local_id=f"gd-{n}") for n in range(5)}
SKILLS = Selection.of({RecordKind.WORKER: {"name"}, RecordKind.SKILL: {"level"}})

#: What goes wrong where the workers are asked for, and what it is called.
CODES = {
    "500": FaultCode.PROVINCE_ERROR,
    "503 html": FaultCode.PROVINCE_ERROR,
    "429": FaultCode.THROTTLED,
    "401": FaultCode.UNAUTHORISED,
    "403": FaultCode.UNAUTHORISED,
    "400": FaultCode.MALFORMED,
    "405": FaultCode.NOT_SUPPORTED,
    "404 html": FaultCode.MALFORMED,
    "302": FaultCode.REDIRECTED,
    "202": FaultCode.MALFORMED,
    "206": FaultCode.MALFORMED,
    "torn": FaultCode.MALFORMED,
    "html": FaultCode.MALFORMED,
    "no rows": FaultCode.MALFORMED,
    "not utf-8": FaultCode.MALFORMED,
    "ring": FaultCode.MALFORMED,
    "repeats": FaultCode.MALFORMED,
}


def codes(answer):
    return [(one.code, one.kinds) for one in answer.faults]


@pytest.mark.parametrize(("fault", "code"), CODES.items(), ids=CODES)
async def test_without_the_workers_there_is_no_answer(province, fault, code):
    await province.put(workers=CROWD)
    await province.patch(faults={WORKERS: fault})
    async with guarded(province) as guard:
        answer = await ask(guard, CROWD)
        assert answer.workers == ()
        assert codes(answer) == [(code, ())]


@pytest.mark.parametrize("fault", ["500", "403", "torn", "html", "no rows", "302"])
async def test_a_kind_that_fails_costs_that_kind(province, fault, caplog):
    await province.patch(faults={MEMBERS: fault})
    async with guarded(province) as guard:
        with caplog.at_level(logging.WARNING):
            answer = await ask(guard)
    ((worker,),) = answer.workers
    assert (worker.name, worker.memberships) == ("李四", None)
    assert codes(answer) == [(FaultCode.PARTIAL, (RecordKind.MEMBERSHIP,))]
    assert "kind" not in caplog.text or "李四" not in caplog.text
    assert "MEMBERSHIP:" in caplog.text


async def test_who_asks_to_wait_is_left_alone(province):
    await province.patch(faults={MEMBERS: "429"})
    async with guarded(province) as guard:
        first = await ask(guard)
        await province.patch(faults={})
        second = await ask(guard)
        assert codes(first) == codes(second) == [(FaultCode.THROTTLED, ())]
        assert (await province.seen())["seen"] == [], "it was asked all the same"


async def test_what_fails_once_is_tried_again(province):
    await province.patch(faults={WORKERS: "429"})
    async with guarded(province, retry={"attempts": 2}) as guard:
        answer = await ask(guard, seconds=0.8)
        assert codes(answer) == [(FaultCode.THROTTLED, ())], "there was no time"


async def test_a_row_of_another_worker_is_dropped_and_named(province, caplog):
    await province.patch(faults={MEMBERS: "stranger"})
    async with guarded(province) as guard:
        with caplog.at_level(logging.WARNING):
            answer = await ask(guard)
    ((worker,),) = answer.workers
    assert [row.id for row in worker.memberships] == ["m1", "m2"]
    assert codes(answer) == [(FaultCode.MALFORMED, (RecordKind.MEMBERSHIP,))]
    assert "MEMBERSHIP:ANOTHER_WORKER" in caplog.text
    assert "gd-666" not in caplog.text


async def test_a_value_that_the_mapping_cannot_read_costs_its_field(province, caplog):
    mapping = mapping_text().replace('"02" = "ACTIVE"', '"99" = "ACTIVE"')
    async with guarded(province, mapping=mapping) as guard:
        with caplog.at_level(logging.WARNING):
            answer = await ask(guard)
    ((worker,),) = answer.workers
    assert worker.name == "李四"
    assert [row.id for row in worker.memberships] == ["m1", "m2"]
    assert UNSET in {row.state for row in worker.memberships}
    assert codes(answer) == [(FaultCode.PARTIAL, (RecordKind.MEMBERSHIP,))]
    assert "MEMBERSHIP.state:UNKNOWN_CODE" in caplog.text


async def test_a_slow_kind_does_not_cost_what_others_told(province):
    await province.patch(faults={MEMBERS: "slow"})
    async with guarded(province) as guard:
        answer = await ask(guard, seconds=1)
    ((worker,),) = answer.workers
    assert worker.name == "李四"
    assert codes(answer) == [(FaultCode.PARTIAL, (RecordKind.MEMBERSHIP,))]


async def test_slow_workers_are_a_time_out(province):
    await province.patch(faults={WORKERS: "slow"})
    async with guarded(province) as guard:
        answer = await ask(guard, seconds=0.5)
    assert codes(answer) == [(FaultCode.TIMED_OUT, ())]


PAGES = {
    "page": {"style": "page", "at": "total"},
    "page to the end": {"style": "page"},
    "cursor": {"style": "cursor", "at": "next"},
    "link": {"style": "link"},
}
SKILLED = msgspec.structs.replace(
    WANG,
    skills=tuple(
        SkillRecord(id=f"s{n}", as_of=AT, level=SkillLevel.PRIMARY) for n in range(3)
    ),
)


async def looked_up(province, name, fault="", **more):
    """Ask for three skills, one on each page."""
    await province.put(
        workers={"gd-2": SKILLED}, paging=PAGES[name]["style"],
        faults={"/v1/jn": fault},
    )  # fmt: skip
    paging = {"parameter": "yb", "size_parameter": "ts", "size": 1, "most": 6}
    rest = interface(province.url, paging={**paging, **PAGES[name], **more})
    if name == "link":
        rest["keys_in"] = "query"
    mapping = mapping_text()
    async with guarded(province, mapping=mapping, rest=rest) as guard:
        return await ask(guard, ["gd-2"], SKILLS)


@pytest.mark.parametrize("name", PAGES)
async def test_pages_are_turned_to_the_end(province, name):
    answer = await looked_up(province, name)

    assert answer.faults == ()
    assert [row.id for row in answer.workers[0][0].skills] == ["s0", "s1", "s2"]
    asked = [path for _, path, _ in (await province.seen())["seen"]]
    assert asked.count("/v1/jn") == (4 if name == "page to the end" else 3)


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("page", "repeats"),
        ("page to the end", "repeats"),
        ("cursor", "repeats"),
        ("cursor", "ring"),
        ("cursor", "endless"),
        ("link", "ring"),
        ("link", "endless"),
        ("link", "elsewhere"),
    ],
)
async def test_pages_that_repeat_never_end_or_lead_away_are_no_answer(
    province, name, fault, caplog
):
    with caplog.at_level(logging.WARNING):
        answer = await looked_up(province, name, fault)

    assert answer.workers[0][0].name == "王五"
    assert answer.workers[0][0].skills is None
    assert codes(answer) == [(FaultCode.PARTIAL, (RecordKind.SKILL,))]
    said = {"repeats": "a page twice", "ring": "in a ring", "endless": "over 6 pages"}
    assert said.get(fault, "another machine") in caplog.text
    assert len((await province.seen())["seen"]) <= 8
