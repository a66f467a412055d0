"""Speaks HTTP/1.1 byte by byte, so that it can be spoken wrongly too."""

from __future__ import annotations

import asyncio
import json
from time import perf_counter
from typing import NamedTuple


class Answer(NamedTuple):
    """What came back.

    Attributes:
        status: 0 if the connection was closed without an answer, -1 if nothing
            came within the patience.
        head: Status line and headers.
        body: The body.
        seconds: From connecting to the end.
    """

    status: int
    head: bytes
    body: bytes
    seconds: float

    @property
    def codes(self) -> list[str]:
        """The codes of all errors."""
        try:
            told = json.loads(self.body)
            return [one["extensions"]["code"] for one in told.get("errors", ())]
        except (ValueError, AttributeError):
            return []

    @property
    def code(self) -> str:
        """The code of the first error, or of a refusal in the data, if any."""
        try:
            told = json.loads(self.body)
        except ValueError:
            return ""
        if not isinstance(told, dict):
            return ""
        if told.get("errors"):
            return told["errors"][0].get("extensions", {}).get("code", "")
        return _refusal(told.get("data"))


def _refusal(data: object) -> str:
    if isinstance(data, dict):
        if data.get("__typename") == "Refusal" and isinstance(data.get("code"), str):
            return data["code"]
        return next(filter(None, map(_refusal, data.values())), "")
    if isinstance(data, list):
        return next(filter(None, map(_refusal, data)), "")
    return ""


async def send(port: int, *parts: bytes, patience: float = 10.0, pause: float = 0.0):
    """Send parts, and read until the other side hangs up."""
    began = perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    read = b""
    try:
        async with asyncio.timeout(patience):
            try:
                for part in parts:
                    writer.write(part)
                    await writer.drain()
                    await asyncio.sleep(pause)
            except ConnectionError:
                pass  # it may have answered and hung up already
            try:
                while chunk := await reader.read(1 << 16):
                    read += chunk
            except ConnectionError:
                pass
    except TimeoutError:
        return Answer(_status(read) or -1, *_split(read), perf_counter() - began)
    finally:
        writer.close()
    return Answer(_status(read), *_split(read), perf_counter() - began)


def _status(read: bytes) -> int:
    words = read.split(b" ", 2)
    return int(words[1]) if len(words) > 2 and words[1].isdigit() else 0


def _split(read: bytes) -> tuple[bytes, bytes]:
    head, _, body = read.partition(b"\r\n\r\n")
    return head, body


def head(
    token: str | None,
    method: bytes = b"POST",
    target: bytes = b"/graphql",
    **headers: str | bytes | None,
) -> bytes:
    """Write a head; ``None`` leaves a header out, ``_`` in a name is a hyphen."""
    said: dict[str, str | bytes | None] = {
        "host": "hub.test",
        "connection": "close",
        "accept": "application/graphql-response+json",
        "authorization": f"Bearer {token}" if token else None,
        **headers,
    }
    lines = [method + b" " + target + b" HTTP/1.1"]
    for name, value in said.items():
        if value is not None:
            raw = value if isinstance(value, bytes) else value.encode()
            lines.append(name.replace("_", "-").encode() + b": " + raw)
    return b"\r\n".join(lines) + b"\r\n\r\n"


def post(token: str | None, body: bytes, **headers: str | bytes | None) -> bytes:
    """Write a whole POST."""
    given = {"content_type": "application/json", "content_length": str(len(body))}
    return head(token, **{**given, **headers}) + body


def asking(token: str | None, query: str, **more: object) -> bytes:
    """Write the POST of a GraphQL request."""
    return post(token, json.dumps({"query": query, **more}).encode())


_HELD_UP = ("hub_event_loop_busy_seconds", "hub_event_loop_lag_seconds")
#: What was read last, of the hub at each port.
_SEEN: dict[int, dict[str, float]] = {}


async def figures(port: int) -> dict[str, float]:
    """Read the hub's figures, and the longest hold-ups since they were last read here.

    A hold-up is known to the bucket of its histogram: it is given as the most it can be.
    """
    told = await send(port, head(None, b"GET", b"/metrics", accept="text/plain"))
    found = {
        name: float(value)
        for line in told.body.decode().splitlines()
        if not line.startswith("#") and " " in line
        for name, value in [line.rsplit(" ", 1)]
    }
    before = _SEEN.get(port, {})
    for name in _HELD_UP:
        found[name] = _longest(name, before, found)
    _SEEN[port] = found
    return found


def _longest(name: str, before: dict[str, float], now: dict[str, float]) -> float:
    """The upper end of the highest bucket that has more in it than before."""
    below, longest = 0.0, 0.0
    for bucket, count in now.items():
        if bucket.startswith(name + "_bucket"):
            more = count - before.get(bucket, 0.0)
            if more > below:
                longest = float(bucket.split('"')[1])
            below = more
    return longest
