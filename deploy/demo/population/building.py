"""Itinerary: writes the whole population, and lets it be seen only when it is whole."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sqlite3
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

import msgspec

from deploy.demo.failure import DemoFailed, disk_full, not_writable
from deploy.demo.population.database import ProvinceFile
from deploy.demo.population.links import REFERENCE, links_of, write_links
from deploy.demo.population.offices import write_organisations
from deploy.demo.population.shares import PROVINCES
from deploy.demo.population.showcase import Showcase, showcase
from deploy.demo.population.telling import tell
from deploy.demo.population.world import World
from schema.records.refusal import Bilingual

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from deploy.demo.population.links import Link
    from deploy.demo.population.organisations import Province

#: Raised when the same seed and size no longer make the same population.
VERSION = 2

DEFAULT_SIZE = 20_000
DEFAULT_SEED = 2026

_MANIFEST = "manifest.json"
_PROGRESS_EVERY = 200


class Manifest(msgspec.Struct, frozen=True):
    """What a built directory holds. It is written last.

    Attributes:
        version: Of the generator.
        size: How many workers.
        seed: Of the population.
        reference: The day that is today for it.
        provinces: Whose databases there are.
        links: How many links ``links.csv`` has.
        rows: For each province, how many rows of each kind.
        showcase: A few workers worth looking up.
        organisations: How many unions ``organisations.csv`` has.
    """

    version: int
    size: int
    seed: int
    reference: date
    provinces: tuple[str, ...]
    links: int
    rows: dict[str, dict[str, int]]
    showcase: tuple[Showcase, ...]
    organisations: int = 0  # a manifest of version 1 has none, and is replaced

    def __repr__(self) -> str:
        """Show no number, made-up or not."""
        return f"Manifest(size={self.size}, seed={self.seed}, links={self.links})"


def read_manifest(directory: Path) -> Manifest | None:
    """Read what a directory holds; none if it is not a whole population."""
    try:
        return msgspec.json.decode((directory / _MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError):
        return None


def build(
    directory: Path,
    size: int = DEFAULT_SIZE,
    seed: int = DEFAULT_SEED,
    provinces: Sequence[str] = PROVINCES,
    *,
    reference: date = REFERENCE,
    progress: Callable[[int, int], None] | None = None,
) -> Manifest:
    """Write the databases of the provinces, ``links.csv`` and ``organisations.csv``.

    All is written beside ``directory`` and renamed to it when it is whole. A
    directory that already holds this very population is left as it is; one that
    holds another population is replaced.

    Args:
        directory: Where to; ``NN.sqlite`` for each province.
        size: How many workers.
        seed: The same seed and size make the same bytes.
        provinces: Which provinces; links to others are left out.
        reference: The day that is today.
        progress: Called now and then with workers done and workers in all.

    Raises:
        DemoFailed: The place cannot be written or holds something else.
    """
    present = read_manifest(directory)
    wanted = (VERSION, size, seed, reference, tuple(provinces))
    if present is not None:
        at_hand = (present.version, present.size, present.seed, present.reference)
        if (*at_hand, present.provinces) == wanted:
            return present
    elif directory.exists() and any(directory.iterdir()):
        raise _not_ours(directory)
    partial = directory.with_name(f".{directory.name}.partial-{os.getpid()}")
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        _sweep(directory)
        partial.mkdir()
        manifest = _write(partial, wanted, progress)
        _put_in_place(partial, directory)
    except OSError as error:
        raise not_writable(directory, error) from error
    except sqlite3.OperationalError as error:
        raise _not_written(directory, error) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return manifest


def _write(
    partial: Path,
    wanted: tuple[int, int, int, date, tuple[str, ...]],
    progress: Callable[[int, int], None] | None,
) -> Manifest:
    version, size, seed, reference, provinces = wanted
    world = World(seed, reference)
    as_of = datetime.combine(reference, time(6), tzinfo=UTC)
    with contextlib.ExitStack() as stack:
        files = {}
        for code in provinces:
            files[code] = ProvinceFile(partial / f"{code}.sqlite", code, as_of)
            stack.callback(files[code].close)
        out = stack.enter_context((partial / "links.csv").open("w", encoding="utf-8"))
        number = write_links(out, _lives(world, size, files, progress))
        for file in files.values():
            file.finish()
        out.flush()
        os.fsync(out.fileno())
    unions = _write_organisations(
        partial, [world.provinces[code] for code in provinces]
    )
    rows = {
        code: {str(kind): count for kind, count in file.counts.items()}
        for code, file in files.items()
    }
    shown = showcase(world, size)
    manifest = Manifest(
        version, size, seed, reference, provinces, number, rows, shown, unions
    )
    text = msgspec.json.format(msgspec.json.encode(manifest), indent=2)
    (partial / _MANIFEST).write_bytes(text + b"\n")
    return manifest


def _write_organisations(partial: Path, provinces: Sequence[Province]) -> int:
    with (partial / "organisations.csv").open("w", encoding="utf-8") as out:
        number = write_organisations(out, provinces)
        out.flush()
        os.fsync(out.fileno())
    return number


def _lives(
    world: World,
    size: int,
    files: Mapping[str, ProvinceFile],
    progress: Callable[[int, int], None] | None,
) -> Iterator[Link]:
    """Tell the provinces life after life, and give each life's links onward."""
    for index in range(size):
        life = world.life(index)
        for province, told in tell(world, life).items():
            if province in files:
                files[province].add(told)
        yield from (x for x in links_of(world, life) if x.province in files)
        if progress is not None and (index % _PROGRESS_EVERY == 0 or index == size - 1):
            progress(index + 1, size)


def _put_in_place(partial: Path, directory: Path) -> None:
    """Rename the whole directory; what was there goes once the new one is in."""
    old = directory.with_name(f".{directory.name}.old-{os.getpid()}")
    if directory.exists():
        directory.rename(old)
    partial.rename(directory)
    shutil.rmtree(old, ignore_errors=True)


def _sweep(directory: Path) -> None:
    """Throw away what a builder left that was killed."""
    for left in directory.parent.glob(f".{directory.name}.*-*"):
        pid = left.name.rpartition("-")[2]
        if pid.isdigit() and not _alive(int(pid)):
            shutil.rmtree(left, ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _not_written(directory: Path, error: sqlite3.OperationalError) -> DemoFailed:
    if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
        return disk_full(directory)
    return not_writable(directory, OSError(errno.EIO, str(error)))


def _not_ours(directory: Path) -> DemoFailed:
    return DemoFailed(
        Bilingual(
            f"{directory} 不是空目录，也不是演示数据。",
            f"{directory} is not empty and holds no population of the demo.",
        ),
        Bilingual(
            "请另选一个目录，或先清空它。",
            "Choose another directory, or empty it first.",
        ),
    )
