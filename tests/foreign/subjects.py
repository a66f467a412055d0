"""The connector to a foreign schema as a subject of the contract suite."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import itertools
from pathlib import Path

import msgspec

from connectors.foreign.connector import ForeignConnector
from connectors.opening import open_connector
from connectors.port import WHOLE_CONTRACT
from connectors.settings import ProvinceSettings
from hub.clock import SystemClock
from tests.foreign.own_schema import interface, mapping_text
from tests.provinces import in_node

_NUMBERS = itertools.count()
ENVIRON = {"TOKEN": in_node.TOKEN}


def opened(url, directory, mapping=None, table=None, *, environ=ENVIRON, **more):
    """Open a connector by a mapping file."""
    file = Path(directory) / f"{next(_NUMBERS)}.toml"
    file.write_text(mapping or mapping_text(), "utf-8")
    settings = ProvinceSettings(
        code="44", name_zh="广东", name_en="Guangdong", kind="graphql", deadline="10s",
        url=f"{url}/foreign", mapping_file=str(file), graphql=table or interface(),
        bearer_env="TOKEN", **more,
    )  # fmt: skip
    return settings, open_connector(settings, environ, SystemClock())


def rows_of(worker):
    """A worker as Node is told: with lists of rows, even where there are none."""
    lists = ("memberships", "rightsCases", "skills", "trainings", "employments")
    empty = {name: [] for name in (*lists, "hardshipFiles")}
    return {**empty, **msgspec.to_builtins(worker)}


@dataclasses.dataclass
class OverForeign:
    """The connector, and the province that it speaks to."""

    connector: ForeignConnector
    url: str
    directory: Path

    async def keep(self, workers, *, capabilities=WHOLE_CONTRACT, untold=()):
        names = {
            "MEMBERSHIP": "memberships",
            "TRAINING": "trainings",
            "SKILL": "skills",
        }
        await self.put(workers, untold=[names[kind] for kind in untold])
        if self.connector.capabilities != capabilities:
            await self.connector.close()
            _, self.connector = opened(
                self.url, self.directory, mapping_text(capabilities),
                interface(capabilities), contract_version=capabilities.contract_version,
            )  # fmt: skip
        await self.connector.probe(asyncio.get_running_loop().time() + 10)

    async def put(self, workers, **told):
        kept = {key: rows_of(one) for key, one in workers.items()}
        told = {"workers": kept, **told}
        address = f"{self.url}/foreign"
        await asyncio.to_thread(in_node.control, "PUT", address, **told)

    async def patch(self, **told):
        address = f"{self.url}/foreign"
        await asyncio.to_thread(in_node.control, "PATCH", address, **told)

    def put_down(self, statement, told):
        """Have something written down in a case file."""
        where = {"caseNo": statement.case_no, "seq": statement.seq}
        in_node.control("POST", f"{self.url}/foreign/case", **where, **told)


@contextlib.asynccontextmanager
async def over_foreign(url, directory):
    """Speak to the foreign province."""
    _, connector = opened(url, directory)
    subject = OverForeign(connector, url, Path(directory))
    yield subject
    await subject.connector.close()
