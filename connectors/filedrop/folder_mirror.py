"""Adapter: folders of single files: what the province writes comes, what we write goes."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from connectors.filedrop.arrivals import MOST_BYTES, is_passed_over, is_sound_name
from connectors.filedrop.mirroring import plan, to_send
from connectors.filedrop.pointer import put_in_place
from connectors.filedrop.sftp import FileFault

if TYPE_CHECKING:
    from pathlib import Path

    from connectors.filedrop.mirror_notes import MirrorNotes
    from connectors.filedrop.places import Places
    from connectors.filedrop.sftp import Entry, Remote

_LOG = logging.getLogger(__name__)

_MOST: Final = 10_000


class FolderMirror:
    """Mirrors ``receipts`` and ``changes`` here, ``acts`` and ``reports`` there."""

    def __init__(self, places: Places, notes: MirrorNotes, most_bytes: int) -> None:
        """Take where they are."""
        self._places = places
        self._notes = notes
        # What is larger is not read either.
        self._most_bytes = min(most_bytes, MOST_BYTES)

    async def fetch(self, remote: Remote, name: str) -> None:
        """Fetch what is new in a folder of the province's.

        A file that is written while it is fetched is fetched again.

        Raises:
            ProvinceFault: The server failed.
        """
        folder = self._places.directory / name
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        there = [
            one
            for one in await remote.entries(name)
            if not is_passed_over(one.name) and is_sound_name(one.name)
        ]
        known = await asyncio.to_thread(self._notes.under, f"there/{name}")
        wanted = plan(there, known, self._most_bytes)
        for gone in wanted.forget:
            with suppress(OSError):
                (folder / gone).unlink()
            await asyncio.to_thread(self._notes.forget, f"there/{name}/{gone}")
        for one in wanted.fetch[:_MOST]:
            await self._fetch_one(remote, name, one, folder)

    async def send(self, remote: Remote, name: str, *, again: bool) -> None:
        """Send what is new in a folder of ours.

        Args:
            remote: Where to.
            name: Which folder.
            again: What has changed since is sent again, and what is gone here is taken
                away there; otherwise each file is sent once, ever.

        Raises:
            ProvinceFault: The server failed.
        """
        here = await asyncio.to_thread(_looks, self._places.directory / name)
        sent = await asyncio.to_thread(self._notes.under, f"here/{name}")
        for one in to_send(here, sent):
            if one in sent and not again:
                continue
            path = f"{name}/{one}"
            content = await asyncio.to_thread(
                (self._places.directory / path).read_bytes
            )
            # Whoever was killed behind this and before the note sent it already.
            if again or await remote.entry(path) is None:
                await remote.send(content, path)
            await asyncio.to_thread(self._notes.note, f"here/{path}", here[one])
        for one in sorted(set(sent) - set(here)) if again else ():
            await remote.remove(f"{name}/{one}")
            await asyncio.to_thread(self._notes.forget, f"here/{name}/{one}")

    async def _fetch_one(
        self, remote: Remote, name: str, one: Entry, folder: Path
    ) -> None:
        path = f"{name}/{one.name}"
        beside = folder / f".{one.name}.part"
        try:
            with beside.open("wb") as into:
                await remote.fetch(path, one.size, into)
            after = await remote.entry(path)
            if after is None or after.look != one.look:
                return  # it is being written: next time
            await asyncio.to_thread(put_in_place, beside, folder / one.name)
        except FileFault as fault:
            _LOG.warning("a file in %s was not fetched: %s", name, fault)
            return
        finally:
            with suppress(OSError):
                beside.unlink()
        await asyncio.to_thread(self._notes.note, f"there/{path}", one.look)


def _looks(folder: Path) -> dict[str, str]:
    """Tell the files of a folder of ours, each with what changes when it is written."""
    found = {}
    with suppress(FileNotFoundError):
        for path in folder.iterdir():
            if path.is_file() and not path.name.startswith("."):
                told = path.stat()
                found[path.name] = f"{told.st_size} {told.st_mtime_ns}"
    return found
