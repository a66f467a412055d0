"""Value: a rule of a file, in force for a time; and how such files are read."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

import msgspec

FileT = TypeVar("FileT")


class InForce(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is in force for a time.

    Attributes:
        valid_from: First day on which it is.
        valid_to: Last such day; none while it is.
    """

    valid_from: date
    valid_to: date | None = None

    def holds(self, on: date) -> bool:
        """Tell whether it is in force on a day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


def read_rules(text: bytes, file: type[FileT], mistake: type[ValueError]) -> FileT:
    """Read a file of rules (TOML).

    Args:
        text: What stands in it.
        file: What it must be.
        mistake: What is raised if it is not.

    Raises:
        ValueError: A ``mistake``, which says where.
    """
    try:
        return msgspec.toml.decode(text, type=file)
    except msgspec.MsgspecError as error:
        raise mistake(str(error)) from error
