"""Adapter: reads files that people write; whatever else lies in their place is refused.

A pipe would keep whoever opens it for ever, and a device may never end.
"""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

#: Settings, mappings, certificates are no longer, in bytes.
MOST: Final = 4 * 1024 * 1024


def read_small(file: Path, most: int = MOST) -> bytes:
    """Read a regular file without waiting for anybody to write it.

    Args:
        file: Which; links are followed.
        most: How long it may be, in bytes.

    Raises:
        OSError: It cannot be read, is no regular file, or is too long.
    """
    opened = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(opened, "rb") as reader:
        mode = os.fstat(opened).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(file))
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "Not a regular file", str(file))
        read = reader.read(most + 1)
    if len(read) > most:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(file))
    return read
