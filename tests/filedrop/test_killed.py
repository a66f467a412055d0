"""Whoever takes a batch may be killed at any instruction, and there may be many of them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import shutil
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import pytest

from connectors.filedrop import manifest
from connectors.filedrop.child import ChildFailed
from connectors.filedrop.opening import open_files
from connectors.filedrop.pointer import read_pointer
from connectors.filedrop.rules import Rules
from connectors.filedrop.taking import Taking
from hub.clock import SystemClock
from tests.filedrop.conftest import LI, ask

_ROOT = Path(__file__).parents[2]
_KILLS = 20


def test_killed_at_any_instruction_the_last_whole_batch_is_asked():
    seed = random.SystemRandom().randrange(10**9)
    done = subprocess.run(
        [sys.executable, "-m", "tests.provinces.killing",
         f"--kills={_KILLS}", f"--seed={seed}"],
        cwd=_ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, (seed, done.stderr)
    found = json.loads(done.stdout)
    assert found["instructions"] > 1_000
    for one in found["kills"]:
        assert one["told"] in (["before"], ["after"]), (seed, one)
        assert one["then"] == ["after"], (seed, one)
        assert one["left"] == 1, (seed, one)


async def test_many_hubs_share_one_folder_one_builds_and_all_see_it(drop):
    drop.deliver("a", 1)
    hubs = [open_files(drop.province, {}, SystemClock()) for _ in range(4)]
    try:
        async with asyncio.TaskGroup() as group:
            looks = [group.create_task(one.take(lambda *_: None)) for one in hubs]
        taken = [one.result().taken for one in looks if one.result().taken]
        assert [one.batch for one in taken] == ["a"]
        assert len(list(drop.places.indexes.iterdir())) == 1
        for one in hubs:
            answer = await ask(one, "gd-1")
            assert answer.workers[0][0].name == "李四"
        drop.deliver("b", 2, workers=[{**LI, "姓名": "李五"}])
        await hubs[0].take(lambda *_: None)
        for one in hubs:
            # Nobody told the others: the next question finds it.
            answer = await ask(one, "gd-1")
            assert answer.workers[0][0].name == "李五"
    finally:
        for one in hubs:
            await one.close()


async def test_a_hub_that_ends_ends_what_takes_a_batch_and_the_next_takes_it(drop):
    drop.deliver("a", 1, workers=[{**LI, "工号": f"gd-{n}"} for n in range(20_000)])
    first = open_files(drop.province, {}, SystemClock())
    begun = asyncio.Event()
    taking = asyncio.create_task(first.take(lambda *_: begun.set()))
    await asyncio.wait_for(begun.wait(), 20)
    taking.cancel()
    await asyncio.wait([taking])
    await first.close()
    assert read_pointer(drop.places) is None
    second = open_files(drop.province, {}, SystemClock())
    assert (await second.take(lambda *_: None)).taken.batch == "a"
    await second.close()


_TAKES = """
import asyncio, sys
from pathlib import Path
from connectors.filedrop.opening import open_files
from hub.clock import SystemClock
from tests.filedrop.conftest import Drop

async def take():
    hub = open_files(Drop(Path(sys.argv[1])).province, {}, SystemClock())
    await hub.take(lambda *_: print("reading", flush=True))

asyncio.run(take())
"""


def _children(parent):
    return [
        int(one.name)
        for one in Path("/proc").iterdir()
        if one.name.isdigit() and _parent_of(one) == parent
    ]


def _parent_of(process):
    with contextlib.suppress(OSError):
        state, ppid = (process / "stat").read_text().rsplit(")", 1)[1].split()[:2]
        return int(ppid) if state != "Z" else None
    return None


def test_who_reads_for_a_killed_hub_writes_nothing_and_the_batch_is_taken(drop):
    drop.deliver("a", 1)
    drop.take()
    drop.deliver("b", 2, workers=[{**LI, "工号": f"gd-{n}"} for n in range(60_000)])
    hub = subprocess.Popen(
        [sys.executable, "-c", _TAKES, str(drop.directory)],
        cwd=_ROOT, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert hub.stdout.readline(), "it reads rows"
    (reader,) = _children(hub.pid)
    hub.kill()
    hub.wait()
    hub.stdout.close()
    until = monotonic() + 10
    while (alive := Path(f"/proc/{reader}").exists()) and monotonic() < until:
        sleep(0.01)
    assert not alive, "it ends with its hub"
    assert read_pointer(drop.places).batch == "a"
    assert not (drop.places.reports / "b.xlsx").exists()
    assert not drop.places.refusals.exists()
    assert drop.take().taken.batch == "b"


def test_a_file_that_could_not_be_read_once_is_not_missing_for_ever(drop, monkeypatch):
    drop.deliver("a", 1)

    def broken(*_):
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as disk:
        disk.setattr(manifest, "checksum", broken)
        look = drop.take()
    assert [one.code for one in look.refused] == ["FILE_MISSING"]
    assert drop.take().taken.batch == "a"


def test_that_nobody_listens_any_more_is_no_fault_of_a_file(drop):
    drop.deliver("a", 1)
    rules = Rules.of(drop.mapping.encode(), "44.mapping.toml", drop.settings)

    def gone(*_):
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        Taking(drop.places, rules, SystemClock().now(), gone).take()
    assert drop.take().taken.batch == "a"


async def test_a_batch_that_takes_too_long_is_left(dropping):
    drop = dropping()
    drop.deliver("a", 1)
    drop.take()
    drop = dropping(take_within="1s", least_part=0)
    drop.deliver("b", 2, workers=[{**LI, "工号": f"gd-{n}"} for n in range(200_000)])
    hub = open_files(drop.province, {}, SystemClock())
    with pytest.raises(ChildFailed, match="too long"):
        await hub.take(lambda *_: None)
    answer = await ask(hub, "gd-1")
    await hub.close()
    assert answer.workers[0][0].name == "李四"
    # What was left half done is swept away by the next.
    shutil.rmtree(drop.directory / "in/b")
    drop.deliver("c", 3)
    assert drop.take().taken.batch == "c"
    assert len(list(drop.places.indexes.iterdir())) == 1


async def test_what_fails_is_told_by_kind_and_place_and_by_no_value(drop):
    drop.deliver("a", 1)
    drop.places.state.mkdir()
    drop.places.pointer.mkdir()
    hub = open_files(drop.province, {}, SystemClock())
    with pytest.raises(ChildFailed, match=r"^IsADirectoryError at \w+\.py:\d+$"):
        await hub.take(lambda *_: None)
    await hub.close()
