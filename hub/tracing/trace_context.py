"""Decider: the W3C headers ``traceparent`` and ``tracestate``.

What callers send is passed on to provinces and to the collector, so what could hold a
number of a person is not taken: then a trace of our own begins.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

_PARENT = re.compile(
    r"(?P<version>[0-9a-f]{2})-(?P<trace>[0-9a-f]{32})-(?P<span>[0-9a-f]{16})"
    r"-(?P<flags>[0-9a-f]{2})(?P<more>-.*)?",
    re.ASCII,
)
_MEMBER = re.compile(
    r"(?:[a-z][_0-9a-z\-*/]{0,255}|[a-z0-9][_0-9a-z\-*/]{0,240}@[a-z][_0-9a-z\-*/]{0,13})"
    r"=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]",
    re.ASCII,
)
_MOST_MEMBERS = 32
_MOST_CHARS = 512
_KEPT = 0x01

# An id is random: one that is a decimal number was written by somebody. (By chance a
# trace id is one in three million times, and then only a new trace begins.)
_WRITTEN = re.compile(r"\d+")
_PADDED = re.compile(r"0\d{15}|\d{15}0")
_DIGITS = re.compile(r"\d{11}|\d{6}[ ._-]?\d{8}[ ._-]?\d{3}")


class Parent(msgspec.Struct, frozen=True):
    """Of which trace a request is a part.

    Attributes:
        trace: Id of the trace.
        span: Id of the caller's span.
        kept: Whether the caller keeps the trace.
        state: The header ``tracestate``, empty if none.
    """

    trace: str
    span: str
    kept: bool
    state: str = ""


def parent_of(traceparent: Sequence[str], tracestate: Sequence[str]) -> Parent | None:
    """Read the headers, each as often as it was sent.

    Returns:
        ``None`` if there is no valid ``traceparent``, or it may not be passed on.
    """
    if len(traceparent) != 1:
        return None
    found = _PARENT.fullmatch(traceparent[0].strip(" \t"))
    if found is None or found["version"] == "ff":
        return None
    if found["version"] == "00" and found["more"]:
        return None
    trace, span = found["trace"], found["span"]
    if not trace.strip("0") or not span.strip("0"):
        return None
    if _WRITTEN.fullmatch(trace) or _PADDED.fullmatch(span):
        return None
    kept = bool(int(found["flags"], 16) & _KEPT)
    return Parent(trace, span, kept, _state(tracestate))


def _state(headers: Sequence[str]) -> str:
    """Join the headers; an invalid one is dropped whole, as the standard has it."""
    members = [
        text for one in ",".join(headers).split(",") if (text := one.strip(" \t"))
    ]
    keys = [one.partition("=")[0] for one in members]
    text = ",".join(members)
    valid = (
        len(members) <= _MOST_MEMBERS
        and len(text) <= _MOST_CHARS
        and len(set(keys)) == len(keys)
        and all(_MEMBER.fullmatch(one) for one in members)
        and not _DIGITS.search(text)
    )
    return text if valid else ""


def headers_of(trace: str, span: str, state: str, *, kept: bool) -> dict[str, str]:
    """Write the headers that a peer is sent."""
    headers = {"traceparent": f"00-{trace}-{span}-{'01' if kept else '00'}"}
    if state:
        headers["tracestate"] = state
    return headers


def chosen(trace: str, sample: float) -> bool:
    """Tell whether a trace that begins here is kept.

    The trace's own id decides, so every hub process that sees it decides alike.
    """
    return int(trace[16:], 16) < sample * 2**64
