from __future__ import annotations

import contextlib
import json

import aiohttp
import pytest

from tests.web.serving import parts, running


class Asking:
    """Asks the hub over HTTP, with a good token unless told otherwise."""

    def __init__(self, address, session, made):
        self.url = "http://{}:{}".format(*address)
        self.address = address
        self.session = session
        self.parts = made

    async def __call__(self, query=None, *, method="POST", path="/graphql", **named):
        headers = {"Authorization": "Bearer good", **named.pop("headers", {})}
        headers = {name: value for name, value in headers.items() if value is not None}
        if query is not None:
            named["data"] = json.dumps({"query": query, **named.pop("also", {})})
        if "data" in named:
            headers.setdefault("Content-Type", "application/json")
        if headers.get("Content-Type") == "":
            del headers["Content-Type"]
            named["skip_auto_headers"] = ["Content-Type"]
        async with self.session.request(
            method, self.url + path, headers=headers, **named
        ) as response:
            body = await response.read()
        return Told(response.status, response.headers, body)


class Told:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body
        self.kind = headers.get("Content-Type", "").partition(";")[0]

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def error(self):
        return self.json["errors"][0]

    @property
    def code(self):
        return self.error["extensions"]["code"]


@pytest.fixture(scope="session")
def served():
    made = parts()
    with running(made) as address:
        yield address, made


@pytest.fixture
async def ask(served):
    address, made = served
    async with aiohttp.ClientSession() as session:
        yield Asking(address, session, made)


@pytest.fixture
def ask_with():
    """Ask a hub with other settings: ``async with ask_with(limits={…}) as ask``."""

    @contextlib.asynccontextmanager
    async def make(**settings):
        made = parts(**settings)
        with running(made) as address:
            async with aiohttp.ClientSession() as session:
                yield Asking(address, session, made)

    return make
