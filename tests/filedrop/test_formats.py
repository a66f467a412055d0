"""What stands in CSV, JSON lines and workbooks becomes the same records."""

from __future__ import annotations

from datetime import date, datetime

import msgspec
import openpyxl
import pytest

from connectors.filedrop.opening import open_files
from connectors.filedrop.rows import Flaw
from connectors.filedrop.sheets import sheets_of
from hub.clock import SystemClock
from schema.records.membership import MembershipRecord, MembershipState
from schema.records.told import FaultCode
from schema.records.worker import WorkerRecord
from tests.filedrop.conftest import CARD, LI, MAPPING, WANG, ask
from tests.provinces.dropping import as_csv, as_json_lines, as_workbook, day, deliver

ALL = 10**9
#: A day in a workbook is a moment without a zone.
BORN = datetime(1980, 2, 3)  # noqa: DTZ001


def read(file):
    with sheets_of(file, ALL) as sheets:
        return {name: list(sheet.rows) for name, sheet in sheets.items()}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_reads_the_encodings_that_offices_use(tmp_path, encoding):
    file = tmp_path / "a.csv"
    file.write_bytes(as_csv([LI, {**WANG, "姓名": "王𠮷"}], encoding))
    told = {**WANG, "姓名": "王𠮷"}
    assert read(file) == {"": [(2, LI), (3, told)]}


@pytest.mark.parametrize("between", [",", "\t", ";", "|"])
def test_reads_what_stands_between_cells(tmp_path, between):
    file = tmp_path / "a.csv"
    file.write_text(f'工号{between}姓名\r\n"gd-1"{between}"李,;|\t\n四"\r\n')
    assert read(file) == {"": [(2, {"工号": "gd-1", "姓名": "李,;|\t\n四"})]}


