"""Adapter: the secrets of a province, from files and commands, before the environment.

Nothing that a file holds or a command writes is ever told, not even when it fails.
"""

from __future__ import annotations

import errno
import logging
import os
import signal
import subprocess
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from connectors.small_files import read_small

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from connectors.secret_settings import SecretSettings
    from connectors.settings import ProvinceSettings

_LOG = logging.getLogger(__name__)

#: No secret is longer; a file or a command that gives more is another file or command.
_LONGEST: Final = 64 * 1024


class SecretUnreadable(Exception):
    """A secret cannot be had; the message says why and holds nothing of it."""


class HeldSecrets(Mapping[str, str]):
    """The environment of one province: its own secrets, and the process's variables.

    A name of ``[secrets]`` is never looked for elsewhere: where it cannot be had, it is
    not there.

    Attributes:
        failed: The names that could not be read this time, and why.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        own: Mapping[str, str | None],
        failed: Mapping[str, str],
    ) -> None:
        """Hold them.

        Args:
            environ: The process environment.
            own: The secrets by name; none where one cannot be had.
            failed: Why some could not be read.
        """
        self._environ = environ
        self.own = own
        self.failed = failed

    def __getitem__(self, name: str) -> str:
        """Tell a secret.

        Raises:
            KeyError: It is not there.
        """
        if name not in self.own:
            return self._environ[name]
        held = self.own[name]
        if held is None:
            raise KeyError(name)
        return held

    def __iter__(self) -> Iterator[str]:
        """Tell the names of all that are there."""
        return (name for name in {**self._environ, **self.own} if name in self)

    def __contains__(self, name: object) -> bool:
        """Tell whether one is there."""
        if name in self.own:
            return self.own[str(name)] is not None
        return name in self._environ

    def __len__(self) -> int:
        """Count them."""
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        """Show the names of ``[secrets]``, never a secret."""
        return f"HeldSecrets({', '.join(sorted(self.own))})"


def held(
    settings: ProvinceSettings,
    environ: Mapping[str, str],
    before: HeldSecrets | None = None,
    names: Collection[str] | None = None,
) -> HeldSecrets:
    """Read the secrets of a province; it may take as long as its commands may.

    Args:
        settings: The province.
        environ: The process environment; commands get it.
        before: What was held: it holds on where a secret cannot be read now.
        names: Which to read now; all if not given, and those not held yet.
    """
    kept = before.own if before is not None else {}
    failed = dict(before.failed) if before is not None else {}
    own: dict[str, str | None] = {}
    for name, place in settings.secrets.items():
        if names is not None and name not in names and kept.get(name) is not None:
            own[name] = kept[name]
            continue
        try:
            own[name] = read_secret(place, environ)
            if failed.pop(name, None):
                _LOG.info("secret province=%s name=%s read again", settings.code, name)
        except SecretUnreadable as error:
            own[name] = kept.get(name)
            said = "kept the last" if own[name] is not None else "there is none"
            if failed.get(name) != str(error):
                _LOG.error(
                    "secret province=%s name=%s reason=%s: %s",
                    settings.code,
                    name,
                    error,
                    said,
                )
            failed[name] = str(error)
    return HeldSecrets(
        environ, own, {name: why for name, why in failed.items() if name in own}
    )


def read_secret(place: SecretSettings, environ: Mapping[str, str]) -> str:
    """Read one secret from its file, or run its command.

    Raises:
        SecretUnreadable: It cannot be had.
    """
    raw = _of_file(place.file) if place.file else _of_command(place, environ)
    if len(raw) > _LONGEST:
        raise SecretUnreadable(f"longer than {_LONGEST} bytes")
    try:
        written = raw.decode().strip()
    except UnicodeDecodeError:
        raise SecretUnreadable("not UTF-8") from None
    if not written:
        raise SecretUnreadable("empty")
    return written


def _of_file(file: str) -> bytes:
    try:
        return read_small(Path(file), _LONGEST)
    except OSError as error:
        if error.errno == errno.EFBIG:
            raise SecretUnreadable(f"longer than {_LONGEST} bytes") from None
        raise SecretUnreadable(error.strerror or type(error).__name__) from None


def _of_command(place: SecretSettings, environ: Mapping[str, str]) -> bytes:
    try:
        process = subprocess.Popen(  # noqa: S603  # without a shell, as the settings say
            place.command or (),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=dict(environ),
            start_new_session=True,
        )
    except OSError as error:
        raise SecretUnreadable(error.strerror or type(error).__name__) from None
    late = threading.Event()

    def end() -> None:
        late.set()
        _kill(process)

    timer = threading.Timer(place.time_out.total_seconds(), end)
    timer.start()
    try:
        assert process.stdout is not None  # noqa: S101  # it is a pipe
        with process.stdout as told:
            raw = told.read(_LONGEST + 1)
        if len(raw) > _LONGEST:
            _kill(process)
        code = process.wait()
    finally:
        timer.cancel()
        _kill(process)
    if late.is_set():
        raise SecretUnreadable("took too long")
    if code and len(raw) <= _LONGEST:
        raise SecretUnreadable(f"exit code {code}")
    return raw


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the program and whatever it started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
