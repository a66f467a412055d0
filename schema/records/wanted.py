"""Value: by what a worker is sought."""

from __future__ import annotations

import msgspec

from schema.records.keys import LocalKey, WorkerId


class ByNumber(msgspec.Struct, frozen=True):
    """By resident ID number, as somebody wrote it. Never shown, never kept."""

    text: str

    def __repr__(self) -> str:
        """Hide the number: reprs reach logs."""
        return "ByNumber(…)"


class ById(msgspec.Struct, frozen=True):
    """By the hub's own name of the person."""

    worker: WorkerId


class ByLocalKey(msgspec.Struct, frozen=True):
    """By the name in one province."""

    key: LocalKey


WorkerBy = ByNumber | ById | ByLocalKey
