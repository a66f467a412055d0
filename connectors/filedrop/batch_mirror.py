"""Adapter: the freshest batch on the server is fetched, its manifest last.

What is already here of a file is not fetched again, also after the hub was killed: its
beginning is kept under a name that has its checksum, and so is good for no other content.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import logging
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import msgspec

from connectors.faults import ProvinceFault
from connectors.filedrop.manifest import Manifest, checksum
from connectors.filedrop.mirroring import freshest, outdated
from connectors.filedrop.places import MANIFEST, is_sound
from connectors.filedrop.pointer import put_in_place, write_whole
from connectors.filedrop.sftp import FileFault
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from pathlib import Path

    from connectors.filedrop.manifest import Part
    from connectors.filedrop.mirror_notes import MirrorNotes
    from connectors.filedrop.places import Places
    from connectors.filedrop.sftp import Remote

_LOG = logging.getLogger(__name__)

_MOST_MANIFEST: Final = 1_000_000
_NOTED: Final = "there/in"
_DECODER = msgspec.json.Decoder(Manifest)


class BatchMirror:
    """Mirrors the folder ``in``."""

    def __init__(self, places: Places, notes: MirrorNotes, most_bytes: int) -> None:
        """Take where it is."""
        self._places = places
        self._notes = notes
        self._most_bytes = most_bytes
        self._manifests: dict[str, tuple[str, Manifest, str, bytes]] = {}

    async def bring(self, remote: Remote) -> None:
        """Fetch the freshest batch, if it is not here.

        Raises:
            ProvinceFault: The server failed; or a file is not what its manifest says.
        """
        there = await self._read_manifests(remote)
        name = freshest({one: (told[1], told[2]) for one, told in there.items()})
        if not name:
            return
        _, manifest, digest, text = there[name]
        noted = await asyncio.to_thread(self._notes.under, _NOTED)
        if noted.get(name) == digest and (self._places.batches / name).is_dir():
            return
        folder = self._places.batches / name
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(OSError):
            # A batch that is delivered again under its name: no mixture of both.
            if (folder / MANIFEST).read_bytes() != text:
                (folder / MANIFEST).unlink()
        for part in manifest.files:
            await self._fetch(remote, name, part, folder)
        await asyncio.to_thread(write_whole, folder / MANIFEST, text)
        await asyncio.to_thread(self._notes.note, f"{_NOTED}/{name}", digest)
        await asyncio.to_thread(self._tidy, {*noted, name})

    async def _read_manifests(
        self, remote: Remote
    ) -> dict[str, tuple[str, Manifest, str, bytes]]:
        """Read the manifests on the server; those that have not changed only once.

        The freshest is read at every look: a server tells whole seconds, and within one
        a batch may come again.
        """
        found = {}
        told = {name: one[1:3] for name, one in self._manifests.items()}
        always = freshest(told)
        for folder in await remote.entries("in"):
            if not folder.folder or not is_sound(folder.name):
                continue
            path = f"in/{folder.name}/{MANIFEST}"
            entry = await remote.entry(path)
            if entry is None or entry.folder or entry.size > _MOST_MANIFEST:
                continue
            before = self._manifests.get(folder.name)
            if before and before[0] == entry.look and folder.name != always:
                found[folder.name] = before
                continue
            into = io.BytesIO()
            try:
                await remote.fetch(path, entry.size, into)
                manifest = _DECODER.decode(into.getvalue())
            except (ValueError, FileFault):
                continue  # it may still be on its way
            text = into.getvalue()
            digest = hashlib.sha256(text).hexdigest()
            found[folder.name] = (entry.look, manifest, digest, text)
        self._manifests = found
        return found

    async def _fetch(self, remote: Remote, name: str, part: Part, folder: Path) -> None:
        """Fetch one file of a batch, or what is missing of it.

        Raises:
            ProvinceFault: It is not there, too large, or not what the manifest says.
        """
        if not is_sound(part.name):
            raise ProvinceFault(FaultCode.MALFORMED, "a name in a manifest")
        file = folder / part.name
        if file.is_file() and await asyncio.to_thread(checksum, file) == part.sha256:
            return
        entry = await remote.entry(f"in/{name}/{part.name}")
        if entry is None or entry.folder:
            raise ProvinceFault(FaultCode.MALFORMED, "a file of a batch is missing")
        if entry.size > self._most_bytes:
            raise ProvinceFault(FaultCode.TOO_LARGE, "a file of a batch")
        beside = folder / f".{part.sha256[:32]}.part"
        with beside.open("ab") as into:
            begin = into.tell()
            if begin > entry.size:
                into.truncate(0)
                begin = 0
            await remote.fetch(f"in/{name}/{part.name}", entry.size, into, begin)
        if await asyncio.to_thread(checksum, beside) != part.sha256:
            # Nobody knows which part of it is wrong.
            beside.unlink()
            raise ProvinceFault(FaultCode.MALFORMED, "checksum of a file of a batch")
        await asyncio.to_thread(put_in_place, beside, file)

    def _tidy(self, names: set[str]) -> None:
        """Delete mirrored batches that are no longer needed; they are the hub's own."""
        manifests = {}
        for name in names:
            with suppress(OSError, ValueError):
                text = (self._places.batches / name / MANIFEST).read_bytes()
                manifests[name] = _DECODER.decode(text)
        for name in outdated(manifests):
            shutil.rmtree(self._places.batches / name, ignore_errors=True)
            self._notes.forget(f"{_NOTED}/{name}")
