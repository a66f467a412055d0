"""Decider: which media type and which language a request asks for."""

from __future__ import annotations

from typing import Literal

import msgspec

GRAPHQL = "application/graphql-response+json"
JSON = "application/json"
EVENT_STREAM = "text/event-stream"

Language = Literal["zh", "en"]
StreamWish = Literal["first", "listed", "no"]


class Weighed(msgspec.Struct, frozen=True):
    """One element of an ``Accept`` or ``Accept-Language`` header.

    Attributes:
        value: The media range or language tag, in lower case.
        charset: The ``charset`` parameter, in lower case; empty if absent.
        quality: From 0 (not wanted) to 1.
    """

    value: str
    charset: str
    quality: float


def weighed(header: str) -> list[Weighed]:
    """Split a header into its elements, the most wanted first.

    Elements of equal quality keep their order; a quality that is no number
    counts as 0, as nobody can tell what was meant.
    """
    found = []
    for element in header.split(",")[:32]:
        value, *parameters = (part.strip().lower() for part in element.split(";"))
        named = dict(part.partition("=")[::2] for part in parameters)
        if value:
            charset = named.get("charset", "").strip('"')
            found.append(Weighed(value, charset, _quality(named.get("q", "1"))))
    return sorted(found, key=lambda one: -one.quality)


def _quality(text: str) -> float:
    try:
        return min(max(float(text), 0.0), 1.0)
    except ValueError:
        return 0.0


def media_type(accept: str | None) -> str | None:
    """Choose the media type of the answer.

    Without a wish, or where anything will do, it is ``application/json``: that is
    what clients without a wish understand.

    Returns:
        One of ``GRAPHQL`` and ``JSON``; ``None`` if the caller takes neither.
    """
    if accept is None or not accept.strip():
        return JSON
    refused: set[str] = set()
    for one in reversed(ranges := weighed(accept)):
        if one.quality == 0:
            refused.add(one.value)
    for one in ranges:
        if one.quality == 0 or one.charset not in {"", "utf-8", "utf8"}:
            continue
        if one.value in {GRAPHQL, JSON}:
            return one.value
        if one.value in {"*/*", "application/*"}:
            return next((kind for kind in (JSON, GRAPHQL) if kind not in refused), None)
    return None


def language(accept_language: str | None) -> Language:
    """Choose the language of ``message``: Chinese if it is asked for, else English."""
    for one in weighed(accept_language or ""):
        if one.quality == 0:
            break
        if one.value == "zh" or one.value.startswith("zh-"):
            return "zh"
        if one.value == "en" or one.value.startswith("en-"):
            return "en"
    return "en"


def body_is_json(content_type: str | None) -> bool:
    """Tell whether a ``Content-Type`` announces JSON in UTF-8."""
    if content_type is None:
        return False
    value, *parameters = (part.strip().lower() for part in content_type.split(";"))
    if value != JSON:
        return False
    named = dict(part.partition("=")[::2] for part in parameters)
    return named.get("charset", "utf-8").strip('"') in {"utf-8", "utf8"}


def stream_wish(accept: str | None) -> StreamWish:
    """Tell how much a caller wants server-sent events.

    A client that lists them behind others takes them where nothing else will do:
    it wants subscriptions streamed and queries answered as usual. One that names
    them first, or nothing else, wants every operation streamed. ``*/*`` is no wish
    for them: whoever sends it does not expect an answer without end.
    """
    kinds = [one for one in weighed(accept or "") if one.quality > 0]
    if all(one.value != EVENT_STREAM for one in kinds):
        return "no"
    known = {GRAPHQL, JSON, EVENT_STREAM, "*/*", "application/*"}
    first = next(one.value for one in kinds if one.value in known)
    return "first" if first == EVENT_STREAM else "listed"
