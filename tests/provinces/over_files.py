"""The connector of a drop folder as a subject of the contract suite: real files, real index.

Batches are taken in this process, by the same code that runs in one of its own
(``tests/filedrop`` starts that): the suite takes hundreds.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil

from connectors.filedrop.connector import FilesConnector
from connectors.filedrop.places import Places
from connectors.filedrop.rules import Rules
from connectors.filedrop.settings import FilesSettings
from connectors.filedrop.taking import Taking
from connectors.port import WHOLE_CONTRACT
from hub.clock import SystemClock
from schema.records.keys import ProvinceCode
from tests.provinces import own_tables
from tests.provinces.dropping import as_json_lines, day, deliver


class Declared:
    """Stands beside the batches where only reading is tried; acts have suites of their own."""

    acts = WHOLE_CONTRACT.acts

    async def look(self):
        pass

    async def close(self):
        pass


def declared(capabilities):
    one = Declared()
    return {"desk": one, "case_log": one} if capabilities.acts else {}


class InThread:
    """Takes batches in a thread."""

    def __init__(self, places, rules):
        self.places, self.rules = places, rules

    async def look(self, tell, *, anew=False):
        taking = Taking(self.places, self.rules, SystemClock().now(), tell, anew=anew)
        return await asyncio.to_thread(taking.take)


def soon():
    return asyncio.get_running_loop().time() + 10


class OverFiles:
    """A drop folder that gets a new batch for each test."""

    def __init__(self, directory, beside=declared):
        self.directory = directory
        # Nothing is improbable here: populations come and go.
        self.settings = FilesSettings(
            directory=str(directory), most_unreadable=1, least_part=0
        )
        self.places = Places.of(self.settings)
        self.connector = None
        self._beside = beside
        self._batches = 0

    async def keep(self, workers, *, capabilities=WHOLE_CONTRACT, untold=()):
        told = own_tables.rows(workers.values())
        for kind in untold:
            # Its rows have no names: they cannot be read, and none is told.
            told[kind] = [{**row, "ID": None} for row in told[kind]]
        files = {f"{k}.jsonl": as_json_lines(told[k]) for k in capabilities.kinds}
        self._batches += 1
        shutil.rmtree(self.directory / "in", ignore_errors=True)
        deliver(
            self.directory,
            f"{self._batches:04}",
            day(self._batches / 1000),
            files,
            {f"{k}.jsonl": len(told[k]) for k in capabilities.kinds},
        )
        if self.connector is None or self.connector.capabilities != capabilities:
            await self.close()
            self.connector = self._connector(capabilities)
        await self.connector.probe(soon())

    def _connector(self, capabilities):
        text = own_tables.mapping_text(
            capabilities.fields, source=lambda kind: f"{kind}.jsonl"
        )
        rules = Rules.of(text.encode(), "44.mapping.toml", self.settings)
        return FilesConnector(
            ProvinceCode("44"),
            rules,
            self.places,
            InThread(self.places, rules),
            SystemClock(),
            version=capabilities.contract_version,
            **self._beside(capabilities),
        )

    async def close(self):
        if self.connector is not None:
            await self.connector.close()


@contextlib.asynccontextmanager
async def over(directory):
    subject = OverFiles(directory)
    try:
        await subject.keep({})
        yield subject
    finally:
        await subject.close()
