"""Decider (pure): which rows the root fields of a GraphQL service answer with.

Only names, and what people wrote beside them.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import msgspec

from connectors.drafting.guessing import Column, Seen, is_key, is_known
from connectors.drafting.refusing import NOT_READABLE
from connectors.drafting.trees import list_of, object_of, words_of
from schema.records.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    Object = dict[str, Any]

_DEPTH, _COLUMNS = 3, 400
_ROOTS, _STEPS = 500, 100_000
_ROW_KNOWS: Final = 2
#: Lists stand behind these more often than behind other names.
_WRAPPED: Final = ("nodes", "edges", "rows", "items", "data", "records", "list")
_LEAVES: Final = ("SCALAR", "ENUM")
#: What takes one of many inside a condition.
_AMONG: Final = ("_in", "in", "_eq", "eq")
_NO_KEYS: Final = "FILL_IN: [String!]!"
_SIZES: Final = ("first", "pagesize", "size", "limit")
_PAGES: Final = ("page", "pagenum", "pageno", "pageindex")

#: What a service is asked for: names, types and descriptions, nothing of rows.
QUERY: Final = """
query HubInit {
  __schema {
    queryType { name }
    types {
      kind name description
      fields(includeDeprecated: false) {
        name description
        args { name description type { ...Of } defaultValue }
        type { ...Of }
      }
      inputFields { name type { ...Of } }
      enumValues(includeDeprecated: true) { name description }
    }
  }
}
fragment Of on __Type {
  kind name ofType { kind name ofType { kind name ofType { kind name } } }
}
"""


class Root(msgspec.Struct, frozen=True):
    """A root field that answers with rows.

    Attributes:
        seen: Its rows, named by the field; ``own`` is as ``connectors.foreign`` reads it.
    """

    seen: Seen


class Service(msgspec.Struct, frozen=True):
    """What an introspection tells.

    Attributes:
        roots: The root fields that answer with rows.
        contract: Whether it is a subgraph of the contract: it needs no mapping.
    """

    roots: tuple[Root, ...]
    contract: bool = False


def of_introspection(text: bytes) -> Service:
    """Read the result of an introspection.

    Raises:
        Refused: It is none, or no root field answers with rows.
    """
    try:
        told = object_of(msgspec.json.decode(text))
    except (ValueError, RecursionError):
        raise Refused(NOT_READABLE) from None
    data = object_of(told.get("data", told))
    reading = _Reading(object_of(data.get("__schema")))
    roots = tuple(islice(reading.roots(), _ROOTS))
    if not roots and not reading.contract:
        raise Refused(NOT_READABLE)
    return Service(roots, reading.contract)


class _Reading:
    """One reading of an introspection; it ends, whatever refers to what."""

    def __init__(self, schema: Object) -> None:
        self._types = {
            one["name"]: one
            for one in list_of(schema.get("types"))
            if isinstance(one, dict) and isinstance(one.get("name"), str)
        }
        query = object_of(schema.get("queryType")).get("name")
        self._query = object_of(
            self._types.get(query if isinstance(query, str) else "")
        )
        self._left = _STEPS
        names = {one["name"] for one in self._fields(self._query)}
        self.contract = "_entities" in names and "Worker" in self._types

    def roots(self) -> Iterator[Root]:
        """Name the root fields that answer with rows."""
        for field in self._fields(self._query):
            path, row = self._rows(field)
            columns = tuple(islice(self._columns(row, "", 0), _COLUMNS))
            if not columns or field["name"].startswith("_"):
                continue
            words = words_of(field) or words_of(row)
            arguments = _named(field.get("args"))
            keys = next(self._keys(arguments, 0), _NO_KEYS)
            own = (("keys", keys), *((("rows_at", path),) if path else ()))
            paging = self._paging(field, path, arguments)
            page = "pageInfo" in _names(self._fields(self._type(field.get("type"))[0]))
            doubt = "pageInfo" if page and not paging else ""
            yield Root(Seen(field["name"], columns, words, own, paging, doubt))

    def _keys(self, arguments: list[Object], depth: int) -> Iterator[str]:
        """Find the argument that takes keys of workers, also inside input objects."""
        for one in sorted(arguments, key=lambda one: not is_key(one["name"])):
            of, _ = self._type(one.get("type"))
            below = _named(of.get("inputFields"))
            known = depth > 0 and one["name"].lower() in _AMONG
            if of.get("kind") in _LEAVES and (is_key(one["name"]) or known):
                yield f"{one['name']}: {_written(one.get('type'))}"
            elif below and depth < _DEPTH and (depth == 0 or is_key(one["name"])):
                yield from (
                    f"{one['name']}.{inner}" for inner in self._keys(below, depth + 1)
                )

    def _paging(
        self, field: Object, path: str, arguments: list[Object]
    ) -> tuple[tuple[str, str], ...]:
        """Tell how a field goes on by Relay's cursors or by numbers of pages."""
        types = {
            one["name"].lower(): f"{one['name']}: {_written(one.get('type'))}"
            for one in arguments
        }
        of, _ = self._type(field.get("type"))
        inside = {one["name"] for one in self._fields(of)}
        told: tuple[tuple[str, str], ...] = ()
        size = next((types[one] for one in _SIZES if one in types), "")
        if "after" in types and "pageInfo" in inside and path:
            told = ("style", "cursor"), ("parameter", types["after"])
            told += ("at", "pageInfo.endCursor"), ("more_at", "pageInfo.hasNextPage")
        elif page := next((types[one] for one in _PAGES if one in types), ""):
            told = ("style", "page"), ("parameter", page)
        return (*told, ("size_parameter", size)) if told and size else told

    def _rows(self, field: Object) -> tuple[str, Object]:
        """Find the rows below a root field: the path to them, and what one is."""
        path = ""
        told, listed = self._type(field.get("type"))
        for _ in range(_DEPTH):
            inner = [(one, *self._type(one.get("type"))) for one in self._fields(told)]
            known = sum(
                is_known(Column(one["name"], words_of(one))) for one, *_ in inner
            )
            steps = sorted(
                (
                    (not many, _place(one["name"]), place)
                    for place, (one, of, many) in enumerate(inner)
                    if of.get("kind") == "OBJECT" and (many or _place(one["name"]) < 99)  # noqa: PLR2004
                ),
            )
            if known >= _ROW_KNOWS or not steps or (listed and not _is_edge(told)):
                break
            step, told, listed = inner[steps[0][2]]
            path = f"{path}.{step['name']}" if path else step["name"]
        return path, told

    def _columns(self, told: Object, path: str, depth: int) -> Iterator[Column]:
        """Name the columns of a row; a list inside it is one."""
        for field in self._fields(told):
            self._left -= 1
            if depth > _DEPTH or self._left < 0:
                return
            of, listed = self._type(field.get("type"))
            needs = any(
                object_of(object_of(one).get("type")).get("kind") == "NON_NULL"
                and object_of(one).get("defaultValue") is None
                for one in list_of(field.get("args"))
            )
            if needs:
                continue
            if of.get("kind") in _LEAVES:
                codes = tuple(
                    (str(one.get("name")), words_of(one))
                    for one in map(object_of, list_of(of.get("enumValues")))
                )
                yield Column(path + field["name"], words_of(field), codes)
            elif of.get("kind") == "OBJECT" and not listed:
                yield from self._columns(of, f"{path}{field['name']}.", depth + 1)

    def _fields(self, told: Object) -> list[Object]:
        return _named(told.get("fields"))

    def _type(self, told: Any) -> tuple[Object, bool]:
        """Unwrap a type: what it is of, and whether it is a list of them."""
        listed = False
        for _ in range(_DEPTH + 1):
            one = object_of(told)
            if one.get("kind") not in {"NON_NULL", "LIST"}:
                break
            listed |= one.get("kind") == "LIST"
            told = one.get("ofType")
        name = object_of(told).get("name")
        return object_of(self._types.get(name if isinstance(name, str) else "")), listed


def _named(told: Any) -> list[Object]:
    return [
        one
        for one in list_of(told)
        if isinstance(one, dict) and isinstance(one.get("name"), str)
    ]


def _names(fields: list[Object]) -> set[str]:
    return {one["name"] for one in fields}


def _written(told: Any, depth: int = 0) -> str:
    """Write a type in GraphQL's words."""
    one = object_of(told)
    if depth > _DEPTH:
        return "String"
    if one.get("kind") == "NON_NULL":
        return f"{_written(one.get('ofType'), depth + 1)}!"
    if one.get("kind") == "LIST":
        return f"[{_written(one.get('ofType'), depth + 1)}]"
    return str(one.get("name"))


def _place(name: str) -> int:
    lowered = name.lower()
    if lowered == "node":
        return 0
    return _WRAPPED.index(lowered) if lowered in _WRAPPED else 99


def _is_edge(told: Object) -> bool:
    """Tell whether it is a list of edges: the row is their node."""
    return any(
        object_of(one).get("name") == "node" for one in list_of(told.get("fields"))
    )
