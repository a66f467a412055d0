"""Decider: writes effective settings as TOML, with secrets masked."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from connectors.settings import ProvinceSettings
    from hub.config.settings import Settings

_MASK = "********"
#: Stands for a secret by reference.
_ELSEWHERE = "\0"
_SECRET = re.compile(r"(secret|password|token)$|^url$")
_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]*@")


def as_toml(settings: Settings, environment: Mapping[str, str]) -> str:
    """Write all settings as they apply.

    Every variable that holds a secret is named, with a remark whether it is set;
    its value is not shown.
    """
    whole = settings.model_dump(mode="json", exclude_none=True)
    environment = dict(environment)
    provinces = whole.pop("provinces")
    lines = list(_table((), whole, environment))
    for province in provinces:
        path = ("provinces", str(province["code"]))
        # What is kept elsewhere is not looked for in the environment.
        held = environment | dict.fromkeys(province["secrets"], _ELSEWHERE)
        lines += ["", f"[{'.'.join(path)}]", *_table(path, province, held)]
    return "\n".join(lines).strip() + "\n"


def province_as_toml(settings: ProvinceSettings, base: Path) -> str:
    """Write the settings of a province as they apply, the same on every machine.

    Args:
        settings: The province.
        base: The directory of its file: paths below it are written from there.
    """
    table = _from(settings.model_dump(mode="json", exclude_none=True), f"{base}/")
    return "\n".join(_table((), table, None)).strip() + "\n"


def _from(value: Any, base: str) -> Any:
    if isinstance(value, dict):
        return {name: _from(below, base) for name, below in value.items()}
    return value.removeprefix(base) if isinstance(value, str) else value


def _table(
    path: tuple[str, ...], table: dict[str, Any], environment: Mapping[str, str] | None
) -> Iterator[str]:
    """Write a table: plain values first, tables after, as TOML wants it."""
    below: list[tuple[str, Any]] = []
    for name, value in table.items():
        if isinstance(value, dict) or _is_tables(value):
            below.append((name, value))
        else:
            yield _line(path, name, value, environment)
    for name, value in below:
        inner = (*path, name)
        if isinstance(value, dict):
            yield from ("", f"[{'.'.join(inner)}]")
            yield from _table(inner, value, environment)
            continue
        for one in value:
            yield from ("", f"[[{'.'.join(inner)}]]")
            yield from _table(inner, one, environment)


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _line(
    path: tuple[str, ...], name: str, value: Any, environment: Mapping[str, str] | None
) -> str:
    shown = _masked(path, name, value)
    ordered = name == "command" or not _is_set(shown)
    text = json.dumps(shown if ordered else sorted(shown), ensure_ascii=False)
    remark = ""
    if name.endswith("_env") and value and environment is not None:
        remark = "  # set" if environment.get(value) else "  # NOT SET"
        remark = "  # [secrets]" if environment.get(value) == _ELSEWHERE else remark
    return f"{name} = {text}{remark}"


def _is_set(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _masked(path: tuple[str, ...], name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if _SECRET.search(name) and (name != "url" or path == ("database",)):
        return _MASK
    return _CREDENTIALS.sub(f"{_MASK}@", value)
