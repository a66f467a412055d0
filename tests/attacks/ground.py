"""A real hub with a real database and two real provinces, to be attacked."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import psycopg

from deploy.demo import federation
from deploy.demo.issuer import AUDIENCE, Issuer, Role
from deploy.demo.keyring import Keyring
from deploy.demo.kinds import SUBGRAPH, secret_env
from deploy.demo.looking_up import is_ready
from deploy.demo.population.building import build
from deploy.demo.ports import choose
from deploy.demo.postgres import EmbeddedPostgres
from deploy.demo.processes import Children
from deploy.demo.registering import register
from deploy.demo.settings_files import SCOPES, environment
from hub.clock import SystemClock
from hub.store.migrate import upgrade
from tests.builders.hub_toml import FOUNDATION

if TYPE_CHECKING:
    from contextlib import ExitStack

ROOT = Path(__file__).parents[2]
ISSUER = "https://issuer.attacks.invalid"
PROVINCES = ("44", "51")

#: As an operator has it, but for the times that a test cannot wait for.
_HUB = (
    """
[server]
port = {port}
head_timeout = "2s"
body_timeout = "2s"
keep_alive = "3s"
log_level = "INFO"
introspection_scopes = ["hub:operate"]

[limits.callers.subject]
rate = 200
burst = 1000
at_once = 64

[limits.enumeration]
subject = 150
window = "10m"
"""
    + FOUNDATION
)


class Target(NamedTuple):
    """A hub that runs.

    Attributes:
        port: Where.
        log: Its log.
        database: URL of its database.
        tokens: A good token for each role.
        known: Resident ID numbers of people that it knows; made up.
        environment: Of its process: for commands on its store.
        settings: Its settings.
        is_alive: Whether the process has not ended.
    """

    port: int
    log: Path
    database: str
    tokens: dict[Role, str]
    known: list[str]
    environment: dict[str, str]
    settings: Path
    is_alive: object

    def logged(self) -> str:
        """Read all that the hub wrote."""
        return self.log.read_text("utf-8", errors="replace")

    def rows(self, statement: str) -> list[tuple]:
        """Look into its database."""
        with psycopg.connect(self.database) as connection:
            return connection.execute(statement).fetchall()


def start(directory: Path, stack: ExitStack, *, workers: int = 150) -> Target:
    """Start everything; it is stopped with the stack."""
    directory.mkdir(parents=True, exist_ok=True)
    directory.chmod(0o711)  # as root the server is another user, who must pass
    keyring, issuer = Keyring(directory / "keys"), Issuer(directory / "keys")
    manifest = build(directory / "population", workers, provinces=PROVINCES)
    server = stack.enter_context(
        EmbeddedPostgres(directory / "postgres", durable=False)
    )
    database = server.ensure_database("attacked")
    upgrade(database)
    bearers = {code: keyring.secret(f"bearer-{code}") for code in PROVINCES}
    secrets = environment(database, keyring.secret("worker-key-1"), bearers)
    register(directory / "population" / "links.csv", PROVINCES, secrets, lambda _: None)
    children = stack.enter_context(Children(directory / "logs"))
    files = {code: directory / "population" / f"{code}.sqlite" for code in PROVINCES}
    started = {
        code: federation.start_province(children, code, files[code], bearers[code])
        for code in PROVINCES
    }
    (directory / "provinces").mkdir(exist_ok=True)
    for code, child in started.items():
        url = federation.standing(code, files[code], child).url
        (directory / "provinces" / f"{code}.toml").write_text(
            f'name_zh = "{code} 省"\nname_en = "Province {code}"\nurl = "{url}"\n'
            f'bearer_env = "{secret_env(code, SUBGRAPH)}"\n',
            encoding="utf-8",
        )
    port = choose(0)
    (directory / "jwks.json").write_text(json.dumps(issuer.public_keys))
    settings = directory / "hub.toml"
    settings.write_text(
        _HUB.format(
            port=port,
            policies=json.dumps(str(ROOT / "deploy" / "policies")),
            issuer=ISSUER,
            audience=AUDIENCE,
            jwks=json.dumps(str(directory / "jwks.json")),
            scopes=json.dumps(SCOPES),
        ),
        encoding="utf-8",
    )
    hub = children.start(
        "hub",
        [sys.executable, "-m", "hub", "serve", "--config", settings],
        env=secrets,
        cwd=ROOT,
        rank=federation.HUB_RANK,
    )
    hub.wait_until(lambda: is_ready(port), 60.0)
    now = SystemClock().now().timestamp()
    return Target(
        port=port,
        log=hub.log,
        database=database,
        tokens={role: issuer.token(role, url=ISSUER, now=now) for role in Role},
        known=[one.resident_id for one in manifest.showcase]
        + _numbers(directory / "population" / "links.csv"),
        environment=secrets,
        settings=settings,
        is_alive=lambda: hub.process.poll() is None,
    )


def _numbers(links: Path) -> list[str]:
    lines = links.read_text("utf-8").splitlines()[1:]
    return list(dict.fromkeys(line.split(",")[0] for line in lines))
