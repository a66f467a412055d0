"""Provinces of the demo that speak in their own words: the hub reads what they keep."""

from __future__ import annotations

import asyncio
import contextlib
import time
import tomllib
from datetime import UTC, date, datetime
from types import SimpleNamespace

import msgspec
import pytest

from connectors.conformance.report import Outcome
from connectors.conformance.running import run
from connectors.conformance.sample import Sample
from connectors.conformance.visit import Means
from connectors.mapping.mapping import Mapping
from connectors.mapping.natures import fields_of
from connectors.opening import open_connector
from connectors.port import Ask, ChangesWanted, Question
from connectors.settings import ProvinceSettings
from deploy.demo.following import change
from deploy.demo.kinds import MAPPINGS, OWN_WORDS, beside, is_taken
from deploy.demo.own_words import hubei, shandong, zhejiang
from deploy.demo.province.case_file import CaseFile
from deploy.demo.province.compare import cards
from hub.clock import SystemClock
from schema.records.change import Change
from schema.records.command import Act, Answered, Command, RefusalCode
from schema.records.kinds import KINDS, ROW_KINDS
from schema.records.selection import Selection
from tests.demo import own_words
from tests.demo.own_words import CODES, standing_member

EVERYTHING = Selection.everything()
SHEETS = {"33": zhejiang.SHEETS, "37": shandong.SHEETS, "42": hubei.SHEETS}


@pytest.fixture(scope="module")
def told():
    return own_words.told()


@pytest.fixture(scope="module")
def systems(tmp_path_factory):
    population = own_words.populate(tmp_path_factory.mktemp("own") / "population")
    with own_words.running(population) as running:
        yield running


@pytest.fixture(params=CODES, ids=OWN_WORDS.get)
async def province(request, systems):
    """One of them, and the connector that its settings ask for."""
    code = request.param
    text = (systems.settings / f"{code}.toml").read_text()
    settings = ProvinceSettings(**tomllib.loads(text))
    connector = open_connector(settings, systems.environ, SystemClock())
    await connector.probe(soon())
    if settings.kind == "files":
        assert is_taken(beside(systems.databases[code], code))
    yield SimpleNamespace(code=code, connector=connector, kind=settings.kind)
    await connector.close()


def soon():
    return asyncio.get_running_loop().time() + 20


async def ask(province, keys):
    asks = (Ask(tuple(keys), EVERYTHING),)
    answer = await province.connector.ask(Question(asks, "r1", "test"), soon())
    assert answer.faults == ()
    return answer.workers[0]


def in_order(worker):
    rows = {
        line.rows: tuple(sorted(getattr(worker, line.rows), key=lambda row: row.id))
        for line in ROW_KINDS
    }
    return msgspec.structs.replace(worker, **rows)


async def test_every_worker_is_told_as_the_province_keeps_them(province, told):
    kept = told[province.code]
    assert len(kept) > 100
    keys = sorted(kept)
    found = []
    for start in range(0, len(keys), 100):
        found += await ask(province, keys[start : start + 100])
    assert [in_order(each) for each in found] == [in_order(kept[key]) for key in keys]
    for line in ROW_KINDS:  # and there was something to tell of each kind
        assert any(getattr(each, line.rows) for each in found)


async def test_a_stranger_is_nobody(province, told):
    somebody = next(iter(told[province.code]))
    nobody, one = await ask(province, ["nobody", somebody])
    assert nobody is None
    assert one.local_id == somebody


async def test_each_keeps_the_contract_by_what_partners_test_themselves_with(
    province, told
):
    workers = told[province.code]
    rows = {
        line.kind: tuple(k for k, w in workers.items() if getattr(w, line.rows))[:2]
        for line in ROW_KINDS
    }
    known = dict.fromkeys(key for keys in rows.values() for key in keys)
    sample = Sample(known=tuple(known), rows=rows)
    batches = province.kind == "files"
    means = Means(clock=SystemClock(), deadline=20, batches=batches)
    parts = ("declare", "read", "refuse", "changes")
    report = await run(province.connector, sample, means, parts=parts)
    failed = [one for one in report.findings if one.outcome is Outcome.FAILED]
    assert failed == []
    assert report.counts[Outcome.PASSED] > 20


@pytest.mark.parametrize("code", CODES)
def test_each_word_of_a_code_list_means_what_the_province_means(code):
    mapping = Mapping.load((MAPPINGS / f"{code}.toml").read_bytes(), f"{code}.toml")
    asked = 0
    for line, sheet in zip(KINDS.values(), SHEETS[code], strict=True):
        listed = {n: f for n, f in fields_of(line.record).items() if f.members}
        for column in sheet.columns:
            for member in getattr(listed.get(column.field), "members", None) or ():
                asked += 1
                written = column.write(member.value)
                kind = mapping.kinds[line.kind]
                assert kind.from_value(column.field, member) == written
                row = dict.fromkeys(one.name for one in sheet.columns)
                row |= {sheet.key.name: "w", column.name: written}
                read = kind.to_record(
                    {**row, **_needed(sheet)},
                    Selection(((line.kind, frozenset({column.field})),)),
                )
                assert getattr(read, column.field) is member
    assert asked > 90


