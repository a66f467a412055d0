"""Decider (pure): which rows the paths of an OpenAPI document answer with, and how they are asked."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from connectors.drafting.guessing import Column, Seen, is_key, is_known
from connectors.drafting.paging import paging_of
from connectors.drafting.trees import items, list_of, object_of, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    Object = dict[str, Any]

#: Nested objects are followed so far, and so many columns are taken from one.
_DEPTH, _COLUMNS = 3, 400
#: So many places are looked at in the whole document.
_STEPS: Final = 200_000
#: An object is a row, not a wrapper, from so many names on that we have words for.
_ROW_KNOWS: Final = 2
_WRAPPERS: Final = ("data", "result", "page", "body")


class Answers:
    """One reading of a document; it ends, whatever the document refers to."""

    def __init__(self, document: Object) -> None:
        """Read this document."""
        self._document = document
        self._left = _STEPS

    def path(self, path: str, operations: Object) -> Seen | None:
        """Tell what a path answers with, and how it is asked; none if no rows."""
        for method in ("get", "post"):
            operation = operations.get(method)
            if not isinstance(operation, dict):
                continue
            shared = list_of(operations.get("parameters"))
            parameters = [
                one
                for told in (*shared, *list_of(operation.get("parameters")))
                if isinstance(one := self._followed(told), dict)
            ]
            asked = self._asked(method, path, operation, parameters)
            answer, linked = self._answered(operation)
            place, row = self._rows(answer)
            columns = tuple(islice(self._properties(row, "", 0), _COLUMNS))
            if asked is None or not columns:
                continue
            body = method == "post"
            names = [
                *(self._wanted(operation, parameters) if body else ()),
                *(one["name"] for one in parameters if _in_query(one) and not body),
            ]
            paging, doubt = paging_of(
                names, self._beside(answer, place), linked=linked and not body
            )
            about = operation.get("summary") or operation.get("description")
            said = about if isinstance(about, str) else ""
            own = (*asked, *((("rows_at", place),) if place else ()))
            return Seen(_with_key(path), columns, said, own, paging, doubt)
        return None

    def _asked(
        self, method: str, path: str, operation: Object, parameters: list[Object]
    ) -> tuple[tuple[str, str], ...] | None:
        """Tell where the keys of workers stand; of a POST none is none of ours."""
        if "{key}" in _with_key(path):
            return (("keys_in", "path"),) if method == "get" else None
        if method == "get":
            for one in parameters:
                name = one.get("name")
                if one.get("in") == "query" and isinstance(name, str) and is_key(name):
                    return ("keys_in", "query"), ("keys_parameter", name)
            return (("keys_in", "query"),)
        for name, one in self._wanted(operation, parameters).items():
            if is_key(name) and "items" in object_of(self._followed(one)):
                return ("keys_in", "body"), ("keys_parameter", name)
        return None

    def _wanted(self, operation: Object, parameters: list[Object]) -> Object:
        """Tell what the body of a request has, by name."""
        body = self._followed(operation.get("requestBody"))
        schemas = [json_of(body)] if isinstance(body, dict) else []
        schemas += [one.get("schema") for one in parameters if one.get("in") == "body"]
        told: Object = {}
        for schema in schemas:
            wanted = object_of(self._followed(schema))
            told |= dict(items(wanted.get("properties")))
        return told

    def _answered(self, operation: Object) -> tuple[Any, bool]:
        """Find the schema of the JSON of what is well, and whether it tells ``Link``."""
        for status, told in items(operation.get("responses")):
            answer = object_of(self._followed(told))
            if status.startswith("2"):
                heads = {name.lower() for name, _ in items(answer.get("headers"))}
                return json_of(answer) or answer.get("schema"), "link" in heads
        return None, False

    def _beside(self, schema: Any, place: str) -> list[str]:
        """Name what an answer tells beside its rows, each by its path."""
        told: list[str] = []
        at = ""
        for step in (*filter(None, place.split(".")), ""):
            own = dict(
                islice(self._own(object_of(self._followed(schema)), 0), _COLUMNS)
            )
            if not step:  # what is in a row is the row's own
                break
            for name, one in own.items():
                if name == step:
                    continue
                inner = islice(self._own(object_of(self._followed(one)), 0), _COLUMNS)
                told += [f"{at}{name}", *(f"{at}{name}.{deep}" for deep, _ in inner)]
            schema, at = own.get(step), f"{at}{step}."
        return told

    def _rows(self, schema: Any) -> tuple[str, Any]:
        """Find the rows in an answer: where they stand, and what one is."""
        at = ""
        for _ in range(_DEPTH + 1):
            told = object_of(self._followed(schema))
            if "items" in told:
                return at, told["items"]
            properties = dict(islice(self._own(told, 0), _COLUMNS))
            known = sum(is_known(Column(*one)) for one in _texts(properties))
            inner = {
                name: object_of(self._followed(one)) for name, one in properties.items()
            }
            lists = [name for name, one in inner.items() if self._objects(one)]
            wrappers = [
                name
                for name, one in inner.items()
                if name.lower() in _WRAPPERS and ("properties" in one or "allOf" in one)
            ]
            if known >= _ROW_KNOWS or not (lists or wrappers):
                return at, told
            step = (lists or wrappers)[0]
            at = f"{at}.{step}" if at else step
            schema = inner[step]
        return at, schema

    def _objects(self, schema: Object) -> bool:
        inner = object_of(self._followed(schema.get("items")))
        return "properties" in inner or "allOf" in inner

    def _own(self, schema: Object, depth: int) -> Iterator[tuple[str, Any]]:
        """Name the properties of an object, with those of its parts."""
        self._left -= 1
        if depth > _DEPTH or self._left < 0:
            return
        for part in list_of(schema.get("allOf")):
            yield from self._own(object_of(self._followed(part)), depth + 1)
        yield from items(schema.get("properties"))

    def _properties(self, told: Any, path: str, depth: int) -> Iterator[Column]:
        """Name the columns of a row; a list inside it is one."""
        if depth > _DEPTH:
            return
        for name, one in self._own(object_of(self._followed(told)), 0):
            inner = object_of(self._followed(one))
            if "properties" in inner or "allOf" in inner:
                yield from self._properties(inner, f"{path}{name}.", depth + 1)
            else:
                yield Column(
                    path + name, words_of(one) or words_of(inner), _listed(inner)
                )

    def _followed(self, schema: Any) -> Any:
        """Follow a reference inside the document, once."""
        reference = schema.get("$ref") if isinstance(schema, dict) else None
        if not isinstance(reference, str) or not reference.startswith("#/"):
            return schema
        at: Any = self._document
        for step in reference[2:].split("/"):
            name = step.replace("~1", "/").replace("~0", "~")
            at = at.get(name) if isinstance(at, dict) else None
        return at


def json_of(told: Object) -> Any:
    """Find the schema of the JSON of a body; none if it has none."""
    for kind, content in items(told.get("content")):
        if "json" in kind or kind == "*/*":
            return content.get("schema")
    return None


def _texts(properties: Object) -> Iterator[tuple[str, str]]:
    return ((name, words_of(object_of(one))) for name, one in properties.items())


def _listed(schema: Object) -> tuple[tuple[str, str], ...]:
    return tuple((str(one), "") for one in list_of(schema.get("enum")))


def _in_query(parameter: Object) -> bool:
    return parameter.get("in") == "query" and isinstance(parameter.get("name"), str)


def _with_key(path: str) -> str:
    """Write the one parameter of a path as a mapping does."""
    parts = path.split("/")
    named = [one for one in parts if one.startswith("{") and one.endswith("}")]
    if len(named) != 1:
        return path
    return "/".join("{key}" if one in named else one for one in parts)
