"""The REST connector as a subject of the contract suite, and its province."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import io
import itertools
import urllib.request
from pathlib import Path

import aiohttp
import msgspec

from connectors.port import WHOLE_CONTRACT
from connectors.rest.connector import RestConnector
from connectors.rest.opening import open_rest
from connectors.settings import ProvinceSettings
from hub.clock import SystemClock
from tests.provinces.launch import running
from tests.rest.foreign import ACTS, mapping_text

ENVIRON = {"KEY": "a-key", "SECRET": "s3cret/of:the+tests", "SIGNING": "signing-key"}
_NUMBERS = itertools.count()


def interface(url, **more):
    """The table ``[rest]`` for the province."""
    return {
        "keys_in": "body",
        "fields_parameter": "lie",
        "rows_at": "data",
        "api_key_header": "X-API-Key",
        "api_key_env": "KEY",
        "oauth": {
            "token_url": f"{url}/token", "client_id": "hub",
            "client_secret_env": "SECRET",
        },
        "signing": {"key_id": "k1", "secret_env": "SIGNING"},
        "paging": {
            "style": "cursor", "parameter": "yb", "size_parameter": "ts", "size": 2,
            "at": "next",
        },
        "acts": {
            "paths": ACTS, "key_header": "Idempotency-Key", "receipt_at": "jg",
        },
        "changes": {
            "path": "/v1/aj", "after_parameter": "yb", "first_parameter": "tiao",
            "case_parameter": "ajh", "seq_parameter": "hou",
        },
        **more,
    }  # fmt: skip


def opened(url, directory, mapping, *, environ=ENVIRON, interface_=None, **more):
    """Open a connector by a mapping file."""
    file = Path(directory) / f"{next(_NUMBERS)}.mapping.toml"
    file.write_text(mapping, "utf-8")
    settings = ProvinceSettings(
        code="44", name_zh="广东", name_en="Guangdong", kind="rest", url=url,
        mapping_file=str(file), rest=interface_ or interface(url), deadline="10s",
        **more,
    )  # fmt: skip
    return settings, open_rest(settings, environ, SystemClock())


@dataclasses.dataclass
class OverRest:
    """The REST connector, and the province that it speaks to."""

    connector: RestConnector
    control: aiohttp.ClientSession
    url: str
    directory: Path

    async def keep(self, workers, *, capabilities=WHOLE_CONTRACT, untold=()):
        await self.put(workers=dict(workers), untold=sorted(untold))
        if self.connector.capabilities != capabilities:
            await self.connector.close()
            _, self.connector = declaring(self.url, self.directory, capabilities)
        await self.connector.probe(asyncio.get_running_loop().time() + 10)

    async def put(self, **told):
        await self._control("PUT", **told)

    async def patch(self, **told):
        await self._control("PATCH", **told)

    def write(self, statement):
        """Have something written down in a case file."""
        body = msgspec.json.encode(statement)
        asked = urllib.request.Request(f"{self.url}/control", body, method="POST")  # noqa: S310  # http, to our own process
        with urllib.request.urlopen(asked) as reply:  # noqa: S310
            assert reply.status == 200

    async def seen(self):
        async with self.control.get(f"{self.url}/control") as reply:
            return await reply.json()

    async def _control(self, method, **told):
        body = io.BytesIO(msgspec.json.encode(told))
        address = f"{self.url}/control"
        async with self.control.request(method, address, data=body) as reply:
            assert reply.status == 200, await reply.text()


def declaring(url, directory, capabilities=WHOLE_CONTRACT):
    """Open a connector that declares just this."""
    acts, changes = bool(capabilities.acts), capabilities.changes
    told = interface(url)
    if not acts:
        del told["acts"]
    if not changes:
        del told["changes"]
    mapping = mapping_text(capabilities, acts=acts, changes=changes)
    version = capabilities.contract_version
    return opened(url, directory, mapping, interface_=told, contract_version=version)


@contextlib.asynccontextmanager
async def over_rest(directory):
    """Run a province, and speak to it."""
    with running("tests.rest.province") as told:
        _, connector = declaring(told["url"], directory)
        async with aiohttp.ClientSession() as control:
            subject = OverRest(connector, control, told["url"], directory)
            yield subject
            await subject.connector.close()