def _needed(sheet):
    """A name and a moment: every row has those."""
    at = datetime(2026, 11, 1, tzinfo=UTC)
    return {
        one.name: one.write(at) if one.field == "as_of" else "x"
        for one in sheet.columns
        if one.field in {"as_of", "id", "worker", "local_id"}
    }


def command(code, worker, row, act=Act.REGISTER_OUT, transfer="t-1", **more):
    values = {
        "key": f"{transfer}:{act}", "act": act, "transfer": transfer, "province": code,
        "local_id": worker.local_id, "membership_no": row.membership_no,
        "union": row.union_code, "counterpart_union": "81510000MC1234567A",
        "counterpart_province": "51", "on": date(2026, 11, 22),
    }  # fmt: skip
    return Command(**{**values, **more})


async def receipt_of(province, wanted):
    """Ask until there is a receipt: who works by files or an inbox takes a moment."""
    for _ in range(20):
        (receipt,) = (await province.connector.act([wanted], "r1", soon())).receipts
        if receipt.answered is not Answered.PENDING:
            return receipt
    raise AssertionError("no receipt")


async def state_of(province, worker, row, wanted):
    """Ask until the rows say so too: files are delivered a little later."""
    for _ in range(100):
        (found,) = await ask(province, [worker.local_id])
        (now,) = [one for one in found.memberships if one.id == row.id]
        if now.state == wanted:
            return now
        await asyncio.sleep(0.1)
        await province.connector.probe(soon())
    return now


async def test_a_member_leaves_once_and_comes_back(province, told, systems):
    code = province.code
    worker, row = standing_member(told, code)
    out = command(code, worker, row)
    receipt = await receipt_of(province, out)
    assert (receipt.answered, receipt.joined_on) == (Answered.DONE, row.joined_on)
    assert await receipt_of(province, out) == receipt
    left = await state_of(province, worker, row, "IN_TRANSIT")
    assert (left.state, left.registered_out_on) == ("IN_TRANSIT", out.on)

    back = command(code, worker, row, Act.CANCEL_OUT, reason="WITHDRAWN")
    assert (await receipt_of(province, back)).entry == receipt.entry
    assert (await state_of(province, worker, row, "ACTIVE")).state == "ACTIVE"
    (card,) = [
        one
        for one in cards(systems.databases[code].with_suffix(".acts.sqlite"))
        if one["membershipNo"] == row.membership_no
    ]
    assert card["done"]["t-1"] == {"REGISTER_OUT": 1, "CANCEL_OUT": 1}


async def test_who_comes_gets_a_name_and_a_refusal_has_its_reason(province, told):
    code = province.code
    _, row = standing_member(told, code, 1)
    coming = command(
        code, SimpleNamespace(local_id=None), row, Act.REGISTER_IN, "t-2",
        membership_no=f"GH51-{code}", joined_on=date(2020, 2, 29),
    )  # fmt: skip
    receipt = await receipt_of(province, coming)
    assert receipt.answered is Answered.DONE
    assert receipt.local_id
    refused = await receipt_of(
        province,
        msgspec.structs.replace(coming, key="t-3:IN", transfer="t-3", union="0" * 18),
    )
    assert refused.answered is Answered.REFUSED
    assert refused.code == RefusalCode.UNKNOWN_UNION
    for _ in range(100):
        (found,) = await ask(province, [receipt.local_id])
        if found is not None:
            break
        await asyncio.sleep(0.1)
        await province.connector.probe(soon())
    (came,) = found.memberships
    assert (came.state, came.joined_on) == ("ACTIVE", date(2020, 2, 29))


async def test_what_happens_in_a_case_file_is_told_as_it_was_written(province, systems):
    file = systems.databases[province.code].with_suffix(".cases.sqlite")
    body = change("81440000MC1234567A", "ARBITRATION", "arbitration-applied")
    body["document"] = {"reference": "仲裁申请 1", "sha256": "0" * 64}
    with contextlib.closing(CaseFile(file)) as kept:
        kept.write(f"k-{time.monotonic_ns()}", "C1", body)
        seq = kept.write(f"k-{time.monotonic_ns()}", "C1", body)
    wanted = ChangesWanted("r1", 100, case_no="C1", seq=seq - 1)
    for _ in range(100):
        told = (await province.connector.changes(wanted, soon())).changes
        if found := [one for one in told.arrivals if isinstance(one, Change)]:
            break
        await asyncio.sleep(0.05)
    (one,) = found
    assert (one.case_no, one.seq, one.act) == ("C1", seq, "ARBITRATION")
    assert one.as_of == datetime.fromisoformat(body["asOf"])
    assert one.fact.kind == "arbitration-applied"
    assert one.document.reference == "仲裁申请 1"
