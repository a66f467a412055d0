"""Systems of provinces of the demo: whom the interface refuses, and an office that stops."""

from __future__ import annotations

import contextlib
import csv
import json
import sqlite3

import aiohttp
import pytest

from deploy.demo.own_words import office
from deploy.demo.own_words.clerk import Clerk
from deploy.demo.own_words.delivery import ENCODING, Exporter
from deploy.demo.province.case_file import CaseFile
from deploy.demo.province.compare import cards
from deploy.demo.province.ledger import Ledger
from deploy.demo.province.register import Register
from tests.demo import own_words
from tests.demo.own_words import SECRET, standing_member


@pytest.fixture(scope="module")
def systems(tmp_path_factory):
    population = own_words.populate(tmp_path_factory.mktemp("own") / "population", "33")
    with own_words.running(population, ("33",)) as running:
        yield running


@pytest.fixture
async def interface(systems):
    async with aiohttp.ClientSession(systems.urls["33"]) as session:
        yield session


async def token(interface, secret=SECRET):
    headers = {"Authorization": aiohttp.encode_basic_auth("union-hub", secret)}
    form = {"grant_type": "client_credentials"}
    async with interface.post("/oauth/token", data=form, headers=headers) as reply:
        return reply.status, (await reply.json()).get("access_token")


async def test_the_interface_answers_nobody_without_a_token(interface):
    assert await token(interface, "wrong") == (401, None)
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        for path, method in (
            ("/v2/renyuan/chaxun", "POST"),
            ("/v2/anjuan/biandong", "GET"),
        ):
            async with interface.request(method, path, headers=headers) as reply:
                assert reply.status == 401


@pytest.mark.parametrize(
    "body",
    [
        b"no JSON", b"[]", b'{"renYuanId": "one"}',
        json.dumps({"renYuanId": ["x"] * 101, "ziDuan": []}).encode(),
        b'{"renYuanId": ["x"], "ziDuan": [], "meiYe": 0}',
        b'{"renYuanId": ["x"], "ziDuan": [], "youBiao": "-1"}',
    ],
)  # fmt: skip
async def test_the_interface_refuses_what_is_no_question(interface, body):
    _, bearer = await token(interface)
    headers = {"Authorization": f"Bearer {bearer}"}
    path = "/v2/renyuan/chaxun"
    async with interface.post(path, data=body, headers=headers) as reply:
        assert reply.status == 400


async def test_an_entry_without_its_key_in_the_header_is_refused(interface):
    _, bearer = await token(interface)
    entry = {
        "yeWuHao": "k", "jieZhuanHao": "t", "huiYuanZhengHao": "n", "dengJiRi": "2026-11-22",
        "gongHuiDaiMa": "u", "duiFangGongHui": "v", "duiFangSheng": "51",
    }  # fmt: skip
    for key, wanted in ((None, 400), ("other", 400), ("k", 409)):
        headers = {"Authorization": f"Bearer {bearer}"}
        headers |= {"Idempotency-Key": key} if key else {}
        path = "/v2/dengji/zhuanchu"
        async with interface.post(path, json=entry, headers=headers) as reply:
            assert reply.status == wanted


def test_an_office_that_stops_half_way_does_nothing_twice(tmp_path):
    database = own_words.populate(tmp_path / "p", "37") / "37.sqlite"
    own, acts = database.with_suffix(".own.sqlite"), tmp_path / "acts.sqlite"
    worker, row = standing_member(own_words.told(), "37")

    @contextlib.contextmanager
    def working():
        ledger = Ledger(acts, database)
        register = Register(database, acts)
        cases = CaseFile(tmp_path / "cases.sqlite")
        office.make(own, register)
        one = office.Office("37", own, register, ledger, cases)
        try:
            yield one
        finally:
            for each in (one, register, ledger, cases):
                each.close()

    with working() as first, contextlib.closing(sqlite3.connect(own)) as inbox:
        inbox.execute(
            "INSERT INTO hub_inbox (key, act, transfer, local_id, membership_no,"
            " union_code, counterpart_union, counterpart_province, on_day, landing,"
            " reason) VALUES ('k', 'REGISTER_OUT', 't', ?, ?, ?, 'u', '51',"
            " '2026-11-22', 0, '')",
            (worker.local_id, row.membership_no, row.union_code),
        )
        inbox.execute(
            "CREATE TRIGGER full BEFORE UPDATE ON hub_inbox"
            " BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
        inbox.commit()
        with pytest.raises(sqlite3.IntegrityError):
            first.work()
        inbox.execute("DROP TRIGGER full")
        inbox.commit()
    with working() as second, contextlib.closing(sqlite3.connect(own)) as inbox:
        assert second.work() == 1
        assert second.work() == 0
        (line,) = inbox.execute("SELECT answered, entry FROM hub_inbox").fetchall()
        assert line == ("DONE", "37-OUT-00000001")
        state = "SELECT HYZT FROM GH_HYXX WHERE HYXXBH = ?"
        assert inbox.execute(state, (row.id,)).fetchall() == [("21",)]
    (card,) = cards(acts)
    assert card["done"] == {"t": {"REGISTER_OUT": 1}}


def test_a_clerk_that_stops_half_way_does_nothing_twice_and_delivers(tmp_path):
    database = own_words.populate(tmp_path / "p", "42") / "42.sqlite"
    drop, acts = tmp_path / "drop", tmp_path / "acts.sqlite"
    worker, row = standing_member(own_words.told(), "42")

    @contextlib.contextmanager
    def working():
        ledger = Ledger(acts, database)
        register = Register(database, acts)
        cases = CaseFile(tmp_path / "cases.sqlite")
        exporter = Exporter(drop, register)
        try:
            yield Clerk("42", drop, ledger, cases, exporter), exporter
        finally:
            for each in (register, ledger, cases):
                each.close()

    with working() as (clerk, exporter):
        assert clerk.work() == 0
        assert exporter.is_behind  # nothing was delivered yet
        exporter.deliver()
        assert not exporter.is_behind
        asked = {
            "编号": "k", "登记事项": "出登记", "接转编号": "t", "会员编号": worker.local_id,
            "会员证号": row.membership_no, "本省工会代码": row.union_code,
            "对方工会代码": "u", "对方省份": "51", "登记日期": "2026年11月22日",
            "首次入会日期": "", "挂靠": "否", "理由": "",
        }  # fmt: skip
        sheet = drop / "acts" / "acts-000001.csv"
        with sheet.open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.DictWriter(out, list(asked))
            writer.writeheader()
            writer.writerow(asked)
        in_the_way = drop / f".{sheet.name}.partial"
        in_the_way.mkdir()
        with pytest.raises(IsADirectoryError):
            clerk.work()
        in_the_way.rmdir()
    with working() as (clerk, exporter):
        assert clerk.work() == 1
        assert clerk.work() == 0
        assert not exporter.is_behind
    with (drop / "receipts" / sheet.name).open(encoding="utf-8-sig") as told:
        (line,) = csv.DictReader(told)
    assert (line["编号"], line["办理结果"]) == ("k", "已办")
    assert line["登记编号"] == "42-OUT-00000001"
    (card,) = cards(acts)
    assert card["done"] == {"t": {"REGISTER_OUT": 1}}
    batch = max((drop / "in").iterdir())
    with (batch / "会籍.csv").open(encoding=ENCODING, newline="") as rows:
        (now,) = [one for one in csv.DictReader(rows) if one["记录编号"] == row.id]
    assert (now["会籍状态"], now["出登记日期"]) == ("转移中", "2026年11月22日")
