"""Decider (pure): what a REST interface answers with, by its OpenAPI document.

Only names and what people wrote beside them: a document may hold examples of real
persons, which are passed over. It never leads outside itself.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import msgspec
import yaml

from connectors.drafting.guessing import Seen  # msgspec reads it
from connectors.drafting.openapi_rows import Answers
from connectors.drafting.refusing import NOT_READABLE
from connectors.drafting.trees import items, list_of, object_of
from schema.records.refusal import Refused

if TYPE_CHECKING:
    Object = dict[str, Any]

#: So many paths are looked at.
_PATHS: Final = 500
#: YAML is slow to read.
_MOST_YAML: Final = 4 * 1024 * 1024


class Described(msgspec.Struct, frozen=True):
    """What a document tells of an interface.

    Attributes:
        tables: What each of its paths answers with.
        url: Its address; empty where it tells none.
        bearer: Whether it wants a bearer token.
        rest: What ``[rest]`` of the settings may say, as TOML has it.
    """

    tables: tuple[Seen, ...]
    url: str = ""
    bearer: bool = False
    rest: tuple[tuple[str, Any], ...] = ()


def of_openapi(text: bytes) -> Described:
    """Read what an OpenAPI 3 or Swagger 2 document in JSON or YAML describes.

    Raises:
        Refused: It is none.
    """
    document = _parsed(text)
    reading = Answers(document)
    tables = tuple(
        seen
        for path, operations in islice(items(document.get("paths")), _PATHS)
        if (seen := reading.path(path, operations))
    )
    if not tables:
        raise Refused(NOT_READABLE)
    bearer, secured = _secured(document)
    return Described(tables, _address(document), bearer, secured)


def _parsed(text: bytes) -> Object:
    told: Any = None
    try:
        told = msgspec.json.decode(text)
    except (ValueError, RecursionError):
        if len(text) > _MOST_YAML:
            raise Refused(NOT_READABLE) from None
        loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
        try:
            # Everything is a text to this loader: it makes no objects.
            told = yaml.load(text, loader)  # noqa: S506
        except (yaml.YAMLError, ValueError, RecursionError):
            raise Refused(NOT_READABLE) from None
    if not isinstance(told, dict):
        raise Refused(NOT_READABLE)
    return told


def _secured(document: Object) -> tuple[bool, tuple[tuple[str, Any], ...]]:
    """Tell whether a bearer token is wanted, or what else ``[rest]`` has for it."""
    bearer = False
    told: dict[str, Any] = {}
    schemes = object_of(document.get("components")).get("securitySchemes")
    schemes = schemes or document.get("securityDefinitions")
    for _, one in items(schemes):
        name, kind = one.get("name"), one.get("type")
        if kind == "apiKey" and one.get("in") == "header" and isinstance(name, str):
            if name.lower() == "authorization":
                bearer = True
            else:
                told["api_key_header"] = name
        bearer |= kind == "http" and str(one.get("scheme")).lower() == "bearer"
        flows = object_of(one.get("flows"))
        url = object_of(flows.get("clientCredentials")).get("tokenUrl") or (
            one.get("tokenUrl") if one.get("flow") == "application" else None
        )
        if isinstance(url, str):
            told["oauth"] = {"token_url": url}
    return bearer, tuple(told.items())


def _address(document: Object) -> str:
    for one in list_of(document.get("servers")):
        url = object_of(one).get("url")
        if isinstance(url, str):
            return url
    host = document.get("host")
    if not isinstance(host, str):
        return ""
    schemes = [one for one in list_of(document.get("schemes")) if one == "http"]
    https = "https" in list_of(document.get("schemes")) or not schemes
    path = document.get("basePath")
    return f"http{'s' * https}://{host}{path if isinstance(path, str) else ''}"
