"""A drop folder with a million rows: how long a batch takes, its memory, and look-ups.

    python -m tests.provinces.million --rows 1000000

``measure`` is for the bench: it takes a batch in a process of its own, as the hub does,
while look-ups go on, and tells the figures.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import hashlib
import json
import random
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from connectors.opening import open_connector
from connectors.port import Ask, Question
from connectors.settings import ProvinceSettings
from hub.clock import SystemClock
from schema.records.selection import Selection
from tests.provinces.dropping import day

if TYPE_CHECKING:
    from connectors.filedrop.connector import FilesConnector

_MAPPING = """
version = 1
[kinds.WORKER]
source = "zg.csv"
key = "工号"
[kinds.WORKER.fields]
name = "姓名"
sex = { column = "性别", codes = { "1" = "MALE", "2" = "FEMALE" } }
birth_date = "出生日期"
phone = "电话"
[kinds.MEMBERSHIP]
source = "hy.csv"
key = "工号"
id = "编号"
as_of = "更新时间"
[kinds.MEMBERSHIP.fields]
membership_no = "会员证号"
union_code = "工会代码"
union_name = "工会名称"
state = { column = "状态", codes = { "20" = "ACTIVE", "60" = "WITHDRAWN" } }
since = "起"
"""


class Figures(msgspec.Struct):
    """What was measured.

    Attributes:
        rows: How many rows of each of two kinds.
        bytes: How large the batch was.
        seconds: How long it took until it was asked.
        most_memory: The greatest resident memory of the process that took it, in bytes.
        index: How large its index is, in bytes.
        p50: Median of look-ups of ten workers with all fields, in seconds.
        p99: Their 99th percentile.
        p99_while: The same while the next batch was being taken.
    """

    rows: int
    bytes: int
    seconds: float
    most_memory: int
    index: int
    p50: float
    p99: float
    p99_while: float


def write_batch(directory: Path, batch: str, number: int, rows: int) -> int:
    """Write a batch, row by row; tells its size."""
    folder = directory / "in" / batch
    folder.mkdir(parents=True)
    heads = {
        "zg.csv": ("工号", "姓名", "性别", "出生日期", "电话"),
        "hy.csv": ("工号", "编号", "会员证号", "工会代码", "工会名称", "状态", "起", "更新时间"),
    }  # fmt: skip
    parts = []
    for name, head in heads.items():
        with (folder / name).open("w", newline="") as text:
            writer = csv.writer(text)
            writer.writerow(head)
            for n in range(rows):
                writer.writerow(_row(name, n))
        made = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        parts.append({"name": name, "rows": rows, "sha256": made})
    told = {"as_of": day(number).isoformat(), "files": parts}
    (folder / "manifest.json").write_text(json.dumps(told))
    return sum(one.stat().st_size for one in folder.iterdir())


def _row(name: str, n: int) -> tuple[object, ...]:
    if name == "zg.csv":
        return f"gd-{n}", f"职工{n}", 1 + n % 2, f"19{60 + n % 40}-0{1 + n % 9}-11", n
    return (f"gd-{n}", f"m{n}", f"44{n:010}", f"G{n % 5000}", f"工会{n % 5000}",
            20 if n % 7 else 60, "20240301", "2026-10-01 08:00:00")  # fmt: skip


def connector_of(directory: Path) -> FilesConnector:
    """Make the connector of the folder, as a hub does."""
    mapping = directory / "44.mapping.toml"
    mapping.write_text(_MAPPING)
    settings = ProvinceSettings(
        code="44",
        name_zh="广东",
        name_en="Guangdong",
        kind="files",
        mapping_file=mapping,
        files={"directory": str(directory)},
    )
    return open_connector(settings, {}, SystemClock())


async def _look_ups(connector, rows, count, until=None):
    loop, took = asyncio.get_running_loop(), []
    chance = random.Random(1)  # noqa: S311  # draws, and no secret
    selection = connector.capabilities.narrow(Selection.everything())
    while len(took) < count or (until is not None and not until.done()):
        keys = tuple({f"gd-{chance.randrange(rows)}" for _ in range(10)})
        question = Question((Ask(keys, selection),), "bench", "BENCH")
        begun = time.perf_counter()
        answer = await connector.ask(question, loop.time() + 5)
        took.append(time.perf_counter() - begun)
        assert all(one and one.memberships for one in answer.workers[0])
        await asyncio.sleep(0.002)
    return took


async def measure(directory: Path, rows: int, looks: int = 1_000) -> Figures:
    """Take two batches of so many rows, and look workers up meanwhile."""
    size = write_batch(directory, "b1", 1, rows)
    connector = connector_of(directory)
    memory = Memory()
    try:
        begun = time.perf_counter()
        async with memory:
            await connector.take(lambda *_: None)
        seconds = time.perf_counter() - begun
        await connector.probe(asyncio.get_running_loop().time() + 10)
        alone = await _look_ups(connector, rows, looks)
        write_batch(directory, "b2", 2, rows)
        taking = asyncio.create_task(connector.take(lambda *_: None))
        besides = await _look_ups(connector, rows, looks, taking)
        assert (await taking).taken
        index = _index(directory)
    finally:
        await connector.close()
    cuts = statistics.quantiles(alone, n=100)
    return Figures(rows, size, seconds, memory.most, index, cuts[49], cuts[98],
                   statistics.quantiles(besides, n=100)[98])  # fmt: skip


def _index(directory: Path) -> int:
    (index,) = (directory / ".hub/indexes").iterdir()
    return index.stat().st_size


class Memory:
    """Watches the children of this process; the greatest of what they hold."""

    def __init__(self) -> None:
        self.most = 0
        self._watch: asyncio.Task[None] | None = None

    async def __aenter__(self) -> None:
        self._watch = asyncio.create_task(self._look())

    async def __aexit__(self, *_: object) -> None:
        self._watch.cancel()

    async def _look(self) -> None:
        while True:
            self._all()
            await asyncio.sleep(0.05)

    def _all(self) -> None:
        for status in Path("/proc/self/task").glob("*/children"):
            for child in status.read_text().split():
                self._note(Path("/proc") / child / "status")

    def _note(self, status: Path) -> None:
        try:
            text = status.read_text()
        except OSError:
            return
        for line in text.splitlines():
            if line.startswith("VmHWM:"):
                self.most = max(self.most, int(line.split()[1]) * 1024)


def main() -> None:
    """Measure, and print the figures as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as place:
        figures = asyncio.run(measure(Path(place), rows))
    print(msgspec.json.format(msgspec.json.encode(figures)).decode())  # noqa: T201


if __name__ == "__main__":
    main()
