"""Questions to a foreign schema: what goes out, and what a failure costs."""

from __future__ import annotations

import asyncio
import json
import urllib.request

import msgspec
import pytest

from connectors.port import WHOLE_CONTRACT, Ask, Question
from schema.records.hardship import HardshipFileRecord
from schema.records.kinds import KINDS, RecordKind
from schema.records.membership import MembershipRecord
from schema.records.rights_case import RightsCaseRecord
from schema.records.selection import Selection
from schema.records.told import FaultCode
from tests.contracts.test_connector import AT, EVERYTHING, LI
from tests.foreign.conftest import guarded, soon
from tests.foreign.own_schema import interface, mapping_text, name

Kind = RecordKind
NAMES = Selection.of({Kind.WORKER: {"name"}, Kind.MEMBERSHIP: {"state"}})

EMPTY = dict.fromkeys(KINDS[Kind.MEMBERSHIP].fields)


async def ask(guard, keys=("gd-1", "gd-2"), selection=EVERYTHING):
    question = Question(
        (Ask(tuple(keys), selection),), "request-1", "RIGHTS_PROTECTION"
    )
    return await guard.ask(question, soon())


async def seen(province):
    def read():
        with urllib.request.urlopen(f"{province.url}/foreign") as reply:  # noqa: S310
            return json.load(reply)["seen"]

    return await asyncio.to_thread(read)


async def test_one_document_asks_for_what_was_selected_and_names_no_key(province):
    async with guarded(province) as guard:
        answer = await ask(guard, selection=NAMES)

    assert [one.name for one in answer.workers[0]] == ["李四", "王五"]
    (body,) = await seen(province)
    assert "gd-" not in body["query"]
    assert name("name") in body["query"]
    assert name("phone") not in body["query"]
    assert "kunNan" not in body["query"]


async def test_pages_go_on_in_the_next_document_alone(province):
    rows = tuple(MembershipRecord(id=f"m{n}", as_of=AT) for n in range(5))
    await province.put({"gd-1": msgspec.structs.replace(LI, memberships=rows)})
    async with guarded(province) as guard:
        answer = await ask(guard, ["gd-1"])

    (worker,) = answer.workers[0]
    assert worker.memberships == tuple(
        MembershipRecord(id=f"m{n}", as_of=AT, **EMPTY) for n in range(5)
    )
    first, *more = [body["query"] for body in await seen(province)]
    assert "zhiGong(" in first
    assert len(more) == 2
    assert all("huiJi(" in one and "hub_a1:" not in one for one in more)


async def test_asked_apart_all_is_told_as_well(province):
    async with guarded(province, table=interface(fields_at_once=1)) as guard:
        apart = await ask(guard)
    documents = [body["query"] for body in await seen(province)]
    async with guarded(province) as guard:
        together = await ask(guard)

    assert apart.workers == together.workers
    assert all("hub_a1:" not in one for one in documents)


async def test_a_column_that_cannot_be_told_costs_its_kind_of_that_worker(province):
    broken = {"rows": "memberships", "worker": "gd-1", "field": "state"}
    await province.patch(faults={"broken": broken})
    async with guarded(province) as guard:
        answer = await ask(guard)

    (li, wang), (fault,) = answer.workers[0], answer.faults
    assert (fault.code, fault.kinds) == (FaultCode.PARTIAL, (Kind.MEMBERSHIP,))
    assert li.memberships is None
    assert li.name == "李四"
    assert wang.memberships == ()


async def test_a_worker_with_an_error_is_no_worker_without_a_name(province):
    broken = {"rows": "workers", "worker": "gd-1", "field": "name"}
    await province.patch(faults={"broken": broken})
    async with guarded(province) as guard:
        answer = await ask(guard, selection=NAMES)

    (li, wang), (fault,) = answer.workers[0], answer.faults
    assert li is None
    assert wang.name == "王五"
    assert fault.code is FaultCode.PARTIAL
    assert set(fault.kinds) == {Kind.WORKER, Kind.MEMBERSHIP}


