from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.linking.lines import LinksFile
from hub.linking.rows import LinkRow
from schema.records.refusal import Refusal, Refused

HEADER = b"resident_id,province,local_key,kinds,valid_from,valid_to\n"
LINE = b"N1,44,W1,MEMBERSHIP|SKILL,2020-01-01,\n"
ROW = LinkRow("N1", "44", "W1", ("MEMBERSHIP", "SKILL"), "2020-01-01", "")


def _read(written):
    file = LinksFile(io.BytesIO(written))
    lines = [
        (line.number, getattr(line.read, "code", line.read)) for line in file.lines()
    ]
    assert file.bytes_read == len(written)
    return lines


def test_a_csv_file_is_read():
    assert _read(HEADER + LINE) == [(2, ROW)]


@pytest.mark.parametrize(
    "written",
    [
        b"\xef\xbb\xbf" + HEADER + LINE,
        (HEADER + LINE).replace(b"\n", b"\r\n"),
        HEADER.upper() + LINE,
        HEADER.replace(b",", b" , ") + LINE,
        HEADER + LINE.rstrip(),
        HEADER + b'"N1","44","W1","MEMBERSHIP|SKILL","2020-01-01",""\n',
        b"province,resident_id,valid_to,kinds,valid_from,local_key\n44,N1,,"
        + LINE.split(b",")[3]
        + b",2020-01-01,W1\n",
    ],
    ids=["bom", "crlf", "capitals", "spaces", "no-last-newline", "quotes", "order"],
)
def test_csv_as_programs_write_it_is_read(written):
    assert _read(written) == [(2, ROW)]


def test_json_lines_are_read():
    written = (
        b'{"resident_id":"N1","province":"44","local_key":"W1",'
        b'"kinds":["MEMBERSHIP","SKILL"],"valid_from":"2020-01-01","valid_to":""}\n'
        b'{"resident_id":"N1","province":"44","local_key":"W1",'
        b'"kinds":"MEMBERSHIP|SKILL","valid_from":"2020-01-01"}'
    )
    open_ended = LinkRow("N1", "44", "W1", ("MEMBERSHIP", "SKILL"), "2020-01-01", None)

    assert _read(b"\xef\xbb\xbf" + written) == [(1, ROW), (2, open_ended)]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"N1,44,W1,SKILL,2020-01-01\n", "WRONG_COLUMNS"),
        (b"N1,44,W1,SKILL,2020-01-01,,\n", "WRONG_COLUMNS"),
        (b"N1,44,W1,SKILL,2020-01-01,\xff\n", "NOT_UTF8"),
        ("N1,44,张三,SKILL,2020-01-01,\n".encode("gb18030"), "NOT_UTF8"),
        (b'N1,44,"W1,SKILL,2020-01-01,\n', "WRONG_COLUMNS"),
        (b'N1,44,"W"1,SKILL,2020-01-01,\n', "WRONG_COLUMNS"),
        (b"N1,44," + b"W" * 200_000 + b",SKILL,2020-01-01,\n", "LINE_TOO_LONG"),
    ],
    ids=["few", "many", "utf8", "gb18030", "open-quote", "stray-quote", "long"],
)
def test_a_line_that_cannot_be_read_costs_no_other(line, code):
    assert _read(HEADER + LINE + line + LINE) == [(2, ROW), (3, code), (4, ROW)]


@pytest.mark.parametrize(
    "line", [b"{", b"[]", b"null", b"{}", b'{"resident_id":1}', b"N1,44"], ids=range(6)
)
def test_a_bad_json_line_costs_no_other(line):
    good = (
        b'{"resident_id":"N1","province":"44","local_key":"W1",'
        b'"kinds":["MEMBERSHIP","SKILL"],"valid_from":"2020-01-01","valid_to":""}\n'
    )

    assert _read(good + line + b"\n" + good) == [(1, ROW), (2, "NOT_JSON"), (3, ROW)]


@given(st.integers(1, len(LINE) - 1))
def test_a_torn_last_line_is_told_or_is_whole(cut):
    number, told = _read(HEADER + LINE + LINE[:cut])[-1]

    assert number == 3
    assert told in {"TORN_LINE", ROW}
    assert (told == ROW) is (cut == len(LINE) - 1)


def test_blank_lines_count_and_say_nothing():
    assert _read(b"\n \n" + HEADER + b"\n\r\n" + LINE + b"\n") == [(6, ROW)]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (b"number,province\n", "WRONG_HEADER"),
        (LINE, "WRONG_HEADER"),
        (HEADER.strip() + b",note\n" + LINE, "WRONG_HEADER"),
        (b"resident_id;province;local_key;kinds;valid_from;valid_to\n", "WRONG_HEADER"),
        ((HEADER + LINE).decode().encode("utf-16"), "NOT_UTF8"),
        (b"PK\x03\x04\xff\xfe\xfd\n", "NOT_UTF8"),
        (b"\0" * 300_000, "LINE_TOO_LONG"),
    ],
    ids=["names", "none", "extra", "semicolons", "utf16", "zip", "zeros"],
)
def test_a_file_that_is_something_else_is_refused_whole(written, code):
    with pytest.raises(Refused) as refused:
        list(LinksFile(io.BytesIO(written)).lines())

    assert refused.value.refusal.code == code


@pytest.mark.parametrize(
    "written", [b"", b"\n\n", HEADER], ids=["empty", "blank", "header"]
)
def test_a_file_without_rows_has_none(written):
    assert _read(written) == []


@given(st.binary(max_size=300))
def test_any_bytes_are_rows_or_refusals(written):
    for line in LinksFile(io.BytesIO(HEADER + written)).lines():
        assert isinstance(line.read, (LinkRow, Refusal))


def test_a_line_is_no_longer_in_memory_than_it_may_be():
    class Endless(io.RawIOBase):
        """A gigabyte without the end of a line."""

        left = 1 << 30

        def readable(self):
            return True

        def readline(self, size=-1):
            assert 0 < size <= 1 << 16
            size = min(size, self.left)
            self.left -= size
            return b"x" * size

    with pytest.raises(Refused) as refused:
        list(LinksFile(Endless()).lines())

    assert refused.value.refusal.code == "LINE_TOO_LONG"
