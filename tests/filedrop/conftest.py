"""A drop folder with a mapping in a province's own words, and a hub that asks it."""

from __future__ import annotations

import asyncio

import pytest

from connectors.filedrop.places import Places
from connectors.filedrop.rules import Rules
from connectors.filedrop.settings import FilesSettings
from connectors.filedrop.taking import Taking
from connectors.port import Ask, Question
from connectors.settings import ProvinceSettings
from hub.clock import SystemClock
from schema.records.selection import Selection
from tests.provinces.dropping import as_csv, day, deliver

MAPPING = """
version = 1
[kinds.WORKER]
source = "zg.csv"
key = "工号"
[kinds.WORKER.fields]
name = "姓名"
birth_date = "出生日期"
[kinds.MEMBERSHIP]
source = "hy.csv"
key = "工号"
id = "编号"
[kinds.MEMBERSHIP.fields]
state = { column = "状态", codes = { "20" = "ACTIVE", "60" = "WITHDRAWN" } }
since = "起"
"""
LI = {"工号": "gd-1", "姓名": "李四", "出生日期": "1980-02-03"}
WANG = {"工号": "gd-2", "姓名": "王五", "出生日期": None}
CARD = {"工号": "gd-1", "编号": "m1", "状态": "20", "起": "20240301"}


class Drop:
    """The folder: what an office does to it, and what the hub makes of it."""

    def __init__(self, directory, mapping=MAPPING, **more):
        self.directory = directory
        self.mapping = mapping
        self.settings = FilesSettings(directory=str(directory), **more)
        self.places = Places.of(self.settings)

    def deliver(self, batch, number, workers=(LI, WANG), cards=(CARD,), **other):
        files = {
            "zg.csv": as_csv(workers, head=list(LI)),
            "hy.csv": as_csv(cards, head=list(CARD)),
        }
        rows = {"zg.csv": len(workers), "hy.csv": len(cards)}
        return deliver(
            self.directory, batch, day(number), files | other.get("files", {}),
            rows | other.get("rows", {}),
        )  # fmt: skip

    def take(self, *, anew=False, now=None):
        rules = Rules.of(self.mapping.encode(), "44.mapping.toml", self.settings)
        now = now or SystemClock().now()
        return Taking(self.places, rules, now, lambda *_: None, anew=anew).take()

    @property
    def province(self):
        file = self.directory / "44.mapping.toml"
        file.write_text(self.mapping, "utf-8")
        return ProvinceSettings(
            code="44",
            name_zh="广东",
            name_en="Guangdong",
            kind="files",
            mapping_file=file,
            files=self.settings.model_dump(),
        )


@pytest.fixture
def drop(tmp_path):
    return Drop(tmp_path)


@pytest.fixture
def dropping(tmp_path):
    """Makes a drop folder with settings of its own."""

    def make(**more):
        return Drop(tmp_path, **more)

    return make


def soon(seconds=10):
    return asyncio.get_running_loop().time() + seconds


async def ask(connector, *keys):
    """Ask for everything that is served."""
    selection = connector.capabilities.narrow(Selection.everything())
    question = Question((Ask(keys, selection),), "request-1", "TEST")
    return await connector.ask(question, soon())
