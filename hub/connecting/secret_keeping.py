"""Itinerary: secrets by reference are read beside everything else, and again in time.

A command may be slow or hang; so each province's are read in a thread, and whoever wants
them takes what has come.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import msgspec

from connectors.held_secrets import HeldSecrets, held
from connectors.secret_settings import SecretSettings
from hub.connecting.asides import in_thread
from hub.connecting.named_files import secret_files
from schema.records.keys import ProvinceCode

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from connectors.settings import ProvinceSettings

#: A province that turns the hub down has its commands run again, but not sooner than
#: this after the last time, in seconds.
_TURNED_DOWN_S: Final = 10.0
#: So many provinces' secrets are read at once.
_AT_ONCE: Final = 8


class _Kept(msgspec.Struct):
    """What is held for one province.

    Attributes:
        places: Where its secrets are kept.
        held: The secrets.
        files: Digests of the files they were read from.
        read_at: When each command was run last, by the loop's clock.
    """

    places: Mapping[str, SecretSettings]
    held: HeldSecrets
    files: dict[str, str]
    read_at: dict[str, float]


class SecretKeeper:
    """The secrets of all provinces."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        """Hold nothing yet.

        Args:
            environ: The process environment.
        """
        self._environ = environ
        self._kept: dict[ProvinceCode, _Kept] = {}
        self._reading: dict[ProvinceCode, asyncio.Task[None]] = {}
        self._turned_down: set[ProvinceCode] = set()
        self._at_once = asyncio.Semaphore(_AT_ONCE)
        self._key = secrets.token_bytes(32)

    def of(self, settings: ProvinceSettings) -> HeldSecrets | None:
        """Tell a province's secrets; none while they have not been read."""
        if not settings.secrets:
            return HeldSecrets(self._environ, {}, {})
        kept = self._kept.get(ProvinceCode(settings.code))
        return kept.held if kept and kept.places == settings.secrets else None

    def now(self, settings: ProvinceSettings) -> HeldSecrets:
        """Tell a province's secrets; those that have not been read are not there."""
        found = self.of(settings)
        if found is None:
            found = HeldSecrets(self._environ, dict.fromkeys(settings.secrets), {})
        return found

    def digests(self, held_now: HeldSecrets) -> dict[str, str]:
        """Tell secrets by digests that mean nothing outside this process."""
        return {
            name: hashlib.blake2b(
                (value or "").encode(), key=self._key, digest_size=16
            ).hexdigest()
            for name, value in held_now.own.items()
        }

    def turned_down(self, province: ProvinceCode) -> None:
        """Take note that a province did not accept what it was shown."""
        self._turned_down.add(province)

    def look(
        self, provinces: Iterable[ProvinceSettings], files: Mapping[Path, str]
    ) -> None:
        """Begin to read what is new or due.

        Args:
            provinces: Those that are wanted.
            files: Digests of what is in files now.
        """
        now = asyncio.get_running_loop().time()
        for one in provinces:
            code = ProvinceCode(one.code)
            due = self._due(one, files, now) if one.secrets else set()
            if due and code not in self._reading:
                self._reading[code] = asyncio.create_task(
                    self._read(one, due, files), name=f"secrets-{code}"
                )

    async def read(self) -> None:
        """Wait until what is being read has come."""
        if self._reading:
            await asyncio.wait([*self._reading.values()])

    async def close(self) -> None:
        """Read nothing more."""
        for task in self._reading.values():
            task.cancel()
        await self.read()

    def _due(
        self, one: ProvinceSettings, files: Mapping[Path, str], now: float
    ) -> set[str]:
        code = ProvinceCode(one.code)
        kept = self._kept.get(code)
        if kept is None or kept.places != one.secrets:
            return set(one.secrets)
        due = {
            name
            for name, file in secret_files(one).items()
            if file in files and files[file] != kept.files.get(name)
        }
        turned_down = code in self._turned_down
        for name, place in one.secrets.items():
            if place.command:
                since = now - kept.read_at.get(name, 0.0)
                again = turned_down and since >= _TURNED_DOWN_S
                if again or since >= place.every.total_seconds():
                    due.add(name)
        return due

    async def _read(
        self, one: ProvinceSettings, due: set[str], files: Mapping[Path, str]
    ) -> None:
        code, loop = ProvinceCode(one.code), asyncio.get_running_loop()
        before = self._kept.get(code)
        try:
            kept = before.held if before else None
            async with self._at_once:
                told = await in_thread(held, one, self._environ, kept, due)
            read_at = dict.fromkeys(one.secrets, loop.time())
            if before is not None and before.places == one.secrets:
                read_at |= {n: t for n, t in before.read_at.items() if n not in due}
            of_files = {
                name: files[file]
                for name, file in secret_files(one).items()
                if file in files
            }
            self._kept[code] = _Kept(one.secrets, told, of_files, read_at)
            self._turned_down.discard(code)
        finally:
            self._reading.pop(code, None)
