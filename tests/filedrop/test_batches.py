"""Which batches are taken: whole ones, never an older one, and each once."""

from __future__ import annotations

import json
import os
import shutil

import pytest

from connectors.filedrop.pointer import read_pointer
from connectors.filedrop.taking import Look, Refused
from schema.records.kinds import RecordKind
from tests.filedrop.conftest import CARD, LI, WANG
from tests.provinces.dropping import as_csv, day, manifest


def taken(drop):
    pointer = read_pointer(drop.places)
    return pointer and pointer.batch


def nothing_new(look):
    return look == Look(standing=look.standing)


def test_takes_the_freshest_of_all_that_are_there(drop):
    drop.deliver("a", 3)
    drop.deliver("b", 2)
    look = drop.take()
    assert (look.taken.batch, look.taken.as_of) == ("a", day(3))
    assert look.taken.kinds[RecordKind.WORKER].rows == 2


def test_what_is_on_its_way_is_not_looked_at(drop):
    drop.deliver("a", 1)
    drop.take()
    folder = drop.deliver("b", 2)
    (folder / "manifest.json").rename(folder / "manifest.json.part")
    assert nothing_new(drop.take())
    (folder / "manifest.json.part").rename(folder / "manifest.json")
    assert drop.take().taken.batch == "b"


@pytest.mark.parametrize("number", [0, 1])
def test_what_comes_late_is_never_taken(drop, number):
    """Neither one that is older, nor another of the same moment."""
    drop.deliver("a", 1)
    drop.take()
    drop.deliver("late", number, workers=[LI])
    assert nothing_new(drop.take())
    assert taken(drop) == "a"


def test_a_batch_that_is_delivered_twice_is_taken_once(drop):
    drop.deliver("a", 1)
    drop.take()
    before = read_pointer(drop.places)
    shutil.copytree(drop.directory / "in/a", drop.directory / "in/again")
    assert nothing_new(drop.take())
    assert read_pointer(drop.places) == before


def test_of_a_torn_batch_the_one_before_is_taken_and_the_next_again(drop):
    drop.deliver("a", 1)
    torn = drop.deliver("b", 2)
    (torn / "zg.csv").write_bytes(b"half")
    look = drop.take()
    assert look.taken.batch == "a"
    assert look.refused == (Refused("b", "CHECKSUM", "zg.csv"),)
    drop.deliver("c", 3)
    assert drop.take().taken.batch == "c"


def test_what_was_turned_down_is_looked_at_again_when_it_has_changed(drop):
    whole = drop.deliver("whole", 1)
    torn = drop.deliver("b", 2)
    sound = (torn / "zg.csv").read_bytes()
    (torn / "zg.csv").write_bytes(sound[:-3])
    assert drop.take().refused
    shutil.rmtree(whole)
    assert nothing_new(drop.take())
    (torn / "zg.csv").write_bytes(sound)
    assert drop.take().taken.batch == "b"


def _broken(drop, files, rows):
    sound = {"zg.csv": as_csv([LI, WANG]), "hy.csv": as_csv([CARD])}
    folder = drop.deliver("bad", 9)
    told = {**sound, **files}
    for name, data in told.items():
        if data is not None:
            (folder / name).write_bytes(data)
    listed = {name: data for name, data in told.items() if data is not None}
    counts = {"zg.csv": 2, "hy.csv": 1, **rows}
    (folder / "manifest.json").write_bytes(manifest(day(9), listed, counts))
    return folder


TORN = {
    "too few rows": ({}, {"zg.csv": 3}, "ROW_COUNT"),
    "too many rows": ({}, {"zg.csv": 1}, "ROW_COUNT"),
    "more than is taken": ({}, {"zg.csv": 10**9}, "TOO_MANY_ROWS"),
    "a file is not named": ({"hy.csv": None}, {}, "NOT_IN_MANIFEST"),
    "no text": ({"zg.csv": b"\x81\xff\xff,\n"}, {}, "ENCODING"),
    "nothing in it": ({"zg.csv": b""}, {}, "HEAD"),
    "a column twice": ({"zg.csv": "工号,工号\na,b\n".encode()}, {}, "HEAD"),
    "open quotes": ({"zg.csv": '工号,姓名\n"a,b\n'.encode()}, {}, "BROKEN_CSV"),
    "no column of keys": ({"zg.csv": "姓名\n李四\n".encode()}, {}, "NO_WORKERS"),
}


@pytest.mark.parametrize(("files", "rows", "code"), TORN.values(), ids=list(TORN))
def test_what_is_torn_is_turned_down_and_the_last_stays(drop, files, rows, code):
    drop.deliver("a", 1)
    drop.take()
    _broken(drop, files, rows)
    look = drop.take()
    assert (look.taken, [one.code for one in look.refused]) == (None, [code])
    assert taken(drop) == "a"
    assert nothing_new(drop.take())


def test_a_file_is_a_file_and_leads_nowhere_else(drop):
    elsewhere = drop.directory / "elsewhere.csv"
    elsewhere.write_bytes(as_csv([LI]))
    folder = drop.deliver("a", 1)
    (folder / "zg.csv").unlink()
    (folder / "zg.csv").symlink_to(elsewhere)
    assert drop.take().refused == (Refused("a", "FILE_MISSING", "zg.csv"),)


