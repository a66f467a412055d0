"""The itinerary of a look-up, with the real policy, rules and guards."""

from __future__ import annotations

import asyncio

import pytest
from msgspec import UNSET

from connectors.faults import ProvinceFault
from hub.audit.trail import TrailUnavailable
from hub.reading.reader import LookUp
from schema.records.keys import LocalKey, ProvinceCode, WorkerId
from schema.records.kinds import RecordKind
from schema.records.merged import Merged
from schema.records.purpose import PurposeOfUse
from schema.records.refusal import Refusal
from schema.records.selection import Selection
from schema.records.told import FaultCode
from schema.records.verdict import Relation
from schema.records.wanted import ById, ByLocalKey, ByNumber
from tests.builders.tellings import WORKER, case, link, membership, worker
from tests.fakes.hub import NUMBER, Hub, caller

SELECTION = Selection.of(
    {
        RecordKind.WORKER: {"name", "phone"},
        RecordKind.MEMBERSHIP: {"state"},
        RecordKind.RIGHTS_CASE: {"status", "summary"},
    }
)


def lookup(by=None, purpose=PurposeOfUse.RIGHTS_PROTECTION, selection=SELECTION):
    return LookUp(by or ByNumber(NUMBER), purpose, selection)


@pytest.fixture
def hub() -> Hub:
    made = Hub()
    for code in ("44", "51"):
        made.province(
            code,
            W1=worker(
                name="王芳",
                phone=f"1380000{code}",
                memberships=(membership(f"m{code}"),),
                rights_cases=(case(f"c{code}", "CASE-1", summary="工资未付"),),
            ),
        )
    made.link("44", "51")
    return made


async def read(hub: Hub, *lookups, who=None):
    return await hub.parts.reader.read(lookups, who or caller(), "request-1")


async def test_a_look_up_joins_what_both_provinces_tell_and_writes_it_down(hub):
    (found,) = await read(hub, lookup())

    assert isinstance(found, Merged)
    assert found.record.name == "王芳"
    assert len(found.rows[RecordKind.MEMBERSHIP]) == 2
    assert len(found.rows[RecordKind.RIGHTS_CASE]) == 1
    (written,) = hub.trail.written
    assert written.worker == WORKER
    assert written.outcome == "shown"
    assert written.relation is Relation.LINKED
    assert written.asked == written.answered == ("44", "51")
    assert hub.notes.seen == ["begin", "locate", "gather", "merge", "trail"]
    assert hub.notes.ends == ["shown"]


async def test_provinces_are_asked_only_for_what_may_be_seen(hub):
    stranger = caller("33", "worker:read")

    (found,) = await read(hub, lookup(), who=stranger)

    for _, question in hub.calls:
        (ask,) = question.asks
        assert "phone" not in ask.selection.fields(RecordKind.WORKER)
        assert "summary" not in ask.selection.fields(RecordKind.RIGHTS_CASE)
    withheld = {(w.kind, w.field) for w in found.withheld}
    assert withheld == {
        (RecordKind.WORKER, "phone"),
        (RecordKind.RIGHTS_CASE, "summary"),
    }
    assert hub.trail.written[0].withheld == 2


async def test_joining_asks_for_the_case_number_but_does_not_count_it_as_shown(hub):
    await read(hub, lookup())

    (ask,) = hub.calls[0][1].asks
    assert "case_no" in ask.selection.fields(RecordKind.RIGHTS_CASE)
    assert "case_no" not in hub.trail.written[0].selection.fields(
        RecordKind.RIGHTS_CASE
    )


async def test_an_id_learnt_elsewhere_opens_nothing_and_asks_nobody(hub):
    (refused,) = await read(hub, lookup(ById(WORKER)), who=caller("33"))

    assert isinstance(refused, Refusal)
    assert refused.code == "NO_RELATION"
    assert hub.calls == []
    assert hub.trail.written[0].outcome == "refused"


async def test_a_purpose_that_the_scopes_do_not_fit_is_refused_before_anything(hub):
    (refused,) = await read(hub, lookup(purpose=PurposeOfUse.SUPERVISION))

    assert isinstance(refused, Refusal)
    assert refused.code == "PURPOSE_NOT_ALLOWED"
    assert hub.links.statements == 0


async def test_a_wrong_number_is_refused_in_its_place_and_never_repeated(hub):
    wrong = NUMBER[:-1] + "1"
    bad, good = await read(hub, lookup(ByNumber(wrong)), lookup())

    assert isinstance(bad, Refusal)
    assert bad.code == "WRONG_CHECK_DIGIT"
    assert wrong not in repr(bad)
    assert isinstance(good, Merged)


