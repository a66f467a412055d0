"""Value: what an operator says of a province's drop folder (``[files]``)."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, Field

from connectors.filedrop.desk_settings import ActFilesSettings, SftpSettings
from connectors.settings_checks import Table, Wait, between
from schema.records.duration import Duration

_MIB = 1024 * 1024


class FilesSettings(Table):
    """Where a province puts its batches of files, and what is taken of them.

    Attributes:
        directory: The drop folder, with ``in/``, ``reports/``, ``acts/``, ``receipts/``
            and ``changes/``. The hub writes into ``reports/`` and ``acts/`` only.
        state_directory: The hub's own folder; without it, ``.hub`` in the drop folder.
            All processes of a hub share it.
        most_rows: A file with more rows than this is refused.
        most_bytes: So is a file that is larger, unpacked, in bytes.
        memory: So much memory a batch may take while it is read, in bytes: what takes
            more is refused, and the hub itself is not touched.
        most_unreadable: Which part of a kind's rows may be unreadable as a whole; a
            batch with more is not taken.
        least_part: Which part of the rows of each kind of the last batch the next must
            have; one with fewer is not taken: an export that broke off looks like that.
            At 0 a batch may lose all.
        take_within: How long reading one batch may take.
        acts: How acts in the register of members become files; without it the
            province takes none.
        changes: Whether the folder ``changes`` tells what happens in case files.
        settle: How long a file of receipts or changes must have been still before it is
            read: what is being saved is left alone.
        sftp: Where the drop folder really is, if it lies on an SFTP server: then
            ``directory`` is its mirror here.
    """

    directory: Annotated[str, Field(min_length=1)]
    state_directory: str | None = None
    most_rows: Annotated[int, Field(ge=1, le=100_000_000)] = 10_000_000
    most_bytes: Annotated[int, Field(ge=1024, le=1 << 40)] = 4096 * _MIB
    memory: Annotated[int, Field(ge=256 * _MIB, le=64 * 1024 * _MIB)] = 1024 * _MIB
    most_unreadable: Annotated[float, Field(ge=0, le=1)] = 0.1
    least_part: Annotated[float, Field(ge=0, le=1)] = 0.5
    take_within: Annotated[
        Duration, AfterValidator(between(timedelta(seconds=1), timedelta(days=1)))
    ] = timedelta(hours=1)
    acts: ActFilesSettings | None = None
    changes: bool = False
    settle: Wait = timedelta(seconds=2)
    sftp: SftpSettings | None = None
