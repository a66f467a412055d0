"""Adapter: all that must stand before anything is measured.

PostgreSQL, databases with links, stub provinces, settings, hubs: the hub is
started as an operator starts it, from a file of settings, as a process of its own.
"""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec
import psycopg

from deploy.demo.issuer import AUDIENCE, Issuer, Role
from deploy.demo.keyring import Keyring
from deploy.demo.looking_up import is_ready
from deploy.demo.ports import choose
from deploy.demo.postgres import EmbeddedPostgres
from deploy.demo.processes import Children
from deploy.demo.settings_files import SCOPES
from hub.clock import SystemClock
from hub.identity.settings import KeyVersion, WorkerKeySettings
from hub.identity.worker_key import Pseudonyms
from hub.store.migrate import upgrade
from tests.bench.fill import fill
from tests.bench.job import Job, Slice, Step, Target
from tests.bench.people import PROVINCES
from tests.builders.hub_toml import FOUNDATION, WIDE_OPEN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import ExitStack

    from deploy.demo.processes import Child

ROOT: Final = Path(__file__).parents[2]
ISSUER_URL: Final = "https://issuer.bench.invalid"

_READY: Final = re.compile(r"^ready (http://\S+)", re.MULTILINE)
_STEP_DONE: Final = re.compile(r"^done (\d+)$", re.MULTILINE)
_LIMIT: Final = 60.0
_KEY_ENV: Final = "HUB_WORKER_KEY_1"

_HUB: Final = (
    """\
# Written by the benchmark at every start. Secrets are in the environment.
provinces_dir = "provinces"

[server]
port = {port}
requests = 1024
"""
    + WIDE_OPEN
    + FOUNDATION
    + """
[defaults]
# Each worker is asked of two provinces of four: 64 requests must not queue here.
concurrency = 64
"""
)
_PROVINCE: Final = """\
code = "{code}"
name_zh = "{code} 省"
name_en = "Province {code}"
url = "{url}/graphql"
"""


class Side(NamedTuple):
    """A hub to be started.

    Attributes:
        name: What the tables call it.
        database: Name of its database.
        links: How many links it holds.
        root: Where its code is.
        changed: Settings that differ, by dotted name.
    """

    name: str
    database: str
    links: int
    root: Path = ROOT
    changed: Mapping[str, str] = {}


