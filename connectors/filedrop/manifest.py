"""Adapter: the manifest of a batch: what a province says that it delivered.

A batch is a folder with files and a ``manifest.json``, which is written last. It is taken
only if every file has the checksum and the number of rows that the manifest names.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec

from connectors.filedrop.places import MANIFEST, is_sound
from connectors.filedrop.torn import Torn

if TYPE_CHECKING:
    from collections.abc import Callable

    from connectors.filedrop.places import Places

#: A manifest is a short list.
_MOST = 1_000_000
_CHUNK = 1024 * 1024
#: Whoever writes a manifest does not need longer, in seconds.
_SETTLED = 10
_Sha256 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
#: No sign of these is a formula's, a terminal's or a path's.
_NO_WORD = re.compile(r"\W")
_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class Part(msgspec.Struct, frozen=True):
    """One file of a batch.

    Attributes:
        name: Its name.
        rows: How many rows it has, without its head; of a workbook, all sheets together.
        sha256: Its checksum, in hexadecimal.
    """

    name: _Name
    rows: Annotated[int, msgspec.Meta(ge=0)]
    sha256: _Sha256


class Manifest(msgspec.Struct, frozen=True):
    """What a province says of a batch.

    Attributes:
        as_of: The moment whose state the batch is, with its zone.
        files: Its files; each batch is all there is, not what has changed.
    """

    as_of: Annotated[datetime, msgspec.Meta(tz=True)]
    files: tuple[Part, ...]


class Batch(msgspec.Struct, frozen=True):
    """A batch whose manifest is there.

    Attributes:
        folder: Where it is.
        manifest: What it says.
        digest: The checksum of the manifest: of two alike the second is the first.
    """

    folder: Path
    manifest: Manifest
    digest: str

    @property
    def name(self) -> str:
        """What it is called."""
        return self.folder.name

    def file(self, name: str) -> Path:
        """Tell where a file of it is; it is a file, and no link to another place.

        Raises:
            Torn: There is none.
        """
        path = self.folder / name
        if not is_sound(name) or path.is_symlink() or not path.is_file():
            raise Torn("FILE_MISSING", name)
        return path

    def look(self) -> str:
        """Tell what changes as soon as anything is copied into the batch."""
        made = hashlib.sha256(self.digest.encode())
        for part in self.manifest.files:
            try:
                found = (self.folder / part.name).stat()
                made.update(f"{part.name} {found.st_size} {found.st_mtime_ns}".encode())
            except (OSError, ValueError):
                made.update(b"-")
        return made.hexdigest()


_DECODER = msgspec.json.Decoder(Manifest)


class Broken(msgspec.Struct, frozen=True):
    """A manifest that nobody can read; it is not on its way any more.

    Attributes:
        batch: Name of its folder; empty if that cannot be used.
        code: Why: a key of ``words.BATCHES``.
        look: What changes as soon as it is written anew.
        shown: Which folder it is, where its name cannot be used: letters and digits of it.
    """

    batch: str
    code: str
    look: str
    shown: str = ""


def found(places: Places, now: datetime) -> tuple[list[Batch], list[Broken]]:
    """Find the batches in a drop folder, the freshest first, and what is none.

    A manifest that cannot be read is passed over for a while: it may be on its way.

    Args:
        places: Where.
        now: The present moment.
    """
    batches, broken = [], []
    for file in places.batches.glob(f"*/{MANIFEST}"):
        name = file.parent.name
        if name.startswith((".", "@", "~", "#")):
            # What file servers and programmes keep for themselves: .snapshot, @eaDir.
            continue
        try:
            told = file.lstat()
            look = f"{name!r} {told.st_size} {told.st_mtime_ns}"
            if not is_sound(name):
                broken.append(Broken("", "NAME", look, _NO_WORD.sub("·", name)[:60]))
            elif (batch := _read(file)) is not None:
                batches.append(batch)
            elif now.timestamp() - told.st_mtime > _SETTLED:
                broken.append(Broken(name, "MANIFEST", look))
        except OSError:
            continue
    batches.sort(key=lambda one: (one.manifest.as_of, one.digest, one.name))
    return batches[::-1], broken


def _read(file: Path) -> Batch | None:
    """Read a manifest; none if it is none."""
    links = file.is_symlink() or file.parent.is_symlink()
    # What is no plain file may never end.
    if links or not file.is_file() or file.stat().st_size > _MOST:
        return None
    text = file.read_bytes()
    try:
        # Windows puts a byte order mark before what its editors save.
        manifest = _DECODER.decode(text.removeprefix(codecs.BOM_UTF8))
    except (ValueError, RecursionError):
        return None
    return Batch(file.parent, manifest, hashlib.sha256(text).hexdigest())


def checksum(file: Path, tell: Callable[[int], None] | None = None) -> str:
    """Make the checksum of a file.

    Args:
        file: Which.
        tell: Is told how many bytes were read, now and then.
    """
    made = hashlib.sha256()
    done = 0
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            made.update(chunk)
            done += len(chunk)
            if tell is not None:
                tell(done)
    return made.hexdigest()


def check(batch: Batch, part: Part) -> Path:
    """Check that a file is the one that the manifest names.

    Raises:
        Torn: It is not.
    """
    file = batch.file(part.name)
    try:
        same = checksum(file) == part.sha256
    except OSError:
        raise Torn("FILE_MISSING", part.name) from None
    if not same:
        raise Torn("CHECKSUM", part.name)
    return file
