"""Acts as files: what an office is given, what it fills in, and what comes of mistakes."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time

import msgspec
import openpyxl
import pytest

from connectors.faults import ProvinceFault
from connectors.filedrop import desk_words
from connectors.filedrop.arrivals import Read
from connectors.filedrop.desk_opening import open_case_log, open_desk
from connectors.filedrop.desk_reports import report_name
from connectors.filedrop.desk_words import sentences
from connectors.filedrop.places import Places
from connectors.mapping.mapping import Mapping
from connectors.mapping.mistakes import SENTENCES
from schema.records.command import Answered, Receipt, RefusalCode
from schema.records.refusal import Refused
from schema.records.told import FaultCode
from tests.filedrop.desk_scene import (
    RECEIPT,
    filled,
    put,
    rows_of,
    settings,
    words,
    written,
)
from tests.filedrop.desk_subjects import beside
from tests.provinces.registers import JOINED, command

OUT, BACK = command("REGISTER_OUT"), command("CANCEL_OUT")
IN = command("REGISTER_IN", "t2", local_id=None, card="440301199001010123456")
FORMS = ["xlsx", "csv", "jsonl"]


class Scene:
    """A desk, and who sits on the other side of the folder."""

    def __init__(self, directory, form="xlsx", **more):
        self.directory, self.form = directory, form
        self.desk = beside(directory, form, **more)["desk"]

    async def act(self, *commands):
        return await self.desk.act(commands, "r", soon())

    async def receipts(self, *commands):
        acted = await self.act(*commands)
        return acted.receipts

    @property
    def given(self):
        """The files that the hub has laid down."""
        return sorted((self.directory / "acts").glob("acts-*"))

    @property
    def rows(self):
        return [row for file in self.given for row in rows_of(file)]

    def answer(self, *receipts, name="answer", rows=None, **over):
        """Save rows with receipts; without one a row stays as it was given."""
        by_key = {one.key: one for one in receipts}
        told = [
            filled(row, by_key[row["编号"]]) | over
            if row["编号"] in by_key
            else row | {c: None for c in RECEIPT.values() if c not in row}
            for row in (rows or self.rows)
        ]
        self.save(f"{name}.{self.form}", written(told, self.form))

    @property
    def first(self):
        """The number of the first row, as a file of this format is counted."""
        return 1 if self.form == "jsonl" else 2

    def save(self, name, content):
        put(self.directory / "receipts" / name, content)

    def report(self, name="answer"):
        """What the hub says of a file of receipts: by row, the columns and sentences."""
        name = report_name("receipts", f"{name}.{self.form}")
        book = openpyxl.load_workbook(self.directory / "reports" / name)
        head, _, *rows = book.active.iter_rows(values_only=True)
        told = {row[0] or 0: row for row in rows[2:]}
        return head[0], told


def soon():
    return asyncio.get_running_loop().time() + 10


def done(one, entry="44-1", **more):
    return Receipt(key=one.key, answered=Answered.DONE, entry=entry, **more)


def refused(one, code=RefusalCode.NOT_ACTIVE):
    return Receipt(key=one.key, answered=Answered.REFUSED, code=code)


@pytest.fixture
async def scene(tmp_path):
    one = Scene(tmp_path)
    yield one
    await one.desk.close()


@pytest.fixture(params=FORMS)
async def any_scene(tmp_path, request):
    one = Scene(tmp_path, request.param)
    yield one
    await one.desk.close()


async def test_what_nobody_has_answered_is_pending_and_is_written_once(any_scene):
    scene = any_scene
    for _ in range(2):
        receipts = await scene.receipts(OUT, BACK)
        assert [one.answered for one in receipts] == [Answered.PENDING] * 2
    more = await scene.receipts(BACK, IN)
    assert [one.answered for one in more] == [Answered.PENDING] * 2

    assert [row["编号"] for row in scene.rows] == [OUT.key, BACK.key, IN.key]
    assert [one.name for one in scene.given] == [
        f"acts-000001.{scene.form}",
        f"acts-000002.{scene.form}",
    ]
    first = scene.rows[0]
    assert (first["事项"], first["会员证号"]) == ("转出登记", "c1")
    assert first["日期"] == "2026-11-02"


async def test_what_is_filled_in_is_the_receipt_and_the_rest_waits(any_scene):
    scene = any_scene
    await scene.act(OUT, BACK)
    scene.answer(done(OUT, joined_on=JOINED))
    first, second = await scene.receipts(OUT, BACK)
    assert first == done(OUT, joined_on=JOINED)
    assert second.answered is Answered.PENDING
    assert not list(scene.directory.glob("reports/*"))

    # The same file once more, with a further row filled in.
    scene.answer(done(OUT, joined_on=JOINED), done(BACK))
    assert await scene.receipts(OUT, BACK) == (first, done(BACK))
    assert not list(scene.directory.glob("reports/*"))


async def test_a_refusal_has_its_reason(any_scene):
    await any_scene.act(OUT)
    any_scene.answer(refused(OUT), 说明="已退会")
    (told,) = await any_scene.receipts(OUT)
    assert told == msgspec.structs.replace(refused(OUT), message="已退会")


async def test_a_new_file_is_named_by_the_province(any_scene):
    await any_scene.act(IN)
    any_scene.answer(done(IN, local_id="gd-9"))
    assert await any_scene.receipts(IN) == (done(IN, local_id="gd-9"),)


async def test_what_people_get_is_a_workbook_that_cannot_be_filled_in_wrongly(scene):
    await scene.act(msgspec.structs.replace(IN, reason="=1+1"))
    book = openpyxl.load_workbook(scene.given[0])
    sheet, how_to = book.worksheets
    head = [cell.value for cell in sheet[1]]
    cells = dict(zip(head, sheet[2], strict=True))

    # Long numbers stay as they are, and nothing is computed.
    assert cells["会员证号"].value == IN.membership_no
    assert cells["会员证号"].data_type == "s"
    assert (cells["事由"].value, cells["事由"].data_type) == ("=1+1", "s")
    assert {cell.number_format for cell in cells.values()} == {"@"}
    # What the hub says is locked, what the office says is not.
    assert sheet.protection.sheet
    free = {name for name, cell in cells.items() if not cell.protection.locked}
    assert free == set(RECEIPT.values()) - {"编号"}
    lists = {one.formula1 for one in sheet.data_validations.dataValidation}
    assert '"已办,不予办理"' in lists
    text = "".join(cell.value for (cell,) in how_to.iter_rows())
    assert "receipts" in text
    assert "编号" in text
    assert "文件夹" in text


WRONG = {
    "half": (OUT, {"登记编号": "44-1"}, "EMPTY", "办理结果"),
    "word": (OUT, {"办理结果": "好了"}, "UNKNOWN_CODE", "办理结果"),
    "no entry": (OUT, {"办理结果": "已办"}, "NO_ENTRY", "登记编号"),
    "no file": (IN, {"办理结果": "已办", "登记编号": "1"}, "NO_FILE_NAMED", "新档案号"),
    "another": (
        OUT, {"办理结果": "已办", "登记编号": "1", "新档案号": "w9"}, "OTHER_WORKER",
        "新档案号",
    ),
    "undoing": (
        BACK, {"办理结果": "不予办理", "原因代码": "R02"}, "NOT_TO_BE_REFUSED", "办理结果",
    ),
    "ID": (
        OUT, {"办理结果": "已办", "登记编号": "11010519491231002X"}, "RESIDENT_ID",
        "登记编号",
    ),
    "rounded": (
        OUT, {"办理结果": "已办", "登记编号": "1.23457E+17"}, "ROUNDED", "登记编号",
    ),
    "file rounded": (
        IN, {"办理结果": "已办", "登记编号": "1", "新档案号": "4.40301e+11"}, "ROUNDED",
        "新档案号",
    ),
    "done with a reason": (
        OUT, {"办理结果": "已办", "登记编号": "1", "原因代码": "R02"}, "DONE_WITH_REASON",
        "原因代码",
    ),
    "refused with an entry": (
        OUT, {"办理结果": "不予办理", "登记编号": "44-9", "原因代码": "R02"},
        "REFUSED_WITH_ENTRY", "登记编号",
    ),
    "date": (
        OUT, {"办理结果": "已办", "登记编号": "1", "本省入会日期": "去年"}, "NOT_A_DATE",
        "本省入会日期",
    ),
    "key": (
        OUT, {"编号": "t9:REGISTER_OUT", "办理结果": "已办", "登记编号": "1"},
        "UNKNOWN_KEY", "编号",
    ),
    "sorted apart": (
        OUT, {"会员证号": "c7", "办理结果": "已办", "登记编号": "1"}, "OTHER_COMMAND",
        "会员证号",
    ),
    "as a number": (
        IN, {"会员证号": 4.40301199001e20, "办理结果": "已办", "登记编号": "1",
             "新档案号": "gd-9"},
        "OTHER_COMMAND", "会员证号",
    ),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("form", ["xlsx", "csv"])
async def test_a_row_that_is_wrong_comes_back_with_how_to_mend_it(
    tmp_path, form, wrong
):
    asked, over, code, column = wrong
    scene = Scene(tmp_path, form)
    good = command("REGISTER_OUT", "t3", card="c3", local_id="w3")
    await scene.act(asked, good)
    bad, right = scene.rows
    empty = dict.fromkeys(c for c in RECEIPT.values() if c not in bad)
    rows = [bad | empty | over, filled(right, done(good))]
    scene.save(f"answer.{form}", written(rows, form))

    first, second = await scene.receipts(asked, good)
    assert first.answered is Answered.PENDING
    assert second == done(good), "one row costs no other"
    said, told = scene.report()
    what, mend = sentences(code)
    assert told[2][1:6] == (column, what.zh, what.en, mend.zh, mend.en)
    assert "1" in said
    assert all(str(v) not in str(told) for v in over.values() if len(str(v)) > 2)

    # It is put right, in the same file; the report says that all is well.
    receipt = done(asked, local_id="gd-9" if asked is IN else None)
    scene.answer(receipt, done(good), rows=[bad, right])
    assert await scene.receipts(asked, good) == (receipt, done(good))
    said, told = scene.report()
    assert "已改正" in said
    assert told == {}
    await scene.desk.close()


async def test_receipts_that_contradict_one_another_are_both_left(any_scene):
    scene = any_scene
    await scene.act(OUT, BACK)
    scene.answer(done(OUT), name="one")
    scene.answer(refused(OUT), done(BACK), name="two")
    first, second = await scene.receipts(OUT, BACK)
    assert (first.answered, second) == (Answered.PENDING, done(BACK))
    for name, other in (("one", "two"), ("two", "one")):
        _, told = scene.report(name)
        row = told[scene.first]
        assert row[2] == desk_words.ROWS["CONTRADICTING"][0].zh
        assert row[6] == f"{other}.{scene.form}:{scene.first}"

    (scene.directory / "receipts" / f"two.{scene.form}").unlink()
    assert await scene.receipts(OUT) == (done(OUT),)
    assert "已改正" in scene.report("one")[0]


async def test_what_was_believed_stands_whatever_comes_later(any_scene):
    scene = any_scene
    await scene.act(OUT)
    scene.answer(done(OUT))
    await scene.act(OUT)
    scene.answer(done(OUT, "44-2"))
    scene.answer(refused(OUT), name="other")
    assert await scene.receipts(OUT) == (done(OUT),)
    for name in ("answer", "other"):
        told = scene.report(name)[1]
        row = told[scene.first]
        assert row[2] == desk_words.ROWS["CONTRADICTS_TAKEN"][0].zh
    # A copy of it says nothing new, and nothing wrong.
    scene.answer(done(OUT), name="copy")
    assert await scene.receipts(OUT) == (done(OUT),)
    assert not list(scene.directory.glob("reports/*copy*"))


async def test_a_row_that_is_there_twice_counts_once_and_is_named(any_scene):
    scene = any_scene
    await scene.act(OUT)
    scene.answer(done(OUT), rows=[*scene.rows, *scene.rows])
    assert await scene.receipts(OUT) == (done(OUT),)
    row = scene.report()[1][scene.first + 1]
    assert row[2] == desk_words.ROWS["DOUBLED"][0].zh


def entry_last(row):
    """Half a number of an entry looks like a number, if nothing stands behind it."""
    return {
        **{k: v for k, v in row.items() if k != "登记编号"},
        "登记编号": row["登记编号"],
    }


@pytest.mark.parametrize("form", FORMS)
async def test_of_a_file_that_broke_off_nothing_wrong_is_believed(tmp_path, form):
    scene = Scene(tmp_path, form)
    await scene.act(OUT, BACK)
    rows = [
        entry_last(filled(row, done(one, "44-123456")))
        for row, one in zip(scene.rows, (OUT, BACK), strict=True)
    ]
    whole = written(rows, form)
    cuts = range(0, len(whole), 2 if form != "xlsx" else 97)
    for cut in cuts:
        scene.save(f"cut.{form}", whole[:cut])
        await scene.desk.look()
    assert {one.entry for one in await scene.receipts(OUT, BACK) if one.entry} <= {
        "44-123456"
    }
    scene.save(f"cut.{form}", whole)
    receipts = await scene.receipts(OUT, BACK)
    assert [one.entry for one in receipts] == ["44-123456"] * 2
    await scene.desk.close()


async def test_what_no_spreadsheet_wrote_is_named(scene):
    await scene.act(OUT)
    scene.save("a.doc", b"a letter")
    scene.save("b.xlsx", b"PK\x03\x04 half a workbook")
    scene.save("c=1.csv", b"a,b\n1,2\n")
    scene.save("~$d.xlsx", b"a lock of Excel's")
    (scene.directory / "receipts" / "link.csv").symlink_to("/etc/passwd")
    assert (await scene.receipts(OUT))[0].answered is Answered.PENDING
    told = {path.name for path in scene.directory.glob("reports/*")}
    names = ("a.doc", "b.xlsx", "c=1.csv")
    assert told == {report_name("receipts", name) for name in names}


async def test_a_formula_is_no_receipt(scene):
    await scene.act(OUT)
    scene.answer(done(OUT), 登记编号='="44-"&1')
    assert (await scene.receipts(OUT))[0].answered is Answered.PENDING
    assert scene.report()[1][2][1] == "登记编号"


async def test_what_is_being_saved_is_left_until_it_is_still(tmp_path):
    scene = Scene(tmp_path, "csv", settle="200ms")
    await scene.act(OUT)
    begun = time.monotonic()
    for entry in ("44-1", "44-12", "44-123"):
        scene.answer(done(OUT, entry))
        assert (await scene.receipts(OUT))[0].answered is Answered.PENDING
        await asyncio.sleep(0.1)
    while (told := (await scene.receipts(OUT))[0]).answered is Answered.PENDING:
        await asyncio.sleep(0.02)
        assert time.monotonic() - begun < 5
    assert told == done(OUT, "44-123")
    await scene.desk.close()


async def test_a_key_serves_one_act_only(scene):
    await scene.act(OUT)
    other = msgspec.structs.replace(BACK, key=OUT.key)
    assert (await scene.receipts(other))[0].code == RefusalCode.KEY_REUSED
    assert len(scene.rows) == 1


async def test_a_command_that_the_province_has_no_word_for_costs_no_other(tmp_path):
    scene = Scene(tmp_path)
    cells = scene.desk._words._command.cells
    del scene.desk._words._command.cells["act"]
    cells["act"] = wordless(OUT.act)
    acted = await scene.act(OUT, BACK)
    assert acted.receipts[0] is None
    assert acted.receipts[1].answered is Answered.PENDING
    assert acted.fault.code is FaultCode.NOT_SUPPORTED
    with pytest.raises(ProvinceFault) as raised:
        await scene.act(OUT)
    assert raised.value.code is FaultCode.NOT_SUPPORTED
    await scene.desk.close()


def wordless(word):
    """The cell of an act, without a word for this one."""
    text = 'version = 1\n[kinds.WORKER]\nsource = "a"\nkey = "b"\nas_of = "c"\n'
    text += words().replace(f'"转出登记" = "{word}", ', "")
    return Mapping.load(text.encode(), "m").command.cells["act"]


async def test_commands_at_the_same_moment_leave_one_row_each(tmp_path):
    scenes = [Scene(tmp_path) for _ in range(3)]
    async with asyncio.TaskGroup() as group:
        for scene in scenes * 3:
            group.create_task(scene.act(OUT, BACK, IN))
    keys = [row["编号"] for row in scenes[0].rows]
    assert sorted(keys) == sorted([OUT.key, BACK.key, IN.key])
    # Whoever reads a receipt, all know it.
    scenes[0].answer(done(OUT))
    for scene in scenes:
        assert (await scene.receipts(OUT))[0] == done(OUT)
        await scene.desk.close()


async def test_without_its_state_it_never_uses_a_name_again(tmp_path):
    scene = Scene(tmp_path)
    await scene.act(OUT)
    await scene.desk.close()
    for file in (tmp_path / ".hub").iterdir():
        file.unlink()
    scene = Scene(tmp_path)
    await scene.act(BACK)
    assert [one.name for one in scene.given] == ["acts-000001.xlsx", "acts-000002.xlsx"]
    # What the office had answered before is believed as soon as it is asked again.
    scene.answer(done(OUT))
    assert (await scene.receipts(BACK))[0].answered is Answered.PENDING
    assert (await scene.receipts(OUT)) == (done(OUT),)
    await scene.desk.close()


KILLED = """
import asyncio, sys, pathlib
from tests.filedrop.test_desk import Scene, command
async def main():
    scene = Scene(pathlib.Path(sys.argv[1]), "csv")
    print("ready", flush=True)
    for number in range(1000):
        one = command("REGISTER_OUT", f"t{number}", card=f"c{number}")
        await scene.act(one)
        print(one.key, flush=True)
