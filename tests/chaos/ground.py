"""Adapter: the federation under test: every program a process that can be killed.

Ports and the database's address stay the same over every restart, as they do in
an operator's hands.
"""

from __future__ import annotations

import base64
import json
import secrets
import signal
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey

from deploy.demo.federation import PROVINCE_RANK
from deploy.demo.looking_up import is_ready
from deploy.demo.population.building import build
from deploy.demo.population.shares import PROVINCES
from deploy.demo.ports import is_free
from deploy.demo.postgres import EmbeddedPostgres
from deploy.demo.processes import Children
from deploy.demo.registering import register
from deploy.demo.starting import migrate
from hub.clock import SystemClock
from tests.chaos.line import Line, Lines
from tests.chaos.settings import SCOPES, write_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import ExitStack

    from deploy.demo.processes import Child

ROOT: Final = Path(__file__).parents[2]
ISSUER: Final = "https://issuer.chaos.invalid"
_LIMIT: Final = 60.0
_RUNNER_RANK: Final = 3
_HUB_RANK: Final = 2


class Ground:
    """All that runs.

    Attributes:
        directory: Data and logs.
        provinces: Their codes.
        doors: The port at which the hub finds each province, by code.
        key: Signs tokens.
        hub_port: Where the hub listens.
        lines: The line to each province, by code.
        children: The processes.
        database: URL of the hub's database; good over restarts.
        root: Where the programs are.
        receiver_port: Where offices' own systems listen; none if there are none.
        callback_secret: By which provinces sign what they push.
    """

    root: Final = ROOT

    def __init__(
        self,
        directory: Path,
        size: int,
        seed: int,
        provinces: tuple[str, ...] = PROVINCES,
        *,
        cases: bool = False,
    ) -> None:
        self.provinces = provinces
        self.directory = directory
        self.population = directory / "population"
        ports = _free_ports()
        self.hub_port = next(ports)
        self._size, self._seed = size, seed
        self.key = ECKey.generate_key("P-256")
        self._server = EmbeddedPostgres(directory / "postgres")
        self._sockets = Path(tempfile.mkdtemp(prefix="hub-ch-")) / "s"
        self._ports = {code: next(ports) for code in provinces}
        self._running: dict[str, Child] = {}
        self.lines = {code: Line(next(ports), self._ports[code]) for code in provinces}
        self.doors = {code: line.port for code, line in self.lines.items()}
        self.weather = Lines(list(self.lines.values()))
        self.database = ""
        self._bearers = {code: secrets.token_hex(16) for code in provinces}
        self.receiver_port = next(ports) if cases else None
        self.callback_secret = _new_secret()

    def start(self, stack: ExitStack) -> None:
        """Build the population and start everything."""
        self.populate()
        self._server.start()
        stack.callback(self._server.stop)
        self._server.ensure_database("hub")
        self._point()
        self.database = self._stable_url()
        self.children = stack.enter_context(Children(self.directory / "logs"))
        migrate(self.database)
        self._environment = {
            "HUB_DATABASE_URL": self.database,
            "HUB_WORKER_KEY_1": secrets.token_hex(32),
            "HUB_CODE_SECRET": secrets.token_hex(32),
            "HUB_CREDENTIAL_KEY": json.dumps(
                OKPKey.generate_key("Ed25519").as_dict(private=True)
            ),
            **{f"HUB_BEARER_{code}": one for code, one in self._bearers.items()},
            "HUB_CALLBACK": self.callback_secret,
            "HUB_WEBHOOK": _new_secret(),
        }
        self._settings = write_settings(self)
        register(
            self.population / "links.csv",
            self.provinces,
            self._environment,
            lambda _: None,
        )
        self._import_organisations()
        self.weather.start()
        stack.callback(self.weather.stop)
        for name in self.names:
            if name != "postgres":
                self.begin(name)
        self.wait_for_hub()

    def populate(self) -> None:
        """Make the people."""
        build(self.population, self._size, self._seed, self.provinces)

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that can be killed."""
        return (
            "postgres",
            *(f"province-{code}" for code in self.provinces),
            "hub",
            "runner",
        )

    @property
    def key_set(self) -> dict[str, object]:
        """The issuer's public key."""
        public = {**self.key.as_dict(private=False), "kid": "chaos", "use": "sig"}
        return {"keys": [{**public, "alg": "ES256"}]}

    def token(self, office: str) -> str:
        """Sign a token for an officer of an office."""
        now = int(SystemClock().now().timestamp())
        claims = {
            "iss": ISSUER, "aud": "union-hub", "sub": f"officer-{office}",
            "office": office, "province": office[:2], "scope": " ".join(SCOPES),
            "iat": now, "exp": now + 12 * 3600,
        }  # fmt: skip
        return jwt.encode({"alg": "ES256", "kid": "chaos"}, claims, self.key)

    def acts(self, code: str) -> Path:
        """Where a province keeps what it was asked to do."""
        return self.directory / f"acts-{code}.sqlite"

    def cases(self, code: str) -> Path:
        """Where a province keeps its case files."""
        return self.directory / f"cases-{code}.sqlite"

    def begin(self, name: str) -> None:
        """Start a program, again or for the first time."""
        if name == "postgres":
            self._server.start()
            self._point()
            return
        kind, _, code = name.partition("-")
        words: list[str | Path]
        environment = self._environment
        rank = {"hub": _HUB_RANK, "runner": _RUNNER_RANK}.get(kind, PROVINCE_RANK)
        if kind == "province":
            words = [
                sys.executable, "-m", "deploy.demo.province", "--code", code,
                "--database", self.population / f"{code}.sqlite",
                "--acts", self.acts(code), "--port", str(self._ports[code]),
            ]  # fmt: skip
            if self.receiver_port is not None:
                words += ["--cases", self.cases(code)]
            environment = {"PROVINCE_TOKEN": self._bearers[code]}
        else:
            verb = {"hub": "serve", "runner": "runner"}[kind]
            words = [sys.executable, "-m", "hub", verb, "--config", self._settings]
        self._running[name] = self.children.start(
            name, words, env=environment, cwd=ROOT, rank=rank
        )

    def kill(self, name: str) -> None:
        """SIGKILL: no farewell, no flush."""
        if name == "postgres":
            self._server.process.send_signal(signal.SIGKILL)
            self._server.process.wait()
            self._server.stop()
            return
        child = self._running.pop(name)
        child.process.kill()
        child.process.wait()
        self.children.forget(child)

    def freeze(self, name: str, *, on: bool) -> None:
        """Stop a program in its tracks, or let it go on."""
        process = (
            self._server.process if name == "postgres" else self._running[name].process
        )
        process.send_signal(signal.SIGSTOP if on else signal.SIGCONT)

    def wait_for_hub(self) -> None:
        """Wait until the hub answers."""
        self._running["hub"].wait_until(lambda: is_ready(self.hub_port), _LIMIT)

    def _point(self) -> None:
        """Let the stable path lead to where the server's socket is now."""
        fresh = self._sockets.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        where = (self._server_directory / "sockets").read_text(encoding="utf-8")
        fresh.symlink_to(where)
        fresh.rename(self._sockets)
        self._sockets.parent.chmod(0o755)

    @property
    def _server_directory(self) -> Path:
        return self.directory.resolve() / "postgres"

    def _stable_url(self) -> str:
        address, _, rest = self._server.url("hub").partition("host=")
        del address
        where = rest.partition("&")[0]
        return self._server.url("hub").replace(
            where, quote(str(self._sockets), safe="")
        )

    def _import_organisations(self) -> None:
        child = self.children.start(
            "organisations",
            [
                sys.executable, "-m", "hub", "organisations", "import",
                self.population / "organisations.csv", "--config", self._settings,
            ],
            env=self._environment,
            cwd=ROOT,
        )  # fmt: skip
        if child.process.wait(_LIMIT):
            raise child.stopped()
        self.children.forget(child)

    def logs(self) -> dict[str, str]:
        """Read every log, as of now."""
        return {
            one.name: one.read_text("utf-8", "replace")
            for one in (self.directory / "logs").iterdir()
        }


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def _free_ports() -> Iterator[int]:
    """Give ports that nobody else is given, ever again.

    Below those that the system hands out: a program that is killed must find its port
    free when it is started again, whatever was started meanwhile.
    """
    every = range(15_000, 32_000)
    for port in secrets.SystemRandom().sample(every, len(every)):
        if is_free(port):
            yield port
