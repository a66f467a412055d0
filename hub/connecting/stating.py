"""Decider: a province's settings as they are kept as a version."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from hub.config.show import province_as_toml
from hub.store.province_settings import Stated
from schema.records.keys import ProvinceCode

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from connectors.settings import ProvinceSettings

#: Stands for the settings of a province that was taken out.
_GONE = "-"


def stated(
    settings: ProvinceSettings,
    files: Mapping[str, str],
    change: tuple[str, ...],
    *,
    base: Path,
    mapping: str = "",
) -> Stated:
    """State what holds now; two processes with the same files state the same.

    Args:
        settings: What the file says.
        files: Digests of the files that it names, by setting.
        change: What is different from before.
        base: The directory of the provinces' files: paths are told from there.
        mapping: The mapping file.
    """
    body = province_as_toml(settings, base)
    hashed = hashlib.sha256(body.encode())
    for name in sorted(files):
        hashed.update(f"\0{name}\0{files[name]}".encode())
    code = ProvinceCode(settings.code)
    return Stated(code, hashed.hexdigest(), change, body, mapping)


def stated_gone(province: ProvinceCode) -> Stated:
    """State that a province was taken out."""
    return Stated(province, _GONE, ("removed",), "", "")
