from __future__ import annotations

import asyncio
import csv
import io
import signal
import sys
import time
import tracemalloc

import anyio
import pytest

from hub.linking import importer
from hub.linking.importer import import_links
from hub.linking.registrar import BATCH
from schema.records.refusal import Refused
from tests.builders.linking import LINKS, opened, read
from tests.builders.linking import registrar as make_registrar
from tests.builders.numbers import many

HEADER = "resident_id,province,local_key,kinds,valid_from,valid_to\n"
FIRST, SECOND, THIRD = many(3, seed=31)


def _line(number, province="44", local_key="W1", ends=""):
    return f"{number},{province},{local_key},MEMBERSHIP|SKILL,2020-01-01,{ends}\n"


@pytest.fixture
def links_file(tmp_path):
    def write(*lines):
        path = tmp_path / "links.csv"
        path.write_bytes(
            b"".join(x if isinstance(x, bytes) else x.encode() for x in lines)
        )
        return str(path)

    return write


def _report(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


async def test_a_file_is_registered_row_by_row(
    registrar, links_file, tmp_path, database_url
):
    path = links_file(
        HEADER,
        _line(FIRST),
        _line(SECOND, "99"),
        b"\xff\n",
        _line(SECOND, "44", "W1"),
        _line(THIRD[:17]),
        _line(THIRD, "51", "S3"),
        "torn,44",
    )
    report = tmp_path / "report.csv"

    done = await import_links(path, registrar, "file of 44", report=report)

    assert done.rows == 7
    assert done.outcomes == {"CREATED": 2, "REFUSED": 4, "CONFLICT": 1}
    assert done.bytes_done == done.bytes_total
    assert [each[1:3] for each in read(database_url, LINKS)] == [
        ("44", "W1"), ("51", "S3"),
    ]  # fmt: skip
    lines = _report(report)
    assert [(each["line"], each["outcome"], each["code"]) for each in lines] == [
        ("3", "REFUSED", "UNKNOWN_PROVINCE"),
        ("4", "REFUSED", "NOT_UTF8"),
        ("5", "CONFLICT", "LOCAL_KEY_TAKEN"),
        ("6", "REFUSED", "WRONG_LENGTH"),
        ("8", "REFUSED", "TORN_LINE"),
    ]
    assert all(each["zh"] and each["en"] for each in lines)
    assert THIRD[:10] not in report.read_text(encoding="utf-8-sig")


async def test_the_same_file_again_changes_nothing(registrar, links_file, database_url):
    people = many(40, seed=32)
    path = links_file(HEADER, *(_line(x, "44", f"W{n}") for n, x in enumerate(people)))
    await import_links(path, registrar, "test")
    before = read(database_url, LINKS)

    done = await import_links(path, registrar, "test")

    assert done.outcomes == {"UNCHANGED": 40}
    assert read(database_url, LINKS) == before


async def test_a_report_can_have_every_row(registrar, links_file, tmp_path):
    report = tmp_path / "report.csv"

    await import_links(
        links_file(HEADER, _line(FIRST)),
        registrar,
        "test",
        report=report,
        every_row=True,
    )

    assert _report(report) == [
        {"line": "2", "outcome": "CREATED", "code": "", "zh": "", "en": ""}
    ]
    assert not report.with_name("report.csv.part").exists()


async def test_progress_is_told_after_each_batch(registrar, links_file):
    people = many(BATCH + 500, seed=33)
    path = links_file(HEADER, *(_line(x, "44", f"W{n}") for n, x in enumerate(people)))
    told = []

    done = await import_links(path, registrar, "test", progress=told.append)

    assert [each.rows for each in told] == [BATCH, BATCH + 500]
    assert 0 < told[0].bytes_done < told[0].bytes_total == told[1].bytes_done
    assert told[-1] == done


async def test_the_standard_input_is_read(registrar, monkeypatch, database_url):
    class Stdin:
        buffer = io.BytesIO((HEADER + _line(FIRST)).encode())

    monkeypatch.setattr(sys, "stdin", Stdin)

    done = await import_links("-", registrar, "test")

    assert (done.rows, done.bytes_total) == (1, None)
    assert len(read(database_url, LINKS)) == 1


async def test_json_lines_are_registered(registrar, links_file):
    path = links_file(
        f'{{"resident_id":"{FIRST}","province":"44","local_key":"W1",'
        '"kinds":["SKILL"],"valid_from":"2020-01-01"}\n'
    )

    assert (await import_links(path, registrar, "test")).outcomes == {"CREATED": 1}


async def test_only_the_own_province_may_be_spoken_for(registrar, links_file):
    path = links_file(HEADER, _line(FIRST), _line(FIRST, "51"))

    done = await import_links(path, registrar, "test", only="51")

    assert done.outcomes == {"CREATED": 1, "REFUSED": 1}


async def _refusal(path, registrar, source="test", **more):
    with pytest.raises(Refused) as refused:
        await import_links(str(path), registrar, source, **more)
    return refused.value.refusal


async def test_what_cannot_be_read_or_written_is_said(registrar, links_file, tmp_path):
    good = links_file(HEADER, _line(FIRST))

    missing = await _refusal(tmp_path / "missing.csv", registrar)
    directory = await _refusal(tmp_path, registrar)
    empty = await _refusal(links_file(""), registrar)
    nowhere = await _refusal(good, registrar, report=tmp_path / "no" / "report.csv")
    source = await _refusal(good, registrar, source=f"{FIRST}.csv")

    assert missing.code == directory.code == "FILE_UNREADABLE"
    assert "文件不存在" in missing.message.zh
    assert "No such file" in missing.message.en
    assert empty.code == "FILE_EMPTY"
    assert nowhere.code == "REPORT_UNWRITABLE"
    assert source.code == "BAD_SOURCE"


async def test_a_wrong_header_leaves_no_report_and_no_link(
    registrar, links_file, tmp_path, database_url
):
    report = tmp_path / "report.csv"
    report.write_text("the last one")

    refusal = await _refusal(links_file("a,b\n"), registrar, report=report)

    assert refusal.code == "WRONG_HEADER"
    assert report.read_text() == "the last one"
    assert read(database_url, LINKS) == []


async def test_a_full_disk_is_said_and_what_is_registered_stays(
    registrar, links_file, tmp_path, database_url
):
    report = tmp_path / "report.csv"
    report.with_name("report.csv.part").symlink_to("/dev/full")

    refusal = await _refusal(
        links_file(HEADER, _line(FIRST), _line(SECOND, "99")), registrar, report=report
    )

    assert refusal.code == "REPORT_UNWRITABLE"
    assert "No space left" in refusal.message.en
    assert len(read(database_url, LINKS)) == 1


async def test_an_import_waits_for_a_store_that_is_away(links_file, database_url):
    path = links_file(HEADER, _line(FIRST))
    async with opened(
        database_url, min_connections=1, max_connections=1, wait="100ms"
    ) as pool:
        async with pool.connection():
            importing = asyncio.create_task(
                import_links(path, make_registrar(pool), "test")
            )
            await asyncio.sleep(0.5)
            assert not importing.done()

        assert (await importing).outcomes == {"CREATED": 1}


async def test_an_import_gives_up_in_the_end_and_says_so(links_file):
    path = links_file(HEADER, _line(FIRST))
    async with opened("postgresql://x@127.0.0.1:1/x", wait="100ms") as pool:
        refusal = await _refusal(path, make_registrar(pool), patience=0.1)

    assert refusal.code == "STORE_UNAVAILABLE"


_IMPORT = """
import asyncio, sys
from hub.linking import importer, registrar as rows
from tests.builders.linking import opened, registrar
rows.BATCH = importer.BATCH = 50
async def main(url, path):
    async with opened(url) as pool:
        await importer.import_links(path, registrar(pool), "test",
            progress=lambda done: print(done.rows, flush=True))
asyncio.run(main(*sys.argv[1:]))
"""


async def test_a_killed_import_is_finished_by_the_next_one(
    registrar, links_file, database_url
):
    people = many(3_000, seed=34)
    path = links_file(HEADER, *(_line(x, "44", f"W{n}") for n, x in enumerate(people)))
    command = [sys.executable, "-c", _IMPORT, database_url, path]
    async with await anyio.open_process(command, stderr=None) as importing:
        told = b""
        while b"500\n" not in told:
            told += await importing.stdout.receive()
        importing.kill()
        assert await importing.wait() == -signal.SIGKILL
    kept = len(read(database_url, LINKS))
    assert 500 <= kept < 3_000
    assert kept % 50 == 0

    done = await import_links(path, registrar, "test")

    assert done.outcomes["CREATED"] + kept >= 3_000
    assert done.outcomes["CREATED"] + done.outcomes["UNCHANGED"] == 3_000
    assert len(read(database_url, LINKS)) == 3_000


@pytest.mark.slow
async def test_memory_does_not_grow_with_the_file(registrar, links_file, monkeypatch):
    monkeypatch.setattr(importer, "BATCH", 200)
    people = many(400, seed=35)
    lines = [_line(x, "44", f"W{n}") for n, x in enumerate(people)]
    peaks = []
    for copies in (2, 10):
        path = links_file(HEADER, *(lines * copies))
        tracemalloc.start()
        await import_links(path, registrar, "test")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] < peaks[0] * 1.3


