"""Decider (pure): what is fetched from a drop folder elsewhere, and what is sent there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from connectors.filedrop.manifest import Manifest
    from connectors.filedrop.sftp import Entry


class Plan(NamedTuple):
    """What is to be done with a folder.

    Attributes:
        fetch: The files to fetch.
        forget: The names of files that are gone there.
    """

    fetch: tuple[Entry, ...]
    forget: tuple[str, ...]


def plan(there: Iterable[Entry], known: Mapping[str, str], most_bytes: int) -> Plan:
    """Plan a folder of single files.

    Args:
        there: What the server has, under names that can be used.
        known: What was fetched of it, by name: how it looked then.
        most_bytes: What is larger is left there.
    """
    files = {one.name: one for one in there if not one.folder}
    fetch = (
        one
        for one in files.values()
        if known.get(one.name) != one.look and one.size <= most_bytes
    )
    return Plan(tuple(fetch), tuple(sorted(set(known) - set(files))))


def freshest(told: Mapping[str, tuple[Manifest, str]]) -> str:
    """Tell which batch is fetched: the freshest whole one; empty if there is none.

    Args:
        told: The manifests, each with its checksum, by the name of the batch.
    """
    if not told:
        return ""
    return max(told, key=lambda name: (told[name][0].as_of, told[name][1], name))


def to_send(here: Mapping[str, str], sent: Mapping[str, str]) -> Sequence[str]:
    """Tell which files are new or have changed since they were sent, by name."""
    return sorted(name for name, look in here.items() if sent.get(name) != look)


def outdated(mirrored: Mapping[str, Manifest], kept: int = 2) -> Sequence[str]:
    """Tell which mirrored batches are no longer needed: all but the freshest few."""
    by_age = sorted(mirrored, key=lambda name: (mirrored[name].as_of, name))
    return by_age[:-kept]
