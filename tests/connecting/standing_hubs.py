"""Two hubs and a runner over one folder of settings, and callers who never stop."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import sys
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import psycopg

from deploy.demo.federation import HUB_RANK
from deploy.demo.issuer import AUDIENCE, Issuer, Role
from deploy.demo.looking_up import is_ready
from deploy.demo.processes import Children
from deploy.demo.settings_files import SCOPES
from hub.clock import SystemClock
from hub.identity.settings import WorkerKeySettings
from hub.identity.worker_key import Pseudonyms
from hub.linking.registrar import Registrar
from hub.linking.rows import Outcome
from hub.store.links import LinkStore
from tests.builders.hub_toml import FOUNDATION, WIDE_OPEN
from tests.builders.linking import opened, row
from tests.builders.numbers import number

POLICIES = Path(__file__).parents[2] / "deploy" / "policies"
ISSUER = "https://id.example"
SECRET = "00112233445566778899aabbccddeeff0123456789abcdeffedcba9876543210"  # noqa: S105
#: Who is known in Guangdong only, and who in Sichuan and by a database too.
ALONE, BOTH = number(sequence=101), number(sequence=102)
_ADDRESS = re.compile(r"(?:serves at|its health:) http://[\d.]+:(\d+)/", re.MULTILINE)
QUERY = """
query($by: WorkerBy!) {
  worker(by: $by, purpose: MEMBERSHIP_SERVICE) {
    __typename
    ... on Worker { name completeness { complete asked faults { province code } } }
  }
}
"""
PROVINCE = """
name_zh = "省{code}"
name_en = "Province {code}"
url = "{url}"
bearer_env = "TOKEN_{code}"
probe_every = "5s"
{more}
[secrets]
TOKEN_{code} = {{ file = "../token-{code}" }}
"""


def write_whole(file, text):
    """Write as an operator's tools do, or not: in place, in two halves."""
    with file.open("w") as opened_file:
        opened_file.write(text[: len(text) // 2])
        opened_file.flush()
        time.sleep(0.05)
        opened_file.write(text[len(text) // 2 :])


def at_once(file, text):
    """Write so that nobody reads a half."""
    new = file.with_name(f"{file.name}.new")
    new.write_text(text)
    new.rename(file)


class Ground:
    """Where all of it is."""

    def __init__(self, directory, database_url, children):
        self.directory = directory
        self.provinces = directory / "provinces"
        self.database_url = database_url
        self.ports = ()
        self.runner_port = 0
        keys = directory / "keys"
        issuer = Issuer(keys)
        now = SystemClock().now().timestamp()
        self.token = issuer.token(Role.INFLOW, url=ISSUER, now=now)
        self.inspector = issuer.token(Role.INSPECTOR, url=ISSUER, now=now)
        (directory / "jwks.json").write_text(json.dumps(issuer.public_keys))
        self.provinces.mkdir()
        self.environ = os.environ | {
            "HUB_DATABASE_URL": database_url,
            "HUB_WORKER_KEY_1": SECRET,
            "HUB_CONFIG": str(directory / "hub.toml"),
        }
        self.children = children
        self.processes = {}

    def begin(self, hubs=2):
        text = FOUNDATION.format(
            policies=json.dumps(str(POLICIES)), issuer=ISSUER, audience=AUDIENCE,
            jwks='"jwks.json"', scopes=json.dumps(SCOPES),
        )  # fmt: skip
        head = 'provinces_every = "300ms"\n[runner]\nsweep_every = "500ms"\n'
        (self.directory / "hub.toml").write_text(head + text + WIDE_OPEN)
        started = [
            *(self._start(f"hub-{n}", "serve") for n in range(hubs)),
            self._start("runner", "runner"),
        ]
        ports = [int(child.wait_for(_ADDRESS, 60.0)[1]) for child in started]
        *self.ports, self.runner_port = ports
        self.processes = dict(zip(ports, started, strict=True))
        for port, child in self.processes.items():
            child.wait_until(lambda at=port: is_ready(at), 60.0)

    def _start(self, name, command):
        return self.children.start(
            name,
            [sys.executable, "-m", "hub", command, "--port", "0"],
            env=self.environ,
            rank=HUB_RANK,
        )

    def put(self, code, url, more=""):
        file = self.provinces / f"{code}.toml"
        write_whole(file, PROVINCE.format(code=code, url=url, more=more))

    async def command(self, *words):
        """Run a command of the hub."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "hub", *words,
            env=self.environ | {"COLUMNS": "300"},
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        out, _ = await process.communicate()
        assert process.returncode == 0, out.decode()
        return out.decode()

    async def link(self):
        """Register whose local keys are."""
        settings = WorkerKeySettings(versions=[{"version": 1, "secret_env": "KEY"}])
        names = Pseudonyms(settings, {"KEY": SECRET})
        rows = [
            row(ALONE, "44", "w1", kinds=("WORKER",)),
            *(row(BOTH, code, "w2", kinds=("WORKER",)) for code in ("44", "51", "63")),
        ]
        async with opened(self.database_url) as pool:
            store, clock = LinkStore(pool, SystemClock()), SystemClock()
            registrar = Registrar(names, store, ("44", "51", "63"), clock)
            told = await registrar.register(rows, "test")
        assert {one.outcome for one in told} == {Outcome.CREATED}

    def rows(self, statement):
        with psycopg.connect(self.database_url) as connection:
            return connection.execute(statement).fetchall()


class Callers:
    """Callers who ask both hubs again and again, and remember what they were told."""

    def __init__(self, ground, session):
        self.ground = ground
        self._session = session
        self.names = Counter()
        self.faults = Counter()
        self.wrong = []
        self._tasks = []

    async def ask(self, port, who):
        headers = {"Authorization": f"Bearer {self.ground.token}"}
        body = {"query": QUERY, "variables": {"by": {"residentId": who}}}
        async with self._session.post(
            f"http://127.0.0.1:{port}/graphql", json=body, headers=headers
        ) as reply:
            text = await reply.text()
            if not text.startswith("{"):
                return None, [f"{reply.status} {text}"]
            answer = json.loads(text)
            if reply.status != 200 or "data" not in answer or not answer["data"]:
                return None, [str(answer)]
        worker = answer["data"]["worker"]
        if worker["__typename"] != "Worker":
            return None, [str(worker)]
        faults = worker["completeness"]["faults"]
        return worker["name"], [f"{one['province']} {one['code']}" for one in faults]

    async def _go_on(self, port, who):
        while True:
            name, faults = await self.ask(port, who)
            if name is None or (who == ALONE and faults):
                self.wrong.append((name, faults))
            if who == ALONE:
                self.names[name] += 1
            self.faults.update(faults)
            await asyncio.sleep(0.02)

    def start(self):
        self._tasks = [
            asyncio.create_task(self._go_on(port, who))
            for port in self.ground.ports
            for who in (ALONE, ALONE, BOTH)
        ]

    async def stop(self):
        for task in self._tasks:
            assert not task.done(), task
            task.cancel()
        await asyncio.wait(self._tasks)

    async def until(self, who, found, within=8.0):
        """Wait until both hubs answer so; tell how long that took."""
        began = time.monotonic()
        for port in self.ground.ports:
            while not found(*(last := await self.ask(port, who))):
                assert time.monotonic() < began + within, last
                await asyncio.sleep(0.05)
        return time.monotonic() - began

    async def get(self, port, path):
        async with self._session.get(f"http://127.0.0.1:{port}{path}") as reply:
            return reply.status, await reply.text()

    async def ready(self, port):
        status, text = await self.get(port, "/readyz")
        return status, json.loads(text)

    async def all_ready(self, found, within=8.0):
        """Wait until hubs and runner say so of their settings."""
        until = time.monotonic() + within
        for port in (*self.ground.ports, self.ground.runner_port):
            while True:
                status, told = await self.ready(port)
                if found(told["settings"]):
                    break
                assert time.monotonic() < until, told
                await asyncio.sleep(0.05)
            assert status == 200, "old settings hold: the hub is ready"

    async def changes(self, port):
        """How often provinces changed there, as its figures tell."""
        _, text = await self.get(port, "/metrics")
        found = {}
        for line in text.splitlines():
            if "province_changes_total{" in line:
                kind = line.partition('kind="')[2].partition('"')[0]
                found[kind] = int(float(line.rpartition(" ")[2]))
        return found


@contextmanager
def standing(directory, database_url):
    """Make the ground; ``begin`` it when the first settings are written."""
    with Children(directory) as children:
        yield Ground(directory, database_url, children)


@contextlib.asynccontextmanager
async def calling(ground):
    async with aiohttp.ClientSession() as session:
        callers = Callers(ground, session)
        callers.start()
        try:
            yield callers
        finally:
            await callers.stop()
