"""Decider: what held for each province × what is to hold → what is to be done."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec
from pydantic import BaseModel

from connectors.settings import ProvinceSettings
from schema.records.keys import ProvinceCode

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Settings that say how a province is asked, and not what it is nor what it tells.
_MANNER = frozenset(
    {
        *("name_zh", "name_en", "paused", "deadline", "act_deadline"),
        *("connect_time_out", "concurrency", "queue_wait", "retry", "breaker"),
        *("response_cap", "probe_every", "plain_http", "secrets", "bearer_env"),
        *("callback_secret_env", "callback_next_secret_env"),
        *("ca_file", "client_cert_file", "client_key_file"),
    }
)


class Content(msgspec.Struct, frozen=True):
    """All that decides how a province is asked.

    Attributes:
        settings: What its file says.
        files: A digest of each file that they name, by the name of the setting.
        secrets: A digest of each secret by reference, good in this process only.
        resting: An operator has paused it.
    """

    settings: ProvinceSettings
    files: Mapping[str, str]
    secrets: Mapping[str, str]
    resting: bool = False

    @property
    def effective(self) -> ProvinceSettings:
        """The settings as they hold: an operator's pause stands above the file."""
        if self.settings.paused or not self.resting:
            return self.settings
        return self.settings.model_copy(update={"paused": True})


class Kind(StrEnum):
    """What happens to a province."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


class Change(msgspec.Struct, frozen=True):
    """One thing to be done.

    Attributes:
        province: For which province.
        kind: What happens to it.
        what: Names of what is different; empty if it comes or goes.
        same: It is the same system that tells the same as before.
    """

    province: ProvinceCode
    kind: Kind
    what: tuple[str, ...] = ()
    same: bool = False


def changes(
    old: Mapping[ProvinceCode, Content], new: Mapping[ProvinceCode, Content]
) -> list[Change]:
    """Tell what is to be done, in the order of the codes.

    Args:
        old: What holds.
        new: What is to hold.
    """
    found = []
    for code in sorted({*old, *new}):
        if code not in new:
            found.append(Change(code, Kind.REMOVED))
        elif code not in old:
            found.append(Change(code, Kind.ADDED))
        elif what := different(old[code], new[code]):
            same = not any(_elsewhere(name) for name in what)
            found.append(Change(code, Kind.CHANGED, what, same))
    return found


def different(old: Content, new: Content) -> tuple[str, ...]:
    """Name what is different: settings, files by their content, secrets by name."""
    return (
        *_of_settings(old.effective, new.effective),
        *(f"{name}:content" for name in _of_tables(old.files, new.files)),
        *(f"secrets.{name}:value" for name in _of_tables(old.secrets, new.secrets)),
    )


def _of_settings(old: BaseModel, new: BaseModel) -> Iterator[str]:
    for name in type(new).model_fields:
        before, after = getattr(old, name), getattr(new, name, None)
        if before == after:
            continue
        if isinstance(before, BaseModel) and isinstance(after, type(before)):
            yield from (f"{name}.{below}" for below in _of_settings(before, after))
        else:
            yield name


def _of_tables(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    # One that came or went is told by the setting that names it.
    return sorted(name for name in {*old} & {*new} if old[name] != new[name])


def _elsewhere(what: str) -> bool:
    name = what.partition(":")[0].partition(".")[0]
    return name not in _MANNER