LOCKED = {
    "skills": Kind.SKILL,
    "trainings": Kind.TRAINING,
    "employments": Kind.EMPLOYMENT,
}


@pytest.mark.parametrize(("rows", "kind"), LOCKED.items())
async def test_a_kind_is_lost_by_itself_in_whatever_way_it_is_told(
    province, rows, kind
):
    await province.patch(untold=[rows])
    async with guarded(province) as guard:
        answer = await ask(guard)

    (fault,) = answer.faults
    assert (fault.code, fault.kinds) == (FaultCode.PARTIAL, (kind,))
    for worker in answer.workers[0]:
        assert getattr(worker, rows) is None
        assert worker.memberships is not None


async def test_rows_of_nobody_who_was_asked_for_are_dropped_and_named(province):
    await province.patch(faults={"stranger": True})
    async with guarded(province) as guard:
        answer = await ask(guard, selection=NAMES)

    assert [one.local_id for one in answer.workers[0]] == ["gd-1", "gd-2"]
    assert [one.code for one in answer.faults] == [FaultCode.MALFORMED]


async def test_pages_in_a_ring_are_no_answer(province):
    await province.patch(faults={"ring": True})
    async with guarded(province) as guard:
        answer = await ask(guard)

    (fault,) = answer.faults
    assert (fault.code, fault.kinds) == (FaultCode.PARTIAL, (Kind.MEMBERSHIP,))


async def test_a_wrong_token_is_turned_down(province):
    async with guarded(province, environ={"TOKEN": "another"}) as guard:
        answer = await ask(guard)

    assert [one.code for one in answer.faults] == [FaultCode.UNAUTHORISED]


async def test_what_the_schema_lacks_is_not_served_and_told_with_its_line(province):
    without = ["Worker.phone", "Skill.level"]
    await province.put({}, without=without)
    async with guarded(province) as guard:
        await guard.probe(soon())
        fields = guard.capabilities.fields
        mistakes = guard._connector.mistakes

    lost = {kind: WHOLE_CONTRACT.fields[kind] - fields[kind] for kind in Kind}
    assert {kind: one for kind, one in lost.items() if one} == {
        Kind.WORKER: {"phone"}, Kind.SKILL: {"level"}
    }  # fmt: skip
    assert {one.key for one in mistakes} == {
        "kinds.WORKER.fields.phone", "kinds.SKILL.fields.level"
    }  # fmt: skip
    assert all(one.line for one in mistakes)


async def test_a_root_that_is_not_there_is_told_with_the_nearest(province):
    mapping = mapping_text().replace('source = "jiNeng"', 'source = "jiNen"')
    async with guarded(province, mapping) as guard:
        await guard.probe(soon())
        (mistake,) = guard._connector.mistakes

    assert Kind.SKILL not in guard.capabilities.fields
    assert mistake.remedy.en == 'Did you mean "jiNeng"?'


async def test_without_introspection_the_mapping_is_believed(province):
    await province.put({}, introspection=False)
    async with guarded(province) as guard:
        await guard.probe(soon())
        assert guard.capabilities == WHOLE_CONTRACT
        asked = [body["query"] for body in await seen(province)]
        await guard.probe(soon())

    assert any("__schema" in one for one in asked)
    later = [body["query"] for body in await seen(province)][len(asked) :]
    assert not any("__schema" in one for one in later)


async def test_pages_go_on_by_number_and_by_offset_too(province):
    cases = tuple(RightsCaseRecord(id=f"c{n}", as_of=AT) for n in range(7))
    files = tuple(HardshipFileRecord(id=f"h{n}", as_of=AT) for n in range(5))
    told = msgspec.structs.replace(LI, rights_cases=cases, hardship_files=files)
    await province.put({"gd-1": told})
    async with guarded(province) as guard:
        answer = await ask(guard, ["gd-1"])

    (worker,) = answer.workers[0]
    assert answer.faults == ()
    assert [row.id for row in worker.rights_cases] == [row.id for row in cases]
    assert [row.id for row in worker.hardship_files] == [row.id for row in files]