@pytest.mark.slow
async def test_ten_thousand_rows_take_seconds(registrar, links_file):
    people = many(10_000, seed=36)
    path = links_file(HEADER, *(_line(x, "44", f"W{n}") for n, x in enumerate(people)))
    began = time.monotonic()

    await import_links(path, registrar, "test")

    # a million in five minutes, were it no faster than the slowest machine
    assert time.monotonic() - began < 10


async def test_the_server_knows_its_tables_when_an_import_is_done(
    registrar, links_file, pool
):
    people = many(40, seed=8)
    path = links_file(HEADER, *(_line(n, "44", f"W{i}") for i, n in enumerate(people)))

    await import_links(path, registrar, "test")

    counted = "SELECT relname, reltuples FROM pg_class WHERE relname = ANY(%s)"
    async with pool.connection() as connection:
        told = await connection.execute(counted, (["link", "worker_key"],))
        assert dict(await told.fetchall()) == {"link": 40, "worker_key": 40}


async def test_an_import_is_done_though_the_store_cannot_count(
    registrar, links_file, monkeypatch
):
    async def away():
        raise Refused(importer.FILE_EMPTY)

    monkeypatch.setattr(registrar, "counted", away)

    done = await import_links(links_file(HEADER, _line(FIRST)), registrar, "test")

    assert done.rows == 1
