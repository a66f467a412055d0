"""Decider (pure): the bytes that a province sent become rows, or a fault."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

import msgspec

from connectors.faults import ProvinceFault
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connectors.transport import Reply

    Row = Mapping[str, object]

_DECODER = msgspec.json.Decoder()
#: A path that is asked by a method which the province does not have.
_NOT_SERVED = frozenset({HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_IMPLEMENTED})

#: What comes with these is begun, or a part: never all that was asked for.
_NOT_YET_WHOLE = frozenset({HTTPStatus.ACCEPTED, HTTPStatus.PARTIAL_CONTENT})


def document(reply: Reply, *, even_of_4xx: bool = False) -> object:
    """Read an answer.

    Args:
        reply: What came back.
        even_of_4xx: A body that comes with a 4xx may be what was asked for.

    Raises:
        ProvinceFault: It tells of a failure, or is no JSON.
    """
    least = HTTPStatus.BAD_REQUEST
    if even_of_4xx:
        least = HTTPStatus.INTERNAL_SERVER_ERROR
    if reply.status >= least:
        raise failure(reply)
    if reply.status in _NOT_YET_WHOLE and not even_of_4xx:
        raise ProvinceFault(
            FaultCode.MALFORMED, f"HTTP {reply.status} is not the whole"
        )
    try:
        return _DECODER.decode(reply.body)
    except (ValueError, RecursionError) as error:
        # Never what stands there.
        raise ProvinceFault(FaultCode.MALFORMED, type(error).__name__) from None


def failure(reply: Reply) -> ProvinceFault:
    """Tell which fault a 4xx or 5xx is."""
    code = FaultCode.MALFORMED
    if reply.status in _NOT_SERVED:
        code = FaultCode.NOT_SUPPORTED
    elif reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        code = FaultCode.PROVINCE_ERROR
    return ProvinceFault(code, f"HTTP {reply.status}", reply.retry_after)


def at(told: object, path: str) -> object:
    """Tell what stands at a path of names with dots; ``None`` if nothing does."""
    if path:
        for name in path.split("."):
            if not isinstance(told, dict):
                return None
            told = told.get(name)
    return told


def rows_at(told: object, path: str) -> list[Row]:
    """Find the rows in an answer: a list of objects, or one object by itself.

    Raises:
        ProvinceFault: There is something else. What is not there at all is no list
            without rows: the mapping or the province is wrong.
    """
    found = at(told, path)
    if isinstance(found, dict):
        return [found]
    if isinstance(found, list) and all(isinstance(one, dict) for one in found):
        return found
    raise ProvinceFault(FaultCode.MALFORMED, "no rows at their place")
