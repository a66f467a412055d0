"""Case files of a province's own: what it acknowledged is in its log once."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import subprocess
import sys
import threading

import pytest

from connectors.port import ChangesWanted
from deploy.demo.province.case_file import CaseFile, OtherChangeError
from schema.records.change import Change
from tests.provinces.registers import (
    ROOT,
    TOKEN,
    U1,
    membership,
    serving,
    speaking,
    worker,
    write,
)

CHANGES = 300
KILLS = 4


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    file = tmp_path_factory.mktemp("population") / "44.sqlite"
    return write(file, [worker("w1", membership("a", "c1"))])


def body(n):
    return {
        "asOf": "2026-11-02T09:00:00+08:00", "act": "MEDIATION", "on": "2026-11-02",
        "unionCode": U1, **({"corrects": 1} if n % 7 == 6 else {}),
    }  # fmt: skip


def line(n):
    return {"key": f"k{n}", "caseNo": f"2026-44-{n % 3}", "change": body(n)}


def desk(cases, *words, env=None):
    return subprocess.Popen(
        [sys.executable, "-m", "deploy.demo.province.case_desk", "--cases", str(cases),
         *words],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, cwd=ROOT, env={**os.environ, **(env or {})},
    )  # fmt: skip


def written(cases, lines, chance=None):
    """Have the command write lines, and maybe kill it; tell what it acknowledged."""
    process = desk(cases)
    if chance is not None:
        # Not before it works: it takes a moment to begin.
        first = json.dumps(lines[0]) + "\n"
        process.stdin.write(first)
        process.stdin.flush()
        answered = process.stdout.readline()
        threading.Timer(chance.uniform(0.005, 0.05), process.kill).start()
        told, _ = process.communicate("".join(json.dumps(o) + "\n" for o in lines[1:]))
        told = answered + told
    else:
        told, _ = process.communicate("".join(json.dumps(o) + "\n" for o in lines))
    found = []
    for text in told.splitlines():
        with contextlib.suppress(ValueError):  # it was cut off in the middle of a line
            found.append(json.loads(text))
    return found


def test_a_line_without_its_moment_is_not_written(tmp_path):
    change = {name: value for name, value in body(0).items() if name != "asOf"}
    process = desk(tmp_path / "cases.sqlite")
    told, why = process.communicate(json.dumps(line(0) | {"change": change}) + "\n")

    assert (process.returncode, told) == (2, "")
    assert "asOf" in why


async def log(connector):
    """Read the whole log, page by page."""
    await connector.probe(_soon())
    found, after, more = [], "", True
    while more:
        wanted = ChangesWanted("request-1", 50, after=after)
        page = (await connector.changes(wanted, _soon())).changes
        found += [one for one in page.arrivals if isinstance(one, Change)]
        after, more = page.next, page.more
    return found


def _soon():
    return asyncio.get_running_loop().time() + 20


async def test_killed_in_the_middle_what_it_acknowledged_is_in_its_log_once(
    database, tmp_path
):
    cases = tmp_path / "cases.sqlite"
    chance = random.Random(2026)  # noqa: S311
    known, kills = {}, 0
    while len(known) < CHANGES:
        left = [line(n) for n in range(CHANGES) if f"k{n}" not in known]
        # What was acknowledged last comes again as well.
        again = [line(n) for n in range(CHANGES) if f"k{n}" in known][-20:]
        killed = chance if kills < KILLS else None
        kills += 1
        for one in await asyncio.to_thread(written, cases, [*again, *left], killed):
            number = (one["caseNo"], one["seq"])
            assert known.setdefault(one["key"], number) == number

    assert kills >= KILLS
    with serving(database, tmp_path / "acts.sqlite", "--cases", str(cases)) as url:
        async with speaking(url) as connector:
            found = await log(connector)
    numbers = [(one.case_no, one.seq) for one in found]
    assert sorted(numbers) == sorted(known.values())
    assert len(set(numbers)) == CHANGES
    for number in {case_no for case_no, _ in numbers}:
        of_case = [seq for case_no, seq in numbers if case_no == number]
        assert of_case == list(range(1, CHANGES // 3 + 1))


def test_the_same_key_is_the_same_change(tmp_path):
    file = CaseFile(tmp_path / "cases.sqlite")
    assert [file.write("a", "c", body(0)), file.write("b", "c", body(0))] == [1, 2]
    later = {**body(0), "asOf": "2026-11-03T09:00:00+08:00"}
    assert file.write("a", "c", later) == 1
    for case_no, other in (("c", body(6)), ("d", body(0))):
        with pytest.raises(OtherChangeError):
            file.write("a", case_no, other)
    assert [one["seq"] for one in file.log("", 9)["changes"]] == [1, 2]
    file.close()


def test_a_line_that_is_none_is_said_so(tmp_path):
    process = desk(tmp_path / "cases.sqlite")
    told, said = process.communicate("{}\n")

    assert (told, process.returncode) == ("", 2)
    assert "caseNo" in said


def test_who_pushes_needs_a_secret(tmp_path):
    process = desk(
        tmp_path / "cases.sqlite", "--push", "http://127.0.0.1:1/", "--code", "44"
    )
    _, said = process.communicate("")

    assert process.returncode == 2
    assert "CALLBACK_SECRET" in said
    assert TOKEN not in said
