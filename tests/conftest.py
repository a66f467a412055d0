"""What every test may ask for: a real PostgreSQL, and no network but our own."""

from __future__ import annotations

import gc
import ipaddress
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg import sql

from deploy.demo.postgres import EmbeddedPostgres
from hub.store.migrate import upgrade
from tests.kept_database import KeptDatabase
from tests.peers.kept import unless_missing
from tests.provinces.mariadb import mariadb
from tests.sharing import Sharing, place_of

_TEMPLATE = "hub_template"
_AHEAD = pytest.StashKey[subprocess.Popen]()

# Tests start a hundred programs of ours: they load what is compiled already.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile(
    "ci",
    max_examples=100,
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "night",
    max_examples=5_000,
    stateful_step_count=100,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


class OutsideNetwork(RuntimeError):
    """A test wanted to speak to another machine."""


def _is_here(host):
    if host in {None, "", "localhost", b"", b"localhost"}:
        return True
    text = host.decode() if isinstance(host, bytes) else str(host)
    try:
        return ipaddress.ip_address(text.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _is_name(host):
    """Whether finding it needs a name server; names in .invalid never exist."""
    text = host.decode() if isinstance(host, bytes) else str(host)
    try:
        ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return not text.rstrip(".").endswith(".invalid")
    return False


def _block_outside(event, arguments):
    """Refuse what leaves this machine: Python's own hook, below every library."""
    if event in {"socket.connect", "socket.sendto"}:
        address = arguments[1]
        if isinstance(address, tuple) and not _is_here(address[0]):
            raise OutsideNetwork(f"{event} {address[0]}")
    elif event == "socket.getaddrinfo":
        host = arguments[0]
        if not _is_here(host) and _is_name(host):
            raise OutsideNetwork(f"{event} {host}")


sys.addaudithook(_block_outside)


def pytest_sessionstart(session):
    """Begin with what takes long to be installed, if all tests are to run."""
    config = session.config
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    if config.args_source is pytest.Config.ArgsSource.TESTPATHS:
        config.stash[_AHEAD] = subprocess.Popen(
            [sys.executable, "-m", "tests.ahead"],
            cwd=config.rootpath,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )


def pytest_collection():
    """Collect without looking for garbage: six thousand tests stay until the end."""
    gc.disable()


def pytest_collection_finish():
    """What is collected is not looked through again while tests run."""
    gc.freeze()
    gc.enable()


def pytest_unconfigure(config):
    """Leave nothing running behind."""
    ahead = config.stash.get(_AHEAD, None)
    if ahead is not None and ahead.poll() is None:
        os.killpg(ahead.pid, signal.SIGTERM)
        ahead.wait()


def pytest_collection_modifyitems(items):
    """Put first what takes long: the others fill up what is left at the end."""
    items.sort(key=lambda item: place_of(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Keep rooms together that share what is dear to start."""
    return Sharing(config, log) if config.getvalue("dist") == "loadscope" else None


@pytest.fixture(scope="session")
def anyio_backend():
    # uvloop's sockets would pass by the hook above
    return "asyncio", {"use_uvloop": False}


@pytest.fixture(scope="session")
def postgres():
    """One server for the session; each xdist process has its own."""
    directory = Path(tempfile.mkdtemp(prefix="hub-tests-"))
    directory.chmod(0o711)  # as root the server is another user, who must pass
    try:
        with EmbeddedPostgres(directory, durable=False) as server:
            yield server
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def maria():
    """A MariaDB, where the machine has one."""
    server = mariadb()
    one = unless_missing(server.__enter__)
    yield one
    server.__exit__(None, None, None)


def _clone(server, template):
    """Make a database of its own for one test, and drop it after."""
    name = f"t_{secrets.token_hex(8)}"
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        yield server.url(name)
        connection.execute(
            sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
        )


@pytest.fixture(scope="session")
def migrated(postgres):
    """A database that is migrated once, for the others to be cloned from."""
    upgrade(postgres.ensure_database(_TEMPLATE))
    return _TEMPLATE


@pytest.fixture(scope="session")
def kept_database(postgres, migrated):
    """One migrated database, lent to one test after the other."""
    kept = KeptDatabase(postgres, migrated)
    yield kept
    kept.close()


@pytest.fixture
def database_url(kept_database):
    """A migrated database without rows, the test's own while it runs."""
    yield kept_database.url
    kept_database.empty()


@pytest.fixture
def empty_database_url(postgres):
    """A database of the test's own, without tables."""
    yield from _clone(postgres, "template0")
