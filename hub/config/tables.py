"""Decider: tables as TOML gives them: laid over one another, looked into, made whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connectors.settings import ProvinceSettings
from hub.config.mistakes import fields_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Table = dict[str, Any]


def merged(under: Table, over: Table) -> Table:
    """Lay one table over another, table by table."""
    whole = dict(under)
    for key, value in over.items():
        below = whole.get(key)
        if isinstance(below, dict) and isinstance(value, dict):
            whole[key] = merged(below, value)
        else:
            whole[key] = value
    return whole


def paths_in(table: Table, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Name the settings that a table has; tables that are no settings are not gone into."""
    for key, value in table.items():
        path = (*above, key)
        if isinstance(value, dict) and fields_at(ProvinceSettings, path):
            yield from paths_in(value, path)
        else:
            yield path


def drop(table: Table, path: tuple[str, ...]) -> None:
    """Take what stands at a path out of a table."""
    for part in path[:-1]:
        table = table[part]
    del table[path[-1]]


def holds(table: Any, path: tuple[str | int, ...]) -> bool:
    """Tell whether something stands at a path."""
    for part in path:
        if isinstance(table, dict) and part in table:
            table = table[part]
        else:
            return isinstance(table, list) and isinstance(part, int)
    return True


def absolute(table: Table, base: Path) -> None:
    """Take relative paths as relative to the file that they stand in."""
    for key, value in table.items():
        if isinstance(value, dict):
            absolute(value, base)
        elif isinstance(value, list):
            for one in value:
                if isinstance(one, dict):
                    absolute(one, base)
        elif isinstance(value, str) and _is_path(key) and value:
            table[key] = str(base / value)


def _is_path(key: str) -> bool:
    return key.rpartition("_")[2] == "file" or key in {
        "directory",
        "provinces_dir",
        "state_directory",
    }
