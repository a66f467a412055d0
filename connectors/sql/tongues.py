"""Adapter: what SQLAlchemy leaves to each database: sessions that cannot write, time limits."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import psycopg
from psycopg.types.datetime import DateLoader, TimestampLoader, TimestamptzLoader
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from connectors.sql import mysql

if TYPE_CHECKING:
    from psycopg.abc import Buffer
    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine import URL

#: Drivers that come with the hub; others are installed beside it.
_DRIVERS = {
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
}
#: SQLite asks us about the time each time it has done so much.
_STEPS = 2_000
_LONGEST = 24 * 3600
#: Marks an engine whose sessions may write.
_WRITES = "hub_writes"


class UnknownTongue(ValueError):
    """An address is none, or of a database whose driver is not there.

    It never repeats the address, which holds a password.
    """


def address(written: str) -> URL:
    """Read the address of a database.

    Raises:
        UnknownTongue: It is none.
    """
    if not written:
        raise UnknownTongue("not set or empty")
    try:
        url = make_url(written)
    except (ArgumentError, ValueError):
        raise UnknownTongue("not an address of a database") from None
    return url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))


def engine(url: URL, connections: int, connect: float, *, write: bool) -> Engine:
    """Make an engine; nothing is opened yet.

    Args:
        url: Where.
        connections: How many at most.
        connect: Seconds that setting one up may take.
        write: Whether sessions may write. Otherwise the database itself refuses it,
            where it is PostgreSQL, MySQL, MariaDB or SQLite; elsewhere the role has to.

    Raises:
        UnknownTongue: There is no driver for it.
    """
    more: dict[str, Any] = {
        "pool_size": connections,
        "max_overflow": 0,
        "pool_timeout": connect,
        # A statement's parameters are keys of people: they stay out of messages.
        "hide_parameters": True,
        "execution_options": {_WRITES: write},
    }
    if url.get_backend_name() == "sqlite":
        more["creator"] = lambda: _sqlite(url, write=write)
    if url.get_backend_name() in {"postgresql", *mysql.NAMES}:
        more["isolation_level"] = "READ COMMITTED" if write else "REPEATABLE READ"
    if url.drivername in {"mysql+pymysql", "mariadb+pymysql"}:
        more["connect_args"] = mysql.connecting(connect, write=write)
    if url.drivername == "postgresql+psycopg":
        options = "" if write else "-c default_transaction_read_only=on"
        more["connect_args"] = {
            "connect_timeout": max(1, round(connect)),
            "application_name": "union-federation-hub",
            "options": options,
        }
    try:
        made = create_engine(url, **more)
    except (ArgumentError, ImportError, NoSuchModuleError):
        raise UnknownTongue(f"no driver for {url.get_backend_name()}") from None
    if url.drivername == "postgresql+psycopg":
        event.listen(made, "connect", _lenient)
    return made


def begin(connection: Connection, seconds: float) -> None:
    """Begin a transaction whose statements end after so many seconds."""
    until = monotonic() + seconds
    match connection.dialect.name:
        case "sqlite":
            own = connection.connection.driver_connection
            assert isinstance(own, sqlite3.Connection)  # noqa: S101  # by its dialect
            own.set_progress_handler(lambda: monotonic() > until, _STEPS)
            own.execute(f"PRAGMA busy_timeout = {int(min(seconds, _LONGEST) * 1000)}")
            # Whoever reads first and then writes loses against another who did so.
            writes = connection.get_execution_options().get(_WRITES)
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
        case "postgresql":
            limit = str(max(1, int(min(seconds, _LONGEST) * 1000)))
            connection.execute(_LIMIT, {"limit": limit})
        case "mysql" | "mariadb":
            mysql.begin(connection, min(seconds, _LONGEST))
        case _:
            pass  # the hub's own deadline holds


_LIMIT = text("SELECT set_config('statement_timeout', :limit, true)")


def _sqlite(url: URL, *, write: bool) -> sqlite3.Connection:
    """Open a file that is there; it is never made."""
    file = quote(str(Path(url.database or "").absolute()))
    mode = "rw" if write else "ro"
    connection = sqlite3.connect(
        f"file:{file}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=1,
    )
    # Text that is no UTF-8 must cost its own row only: the mapping refuses it.
    connection.text_factory = _decode
    if not write:
        connection.execute("PRAGMA query_only = on")
    return connection


def _decode(text: bytes) -> str:
    return text.decode("utf-8", "surrogateescape")


def _lenient(connection: psycopg.Connection[Any], _record: object) -> None:
    """A day that Python does not know costs its own row only, not the whole answer."""
    for name, loader in _LENIENT.items():
        connection.adapters.register_loader(name, loader)


class _Date(DateLoader):
    def load(self, data: Buffer) -> Any:
        try:
            return super().load(data)
        except psycopg.DataError:
            return bytes(data).decode()


class _Timestamp(TimestampLoader):
    def load(self, data: Buffer) -> Any:
        try:
            return super().load(data)
        except psycopg.DataError:
            return bytes(data).decode()


class _Timestamptz(TimestamptzLoader):
    def load(self, data: Buffer) -> Any:
        try:
            return super().load(data)
        except psycopg.DataError:
            return bytes(data).decode()


_LENIENT: dict[str, type[DateLoader | TimestampLoader | TimestamptzLoader]] = {
    "date": _Date,
    "timestamp": _Timestamp,
    "timestamptz": _Timestamptz,
}
