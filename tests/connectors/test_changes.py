"""Pages of changes: what is no answer is refused and named; asking is tried again."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime

import msgspec
import pytest
from graphql import parse, validate

from connectors.faults import ProvinceFault
from connectors.graphql.changes import changes_body, changes_told
from connectors.guard import Guard
from connectors.memory import MemoryConnector
from connectors.port import Capabilities, Changed, ChangesWanted
from connectors.told_changes import (
    ToldChanges,
    UnfitChanges,
    flaw_of,
    read_changes,
)
from connectors.transport import Reply
from connectors.unusable import UnusableConnector
from hub.clock import SystemClock
from schema.records.case import ActKind
from schema.records.change import Change, Changes, Watermark
from schema.records.keys import ProvinceCode
from schema.records.refusal import Bilingual, Refusal
from schema.records.told import FaultCode
from tests.connectors.conftest import settings_for
from tests.connectors.test_document import whole_schema

P44 = ProvinceCode("44")
WANTED = ChangesWanted("request-1", 2)
CHANGE = {
    "caseNo": "c", "seq": 1, "asOf": "2026-06-02T11:00:00+08:00", "act": "MEDIATION",
    "on": "2026-06-01", "unionCode": "u",
}  # fmt: skip


def page(*changes, province="44", **more):
    return {"province": province, "changes": list(changes), "watermarks": [],
            "next": "n", "more": False, **more}  # fmt: skip


def read(told, most=2):
    decoded = msgspec.json.decode(json.dumps(told).encode(), type=ToldChanges)
    return read_changes(P44, decoded, most)


def test_both_questions_are_valid_by_the_contract():
    schema = whole_schema()
    for wanted in (WANTED, ChangesWanted("r", 2, case_no="c", seq=1)):
        body = json.loads(changes_body(wanted))
        assert validate(schema, parse(body["query"])) == []
        assert body["variables"]["first"] == 2


def test_moments_are_one_and_acts_of_a_newer_province_are_others():
    (one,) = read(page({**CHANGE, "act": "NEW_ACT"})).arrivals

    assert one.as_of == datetime(2026, 6, 2, 3, tzinfo=UTC)
    assert one.as_of.tzinfo is UTC
    assert one.act is ActKind.OTHER


UNFIT = {
    "another-province": page(CHANGE, province="51"),
    "too-many-changes": page(CHANGE, CHANGE, CHANGE),
}
SET_ASIDE = {
    "gone-and-more": page({**CHANGE, "gone": 1}),
    "no-act-day-or-union": page({**CHANGE, "act": None}),
    "day-out-of-range": page({**CHANGE, "on": "1900-01-01"}),
    "beyond-its-watermark": page(
        {**CHANGE, "seq": 3}, watermarks=[{"caseNo": "c", "seq": 2}]
    ),
}


@pytest.mark.parametrize(("rule", "told"), UNFIT.items(), ids=UNFIT)
def test_a_page_that_cannot_be_taken_is_named_by_its_rule(rule, told):
    with pytest.raises(UnfitChanges) as unfit:
        read(told)
    assert unfit.value.rule == rule

    body = json.dumps({"data": {"a0": told}}).encode()
    with pytest.raises(ProvinceFault) as failed:
        changes_told(P44, WANTED, Reply(200, body))
    assert (failed.value.code, failed.value.detail) == (FaultCode.MALFORMED, rule)


@pytest.mark.parametrize(("rule", "told"), SET_ASIDE.items(), ids=SET_ASIDE)
def test_a_statement_that_is_none_is_set_aside_and_the_others_are_taken(rule, told):
    good = {**CHANGE, "caseNo": "d"}
    some = read({**told, "changes": [*told["changes"], good]})
    assert [one.rule for one in some.unfit] == [rule]
    assert "d" in {one.case_no for one in some.arrivals if isinstance(one, Change)}

    # A message that was pushed is taken as a whole, or not at all.
    decoded = msgspec.json.decode(json.dumps(told).encode(), type=ToldChanges)
    with pytest.raises(UnfitChanges, match=rule):
        read_changes(P44, decoded, 2, whole=True)


def statement(seq=1, **more):
    return Change(**{
        "province": P44, "case_no": "c", "seq": seq, "as_of": datetime(2026, 6, 2, tzinfo=UTC),
        "act": ActKind.OTHER, "on": datetime(2026, 6, 1, tzinfo=UTC).date(),
        "union": "u", **more,
    })  # fmt: skip


FILE = ChangesWanted("r", 2, case_no="c", seq=4)
FLAWS = {
    "another-province": (WANTED, Changes((statement(province="51"),))),
    "too-many-changes": (WANTED, Changes(tuple(map(statement, (1, 2, 3))))),
    "another-case": (FILE, Changes((statement(5, case_no="d"),))),
    "not-after-the-number": (FILE, Changes((statement(4),))),
    "leads-nowhere": (
        ChangesWanted("r", 2, after="x"), Changes((statement(),), "x", more=True)
    ),
    "": (FILE, Changes((Watermark(province=P44, case_no="c", seq=4),))),
}  # fmt: skip


@pytest.mark.parametrize("flaw", FLAWS, ids=str)
def test_what_is_no_answer_to_the_question(flaw):
    assert flaw_of(P44, *FLAWS[flaw]) == flaw


class Failing(MemoryConnector):
    """Fails so many times, and then tells."""

    def __init__(self, times, code=FaultCode.BROKEN_OFF):
        super().__init__(P44, {}, SystemClock())
        self.left, self.code, self.asked = times, code, 0

    async def changes(self, wanted, deadline):
        self.asked += 1
        if self.left:
            self.left -= 1
            raise ProvinceFault(self.code)
        return await super().changes(wanted, deadline)


async def ask(connector, **settings):
    guard = Guard(
        connector, settings_for("http://127.0.0.1:1/", **settings), SystemClock(),
        chance=lambda: 0.0,
    )  # fmt: skip
    return await guard.changes(WANTED, asyncio.get_running_loop().time() + 5), guard


async def test_a_read_that_broke_off_is_tried_again():
    connector = Failing(1)
    changed, _ = await ask(connector, retry={"attempts": 2})

    assert changed == Changed(Changes((), ""))
    assert connector.asked == 2


async def test_a_fault_is_data_and_shown():
    connector = Failing(9, FaultCode.PROVINCE_ERROR)
    changed, guard = await ask(connector)

    assert (changed.changes, changed.fault.code) == (None, FaultCode.PROVINCE_ERROR)
    assert guard.health().last_fault is FaultCode.PROVINCE_ERROR


async def test_a_province_that_hangs_is_left_at_its_deadline_and_then_alone():
    connector = Failing(0)
    connector.before = asyncio.Event().wait
    quick = {"deadline": "50ms", "breaker": {"failures": 1}}
    changed, guard = await ask(connector, **quick)
    again = await guard.changes(WANTED, asyncio.get_running_loop().time() + 5)

    assert changed.fault.code is FaultCode.TIMED_OUT
    assert again.fault.code is FaultCode.SUSPENDED
    assert connector.asked == 1


async def test_who_declares_no_changes_is_outdated_when_asked():
    connector = MemoryConnector(P44, {}, SystemClock(), Capabilities("1.1", {}))
    changed, guard = await ask(connector)

    assert changed.fault.code is FaultCode.NOT_SUPPORTED
    assert guard.outdated.is_set()


async def test_a_province_without_its_secrets_is_not_connected():
    why = Refusal("X", "y", Bilingual("无", "none"), Bilingual("补", "mend"))
    changed, _ = await ask(UnusableConnector(P44, why))

    assert changed.fault.code is FaultCode.NOT_CONNECTED