class Ground:
    """Everything that runs for a measurement.

    Args:
        directory: Where data is kept between runs.
        stack: What is started is stopped with it.
        scopes: What the issuer may grant.
    """

    def __init__(
        self, directory: Path, stack: ExitStack, scopes: Sequence[str] = SCOPES
    ) -> None:
        self._scopes = scopes
        directory.mkdir(parents=True, exist_ok=True)
        directory.chmod(0o711)  # as root the server is another user, who must pass
        self._directory = directory.resolve()
        keyring = Keyring(directory / "keys")
        self._secret = keyring.secret("worker-key-1")
        self._issuer = Issuer(directory / "keys")
        self._server = stack.enter_context(EmbeddedPostgres(directory / "postgres"))
        self._children = stack.enter_context(Children(directory / "logs"))
        self._hubs = stack.enter_context(Children(directory / "logs"))
        self._stubs: dict[str, str] = {}
        self.targets: dict[str, Target] = {}

    @property
    def pseudonyms(self) -> Pseudonyms:
        """The pseudonyms of the hubs."""
        settings = WorkerKeySettings(
            versions=(KeyVersion(version=1, secret_env=_KEY_ENV),), current=1
        )
        return Pseudonyms(settings, {_KEY_ENV: self._secret})

    @property
    def public_keys(self) -> dict[str, object]:
        """The issuer's JWKS."""
        return self._issuer.public_keys

    def token(self, age: int = 0) -> str:
        """Sign a token of an officer of Guangdong; one of another age is another."""
        now = SystemClock().now().timestamp() - age
        return self._issuer.token(Role.INFLOW, url=ISSUER_URL, now=now)

    def start_stubs(self, provinces: Sequence[str] = PROVINCES) -> None:
        """Start one stub for each province."""
        started = {
            code: self._children.start(
                f"stub-{code}",
                [sys.executable, "-m", "tests.bench.stub", "--province", code],
                cwd=ROOT,
            )
            for code in provinces
        }
        self._stubs = {
            code: child.wait_for(_READY, _LIMIT)[1] for code, child in started.items()
        }

    def database(self, name: str, *, fresh: bool = False) -> str:
        """Give a migrated database; answers its URL."""
        if fresh:
            with psycopg.connect(
                self._server.url("postgres"), autocommit=True
            ) as connection:
                connection.execute(f"DROP DATABASE IF EXISTS {name}")
        url = self._server.ensure_database(name)
        upgrade(url)
        return url

    def fill(self, side: Side, tell: Callable[[int, int], None]) -> None:
        """Make a side's database hold its links."""
        fill(self.database(side.database), side.links, self.pseudonyms, tell)

    def start_hub(self, side: Side) -> None:
        """Start a side's hub, and wait until it can be asked."""
        port = choose(0)
        child = self._hubs.start(
            f"hub-{side.name}",
            [
                sys.executable,
                "-m",
                "hub",
                "serve",
                "--config",
                self.settings(side, port),
            ],
            env=self.environment(side),
            cwd=side.root,
        )
        child.wait_until(lambda: is_ready(port), _LIMIT)
        self.targets[side.name] = Target(
            port=port,
            pid=child.process.pid,
            workers=side.links // 2,
            stubs={
                code: int(url.rpartition(":")[2]) for code, url in self._stubs.items()
            },
        )

    def stop_hubs(self) -> None:
        """Stop all hubs."""
        self._hubs.stop()
        self.targets.clear()

    def settings(self, side: Side, port: int = 0) -> Path:
        """Write a side's settings; answers the file."""
        directory = self._directory / "hubs" / side.name
        (directory / "provinces").mkdir(parents=True, exist_ok=True)
        jwks = directory / "jwks.json"
        jwks.write_text(json.dumps(self.public_keys), encoding="utf-8")
        for code, url in self._stubs.items():
            (directory / "provinces" / f"{code}.toml").write_text(
                _PROVINCE.format(code=code, url=url), encoding="utf-8"
            )
        file = directory / "hub.toml"
        file.write_text(
            _HUB.format(
                port=port,
                policies=json.dumps(str(side.root / "deploy" / "policies")),
                issuer=ISSUER_URL,
                audience=AUDIENCE,
                jwks=json.dumps(str(jwks)),
                scopes=json.dumps(self._scopes),
            ),
            encoding="utf-8",
        )
        return file

    def environment(self, side: Side) -> dict[str, str]:
        """Give the secrets of a side, and the settings that differ."""
        changed = {
            "HUB__" + name.upper().replace(".", "__"): value
            for name, value in side.changed.items()
        }
        return {
            "HUB_DATABASE_URL": self._server.url(side.database),
            _KEY_ENV: self._secret,
            "PYTHONPATH": str(side.root),
            **changed,
        }

    def measure(
        self, steps: Sequence[Step], tell: Callable[[int], None], turn: int = 1
    ) -> list[Slice]:
        """Let the load generator do steps.

        Args:
            steps: What to do, in order.
            tell: Told how many of them are done.
            turn: At which turn to begin visiting workers.

        Raises:
            deploy.demo.failure.DemoFailed: The load generator or a hub stopped.
        """
        work = self._directory / "load"
        work.mkdir(exist_ok=True)
        job, result = work / "job.json", work / "result.json"
        job.touch(0o600)
        job.write_bytes(
            msgspec.json.encode(Job(self.token(), self.targets, tuple(steps), turn))
        )
        with Children(self._directory / "logs") as children:
            child = children.start(
                "load",
                [sys.executable, "-m", "tests.bench.load", job, result],
                cwd=ROOT,
            )
            self._watch(child, tell)
        with result.open("rb") as file:
            return [msgspec.json.decode(line, type=Slice) for line in file]

    def _watch(self, child: Child, tell: Callable[[int], None]) -> None:
        while child.process.poll() is None:
            for lost in (*self._children.ended(), *self._hubs.ended()):
                raise lost.stopped()
            done = _STEP_DONE.findall(child.log.read_text("utf-8", errors="replace"))
            tell(int(done[-1]) if done else 0)
            time.sleep(0.1)
        if child.process.returncode != 0:
            raise child.stopped()
