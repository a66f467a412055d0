"""One statement that is unfit spoils no other of its page."""

from __future__ import annotations

import msgspec
import pytest

from connectors.port import ChangesWanted
from connectors.told_changes import ToldChanges, UnfitChanges, flaw_of, read_changes
from schema.records.change import Unfit, Watermark
from schema.records.keys import ProvinceCode

P44 = ProvinceCode("44")
GOOD = {
    "caseNo": "c", "asOf": "2026-06-02T11:00:00+08:00",
    "act": "MEDIATION", "on": "2026-06-01", "unionCode": "u",
}  # fmt: skip


def page(*changes, watermarks=(), **more):
    told = {"province": "44", "changes": changes, "watermarks": watermarks, **more}
    return msgspec.json.decode(msgspec.json.encode(told), type=ToldChanges)


def line(seq, **more):
    return GOOD | {"seq": seq, **more}


UNFIT = [
    ({"on": "1940-01-01"}, "day-out-of-range"),
    ({"on": "yesterday"}, "$.changes[1].on"),
    ({"asOf": "2026-06-02"}, "$.changes[1].asOf"),
    ({"asOf": "0001-01-01T00:00:00+08:00"}, "moment-out-of-range"),
    ({"asOf": "9999-12-31T23:59:59-08:00"}, "moment-out-of-range"),
    ({"gone": 1}, "gone-and-more"),
    ({"unionCode": None}, "no-act-day-or-union"),
    ({"fact": {"kind": "x", "days": 3661}}, "$.changes[1].fact.days"),
    ({"document": {"reference": "r", "sha256": "x"}}, "$.changes[1].document.sha256"),
]


@pytest.mark.parametrize(("wrong", "rule"), UNFIT)
def test_what_is_unfit_is_set_aside_with_its_place(wrong, rule):
    told = page(line(1), line(2, **wrong), line(3), next="3", more=True)

    read = read_changes(P44, told, 10)
    assert [one.seq for one in read.arrivals] == [1, 3]
    assert read.unfit == (Unfit(case_no="c", seq=2, rule=rule),)
    assert (read.next, read.more) == ("3", True)
    with pytest.raises(UnfitChanges) as raised:
        read_changes(P44, told, 10, whole=True)
    assert raised.value.rule == rule


def test_what_has_no_place_is_counted():
    read = read_changes(P44, page({"seq": "x"}, 7, line(0), line(1)), 10)

    assert [one.seq for one in read.arrivals] == [1]
    assert [(one.case_no, one.seq) for one in read.unfit] == [("", 0)] * 3


def test_a_watermark_that_cannot_be_spoils_no_page():
    marks = [{"caseNo": "c", "seq": 1}, {"caseNo": "c", "seq": -1}, None]
    read = read_changes(P44, page(line(2), watermarks=marks), 10)

    assert not any(isinstance(one, Watermark) for one in read.arrivals)
    assert read.unfit[0] == Unfit(case_no="c", seq=1, rule="beyond-its-watermark")
    assert len(read.unfit) == len(marks)


def test_a_page_of_nothing_but_unfit_leads_on():
    read = read_changes(P44, page(line(1, on="1940-01-01"), next="1", more=True), 10)

    assert flaw_of(P44, ChangesWanted("r", 10), read) == ""
    stuck = msgspec.structs.replace(read, next="0")
    assert flaw_of(P44, ChangesWanted("r", 10, after="0"), stuck) == "leads-nowhere"
    file = ChangesWanted("r", 10, case_no="c")
    assert flaw_of(P44, file, read) == ""
    nameless = msgspec.structs.replace(read, unfit=(Unfit(rule="x"),))
    assert flaw_of(P44, file, nameless) == "leads-nowhere"
