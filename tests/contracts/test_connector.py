"""What every connector is, whatever tongue its province speaks.

A new kind of connector is accepted when this suite passes over it: what is
declared is told as the memory connector tells it, and what is not is refused.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.faults import ProvinceFault
from connectors.port import WHOLE_CONTRACT, Ask, Capabilities, Question
from schema.records.hardship import AidRecord, HardshipFileRecord
from schema.records.kinds import KINDS, ROW_KINDS, RecordKind
from schema.records.membership import MembershipRecord, MembershipState
from schema.records.record import UNSET
from schema.records.selection import Selection
from schema.records.told import FaultCode
from schema.records.worker import Sex, WorkerRecord
from tests.builders.populations import KEYS, populations, selections
from tests.provinces.own_tables import tidy

AT = datetime(2026, 10, 1, 8, tzinfo=UTC)
EVERYTHING = Selection.everything()

LI = WorkerRecord(
    local_id="gd-1",
    as_of=AT,
    name="李四",
    sex=Sex.FEMALE,
    phone="13000000000",
    memberships=(
        MembershipRecord(
            id="m1", as_of=AT, state=MembershipState.ACTIVE, since=date(2024, 3, 1)
        ),
        MembershipRecord(id="m2", as_of=AT, state=MembershipState.TRANSFERRED),
    ),
    hardship_files=(
        HardshipFileRecord(
            id="h1",
            as_of=AT,
            income_per_head="812.50",
            aids=(AidRecord(programme="送温暖", period="2025", amount="1000.00"),),
        ),
    ),
)
WANG = WorkerRecord(local_id="gd-2", as_of=AT, name="王五")
KEPT = {"gd-1": LI, "gd-2": WANG}


def question(*asks):
    return Question(
        tuple(Ask(tuple(keys), selection) for keys, selection in asks),
        "request-1",
        "RIGHTS_CASE_HANDLING",
    )


def soon():
    return asyncio.get_running_loop().time() + 10


async def ask(subject, *asks):
    return await subject.connector.ask(question(*asks), soon())


async def test_tells_exactly_the_fields_that_were_asked_for(subject):
    await subject.keep(KEPT)
    chosen = Selection.of(
        {RecordKind.WORKER: {"name"}, RecordKind.MEMBERSHIP: {"state"}}
    )
    answer = await ask(subject, (["gd-1"], chosen))
    assert answer.faults == ()
    (worker,) = answer.workers[0]
    assert worker == WorkerRecord(
        local_id="gd-1",
        as_of=AT,
        name="李四",
        memberships=(
            MembershipRecord(id="m1", as_of=AT, state=MembershipState.ACTIVE),
            MembershipRecord(id="m2", as_of=AT, state=MembershipState.TRANSFERRED),
        ),
    )
    assert worker.phone is UNSET
    assert worker.skills is UNSET


async def test_tells_a_kind_without_fields_as_rows_with_name_and_date(subject):
    await subject.keep(KEPT)
    chosen = Selection.of({RecordKind.MEMBERSHIP: ()})
    answer = await ask(subject, (["gd-1"], chosen))
    rows = answer.workers[0][0].memberships
    assert rows == tuple(MembershipRecord(id=i, as_of=AT) for i in ("m1", "m2"))


async def test_tells_what_is_nested_in_a_field_as_a_whole(subject):
    await subject.keep(KEPT)
    chosen = Selection.of({RecordKind.HARDSHIP_FILE: {"aids"}})
    answer = await ask(subject, (["gd-1"], chosen))
    (file,) = answer.workers[0][0].hardship_files
    assert file.aids == (
        AidRecord(programme="送温暖", period="2025", amount="1000.00"),
    )
    assert file.income_per_head is UNSET


async def test_no_value_is_none_and_no_rows_are_an_empty_tuple(subject):
    await subject.keep(KEPT)
    answer = await ask(subject, (["gd-2"], EVERYTHING))
    (worker,) = answer.workers[0]
    assert worker.phone is None
    assert worker.memberships == ()


async def test_keeps_the_order_of_the_keys_and_tells_none_for_a_stranger(subject):
    await subject.keep(KEPT)
    answer = await ask(subject, (["gd-2", "nobody", "gd-1"], EVERYTHING))
    told = [worker and worker.local_id for worker in answer.workers[0]]
    assert told == ["gd-2", None, "gd-1"]
    assert answer.faults == ()


async def test_answers_each_ask_of_one_question_by_its_own_selection(subject):
    await subject.keep(KEPT)
    names = Selection.of({RecordKind.WORKER: {"name"}})
    phones = Selection.of({RecordKind.WORKER: {"phone"}})
    answer = await ask(
        subject, (["gd-1"], names), (["gd-1", "gd-2"], phones), ([], names)
    )
    assert [len(workers) for workers in answer.workers] == [1, 2, 0]
    assert answer.workers[0][0].name == "李四"
    assert answer.workers[0][0].phone is UNSET
    assert answer.workers[1][0].phone == "13000000000"
    assert answer.workers[1][0].name is UNSET


async def test_nothing_asked_is_nothing_told(subject):
    answer = await ask(subject)
    assert (answer.workers, answer.faults) == ((), ())


async def test_a_kind_that_cannot_be_told_is_named_and_the_rest_is_told(subject):
    await subject.keep(KEPT, untold=[RecordKind.MEMBERSHIP])
    answer = await ask(subject, (["gd-1"], EVERYTHING))
    (worker,) = answer.workers[0]
    (fault,) = answer.faults
    assert (fault.code, fault.kinds) == (FaultCode.PARTIAL, (RecordKind.MEMBERSHIP,))
    assert fault.retryable
    assert worker.memberships is None
    assert worker.name == "李四"
    assert len(worker.hardship_files) == 1


@pytest.mark.parametrize("line", ROW_KINDS, ids=lambda line: line.rows)
async def test_refuses_a_kind_that_is_not_declared(subject, line):
    fields = {k: f for k, f in WHOLE_CONTRACT.fields.items() if k is not line.kind}
    declared = Capabilities("1.0", fields)
    await subject.keep(KEPT, capabilities=declared)
    assert subject.connector.capabilities == declared
    with pytest.raises(ProvinceFault) as raised:
        await ask(subject, (["gd-1"], Selection.of({line.kind: ()})))
    assert raised.value.code is FaultCode.NOT_SUPPORTED
    answer = await ask(subject, (["gd-1"], declared.narrow(EVERYTHING)))
    assert answer.faults == ()
    assert getattr(answer.workers[0][0], line.rows) is UNSET


@pytest.mark.parametrize("line", KINDS.values(), ids=lambda line: line.kind)
async def test_refuses_a_field_that_is_not_declared(subject, line):
    field = min(line.fields)
    fields = {**WHOLE_CONTRACT.fields, line.kind: line.fields - {field}}
    declared = Capabilities("1.0", fields)
    await subject.keep(KEPT, capabilities=declared)
    assert subject.connector.capabilities == declared
    with pytest.raises(ProvinceFault) as raised:
        await ask(subject, (["gd-1"], Selection.of({line.kind: {field}})))
    assert raised.value.code is FaultCode.NOT_SUPPORTED
    answer = await ask(subject, (["gd-1"], declared.narrow(EVERYTHING)))
    assert answer.faults == ()


async def test_the_committed_contract_declares_every_field_the_hub_knows(subject):
    await subject.keep({})
    assert await subject.connector.probe(soon()) == WHOLE_CONTRACT


asked = st.lists(
    st.tuples(st.lists(st.sampled_from(KEYS), unique=True), selections()), max_size=3
)


@pytest.fixture(scope="module", params=["over_graphql", "over_node"])
def contracted(request):
    """One that serves the contract."""
    return request.getfixturevalue(request.param)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(workers=populations(), asks=asked)
async def test_graphql_tells_what_memory_tells(memory, contracted, workers, asks):
    for one in (memory, contracted):
        await one.keep(workers)
    ours = await ask(memory, *asks)
    theirs = await ask(contracted, *asks)
    assert theirs.faults == ours.faults
    assert theirs.workers == ours.workers


@pytest.fixture(
    scope="module",
    params=[
        "over_postgresql",
        "over_sqlite",
        "over_mariadb",
        "over_rest",
        "over_kit",
        "over_files",
        "over_foreign",
    ],
)
def mapped(request):
    """One that speaks words of its own, by a mapping."""
    return request.getfixturevalue(request.param)


@settings(
    max_examples=40,
    suppress_health_check=[
        HealthCheck.too_slow, HealthCheck.function_scoped_fixture
    ],
)  # fmt: skip
@given(workers=populations().map(tidy), asks=asked)
async def test_what_is_mapped_is_told_as_memory_tells_it(memory, mapped, workers, asks):
    for one in (memory, mapped):
        await one.keep(workers)
    ours = await ask(memory, *asks)
    theirs = await ask(mapped, *asks)
    assert theirs.faults == ours.faults
    assert theirs.workers == ours.workers
