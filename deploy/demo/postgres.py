"""Adapter: a PostgreSQL of the demo's and the tests' own, from a wheel's programs.

``with EmbeddedPostgres(directory) as server: server.url("hub")``. As root or not;
nothing is left behind however this process ends; the data stays in the directory.
The server listens on a Unix socket in a private directory only, never on a
port. Call from a thread that outlives the server (see ``leash.py``).
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from deploy.demo.failure import DemoFailed, disk_full, not_writable, tail_of
from deploy.demo.postgres_note import is_ready, wait_for_predecessor
from deploy.demo.postgres_place import find_place, give, remember_password
from deploy.demo.processes import spawn
from schema.records.refusal import Bilingual

if TYPE_CHECKING:
    from types import TracebackType

    from deploy.demo.postgres_place import Place
    from deploy.demo.processes import Leashed

_USER: Final = "hub"
_PORT: Final = 5432  # only names the socket's file
_START_LIMIT: Final = 60.0
_STOP_LIMIT: Final = 10.0
#: How PostgreSQL says that the disk is full; its hint is not always there.
_NO_SPACE: Final = ("No space left on device", "could not extend file", "disk space")

#: No statement's text and no row's values in the log: they may be personal.
_SETTINGS: Final = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_checkpoints": "off",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
}
#: A crash may lose everything; a test begins anew anyway.
_FORGETFUL: Final = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_wal_size": "2GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


class EmbeddedPostgres:
    """One server over one directory.

    Args:
        directory: Where its data stays between starts; made if missing.
        durable: Whether a power cut must lose nothing. Tests say no and are
            faster.
    """

    def __init__(self, directory: Path, *, durable: bool = True) -> None:
        self._directory = directory.resolve()
        self._durable = durable
        self._place: Place | None = None
        self._server: Leashed | None = None
        self._sockets: Path | None = None
        self._lock: int | None = None
        self._password = ""

    def __enter__(self) -> Self:
        """Start it."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop it."""
        self.stop()

    @property
    def log(self) -> Path:
        """The server's log."""
        return self._directory / "postgres.log"

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The server's process, once it is started."""
        if self._server is None:
            raise RuntimeError("the server is not started")
        return self._server.process

    def start(self) -> None:
        """Start the server; the first time, make its data directory.

        Raises:
            DemoFailed: Another start holds the directory, the disk is full or
                not writable, or PostgreSQL stopped; the log's tail says why.
        """
        place = find_place(self._directory)
        try:
            self._take_lock()
            self._place = place
            self._password = remember_password(place)
            self._sockets = self._make_socket_directory(place)
            if not place.data.is_dir():
                self._initialise(place)
            wait_for_predecessor(place.data)
            self._run(place)
        except OSError as error:
            self.stop()
            raise not_writable(Path(error.filename or place.home), error) from error
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the server: fast (clean, open transactions end), else at once."""
        if self._server is not None:
            process = self._server.process
            for wish in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
                if process.poll() is not None:
                    break
                process.send_signal(wish)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(_STOP_LIMIT)
            self._server.let_go()
            self._server = None
        if self._sockets is not None:
            shutil.rmtree(self._sockets, ignore_errors=True)
            (self._directory / "sockets").unlink(missing_ok=True)
            self._sockets = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def url(self, database: str) -> str:
        """Name a database of this server as libpq and SQLAlchemy read it."""
        if self._sockets is None:
            raise RuntimeError("the server is not started")
        host = quote(str(self._sockets), safe="")
        return f"postgresql://{_USER}:{self._password}@/{database}?host={host}&port={_PORT}"

    def ensure_database(self, database: str) -> str:
        """Make a database unless it exists; answers its URL."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            found = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [database]
            ).fetchone()
            if found is None:
                connection.execute(
                    sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database))
                )
        return self.url(database)

    def drop_database(self, database: str) -> None:
        """Delete a database if it exists, whoever uses it."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(
                    sql.Identifier(database)
                )
            )

    def _take_lock(self) -> None:
        """Hold the directory; the system lets go when this process dies."""
        lock = os.open(self._directory / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(lock)
            if error.errno not in {errno.EAGAIN, errno.EACCES}:
                raise
            raise DemoFailed(
                Bilingual(
                    f"目录 {self._directory} 中的数据库已在运行。",
                    f"The database in {self._directory} is already running.",
                ),
                Bilingual(
                    "请先停止另一个演示（Ctrl-C），或用 --dir 指定另一个目录。",
                    "Stop the other demo first (Ctrl-C), or choose another directory "
                    "with --dir.",
                ),
            ) from None
        self._lock = lock

    def _make_socket_directory(self, place: Place) -> Path:
        """Make a private directory for the socket: its path must be short.

        A socket's path has at most 108 bytes (104 on macOS), and some file
        systems have no sockets; the system's temporary directory has both.
        """
        note = self._directory / "sockets"
        with contextlib.suppress(FileNotFoundError):  # left by a killed start
            shutil.rmtree(note.read_text(encoding="utf-8"), ignore_errors=True)
        sockets = Path(tempfile.mkdtemp(prefix="hub-pg-"))
        note.write_text(str(sockets), encoding="utf-8")
        give(sockets, place.identity)
        return sockets

    def _initialise(self, place: Place) -> None:
        """Make the data directory: whole, or not at all."""
        assert self._sockets is not None  # noqa: S101  # made just before
        fresh = place.home / "data.new"
        if fresh.exists():
            shutil.rmtree(fresh)
        secret = self._sockets / "password"
        secret.touch(0o600)
        secret.write_text(self._password, encoding="ascii")
        give(secret, place.identity)
        with self.log.open("wb") as log:
            made = spawn(
                [
                    place.programs / "initdb", "--pgdata", fresh, "--username", _USER,
                    "--encoding=UTF8", "--no-locale", "--auth=scram-sha-256",
                    "--pwfile", secret, "--no-instructions",
                    *([] if self._durable else ["--no-sync"]),
                ],
                log=log,
                cwd=Path("/"),
                identity=place.identity,
            )  # fmt: skip
            code = made.process.wait()
            made.let_go()
        secret.unlink()
        if code != 0:
            raise self._stopped(place, "initdb")
        fresh.rename(place.data)

    def _run(self, place: Place) -> None:
        settings = {**_SETTINGS, "unix_socket_directories": str(self._sockets)}
        if not self._durable:
            settings |= _FORGETFUL
        words = [word for item in settings.items() for word in ("-c", "=".join(item))]
        with self.log.open("wb") as log:
            self._server = spawn(
                [
                    place.programs / "postgres",
                    "-D",
                    place.data,
                    "-p",
                    str(_PORT),
                    *words,
                ],
                log=log,
                cwd=Path("/"),
                deadly=signal.SIGINT if self._durable else signal.SIGQUIT,
                identity=place.identity,
            )
        end = time.monotonic() + _START_LIMIT
        while not is_ready(place.data):
            if self._server.process.poll() is not None or time.monotonic() > end:
                raise self._stopped(place, "postgres")
            time.sleep(0.005)

    def _stopped(self, place: Place, program: str) -> DemoFailed:
        tail = tail_of(self.log)
        if any(words in tail for words in _NO_SPACE):
            return disk_full(place.home, tail)
        return DemoFailed(
            Bilingual(
                f"内置的 PostgreSQL({program})没有启动。",
                f"The embedded PostgreSQL ({program}) did not start.",
            ),
            Bilingual(
                f"原因见日志 {self.log}。",
                f"Its log {self.log} says why.",
            ),
            tail,
        )
