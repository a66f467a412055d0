"""A hostile province, and the hub's whole way to it: guard, connector, transport."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import time

import aiohttp
import pytest

from connectors.credentials import load
from connectors.graphql.connector import GraphQLConnector
from connectors.guard import Guard
from connectors.port import Ask, Question
from connectors.settings import ProvinceSettings
from connectors.transport import Transport
from hub.clock import SystemClock
from schema.records.kinds import RecordKind
from schema.records.selection import Selection
from tests.provinces.certificates import Authority
from tests.provinces.launch import running

#: Enough for an answer on a busy machine; those that never come have a shorter one.
DEADLINE = "5s"
SHORT = "400ms"
GRACE = 0.1

ASKED = Selection.of({RecordKind.WORKER: {"name"}, RecordKind.MEMBERSHIP: {"state"}})
QUESTION = Question((Ask(("gd-1",), ASKED),), "request-1", "RIGHTS_CASE_HANDLING")


@dataclasses.dataclass
class Hostile:
    """Where the hostile province listens, and the certificates round it."""

    ports: dict
    trusted: str
    client: tuple[str, str]
    foreign_client: tuple[str, str]

    def url(self, path, listener="plain"):
        scheme = "http" if listener in {"plain", "closed"} else "https"
        return f"{scheme}://127.0.0.1:{self.ports[listener]}{path}"

    async def seen(self, path):
        """How often a path was asked."""
        async with (
            aiohttp.ClientSession() as session,
            session.get(self.url("/seen")) as reply,
        ):
            return (await reply.json()).get(path, 0)


@pytest.fixture(scope="session")
def hostile(tmp_path_factory):
    directory = tmp_path_factory.mktemp("certificates")
    ours = Authority(directory, "authority")
    foreign = Authority(directory, "foreign-authority")
    listeners = {
        "good": ours.issue("good"),
        "expired": ours.issue("expired", expired=True),
        "self-signed": foreign.issue("foreign"),
        "wrong-name": ours.issue("wrong-name", host="other.invalid"),
        "mutual": [*ours.issue("mutual"), str(ours.file)],
    }
    with running("tests.provinces.hostile", json.dumps(listeners)) as ports:
        yield Hostile(
            ports,
            str(ours.file),
            ours.issue("hub"),
            foreign.issue("foreign-hub"),
        )


class Observed:
    """Remembers what a guard told its observer."""

    def __init__(self):
        self.calls = []
        self.phases = []
        self.dates = []

    def answered(self, province, code, seconds, attempts):
        self.calls.append((province, code, seconds, attempts))

    def breaker_moved(self, province, phase):
        self.phases.append((province, phase))

    def dated(self, province, as_of):
        self.dates.append((province, as_of))


def settings_for(url, **more):
    told = {
        "code": "44",
        "name_zh": "广东",
        "name_en": "Guangdong",
        "url": url,
        "deadline": DEADLINE,
        "retry": {"attempts": 1},
        "response_cap": 1_000_000,
    }
    return ProvinceSettings(**{**told, **more})


@contextlib.asynccontextmanager
async def guarded(url, *, environ=None, **more):
    """A guarded connector; nothing of it may be left when the block ends."""
    before = asyncio.all_tasks()
    settings = settings_for(url, **more)
    clock = SystemClock()
    transport = Transport(settings, load(settings, environ or {}), clock)
    connector = GraphQLConnector(settings, transport, clock)
    guard = Guard(connector, settings, clock, Observed(), chance=lambda: 0.5)
    try:
        yield guard
        if transport._session is not None:
            assert not transport._session.connector._acquired, "a connection is kept"
    finally:
        await guard.close()
        # TLS says good-bye in the background; each test has a loop of its own,
        # which would be closed before it has.
        await asyncio.sleep(0.05 if url.startswith("https") else 0)
    assert asyncio.all_tasks() == before, "a task is left behind"


async def ask(guard, question=QUESTION, seconds=60.0):
    """Ask, and hold the guard to its deadline.

    A machine that is too busy to run even a bare timer in time is excused, but
    not when it was ourselves who kept it busy.
    """
    loop = asyncio.get_running_loop()
    began, busy = loop.time(), time.process_time()
    due = began + min(seconds, guard.settings.deadline.total_seconds())
    woke = []
    timer = loop.call_at(due, lambda: woke.append(loop.time()))
    answer = await guard.ask(question, began + seconds)
    ended, busy = loop.time(), time.process_time() - busy
    timer.cancel()
    excused = woke and ended <= woke[0] + GRACE and busy < GRACE
    assert ended <= due + GRACE or excused, "the answer came too late"
    return answer