def test_a_row_of_other_length_is_a_flaw_and_keeps_its_number(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("工号,姓名\n\ngd-1\ngd-2,王,五\n , \ngd-3,赵六\n")
    assert read(file)[""] == [
        (3, Flaw("CELLS")),
        (4, Flaw("CELLS")),
        (6, {"工号": "gd-3", "姓名": "赵六"}),
    ]


def test_an_empty_cell_is_nothing(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text('工号,姓名,电话\ngd-1,,""\n')
    assert read(file)[""] == [(2, {"工号": "gd-1", "姓名": None, "电话": None})]


def test_a_line_that_is_no_object_is_a_flaw(tmp_path):
    file = tmp_path / "a.jsonl"
    deep = "[" * 100_000
    file.write_text(f'{{"工号": 1, "额": 812.50}}\n\n[1]\n{{"a": {deep}\n{{"工号": 2}}')
    told = read(file)[""]
    assert [number for number, _ in told] == [1, 3, 4, 5]
    assert told[1:3] == [(3, Flaw("BROKEN_LINE")), (4, Flaw("BROKEN_LINE"))]
    # An amount is what is written, and not the nearest binary fraction.
    assert str(told[0][1]["额"]) == "812.50"


def test_of_a_workbook_values_are_taken_and_nothing_that_makes_them(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "职工"
    sheet.append(["工号", "姓名", "出生日期", None])
    sheet.append([1, " 李四", date(1980, 2, 3)])
    sheet.append([])
    sheet.append([2, "=A2", "#N/A", "beside the head"])
    book.create_sheet("空")
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx") == {
        "职工": [
            (2, {"工号": 1, "姓名": " 李四", "出生日期": BORN}),
            (4, {"工号": 2, "姓名": Flaw("FORMULA"), "出生日期": Flaw("ERROR_CELL")}),
        ],
        "空": [],
    }  # fmt: skip


async def _answered(drop, files, rows, *keys, mapping=MAPPING):
    drop.mapping = mapping
    deliver(drop.directory, "a", day(1), files, rows)
    hub = open_files(drop.province, {}, SystemClock())
    try:
        look = await hub.take(lambda *_: None)
        assert not look.refused
        return await ask(hub, *keys)
    finally:
        await hub.close()


async def test_every_format_tells_the_same(dropping):
    drop = dropping(most_unreadable=1)
    mapping = MAPPING.replace("zg.csv", "book.xlsx#职工").replace("hy.csv", "hy.jsonl")
    files = {
        "book.xlsx": as_workbook(封面=[{"说明": "x"}], 职工=[{**LI, "出生日期": date(1980, 2, 3)}, WANG]),
        "hy.jsonl": as_json_lines([CARD]),
    }  # fmt: skip
    mixed = await _answered(
        drop, files, {"book.xlsx": 3, "hy.jsonl": 1}, "gd-1", "gd-2", mapping=mapping
    )
    assert mixed.faults == ()
    card = MembershipRecord(
        id="m1", as_of=day(1), state=MembershipState.ACTIVE, since=date(2024, 3, 1)
    )
    li = WorkerRecord(local_id="gd-1", as_of=day(1), name="李四",
                      birth_date=date(1980, 2, 3), memberships=(card,))  # fmt: skip
    wang = WorkerRecord(
        local_id="gd-2", as_of=day(1), name="王五", birth_date=None, memberships=()
    )
    assert mixed.workers == ((li, wang),)
    deliver(
        drop.directory, "b", day(2), {"zg.csv": as_csv([LI, WANG]), "hy.csv": as_csv([CARD])},
        {"zg.csv": 2, "hy.csv": 1},
    )  # fmt: skip
    drop.mapping = MAPPING
    hub = open_files(drop.province, {}, SystemClock())
    await hub.take(lambda *_: None)
    plain = await ask(hub, "gd-1", "gd-2")
    await hub.close()
    at = msgspec.structs.replace
    assert plain.workers == ((
        at(li, as_of=day(2), memberships=(at(card, as_of=day(2)),)),
        at(wang, as_of=day(2)),
    ),)  # fmt: skip


async def test_what_cannot_be_read_costs_its_own_field_or_kind_and_no_more(dropping):
    cards = [
        {**CARD, "起": "unknown"},
        {**CARD, "工号": "gd-2", "编号": ""},
        {**CARD, "工号": "gd-3"},
        {**CARD, "工号": "gd-5"},
        {**CARD, "工号": "gd-5", "状态": "60"},
    ]
    workers = [LI, WANG, {**LI, "工号": "gd-3"}, {**LI, "工号": "gd-4"},
               {**WANG, "工号": "gd-4"}, {**LI, "工号": "gd-5"}]  # fmt: skip
    answer = await _answered(
        dropping(most_unreadable=1),
        {"zg.csv": as_csv(workers), "hy.csv": as_csv(cards)},
        {"zg.csv": 6, "hy.csv": 5},
        "gd-1", "gd-2", "gd-3", "gd-4", "gd-5",
    )  # fmt: skip
    li, wang, third, twice, doubled = answer.workers[0]
    (fault,) = answer.faults
    assert (fault.code, fault.kinds) == (FaultCode.PARTIAL, ("MEMBERSHIP", "WORKER"))
    (card,) = li.memberships
    assert (card.state, card.since) == (MembershipState.ACTIVE, msgspec.UNSET)
    assert (wang.name, wang.memberships) == ("王五", None)
    assert third.memberships[0].since == date(2024, 3, 1)
    assert twice is None
    assert (doubled.name, doubled.memberships) == ("李四", None)


async def test_a_column_that_is_not_there_is_not_served_and_the_rest_is(drop):
    worker = {name: LI[name] for name in ("工号", "姓名")}
    deliver(drop.directory, "a", day(1),
            {"zg.csv": as_csv([worker]), "hy.csv": "编号\nm1\n".encode()},
            {"zg.csv": 1, "hy.csv": 1})  # fmt: skip
    hub = open_files(drop.province, {}, SystemClock())
    await hub.take(lambda *_: None)
    assert hub.capabilities.fields == {"WORKER": {"name"}}
    answer = await ask(hub, "gd-1")
    await hub.close()
    assert answer.workers[0][0].name == "李四"
