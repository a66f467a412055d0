"""Changes as files: taken once in their order, told by place, and mistakes sent back."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest

from connectors.filedrop import desk_words
from connectors.filedrop.desk_reports import report_name
from connectors.filedrop.desk_words import sentences
from connectors.port import ChangesWanted
from schema.records.case import ActKind
from schema.records.change import Change, Tombstone, Watermark
from schema.records.keys import ProvinceCode
from tests.filedrop.desk_scene import CHANGE, change_row, put, written
from tests.filedrop.desk_subjects import beside
from tests.provinces.registers import TODAY, U1

AT = datetime(2026, 11, 2, 1, tzinfo=UTC)
FORMS = ["xlsx", "csv", "jsonl"]


def change(seq, case_no="c1", **more):
    return Change(**{
        "province": ProvinceCode("44"), "case_no": case_no, "seq": seq,
        "as_of": AT + timedelta(hours=seq), "act": ActKind.MEDIATION, "on": TODAY,
        "union": U1, **more,
    })  # fmt: skip


class Scene:
    def __init__(self, directory, form="csv", **more):
        self.directory, self.form = directory, form
        self.log = beside(directory, **more)["case_log"]

    def save(self, name, *rows):
        content = written(list(rows), self.form)
        put(self.directory / "changes" / f"{name}.{self.form}", content)

    async def page(self, first=100, **wanted):
        deadline = asyncio.get_running_loop().time() + 10
        told = await self.log.changes(ChangesWanted("r", first, **wanted), deadline)
        return told.changes

    async def told(self, **wanted):
        page = await self.page(**wanted)
        return [one for one in page.arrivals if not isinstance(one, Watermark)]

    def report(self, name):
        name = report_name("changes", f"{name}.{self.form}")
        book = openpyxl.load_workbook(self.directory / "reports" / name)
        head, _, *rows = book.active.iter_rows(values_only=True)
        return head[0], {row[0] or 0: row for row in rows[2:]}


@pytest.fixture(params=FORMS)
async def scene(tmp_path, request):
    one = Scene(tmp_path, request.param)
    yield one
    await one.log.close()


async def test_a_sheet_that_grows_is_told_once_and_in_its_order(scene):
    lines = [change(1), change(1, "c2"), change(2), change(3)]
    scene.save("2026", *map(change_row, lines[:2]))
    first = await scene.page()
    scene.save("2026", *map(change_row, lines))
    assert await scene.told(after=first.next) == lines[2:]
    assert await scene.told() == lines
    assert not list(scene.directory.glob("reports/*"))


async def test_files_are_taken_by_their_names_and_rows_by_their_order(scene):
    for name, seq in (("b", 3), ("a", 1), ("c", 2)):
        scene.save(name, change_row(change(seq)), change_row(change(seq, "c2")))
    assert [one.seq for one in await scene.told()] == [1, 1, 3, 3, 2, 2]
    assert [one.seq for one in await scene.told(case_no="c1")] == [1, 2, 3]


async def test_what_was_told_is_not_rewritten_by_who_changes_a_row(scene):
    scene.save("a", change_row(change(1)), change_row(change(2)))
    before = await scene.page()
    rewritten = change(1, act=ActKind.OTHER)
    scene.save("a", change_row(rewritten), change_row(change(2)))
    scene.save("b", change_row(rewritten))
    assert (await scene.page(after=before.next)).arrivals == ()
    assert await scene.told() == [change(1), change(2)]
    row = 1 if scene.form == "jsonl" else 2
    for name in ("a", "b"):
        told = scene.report(name)[1][row]
        assert told[2] == desk_words.ROWS["CHANGED_AFTERWARDS"][0].zh
        assert told[6] == f"a.{scene.form}:{row}"

    # As the report says: a further line, which corrects the first.
    corrected = change(3, corrects=1, act=ActKind.OTHER)
    scene.save("a", *map(change_row, (change(1), change(2), corrected)))
    assert await scene.told(after=before.next) == [corrected]
    assert "已改正" in scene.report("a")[0]


WRONG = {
    "day": ("on", "2026-02-30", "NOT_A_DATE", "AJ_ON"),
    "number": ("seq", "first", "NOT_A_NUMBER", "AJ_SEQ"),
    "no case": ("case_no", None, "EMPTY", "AJ_CASE_NO"),
    "no act": ("act", None, "UNFIT_CHANGE", None),
    "gone and more": ("gone", "1", "UNFIT_CHANGE", None),
}


@pytest.mark.parametrize(
    ("field", "value", "code", "column"), WRONG.values(), ids=WRONG
)
async def test_a_line_that_is_wrong_costs_itself_and_comes_back(
    tmp_path, field, value, code, column
):
    scene = Scene(tmp_path)
    rows = [change_row(change(1)), change_row(change(2)), change_row(change(3))]
    scene.save("a", rows[0], rows[1] | {CHANGE[field]: value}, rows[2])
    assert await scene.told() == [change(1), change(3)]
    what, mend = sentences(code)
    assert scene.report("a")[1][3][1:6] == (column, what.zh, what.en, mend.zh, mend.en)

    scene.save("a", *rows)
    assert await scene.told(case_no="c1") == [change(1), change(2), change(3)]
    assert "已改正" in scene.report("a")[0]
    await scene.log.close()


async def test_a_file_that_broke_off_is_told_as_far_as_its_lines_are_whole(scene):
    lines = [change(seq) for seq in range(1, 4)]
    whole = written([change_row(one) for one in lines], scene.form)
    for cut in range(0, len(whole), 31):
        put(scene.directory / "changes" / f"a.{scene.form}", whole[:cut])
        told = await scene.told()
        assert told == lines[: len(told)]
    put(scene.directory / "changes" / f"a.{scene.form}", whole)
    assert await scene.told() == lines


async def test_another_process_and_a_new_one_tell_the_same(tmp_path):
    scenes = [Scene(tmp_path) for _ in range(2)]
    scenes[0].save("a", change_row(change(1)))
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(scene.page()) for scene in scenes * 2]
    assert len({task.result() for task in tasks}) == 1
    for scene in scenes:
        await scene.log.close()
    third = Scene(tmp_path)
    assert await third.page() == tasks[0].result()
    await third.log.close()


async def test_without_its_state_the_log_begins_anew_under_another_name(tmp_path):
    scene = Scene(tmp_path)
    scene.save("a", change_row(change(1)), change_row(change(2)))
    before = await scene.page()
    await scene.log.close()
    for file in (tmp_path / ".hub").iterdir():
        file.unlink()
    again = Scene(tmp_path)
    again.save("0", change_row(change(9, "c9")))
    page = await again.page(after=before.next)
    assert page.next.partition("-")[0] != before.next.partition("-")[0]
    assert len(page.arrivals) == 5, "all of it, for nobody knows what was told"
    await again.log.close()


async def test_a_line_that_is_gone(scene):
    gone = Tombstone(province=ProvinceCode("44"), case_no="c1", seq=2, as_of=AT, gone=1)
    scene.save("a", change_row(change(1)), change_row(gone))
    assert await scene.told() == [change(1), gone]
