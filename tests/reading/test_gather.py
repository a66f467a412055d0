"""Every province is asked at once, in one call, for exactly what is wanted."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from connectors.faults import fault
from connectors.memory import MemoryConnector, project
from connectors.port import WHOLE_CONTRACT, Answer, Capabilities
from hub.clock import SystemClock
from hub.reading.gather import Sought, deal, gather, plan
from schema.records.keys import ProvinceCode, WorkerId
from schema.records.kinds import KINDS, RecordKind
from schema.records.selection import Selection
from schema.records.told import FaultCode, NotOffered
from tests.builders.tellings import FETCHED, link, located, membership, worker

NAME = Selection.of({RecordKind.WORKER: {"name"}})
CASES = Selection.of({RecordKind.RIGHTS_CASE: {"status"}})
P44, P51, P63 = ProvinceCode("44"), ProvinceCode("51"), ProvinceCode("63")


def sought(*links, selection=NAME, name="w", purpose="RIGHTS_PROTECTION") -> Sought:
    return Sought(located(*links, worker=WorkerId(name)), selection, selection, purpose)


def served(*provinces):
    return dict.fromkeys(map(ProvinceCode, provinces), WHOLE_CONTRACT)


def test_a_hundred_workers_with_different_wishes_make_one_question_per_province():
    wanted = [
        sought(
            link("44", f"K{number}"),
            link("51", f"K{number}"),
            selection=NAME if number % 2 else CASES,
        )
        for number in range(100)
    ]

    planned = plan(wanted, served("44", "51"), "r")

    assert set(planned.questions) == {"44", "51"}
    assert [len(ask.keys) for ask in planned.questions[P44].asks] == [50, 50]
    assert {ask.selection for ask in planned.questions[P44].asks} == {NAME, CASES}


def test_a_worker_asked_for_twice_is_asked_once():
    planned = plan([sought(link("44"))] * 2, served("44"), "r")

    assert [ask.keys for ask in planned.questions[P44].asks] == [("W1",)]
    assert [place.sought for place in planned.places[P44]] == [0, 1]


def test_a_province_that_keeps_nothing_of_what_is_asked_is_not_asked():
    wanted = sought(link("44", "W1", RecordKind.MEMBERSHIP), selection=CASES)

    planned = plan([wanted], served("44"), "r")

    assert planned.questions == {}


def test_a_province_is_asked_only_for_what_it_declares_and_the_rest_is_named():
    old = Capabilities(
        "0.9", {RecordKind.WORKER: KINDS[RecordKind.WORKER].fields - {"phone"}}
    )
    selection = Selection.of(
        {RecordKind.WORKER: {"name", "phone"}, RecordKind.HARDSHIP_FILE: {"status"}}
    )

    planned = plan([sought(link("63"), selection=selection)], {P63: old}, "r")

    (ask,) = planned.questions[P63].asks
    assert ask.selection == NAME
    assert sorted(planned.not_offered[0]) == [
        NotOffered(P63, RecordKind.HARDSHIP_FILE),
        NotOffered(P63, RecordKind.WORKER, "phone"),
    ]


def test_a_linked_province_without_settings_is_a_fault_and_not_forgotten():
    wanted = [sought(link("44"), link("63"))]
    planned = plan(wanted, served("44"), "r")
    answer = Answer(((worker(name="王芳"),),), (), FETCHED)

    (one,) = deal(wanted, planned, {P44: answer})

    assert [t.source.province for t in one.told] == ["44"]
    assert one.faults == (fault(P63, FaultCode.NOT_CONNECTED),)
    assert set(one.asked) == {"44", "63"}


def test_a_fault_of_one_kind_reaches_only_those_who_asked_for_it():
    wanted = [
        sought(link("44", "A"), selection=CASES, name="a"),
        sought(link("44", "B"), selection=NAME, name="b"),
    ]
    planned = plan(wanted, served("44"), "r")
    missing = fault(P44, FaultCode.PARTIAL, (RecordKind.RIGHTS_CASE,))
    answer = Answer(((worker(),), (worker(name="王芳"),)), (missing,), FETCHED)

    cases, name = deal(wanted, planned, {P44: answer})

    assert cases.faults == (missing,)
    assert name.faults == ()
    assert name.told[0].record.name == "王芳"


def test_a_stale_link_is_told_apart_from_a_fault():
    wanted = [sought(link("44"))]
    planned = plan(wanted, served("44"), "r")

    (one,) = deal(wanted, planned, {P44: Answer(((None,),), (), FETCHED)})

    assert one.unknown_to == ("44",)
    assert one.told == ()
    assert one.faults == ()


def test_a_worker_missing_beside_a_fault_may_be_known_after_all():
    wanted = [sought(link("44"))]
    planned = plan(wanted, served("44"), "r")
    half = fault(P44, FaultCode.PARTIAL, (RecordKind.WORKER,))

    (one,) = deal(wanted, planned, {P44: Answer(((None,),), (half,), FETCHED)})

    assert one.unknown_to == ()
    assert one.faults == (half,)


def test_a_worker_lost_to_a_fault_of_another_kind_is_not_taken_for_complete():
    wanted = [
        sought(link("44", "A"), selection=CASES, name="a"),
        sought(link("44", "B"), selection=NAME, name="b"),
    ]
    planned = plan(wanted, served("44"), "r")
    half = fault(P44, FaultCode.PARTIAL, (RecordKind.RIGHTS_CASE,))
    answer = Answer(((worker(),), (None,)), (half,), FETCHED)

    _, lost = deal(wanted, planned, {P44: answer})

    assert lost.faults == (half,)
    assert lost.unknown_to == ()


class Registry:
    def __init__(self, *connectors) -> None:
        self.connectors = {c.province: c for c in connectors}

    def get(self, province):
        return self.connectors.get(province)


async def test_provinces_are_asked_at_the_same_time():
    under_way, most = 0, 0

    async def slow() -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.02)
        under_way -= 1

    connectors = []
    for code in ("33", "44", "51"):
        one = MemoryConnector(
            ProvinceCode(code), {"W1": worker(name="王芳")}, SystemClock()
        )
        one.before = slow
        connectors.append(one)

    await gather(
        [sought(link("33"), link("44"), link("51"))],
        Registry(*connectors),
        "r",
        asyncio.get_running_loop().time() + 1,
    )

    assert most == 3


_keys = st.sampled_from(["A", "B", "C", "D"])
_fields = st.sets(st.sampled_from(["name", "sex", "phone"]))
_selections = st.builds(
    lambda own, rows: Selection.of(
        {RecordKind.WORKER: own, RecordKind.MEMBERSHIP: rows}
    ),
    _fields,
    st.sets(st.sampled_from(["state", "since"])),
)
_sought = st.lists(
    st.tuples(st.sets(st.sampled_from(["33", "44", "51"])), _keys, _selections),
    max_size=6,
)


@given(_sought)
async def test_each_worker_gets_just_what_they_would_get_alone(asked):
    people = {
        key: worker(name=key, sex="MALE", memberships=(membership(key),))
        for key in "ABC"
    }
    registry = Registry(
        *(
            MemoryConnector(ProvinceCode(code), people, SystemClock())
            for code in ("33", "44", "51")
        )
    )
    wanted = [
        sought(*(link(code, key) for code in sorted(codes)), selection=selection)
        for codes, key, selection in asked
    ]

    found = await gather(wanted, registry, "r", 1e9)

    for (codes, key, selection), one in zip(asked, found, strict=True):
        if key == "D":
            assert set(one.unknown_to) == codes
            continue
        assert {t.source.province for t in one.told} == codes
        for telling in one.told:
            assert telling.record == project(people[key], selection)
