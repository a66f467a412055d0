"""Decider: what environment variables say over the files.

``HUB__SERVER__PORT=9000`` is ``[server] port = 9000``. A value is read as TOML where it
is valid TOML (numbers, true, lists), and as plain text otherwise.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from hub.config import sentences
from hub.config.mistakes import Mistake

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "HUB__"
_PROVINCES = "HUB__PROVINCES__"


def split_provinces(
    environment: Mapping[str, str],
) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Sort our variables: the general ones, and those of one province.

    Returns:
        Twice dotted path to variable name and value, joined by ``=``: general, and
        by province code.
    """
    general: dict[str, str] = {}
    provinces: dict[str, dict[str, str]] = {}
    for name in sorted(environment):
        if name.startswith(_PROVINCES):
            code, _, rest = name.removeprefix(_PROVINCES).partition("__")
            provinces.setdefault(code, {})[rest.lower()] = f"{name}={environment[name]}"
        elif name.startswith(PREFIX):
            path = name.removeprefix(PREFIX).lower()
            general[path] = f"{name}={environment[name]}"
    return general, provinces


def override(table: dict[str, Any], said: Mapping[str, str]) -> list[Mistake]:
    """Write what variables say into a table.

    Args:
        table: As read from a file; it is changed.
        said: From ``split_provinces``.

    Returns:
        A mistake for each variable that names no place in a table.
    """
    mistakes = []
    for path, written in said.items():
        name, _, value = written.partition("=")
        if not _put(table, path.split("__"), _read(value)):
            message, remedy = sentences.NOT_TABLE
            above = path.rpartition("__")[0].replace("__", ".")
            mistakes.append(
                Mistake(name, above, message, remedy.format(name=above or "…"))
            )
    return mistakes


def _put(table: Any, path: list[str], value: Any) -> bool:
    current = table
    for part in path[:-1]:
        if isinstance(current, dict):
            current = current.setdefault(part, {})
        elif isinstance(current, list) and part.isdigit() and int(part) < len(current):
            current = current[int(part)]
        else:
            return False
    if not isinstance(current, dict) or not path[-1]:
        return False
    current[path[-1]] = value
    return True


def _read(value: str) -> Any:
    try:
        return tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return value