async def test_nobody_found_is_written_down_too(hub):
    (found,) = await read(hub, lookup(ByNumber("110105194912310038")))

    assert found is None
    assert hub.trail.written[0].outcome == "not-found"


def key(province: str, value: str) -> ByLocalKey:
    return ByLocalKey(LocalKey(ProvinceCode(province), value))


async def test_keys_of_other_provinces_cannot_be_tried_one_by_one(hub):
    stranger = caller("33")

    known, unknown = await read(
        hub, lookup(key("51", "W1")), lookup(key("51", "nobody")), who=stranger
    )
    id_known, id_unknown = await read(
        hub, lookup(ById(WORKER)), lookup(ById(WorkerId("nobody"))), who=stranger
    )
    (own,) = await read(hub, lookup(key("33", "nobody")), who=stranger)

    assert isinstance(known, Refusal)
    assert known == unknown == id_known == id_unknown
    assert own is None, "of its own keys a province may know which are linked"


async def test_a_link_that_its_own_province_disowns_opens_no_more_than_none(hub):
    hub.province("33")
    hub.link("33", "44", "51")
    insider = caller("33")

    (found,) = await read(hub, lookup(), who=insider)
    (refused,) = await read(hub, lookup(key("33", "W1")), who=insider)

    assert found.completeness.unknown_to == ("33",)
    assert ("phone", RecordKind.WORKER) in {(w.field, w.kind) for w in found.withheld}
    assert found.record.phone is UNSET
    assert isinstance(refused, Refusal)
    assert [d.relation for d in hub.trail.written] == [
        Relation.NUMBER_PRESENTED,
        Relation.NONE,
    ]


async def test_a_number_that_only_a_disowned_link_knows_is_nobodys(hub):
    hub.province("33")
    hub.links.add("110105194912310038", link("33", "made-up"), worker=WorkerId("w2"))

    (found,) = await read(hub, lookup(ByNumber("110105194912310038")), who=caller("33"))

    assert found is None, "as if nobody had registered it"
    assert hub.trail.written[0].outcome == "not-found"


async def test_a_number_is_not_nobodys_while_a_linked_province_cannot_be_asked(hub):
    hub.links.add("110105194912310038", link("33", "W1"), worker=WorkerId("w2"))

    (found,) = await read(hub, lookup(ByNumber("110105194912310038")), who=caller("33"))

    assert [fault.province for fault in found.completeness.faults] == ["33"]


async def test_a_province_whose_link_opens_the_file_is_asked_whatever_it_keeps(hub):
    hub.province("33")
    hub.links.add(NUMBER, link("33", "X", RecordKind.SKILL), link("44"), link("51"))
    only_cases = Selection.of({RecordKind.RIGHTS_CASE: {"status", "summary"}})

    await read(hub, lookup(selection=only_cases), who=caller("33"))

    assert "33" in [code for code, _ in hub.calls]


async def test_nothing_is_shown_that_could_not_be_written_down(hub):
    hub.trail.failure = TrailUnavailable("no disk")

    with pytest.raises(TrailUnavailable):
        await read(hub, lookup())


async def test_a_province_that_fails_is_named_and_the_other_rows_are_there(hub):
    async def fail() -> None:
        raise ProvinceFault(FaultCode.MALFORMED)

    hub.provinces["51"].before = fail

    (found,) = await read(hub, lookup())

    assert [(f.province, f.code) for f in found.completeness.faults] == [
        ("51", FaultCode.MALFORMED)
    ]
    assert not found.completeness.complete
    assert [s.province for s in found.sources] == ["44"]
    assert hub.trail.written[0].answered == ("44",)


async def test_a_province_that_hangs_is_not_waited_for_beyond_the_deadline(hub):
    async def hang() -> None:
        await asyncio.sleep(60)

    hub.provinces["51"].before = hang
    hub.patience = 0.2
    loop = asyncio.get_running_loop()
    start = loop.time()

    (found,) = await read(hub, lookup())

    assert loop.time() - start < 0.3
    assert found.completeness.faults[0].code is FaultCode.TIMED_OUT
    assert found.record.name == "王芳"


async def test_a_hundred_look_ups_are_one_statement_and_one_call_per_province(hub):
    await read(hub, *(lookup() for _ in range(100)))

    assert hub.links.statements == 1
    assert sorted(code for code, _ in hub.calls) == ["44", "51"]
    assert len(hub.trail.written) == 100


async def test_the_worker_sees_their_own_whole_file(hub):
    own = caller("00", "self:read", subject=WORKER)

    (found,) = await read(
        hub, lookup(ById(WORKER), purpose=PurposeOfUse.OWN_FILE), who=own
    )

    assert isinstance(found, Merged)
    assert found.withheld == ()
