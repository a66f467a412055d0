"""Adapter: the files that settings name, and what is in them, by digests."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.small_files import read_small

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from connectors.settings import ProvinceSettings

#: In place of a digest: there is no such file, or it cannot be read.
ABSENT = "-"


def named_files(settings: ProvinceSettings) -> dict[str, Path]:
    """Name the files of a province's settings by setting, those of secrets apart."""
    told = settings.model_dump(exclude={"secrets"})
    return {name: Path(value) for name, value in _files(told)}


def secret_files(settings: ProvinceSettings) -> dict[str, Path]:
    """Name the files that hold a province's secrets, by the secrets' names."""
    return {name: Path(one.file) for name, one in settings.secrets.items() if one.file}


def digests(files: Iterable[Path]) -> dict[Path, str]:
    """Read files, and tell what is in each by a digest."""
    return {file: digest(file) for file in files}


def digest(file: Path) -> str:
    """Tell what is in a file by a digest."""
    try:
        return hashlib.sha256(read_small(file)).hexdigest()
    except OSError:
        return ABSENT


def text_of(file: str | None) -> str:
    """Tell the text of a file; nothing if there is none or it cannot be read."""
    if file is None:
        return ""
    with suppress(OSError, UnicodeDecodeError):
        return read_small(Path(file)).decode()
    return ""


def _files(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _files(value, f"{above}{name}.")
        elif name.endswith("_file") and isinstance(value, str):
            yield f"{above}{name}", value
