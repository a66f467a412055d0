"""Decider (pure): what columns there are, by heads of files and descriptions of interfaces.

Only names and what people wrote beside them: a description may hold examples of real
persons, which are passed over.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, Final

import msgspec

from connectors.drafting.guessing import Column, Seen
from schema.records.refusal import Bilingual, Refusal, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    Object = dict[str, Any]

#: Nested objects are followed so far, and so many columns are taken from one.
_DEPTH, _COLUMNS = 3, 400
_RULE: Final = "province-init"
_ENCODINGS: Final = ("utf-8-sig", "gb18030")
NOT_READABLE: Final = Refusal(
    "DESCRIPTION_NOT_READABLE",
    _RULE,
    Bilingual("读不出列名。", "No names of columns can be read from it."),
    Bilingual(
        "files 要 CSV（UTF-8 或 GB18030，首行为列名）；rest 要 OpenAPI 3 的 JSON；"
        "graphql 要内省结果的 JSON。",
        "files needs CSV (UTF-8 or GB18030, names in the first line), rest an OpenAPI 3"
        " document in JSON, graphql the result of an introspection in JSON.",
    ),
)


def of_header(name: str, text: bytes) -> Seen:
    """Read the names of the columns of a CSV file.

    Args:
        name: What to call it: its file name.
        text: Its beginning, at least the first line.

    Raises:
        Refused: It is none.
    """
    line = text.split(b"\n", 1)[0]
    for encoding in _ENCODINGS:
        try:
            decoded = line.decode(encoding)
        except UnicodeDecodeError:
            continue
        mark = max(",;\t|", key=decoded.count)
        names = _cells(decoded.rstrip("\r"), mark)
        columns = tuple(Column(one.strip()) for one in names if one.strip())
        if columns and decoded.replace("\t", "").rstrip("\r").isprintable():
            return Seen(name, columns)
    raise Refused(NOT_READABLE)


def _cells(line: str, mark: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(line), delimiter=mark), [])
    except csv.Error:
        return []


def of_openapi(text: bytes) -> tuple[Seen, ...]:
    """Read what each GET of an OpenAPI 3 document answers with.

    Raises:
        Refused: It is none.
    """
    document = _object(text)
    found = []
    for path, operations in _items(document.get("paths")):
        get = operations.get("get")
        if not isinstance(get, dict):
            continue
        schema = _answered(get)
        columns = tuple(_properties(document, schema, "", 0))[:_COLUMNS]
        if columns:
            about = get.get("summary") or get.get("description")
            said = about if isinstance(about, str) else ""
            found.append(Seen(_with_key(path), columns, said))
    if not found:
        raise Refused(NOT_READABLE)
    return tuple(found)


def of_introspection(text: bytes) -> tuple[Seen, ...]:
    """Read the object types of a GraphQL introspection.

    Raises:
        Refused: It is none.
    """
    told = _object(text)
    data = told.get("data", told)
    schema = data.get("__schema") if isinstance(data, dict) else None
    types = schema.get("types") if isinstance(schema, dict) else None
    found = []
    for one in _list(types):
        if isinstance(one, dict) and isinstance(one.get("name"), str):
            columns = tuple(
                Column(field["name"], _said(field))
                for field in _list(one.get("fields"))
                if isinstance(field, dict) and isinstance(field.get("name"), str)
            )
            if columns and not one["name"].startswith("__"):
                found.append(Seen(one["name"], columns[:_COLUMNS], _said(one)))
    if not found:
        raise Refused(NOT_READABLE)
    return tuple(found)


def _object(text: bytes) -> Object:
    try:
        told = msgspec.json.decode(text)
    except (ValueError, RecursionError):
        raise Refused(NOT_READABLE) from None
    if not isinstance(told, dict):
        raise Refused(NOT_READABLE)
    return told


def _items(told: Any) -> Iterator[tuple[str, Object]]:
    if isinstance(told, dict):
        yield from ((key, one) for key, one in told.items() if isinstance(one, dict))


def _list(told: Any) -> list[Any]:
    return told if isinstance(told, list) else []


def _said(told: Object) -> str:
    words = told.get("description") or told.get("title") or ""
    return words if isinstance(words, str) else ""


def _answered(get: Object) -> Any:
    """Find the schema of the JSON that a GET answers with when all is well."""
    for status, answer in _items(get.get("responses")):
        if status.startswith("2"):
            for kind, content in _items(answer.get("content")):
                if "json" in kind:
                    return content.get("schema")
    return None


def _properties(
    document: Object, schema: Any, path: str, depth: int
) -> Iterator[Column]:
    """Name the properties of the rows of an answer: lists are gone into."""
    schema = _followed(document, schema)
    if depth > _DEPTH or not isinstance(schema, dict):
        return
    if "items" in schema:
        yield from _properties(document, schema["items"], path, depth + 1)
    for part in _list(schema.get("allOf")):
        yield from _properties(document, part, path, depth + 1)
    for name, one in _items(schema.get("properties")):
        inner = _followed(document, one)
        listed = isinstance(inner, dict) and "items" in inner
        if isinstance(inner, dict) and ("properties" in inner or listed):
            below = "" if listed else f"{path}{name}."
            yield from _properties(document, inner, below, depth + 1)
        else:
            yield Column(path + name, _said(one))


def _followed(document: Object, schema: Any) -> Any:
    """Follow a reference inside the document, once: it never leads outside."""
    reference = schema.get("$ref") if isinstance(schema, dict) else None
    if not isinstance(reference, str) or not reference.startswith("#/"):
        return schema
    at: Any = document
    for step in reference[2:].split("/"):
        at = at.get(step) if isinstance(at, dict) else None
    return at


def _with_key(path: str) -> str:
    """Write the one parameter of a path as a mapping does."""
    parts = path.split("/")
    named = [one for one in parts if one.startswith("{") and one.endswith("}")]
    if len(named) != 1:
        return path
    return "/".join("{key}" if one in named else one for one in parts)