asyncio.run(main())
"""


def test_killed_at_any_instruction_each_key_has_one_row_and_files_are_whole(tmp_path):
    written_keys = set()
    for turn in range(4):
        child = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        assert child.stdout.readline() == "ready\n"
        time.sleep(0.1 + turn * 0.037)
        child.kill()
        written_keys |= {line.strip() for line in child.stdout if ":" in line}
        child.wait()
        child.stdout.close()
    keys = [row["编号"] for row in Scene(tmp_path, "csv").rows]
    assert len(keys) == len(set(keys))
    assert {key for key in written_keys if key.endswith("REGISTER_OUT")} <= set(keys)
    assert len(keys) > 6


async def test_a_file_that_is_there_is_not_written_over(scene):
    await scene.act(OUT)
    # Killed behind the rename; meanwhile the office has begun to fill it in.
    with scene.desk._store.writing() as db:
        db.execute("UPDATE act_file SET written = 0")
    scene.given[0].write_bytes(b"half filled in")
    await scene.act(BACK)
    assert scene.given[0].read_bytes() == b"half filled in"
    assert [row["编号"] for row in rows_of(scene.given[1])] == [BACK.key]


async def test_a_report_that_cannot_be_written_costs_no_receipt(scene):
    (scene.directory / "reports").write_text("a file")
    await scene.act(OUT, BACK)
    scene.answer(done(OUT), refused(BACK))
    first, second = await scene.receipts(OUT, BACK)
    assert (first, second.answered) == (done(OUT), Answered.PENDING)
    (scene.directory / "reports").unlink()
    await scene.desk.look()
    assert len(scene.report()[1]) == 1


async def test_a_file_that_a_spreadsheet_holds_is_read_when_it_lets_go(
    scene, monkeypatch
):
    await scene.act(OUT)
    scene.answer(done(OUT))
    arrivals = scene.desk._receipts._arrivals
    monkeypatch.setattr(arrivals, "read", lambda _name: Read([], "FILE_MISSING"))
    assert (await scene.receipts(OUT))[0].answered is Answered.PENDING
    assert "关闭" in scene.report()[1][0][4]
    monkeypatch.undo()
    assert await scene.receipts(OUT) == (done(OUT),)


async def test_a_folder_that_cannot_be_written_is_a_fault_and_no_bug(tmp_path):
    scene = Scene(tmp_path)
    (tmp_path / "acts").write_text("a file")
    with pytest.raises(ProvinceFault) as raised:
        await scene.act(OUT)
    assert raised.value.code is FaultCode.UNREACHABLE
    (tmp_path / "acts").unlink()
    assert (await scene.receipts(OUT))[0].answered is Answered.PENDING
    assert len(scene.rows) == 1
    await scene.desk.close()


def test_acts_without_words_for_them_are_refused_with_what_to_do(tmp_path):
    own = settings(tmp_path)
    text = 'version = 1\n[kinds.WORKER]\nsource = "a"\nkey = "b"\nas_of = "c"\n'
    about = ("44", own, Places.of(own), Mapping.load(text.encode(), "m"))
    for opening, table in ((open_desk, "[acts.command]"), (open_case_log, "[changes]")):
        with pytest.raises(Refused) as raised:
            opening(*about)
        assert table in raised.value.refusal.remedy.zh


def test_every_word_is_in_both_languages():
    every = {**desk_words.ROWS, **{code: sentences(code) for code in SENTENCES}}
    for what, mend in every.values():
        for said in (what, mend):
            assert not said.zh.isascii()
            assert said.en.isascii()
