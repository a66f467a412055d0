"""Decider (pure): code lists: a province's codes become ours, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connectors.mapping.mistakes import Unfit
from connectors.mapping.texts import narrow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Reader = Callable[[object], object]

#: The key of a list that stands for every code that it does not name.
ANY_OTHER: Final = "*"
#: What counts as yes and no where a mapping has no list of its own.
TRUTH: Final[Mapping[str, object]] = {
    "1": True, "0": False, "true": True, "false": False, "TRUE": True,
    "FALSE": False, "True": True, "False": False, "Y": True, "N": False, "y": True,
    "n": False, "是": True, "否": False, "有": True, "无": False,
}  # fmt: skip


def code_reader(codes: Mapping[str, object]) -> Reader:
    """Make the reader of a code: by its list, or by the list's ``*``."""
    known = {narrow(code): value for code, value in codes.items()}
    other = known.pop(ANY_OTHER, None)

    def read(value: object) -> object:
        if value is True or value is False:
            value = "true" if value else "false"
        found = known.get(value) if type(value) is str else None
        if found is None:
            found = known.get(narrow(value), other)
        if found is None:
            raise Unfit("UNKNOWN_CODE")
        return found

    return read


def code_writer(codes: Mapping[str, object]) -> Reader:
    """Make what writes a code: the first of the list that means the value."""
    back: dict[object, str] = {}
    for code, value in codes.items():
        if code != ANY_OTHER:
            back.setdefault(value, code)

    def write(value: object) -> object:
        found = back.get(value)
        if found is None:
            raise Unfit("UNKNOWN_CODE")
        return found

    return write


def flag_reader(codes: Mapping[str, object]) -> Reader:
    """Make the reader of a truth value; one that is one already needs no list."""
    listed = code_reader(codes)

    def read(value: object) -> object:
        return value if value is True or value is False else listed(value)

    return read


def written_as_is(value: object) -> object:
    """Write a value as it is: a text, a number, a truth value."""
    return value
