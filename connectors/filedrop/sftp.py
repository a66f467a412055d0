"""Adapter: a province's SFTP server, which is known by its key and may do anything.

Nothing of this machine is used but what the settings say: no agent, no known hosts, no
configuration of a user. Whatever the server says of names, sizes and contents is checked.
"""

from __future__ import annotations

import asyncio
import posixpath
import stat
from contextlib import asynccontextmanager, suppress
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, NamedTuple, ParamSpec, TypeVar

import asyncssh

from connectors.faults import ProvinceFault
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
    from typing import BinaryIO

    from connectors.filedrop.desk_settings import SftpSettings

P = ParamSpec("P")
T = TypeVar("T")

#: So many names of one folder are read; no office has more.
MOST_NAMES: Final = 20_000
_CHUNK: Final = 1024 * 1024
_TRIES_TO_END: Final = 2.0

# It tells hosts and users at every connection.
asyncssh.set_log_level("ERROR")


class FileFault(ProvinceFault):
    """One file or folder cannot be read or written; the server is well otherwise."""


class Entry(NamedTuple):
    """What a server says of a file.

    Attributes:
        name: Its name, as it stands there.
        size: In bytes.
        mtime: When it was written last, in seconds, by the server's clock.
        folder: It is one.
    """

    name: str
    size: int
    mtime: int
    folder: bool

    @property
    def look(self) -> str:
        """What changes when it is written."""
        return f"{self.size} {self.mtime}"


