"""Value: a length of time as people write it in settings, with its unit."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer

_WRITTEN = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?)\s*(ms|s|m|h)", re.ASCII)
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


def parse_duration(written: Any) -> timedelta:
    """Read a length of time.

    A bare number is refused: nobody can tell whether it means seconds or
    milliseconds.

    Args:
        written: A number and its unit (``ms``, ``s``, ``m`` or ``h``), such as
            ``"500ms"`` or ``"1.5s"``; a ``timedelta`` is taken as it is.

    Raises:
        ValueError: It is neither. The message says, in Chinese and English,
            how to write it.
    """
    if isinstance(written, timedelta):
        return written
    found = _WRITTEN.fullmatch(written.strip()) if isinstance(written, str) else None
    if found is None:
        raise ValueError(
            f'{written!r} 不是时长，请写数字加单位，例如 "500ms"、"2s"、"1m"、"1h"'
            f" / {written!r} is no length of time: write a number and its unit,"
            ' such as "500ms", "2s", "1m" or "1h"'
        )
    return timedelta(seconds=float(found[1]) * _SECONDS[found[2]])


def write_duration(length: timedelta) -> str:
    """Write a length of time in the largest unit that leaves no fraction.

    >>> write_duration(timedelta(seconds=90))
    '90s'
    """
    milliseconds = length / timedelta(milliseconds=1)
    for unit, size in (("h", 3_600_000), ("m", 60_000), ("s", 1000)):
        if milliseconds and milliseconds % size == 0:
            return f"{milliseconds / size:.0f}{unit}"
    return f"{milliseconds:g}ms"


#: A field of settings that holds a length of time, e.g. ``deadline = "2s"``.
Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    PlainSerializer(write_duration, return_type=str, when_used="json"),
]
