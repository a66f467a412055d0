"""Adapter: which index is asked, and files that are whole or not there at all."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Final

import msgspec

from schema.records.kinds import RecordKind

if TYPE_CHECKING:
    from pathlib import Path

    from connectors.filedrop.places import Places

#: How indexes are built; another number is built anew.
FORMAT: Final = 3


class KindTaken(msgspec.Struct, frozen=True):
    """What was taken of one kind.

    Attributes:
        fields: The fields that are told.
        rows: How many rows there are.
        flawed: How many of them lack a field that could not be read.
        unreadable: How many rows could not be read at all.
        lost: How many of these do not even tell whose they are: anybody's.
        absent: The columns that the mapping reads and the file lacks.
    """

    fields: frozenset[str]
    rows: int
    flawed: int
    unreadable: int
    lost: int = 0
    absent: tuple[str, ...] = ()


class Pointer(msgspec.Struct, frozen=True):
    """The batch that is asked.

    Attributes:
        format: How its index was built.
        batch: Name of its folder.
        digest: Checksum of its manifest.
        mapping: Checksum of the mapping that it was read by.
        as_of: The moment whose state it is.
        taken_at: When it was taken.
        index: Name of its index.
        size: How large that is, in bytes.
        kinds: What was taken of each kind.
        unserved: The kinds that the mapping reads and this batch does not have, each with
            the columns that are not there.
    """

    format: int
    batch: str
    digest: str
    mapping: str
    as_of: datetime
    taken_at: datetime
    index: str
    size: int
    kinds: dict[RecordKind, KindTaken]
    unserved: dict[RecordKind, tuple[str, ...]] = {}


_DECODER = msgspec.json.Decoder(Pointer)


def read_pointer(places: Places) -> Pointer | None:
    """Tell which batch is asked; none if none was taken, or what is there is broken."""
    try:
        return _DECODER.decode(places.pointer.read_bytes())
    except (OSError, ValueError):
        return None


def is_whole(places: Places, pointer: Pointer) -> bool:
    """Tell whether the index of a pointer is there, all of it."""
    try:
        size = (places.indexes / pointer.index).stat().st_size
    except OSError:
        return False
    return size == pointer.size and pointer.format == FORMAT


def write_whole(file: Path, content: bytes) -> None:
    """Put content in the place of a file, so that it is there as a whole or not at all.

    Whoever is killed meanwhile leaves what was there before; so does a power cut.
    """
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with beside.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        put_in_place(beside, file)
    finally:
        with suppress(OSError):
            beside.unlink()


def put_in_place(beside: Path, file: Path) -> None:
    """Rename a file that was synced, and sync its folder."""
    beside.replace(file)
    place = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)