def _about_a_file(
    work: Callable[P, Awaitable[T]],
) -> Callable[P, Coroutine[Any, Any, T]]:
    """Tell what is wrong with a file from what is wrong with the connection."""

    @wraps(work)
    async def told(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await work(*args, **kwargs)
        except (asyncssh.SFTPConnectionLost, asyncssh.SFTPNoConnection):
            raise
        except asyncssh.SFTPError as error:
            fault = fault_of(error)
            raise FileFault(fault.code, fault.detail) from None

    return told


class Remote:
    """The drop folder on the server, while there is a connection."""

    def __init__(
        self, client: asyncssh.SFTPClient, folder: str, silence: float
    ) -> None:
        """Take a session.

        Args:
            client: The session.
            folder: The drop folder there.
            silence: So many seconds the server may be silent.
        """
        self._client = client
        self._folder = folder
        self._silence = silence

    @_about_a_file
    async def entries(self, path: str) -> list[Entry]:
        """Tell the files and folders of a folder; none if there is no such folder.

        Raises:
            FileFault: It cannot be read, or has more names than anybody has.
        """
        found: list[Entry] = []
        names = self._client.scandir(self._at(path))
        while True:
            try:
                async with asyncio.timeout(self._silence):
                    one = await anext(names)
            except (StopAsyncIteration, asyncssh.SFTPNoSuchFile):
                return found
            if len(found) >= MOST_NAMES:
                raise FileFault(FaultCode.TOO_LARGE, "too many names in a folder")
            entry = _entry(one.filename, one.attrs)
            if entry is not None:
                found.append(entry)

    @_about_a_file
    async def entry(self, path: str) -> Entry | None:
        """Tell what the server says of a file; none if there is none."""
        try:
            async with asyncio.timeout(self._silence):
                told = await self._client.lstat(self._at(path))
        except asyncssh.SFTPNoSuchFile:
            return None
        return _entry(posixpath.basename(path), told)

    @_about_a_file
    async def fetch(self, path: str, size: int, into: BinaryIO, begin: int = 0) -> None:
        """Fetch a file from a place on, all of it and no more.

        Args:
            path: Which.
            size: How long it is.
            into: Where to write, at its place already.
            begin: Where to go on.

        Raises:
            FileFault: It cannot be read, or is shorter than the server said.
        """
        async with self._opened(path, "rb") as file:
            at = begin
            while at < size:
                async with asyncio.timeout(self._silence):
                    chunk: Any = await file.read(min(_CHUNK, size - at), at)
                if not chunk or len(chunk) > size - at:
                    raise FileFault(FaultCode.BROKEN_OFF, "a file broke off")
                await asyncio.to_thread(into.write, chunk)  # a disk may be slow
                at += len(chunk)

    @_about_a_file
    async def send(self, content: bytes, path: str) -> None:
        """Put a file in place, as a whole; what has its name is replaced.

        Raises:
            FileFault: It cannot be written.
        """
        folder, name = posixpath.split(self._at(path))
        beside = posixpath.join(folder, f".{name}.part")
        async with asyncio.timeout(self._silence):
            await self._client.makedirs(folder, exist_ok=True)
        async with self._opened(beside, "wb", whole=True) as file:
            for at in range(0, len(content), _CHUNK):
                async with asyncio.timeout(self._silence):
                    await file.write(content[at : at + _CHUNK], at)
        async with asyncio.timeout(self._silence):
            await self._rename(beside, self._at(path))

    @_about_a_file
    async def remove(self, path: str) -> None:
        """Take a file away, if it is there."""
        async with asyncio.timeout(self._silence):
            with suppress(asyncssh.SFTPNoSuchFile):
                await self._client.remove(self._at(path))

    async def _rename(self, beside: str, path: str) -> None:
        try:
            await self._client.posix_rename(beside, path)
        except asyncssh.SFTPOpUnsupported:
            # An older server: it renames only to a name that is free.
            with suppress(asyncssh.SFTPNoSuchFile):
                await self._client.remove(path)
            await self._client.rename(beside, path)

    @asynccontextmanager
    async def _opened(
        self, path: str, mode: str, *, whole: bool = False
    ) -> AsyncIterator[asyncssh.SFTPClientFile]:
        async with asyncio.timeout(self._silence):
            at = path if whole else self._at(path)
            file = await self._client.open(at, mode, encoding=None)
        try:
            yield file
        finally:
            with suppress(TimeoutError, OSError, asyncssh.Error):
                async with asyncio.timeout(_TRIES_TO_END):
                    await file.close()

    def _at(self, path: str) -> str:
        return posixpath.join(self._folder, path)


def _entry(name: str | bytes, attrs: asyncssh.SFTPAttrs) -> Entry | None:
    """Take a file or folder; links and all else are passed over."""
    if not isinstance(name, str) or name in {".", ".."}:
        return None
    mode = attrs.permissions or 0
    folder = stat.S_ISDIR(mode) or attrs.type == asyncssh.FILEXFER_TYPE_DIRECTORY
    plain = stat.S_ISREG(mode) or attrs.type == asyncssh.FILEXFER_TYPE_REGULAR
    if not folder and (not plain or attrs.size is None):
        return None
    return Entry(name, attrs.size or 0, attrs.mtime or 0, folder)


@asynccontextmanager
async def connected(settings: SftpSettings, secret: str) -> AsyncIterator[Remote]:
    """Connect; what goes wrong with the server, here or inside, becomes its fault.

    Args:
        settings: Where.
        secret: The password, or the private key.

    Raises:
        ProvinceFault: With what went wrong; without host, user or names of files.
        OSError: A file of this machine cannot be used.
    """
    silence = settings.time_out.total_seconds()
    connection: asyncssh.SSHClientConnection | None = None
    try:
        async with asyncio.timeout(silence):
            connection = await asyncssh.connect(
                settings.host,
                settings.port,
                username=settings.user,
                known_hosts=([asyncssh.import_public_key(settings.host_key)], [], []),
                config=None,
                agent_path=None,
                gss_host=None,
                gss_auth=False,
                host_based_auth=False,
                kbdint_auth=False,
                keepalive_interval=silence,
                keepalive_count_max=2,
                **_shown(settings, secret),
            )
            client = await connection.start_sftp_client()
        yield Remote(client, settings.folder, silence)
    except (OSError, asyncssh.Error) as error:
        line = isinstance(error, TimeoutError | ConnectionError | asyncssh.Error)
        if connection and not line:
            raise  # a disk of ours: the server is well
        raise fault_of(error) from None
    finally:
        if connection is not None:
            connection.abort()  # politeness would wait for a server that hangs


def _shown(settings: SftpSettings, secret: str) -> dict[str, Any]:
    if settings.key_env is None:
        return {"password": secret, "client_keys": None}
    return {"password": None, "client_keys": [asyncssh.import_private_key(secret)]}


def is_public_key(text: str) -> bool:
    """Tell whether a text is a public key."""
    return _is(asyncssh.import_public_key, text)


def is_private_key(text: str) -> bool:
    """Tell whether a text is a private key that needs no pass-phrase."""
    return _is(asyncssh.import_private_key, text)


def _is(read: Callable[[str], object], text: str) -> bool:
    with suppress(asyncssh.KeyImportError, ValueError):
        read(text)
        return True
    return False


def fault_of(error: Exception) -> ProvinceFault:
    """Tell which fault an error of the connection or of the server is."""
    match error:
        case TimeoutError() | asyncssh.TimeoutError():
            code = FaultCode.TIMED_OUT
        case asyncssh.PermissionDenied():
            code = FaultCode.UNAUTHORISED
        case asyncssh.HostKeyNotVerifiable() | asyncssh.KeyExchangeFailed():
            code = FaultCode.UNTRUSTED
        case asyncssh.SFTPConnectionLost() | asyncssh.SFTPNoConnection():
            code = FaultCode.BROKEN_OFF
        case asyncssh.DisconnectError() | ConnectionResetError() | BrokenPipeError():
            code = FaultCode.BROKEN_OFF
        case asyncssh.Error():
            code = FaultCode.PROVINCE_ERROR
        case _:
            code = FaultCode.UNREACHABLE
    return ProvinceFault(code, f"sftp {type(error).__name__}")