def test_a_batch_is_a_folder_and_its_manifest_a_plain_file(drop):
    drop.deliver("a", 1)
    elsewhere = drop.deliver("../elsewhere", 2)
    (drop.directory / "in/b").symlink_to(elsewhere)
    (drop.directory / "in/c").mkdir()
    os.mkfifo(drop.directory / "in/c/manifest.json")
    assert drop.take().taken.batch == "a"


def test_names_lead_nowhere_else(dropping):
    drop = dropping(mapping='version = 1\n[kinds.WORKER]\nsource = "zg.csv"\nkey = "工号"\n'
                            '[kinds.WORKER.fields]\nname = "姓名"\n')  # fmt: skip
    folder = drop.deliver("a", 1)
    told = json.loads((folder / "manifest.json").read_text())
    told["files"][0]["name"] = "../../zg.csv"
    (folder / "manifest.json").write_text(json.dumps(told))
    assert [one.code for one in drop.take().refused] == ["NOT_IN_MANIFEST"]


@pytest.mark.parametrize(
    "text", [b"", b"{", b"[]", b"null", b'{"as_of": "2026-01-01", "files": []}',
             b"\xff\xfe", b"[" * 100_000],
)  # fmt: skip
def test_a_manifest_that_is_none_is_passed_over(drop, text):
    drop.deliver("a", 1)
    folder = drop.deliver("b", 2)
    (folder / "manifest.json").write_bytes(text)
    assert drop.take().taken.batch == "a"


def _older(file):
    os.utime(file, (1, 1))


def test_a_manifest_from_an_editor_of_windows_is_read(drop):
    file = drop.deliver("a", 1) / "manifest.json"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert drop.take().taken.batch == "a"


def test_a_manifest_that_stays_broken_is_told_once_and_when_it_is_sound_taken(drop):
    folder = drop.deliver("b", 2)
    sound = (folder / "manifest.json").read_bytes()
    (folder / "manifest.json").write_bytes(sound[:-5])
    assert nothing_new(drop.take())
    _older(folder / "manifest.json")
    assert drop.take().refused == (Refused("b", "MANIFEST"),)
    assert (drop.places.reports / "b.xlsx").is_file()
    assert nothing_new(drop.take())
    (folder / "manifest.json").write_bytes(sound)
    assert drop.take().taken.batch == "b"


def test_a_folder_whose_name_cannot_be_used_is_told(drop):
    drop.deliver("=cmd", 2)
    drop.deliver("新建文件夹 (2)", 1)
    look = drop.take()
    assert (look.taken.batch, look.refused) == (
        "新建文件夹 (2)",
        (Refused("", "NAME", "·cmd"),),
    )


def test_what_was_of_a_day_to_come_is_taken_when_the_day_has(drop):
    drop.deliver("ahead", 3)
    assert [one.code for one in drop.take(now=day(2)).refused] == ["FUTURE"]
    assert nothing_new(drop.take(now=day(2)))
    assert drop.take(now=day(3)).taken.batch == "ahead"


def test_a_batch_of_a_day_to_come_would_hide_all_after_it(drop):
    drop.deliver("a", 1)
    drop.deliver("ahead", 3)
    look = drop.take(now=day(2))
    assert look.taken.batch == "a"
    assert [one.code for one in look.refused] == ["FUTURE"]


def test_an_export_that_broke_off_is_not_taken_unless_a_person_says_so(drop):
    drop.deliver("a", 1, workers=[{**LI, "工号": f"gd-{n}"} for n in range(10)])
    drop.take()
    drop.deliver("b", 2, workers=[LI])
    assert drop.take().refused == (Refused("b", "SHRUNK", "zg.csv"),)
    assert nothing_new(drop.take())
    assert drop.take(anew=True).taken.batch == "b"


def test_a_batch_of_which_much_cannot_be_read_is_not_taken(drop):
    drop.deliver("a", 1, workers=[LI, {**WANG, "工号": ""}])
    assert drop.take().refused == (Refused("a", "MANY_UNREADABLE", "WORKER"),)
    assert drop.take(anew=True).taken.kinds[RecordKind.WORKER].unreadable == 1


def test_another_mapping_reads_the_same_batch_anew(drop):
    drop.deliver("a", 1)
    first = drop.take().taken
    drop.mapping = drop.mapping.replace('birth_date = "出生日期"\n', "")
    second = drop.take().taken
    assert second.batch == first.batch
    assert second.kinds[RecordKind.WORKER].fields == {"name"}
    assert first.kinds[RecordKind.WORKER].fields == {"name", "birth_date"}


def test_an_index_that_was_lost_is_built_anew(drop):
    drop.deliver("a", 1)
    drop.take()
    (index,) = drop.places.indexes.iterdir()
    index.unlink()
    assert drop.take().taken.batch == "a"
    (index,) = drop.places.indexes.iterdir()
    index.write_bytes(index.read_bytes()[:-1])
    assert drop.take().taken.batch == "a"


def test_only_the_last_index_is_kept_and_no_file_of_the_province_is_touched(drop):
    for number in range(3):
        drop.deliver(f"b{number}", number + 1)
        drop.take()
    assert len(list(drop.places.indexes.iterdir())) == 1
    assert len(list((drop.directory / "in").rglob("*.csv"))) == 6


def test_nobody_else_reads_what_is_kept_of_a_batch(drop):
    drop.deliver("a", 1)
    drop.places.state.mkdir(mode=0o755)  # somebody made it in another way
    drop.take()
    (index,) = drop.places.indexes.iterdir()
    assert index.stat().st_mode & 0o777 == 0o600
    assert drop.places.indexes.stat().st_mode & 0o777 == 0o700
