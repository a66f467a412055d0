"""A MariaDB of the tests' own, where the machine has its programs."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pymysql

from deploy.demo.processes import spawn
from tests.peers.kept import Missing

_LIMIT = 60.0
#: The one superuser has a password, or none, and not the machine's own user.
_PASSWORDS = "--auth-root-authentication-method=normal"
_PLACES = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
#: A crash may lose everything; and no statement's values stand in a log.
_SETTINGS = (
    "--skip-networking",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-buffer-pool-size=32M",
    "--innodb-log-file-size=8M",
    "--skip-log-bin",
    "--general-log=0",
    "--character-set-server=utf8mb4",
    "--default-time-zone=+08:00",
)


class MariaDB:
    """A server on a socket in a directory of its own."""

    def __init__(self, directory: Path) -> None:
        self.socket = directory / "s"
        self.process: subprocess.Popen[bytes] | None = None

    def database(self, name: str) -> str:
        """Make a database anew, and tell its address."""
        with self.root() as connection, connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS `{name}`")
            cursor.execute(f"CREATE DATABASE `{name}` COLLATE utf8mb4_bin")
        return f"mariadb://root@localhost/{name}?unix_socket={self.socket}"

    @contextlib.contextmanager
    def root(self):
        connection = pymysql.connect(
            unix_socket=str(self.socket), user="root", autocommit=True
        )
        try:
            yield connection
        finally:
            connection.close()


@contextlib.contextmanager
def mariadb():
    """Start a server; it ends with the block, and with this process.

    Raises:
        Missing: The machine has no MariaDB.
    """
    server = shutil.which("mariadbd", path=_PLACES)
    install = shutil.which("mariadb-install-db", path=_PLACES)
    if server is None or install is None:
        raise Missing("MariaDB is not installed")
    # A short name: the path of a socket has a hundred letters at most.
    directory = Path(tempfile.mkdtemp(prefix="hub-maria-"))
    who = ["--user=root"] if os.geteuid() == 0 else []
    own = ["--no-defaults", f"--datadir={directory / 'data'}", *who]
    try:
        subprocess.run(
            [install, *own, "--skip-test-db", _PASSWORDS],
            check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        one = MariaDB(directory)
        where = [f"--socket={one.socket}", f"--pid-file={directory / 'pid'}"]
        with (directory / "log").open("wb") as log:
            leashed = spawn([server, *own, *where, *_SETTINGS], log=log)
        try:
            _wait(one)
            one.process = leashed.process
            yield one
        finally:
            leashed.process.send_signal(signal.SIGCONT)
            leashed.process.kill()
            leashed.process.wait()
            leashed.let_go()
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _wait(server: MariaDB) -> None:
    end = time.monotonic() + _LIMIT
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as line:
            line.connect(str(server.socket))
            return
        time.sleep(0.05)
    raise TimeoutError("MariaDB did not start")
