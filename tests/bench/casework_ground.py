"""Adapter: a hub that follows cases, over a database that is kept between runs."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import psycopg

from deploy.demo.issuer import Person
from deploy.demo.population.links import REFERENCE
from deploy.demo.population.offices import write_organisations
from deploy.demo.population.shares import PROVINCES
from deploy.demo.population.world import World
from deploy.demo.registering import register_organisations
from deploy.demo.settings_files import DATABASE_ENV
from hub.access.caller import Scope
from hub.clock import SystemClock
from hub.store import migrations
from tests.bench.casework_population import VERSION, populate
from tests.bench.ground import ISSUER_URL, ROOT, Ground, Side
from tests.bench.load import resident_bytes
from tests.bench.spent import spent

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import ExitStack

_SEED: Final = 1
_STUB: Final = "44"
_KEPT: Final = """
SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s
"""
_FORGET: Final = """
UPDATE rights_case SET body = jsonb_set(body::jsonb, '{dues}', '[]')::json
"""
_SCOPES: Final = (Scope.WORKER_READ, Scope.CASE_READ, Scope.CASES_WRITE)
_COMMAND_S: Final = 600.0


def _head() -> str:
    """Name the steps by which tables are made; with others the copy is made anew."""
    versions = Path(migrations.__file__).parent / "versions"
    return max(one.stem for one in versions.glob("m*.py"))


class Office(NamedTuple):
    """Who asks.

    Attributes:
        name: What tables call it.
        code: Of the union.
        province: Where it is.
    """

    name: str
    code: str
    province: str


class CaseGround(Ground):
    """All that runs for a measurement of cases.

    Args:
        directory: Where data is kept between runs.
        stack: What is started is stopped with it.
        cases: How many open cases there are.
    """

    def __init__(self, directory: Path, stack: ExitStack, cases: int) -> None:
        super().__init__(directory, stack, scopes=tuple(Scope))
        self.side = Side("cases", f"cases_{cases}", 0)
        self._cases = cases

    def prepare(self, tell: Callable[[int, int], None]) -> None:
        """Have stubs, unions and cases, and start the hub.

        Args:
            tell: Told how many cases there are, and of how many.
        """
        self.start_stubs((_STUB,))  # a hub has one at least; it is asked nothing
        unions = self._directory / "organisations.csv"
        with unions.open("w", encoding="utf-8") as out:
            world = World(_SEED, REFERENCE)
            write_organisations(out, [world.provinces[code] for code in PROVINCES])
        wanted = f"cases {VERSION} {self._cases} {_head()}"
        kept = f"{self.side.database}_kept"
        with psycopg.connect(self._server.url("postgres"), autocommit=True) as server:
            said = server.execute(_KEPT, [kept]).fetchone()
            if said is None or said[0] != wanted:
                self._make(unions, tell)
                name = self.side.database
                server.execute(f"DROP DATABASE IF EXISTS {kept}")
                server.execute(f"ALTER DATABASE {name} RENAME TO {kept}")
                server.execute(f"COMMENT ON DATABASE {kept} IS '{wanted}'")
            # Acts change cases: each run begins with a copy.
            server.execute(f"DROP DATABASE IF EXISTS {self.side.database}")
            server.execute(f"CREATE DATABASE {self.side.database} TEMPLATE {kept}")
        self.start_hub(self.side)

    def _make(self, unions: Path, tell: Callable[[int, int], None]) -> None:
        url = self.database(self.side.database, fresh=True)
        register_organisations(unions, {DATABASE_ENV: url})
        populate(url, self._cases, tell)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM (ANALYZE)")

    def token_of(self, office: Office) -> str:
        """Sign a token of an officer."""
        person = Person(
            office.name, office.name, f"officer-{office.code}", office.code,
            office.province, tuple(_SCOPES),
        )  # fmt: skip
        now = SystemClock().now().timestamp()
        return self._issuer.token_of(person, url=ISSUER_URL, now=now)

    def rows(self, statement: str, *given: object) -> list[tuple[Any, ...]]:
        """Look into the database."""
        url = self._server.url(self.side.database)
        with psycopg.connect(url) as connection:
            return connection.execute(statement.encode(), given).fetchall()

    def run(self, *words: str) -> float:
        """Run a command of the hub to its end; tell the seconds that it took.

        Raises:
            RuntimeError: It failed.
        """
        begun = time.monotonic()
        done = subprocess.run(
            [
                sys.executable, "-m", "hub", *words, "--config",
                str(self.settings(self.side)),
            ],
            env=self.environment(self.side),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=_COMMAND_S,
            check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(
                f"{words}: {done.stdout[-2_000:]} {done.stderr[-2_000:]}"
            )
        return time.monotonic() - begun

    def forget_dues(self) -> None:
        """Make the due dates of every case other than the rules say."""
        url = self._server.url(self.side.database)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(_FORGET)

    def rss(self) -> int:
        """Tell how many bytes of memory the hub holds."""
        return resident_bytes(self.targets[self.side.name].pid)

    def spent(self) -> dict[str, float]:
        """Tell the seconds of processor time of each part until now."""
        hub = self.targets[self.side.name].pid
        return spent({"hub": hub}, {"postgres": self._server.process.pid})
