"""Adapter: reads settings from TOML files and the environment.

All files are read and all of it is checked before anything is said, so that an
operator mends everything at once. What overrides what, the last one winning:
the models' defaults, ``[defaults]`` (for every province), the province's own file,
environment variables such as ``HUB__SERVER__PORT`` or ``HUB__PROVINCES__44__URL``.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from connectors.settings import ProvinceSettings
from connectors.small_files import read_small
from hub.config import sentences
from hub.config.environment import override, split_provinces
from hub.config.mappings import mistaken
from hub.config.mistakes import BadSettings, Mistake, fields_at, of_error, unknown_key
from hub.config.presence import (
    absent,
    unreadable_secrets,
    unusable,
    unusable_of_province,
)
from hub.config.settings import Settings
from hub.config.tables import absolute, drop, holds, merged, paths_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic_core import ErrorDetails

    from hub.config.tables import Table

DEFAULT_FILE = "hub.toml"
#: What a mapping is called that lies beside the files of provinces.
MAPPING_ENDING = ".mapping.toml"
#: A province's own: no default makes sense.
_OWN = ("code", "name_zh", "name_en", "url")


def find_file(given: str | None, environment: Mapping[str, str]) -> Path:
    """Tell which file to read: the one given, ``HUB_CONFIG``, or ``./hub.toml``."""
    return Path(given or environment.get("HUB_CONFIG") or DEFAULT_FILE)


def load(
    file: Path,
    environment: Mapping[str, str],
    *,
    webhooks: bool = True,
    mappings: bool = False,
    provinces: bool = True,
) -> Settings:
    """Read all settings.

    Args:
        file: The main file; paths in it are relative to its directory.
        environment: The environment variables of the process.
        webhooks: Whether the secrets of webhooks must be there: only the runner
            signs, so the hub's server need not have them.
        mappings: Whether the mappings of provinces must be usable, and their secrets by
            reference. A hub starts without them:
            only that province is not connected.
        provinces: Whether the provinces' files are read; without them, no mistake in
            one stands in the way.

    Raises:
        BadSettings: With every mistake that was found.
    """
    loading = _Loading(environment, webhooks=webhooks, mappings=mappings)
    settings = loading.run(file, provinces=provinces)
    if loading.mistakes or settings is None:
        raise BadSettings(dict.fromkeys(loading.mistakes))
    return settings


def load_province(file: Path, environment: Mapping[str, str]) -> ProvinceSettings:
    """Read the settings of one province by itself, without a hub; its mapping is read too.

    Args:
        file: The province's file, ``NN.toml``; paths in it are relative to its directory.
        environment: The environment variables of the process.

    Raises:
        BadSettings: With every mistake that was found.
    """
    loading = _Loading(environment, webhooks=False, mappings=True)
    province = loading.one(file)
    if loading.mistakes or province is None:
        raise BadSettings(dict.fromkeys(loading.mistakes))
    return province


def province_files(directory: Path) -> list[Path]:
    """Name the files of provinces in their directory; mappings may lie beside them."""
    found = sorted(directory.glob("*.toml"))
    return [file for file in found if not file.name.endswith(MAPPING_ENDING)]


class _Loading:
    """One reading; gathers mistakes on its way."""

    def __init__(
        self, environment: Mapping[str, str], *, webhooks: bool, mappings: bool
    ) -> None:
        self.mistakes: list[Mistake] = []
        self._environment = environment
        self._left_out = frozenset() if webhooks else frozenset({"webhooks"})
        self._mappings = mappings
        self._provinces: list[ProvinceSettings] = []

    def run(self, file: Path, *, provinces: bool) -> Settings | None:
        table = self._read(file)
        if table is None:
            return None
        general, of_provinces = split_provinces(self._environment)
        self.mistakes += override(table, general)
        absolute(table, file.parent)
        defaults = self._table(table.pop("defaults", {}), file, "defaults")
        self._check_defaults(defaults, file)
        if provinces:
            self._read_provinces(table, defaults, file, of_provinces)
        table.setdefault("provinces_dir", str(file.parent / "provinces"))
        table.pop("provinces", None)
        looked_at = {k: v for k, v in table.items() if k not in self._left_out}
        self.mistakes += absent(looked_at, str(file), self._environment)
        table["provinces"] = tuple(self._provinces)
        try:
            settings = Settings.model_validate(table)
        except ValidationError as error:
            self.mistakes += [
                of_error(one, Settings, str(file)) for one in _innermost(error)
            ]
            return None
        self.mistakes += unusable(
            settings, str(file), self._environment, self._left_out
        )
        return settings

    def one(self, file: Path) -> ProvinceSettings | None:
        _, of_provinces = split_provinces(self._environment)
        self._read_province(file, {}, file, of_provinces, {})
        if not self._provinces:
            return None
        (one,) = self._provinces
        self.mistakes += unusable_of_province(one, str(file), self._environment)
        return one

    def _read(self, file: Path) -> Table | None:
        try:
            return tomllib.loads(read_small(file).decode())
        except FileNotFoundError:
            self._add(file, "", sentences.NO_FILE)
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or type(error).__name__
            self._add(file, "", sentences.NOT_READABLE, why=why)
        except tomllib.TOMLDecodeError as error:
            self._add(file, "", sentences.NOT_TOML, why=str(error))
        return None

    def _add(self, file: Path, key: str, said: Any, **blanks: object) -> None:
        message, remedy = said
        self.mistakes.append(
            Mistake(str(file), key, message.format(**blanks), remedy.format(**blanks))
        )

    def _table(self, value: Any, file: Path, name: str) -> Table:
        if isinstance(value, dict):
            return value
        self._add(file, name, sentences.NOT_TABLE, name=name)
        return {}

    def _check_defaults(self, defaults: Table, file: Path) -> None:
        """Find wrong keys here, so that not every province complains of them."""
        for path in list(paths_in(defaults)):
            known = fields_at(ProvinceSettings, path[:-1])
            own = len(path) == 1 and path[0] in _OWN
            if path[-1] not in known or own:
                names = [name for name in known if name not in _OWN]
                key = ".".join(("defaults", *path))
                self.mistakes.append(unknown_key(str(file), key, path[-1], names))
                drop(defaults, path)

    def _read_provinces(
        self,
        table: Table,
        defaults: Table,
        file: Path,
        overrides: Mapping[str, Mapping[str, str]],
    ) -> None:
        written = table.setdefault("provinces_dir", str(file.parent / "provinces"))
        directory = Path(str(written))
        if not directory.is_dir():
            self._add(file, "provinces_dir", sentences.NO_PROVINCES_DIR)
            return
        seen: dict[str, Path] = {}
        for path in province_files(directory):
            self._read_province(path, defaults, file, overrides, seen)
        for code in sorted(set(overrides) - set(seen)):
            variable = Path(min(overrides[code].values()))
            self._add(variable, "", sentences.NO_SUCH_PROVINCE, code=code)

    def _read_province(
        self,
        path: Path,
        defaults: Table,
        file: Path,
        overrides: Mapping[str, Mapping[str, str]],
        seen: dict[str, Path],
    ) -> None:
        own = self._read(path)
        if own is None:
            return
        if isinstance(own.get("kinds"), dict):
            self._add(path, "kinds", sentences.MAPPING_HERE, name=path.stem)
            return
        own.setdefault("code", path.stem)
        code = str(own["code"])
        if code in seen:
            self._add(path, "code", sentences.TWICE, code=code, other=seen[code])
            return
        seen[code] = path
        if code != path.stem:
            self._add(path, "code", sentences.OTHER_NAME, code=code)
        self.mistakes += override(own, overrides.get(code, {}))
        absolute(own, path.parent)
        self._province(own, defaults, file, path)

    def _province(self, own: Table, defaults: Table, file: Path, path: Path) -> None:
        whole = merged(defaults, own)
        self.mistakes += absent(whole, str(path), self._environment)
        try:
            settings = ProvinceSettings.model_validate(whole)
        except ValidationError as error:
            for one in _innermost(error):
                inherited = bool(one["loc"]) and not holds(own, one["loc"])
                if inherited and holds(defaults, one["loc"]):
                    made = of_error(one, ProvinceSettings, str(file), "defaults")
                else:
                    made = of_error(one, ProvinceSettings, str(path))
                self.mistakes.append(made)
            return
        self._provinces.append(settings)
        if self._mappings:
            self.mistakes += mistaken(settings)
            self.mistakes += unreadable_secrets(settings, str(path), self._environment)


def _innermost(error: ValidationError) -> list[ErrorDetails]:
    """Leave out what pydantic says of a list because of the items in it."""
    found = error.errors()
    return [
        one
        for one in found
        if not any(
            len(other["loc"]) > len(one["loc"])
            and other["loc"][: len(one["loc"])] == one["loc"]
            for other in found
        )
    ]
