"""Files from an office may hold anything: what is no data is turned down, and cheaply."""

from __future__ import annotations

import io
import tracemalloc
import zipfile

import pytest

from connectors.filedrop import workbooks
from connectors.filedrop.child import ChildFailed
from connectors.filedrop.opening import open_files
from connectors.filedrop.sheets import sheets_of
from connectors.filedrop.torn import Torn
from hub.clock import SystemClock
from tests.filedrop.conftest import CARD, LI, WANG, ask
from tests.provinces.dropping import as_csv, as_workbook, day, deliver

_MIB = 1024 * 1024
SOUND = as_workbook(职工=[LI, WANG])


def _parts(book=SOUND):
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _packed(parts, compression=zipfile.ZIP_DEFLATED):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", compression) as archive:
        for name, data in parts.items():
            with archive.open(name, "w", force_zip64=True) as part:
                for chunk in [data] if isinstance(data, bytes) else data:
                    part.write(chunk)
    return written.getvalue()


def _changed(name, change):
    parts = _parts()
    return _packed({**parts, name: change(parts[name])})


def _bomb():
    """A few KiB that unpack to 300 MiB of texts."""
    return _packed(
        {**_parts(), "xl/sharedStrings.xml": (b" " * _MIB for _ in range(300))}
    )


def _laughs():
    """Entities that grow a millionfold."""
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 8))
    head = f'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY l0 "ha">{lines}]>'.encode()
    return _changed(
        "xl/worksheets/sheet1.xml",
        lambda text: head + text.partition(b"?>")[2].replace(b"gd-1", b"&l7;"),
    )


def _elsewhere():
    return _changed(
        "xl/worksheets/sheet1.xml",
        lambda text: b'<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + text,
    )


def _lying():
    """It says that it unpacks to less than it does."""
    book = bytearray(_packed(_parts(), zipfile.ZIP_STORED))
    at = book.rfind(b"xl/worksheets/sheet1.xml") - 46
    assert book[at : at + 4] == b"PK\x01\x02"
    book[at + 24 : at + 28] = (100).to_bytes(4, "little")
    return bytes(book)


BOOKS = {
    "a bomb": (_bomb(), "TOO_LARGE"),
    "a thousand million laughs": (_laughs(), "NOT_A_WORKBOOK"),
    "an entity from elsewhere": (_elsewhere(), "NOT_A_WORKBOOK"),
    "an archive that lies": (_lying(), "NOT_A_WORKBOOK"),
    "macros": (_packed({**_parts(), "xl/vbaProject.bin": b"x"}), "MACROS"),
    "an old or encrypted one": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 100,
        "NOT_A_WORKBOOK",
    ),
    "half of one": (SOUND[: len(SOUND) // 2], "NOT_A_WORKBOOK"),
    "another archive": (_packed({"a.txt": b"x"}), "NOT_A_WORKBOOK"),
    "too many parts": (
        _packed({**_parts(), **{f"x{n}.bin": b"" for n in range(3_000)}}),
        "TOO_LARGE",
    ),
    "a row that is none": (
        _changed("xl/worksheets/sheet1.xml", lambda t: t.replace(b'r="2"', b'r="x"')),
        "NOT_A_WORKBOOK",
    ),
    "a row far away": (
        _changed(
            "xl/worksheets/sheet1.xml",
            lambda t: t.replace(b'<row r="3"', b'<row r="999999999999"'),
        ),
        "TOO_MANY_ROWS",
    ),
    "no sheet": (
        _changed("xl/worksheets/sheet1.xml", lambda t: t[: len(t) // 2]),
        "NOT_A_WORKBOOK",
    ),
}


def _read(file):
    with sheets_of(file, 1024 * _MIB) as sheets:
        for sheet in sheets.values():
            for _ in sheet.rows:
                pass


@pytest.mark.parametrize(("book", "code"), BOOKS.values(), ids=list(BOOKS))
def test_a_hostile_workbook_is_turned_down(tmp_path, monkeypatch, book, code):
    # A million empty rows take a while to count.
    monkeypatch.setattr(workbooks, "_MOST_ROWS", 20_000)
    file = tmp_path / "a.xlsx"
    file.write_bytes(book)
    tracemalloc.start()
    try:
        with pytest.raises(Torn) as torn:
            _read(file)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert torn.value.code == code
    assert most < 32 * _MIB


def test_what_a_sheet_says_of_its_size_is_not_believed(tmp_path):
    file = tmp_path / "a.xlsx"
    file.write_bytes(
        _changed(
            "xl/worksheets/sheet1.xml",
            lambda t: t.replace(b'ref="A1:C3"', b'ref="A1:XFD1048576"'),
        )
    )
    with sheets_of(file, _MIB) as sheets:
        (sheet,) = sheets.values()
        assert sheet.head == tuple(LI)
        assert [row["姓名"] for _, row in sheet.rows] == ["李四", "王五"]


async def test_what_takes_all_memory_ends_its_own_process_and_no_other(dropping):
    """A workbook within all bounds of size, one cell of which needs more than is allowed."""
    drop = dropping(
        memory=256 * _MIB,
        mapping='version = 1\n[kinds.WORKER]\nsource = "b.xlsx"\nkey = "工号"\n'
        '[kinds.WORKER.fields]\nname = "姓名"\n',
    )
    deliver(drop.directory, "a", day(1), {"b.xlsx": SOUND}, {"b.xlsx": 2})
    hub = open_files(drop.province, {}, SystemClock())
    try:
        assert (await hub.take(lambda *_: None)).taken.batch == "a"
        sheet = "xl/worksheets/sheet1.xml"
        before, _, behind = _parts()[sheet].partition("王五".encode())
        chunks = (before, *[b"x" * _MIB for _ in range(200)], behind)
        large = _packed({**_parts(), sheet: chunks})
        deliver(drop.directory, "b", day(2), {"b.xlsx": large}, {"b.xlsx": 2})
        try:
            look = await hub.take(lambda *_: None)
        except ChildFailed:
            pass
        else:
            assert [one.code for one in look.refused] == ["TOO_LARGE"], look
        answer = await ask(hub, "gd-1")
        assert answer.workers[0][0].name == "李四"
    finally:
        await hub.close()


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.exe", b"x", "UNKNOWN_FORMAT"),
        ("a.csv", b"x" * 2_000_000, "BROKEN_CSV"),
        ("a.jsonl", b'{"a": "' + b"x" * 2_000_000, "TOO_LARGE"),
    ],
)
def test_what_is_out_of_all_bounds_is_turned_down(tmp_path, name, data, code):
    file = tmp_path / name
    file.write_bytes(data)
    with pytest.raises(Torn) as torn, sheets_of(file, 10 * _MIB) as sheets:
        list(sheets[""].rows)
    assert torn.value.code == code
    with pytest.raises(Torn), sheets_of(file, 0) as sheets:
        list(sheets[""].rows)


def test_a_file_with_nul_and_control_characters_costs_its_own_rows(dropping):
    drop = dropping(most_unreadable=1)
    data = as_csv([LI, {**WANG, "姓名": "王\0五"}, {**WANG, "工号": "gd-\x07"}])
    deliver(drop.directory, "a", day(1), {"zg.csv": data, "hy.csv": as_csv([CARD])},
            {"zg.csv": 3, "hy.csv": 1})  # fmt: skip
    taken = drop.take().taken.kinds["WORKER"]
    assert (taken.rows, taken.flawed, taken.unreadable) == (3, 1, 1)
