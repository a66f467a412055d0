"""Decider: how a stub province answers a question of the hub.

A document is parsed once and becomes a list of pieces of JSON; to answer is then
to write the number of each worker between the pieces. So an answer costs some
microseconds, and what is measured is the hub.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
from graphql import InlineFragmentNode, parse

from tests.bench.people import DIGITS
from tests.bench.telling import MARK, worker

_SDL = Path(__file__).parents[2] / "schema" / "province.graphql"

#: What is not selected of an answer to the probe does no harm there.
_KINDS = (
    "WORKER",
    "MEMBERSHIP",
    "RIGHTS_CASE",
    "SKILL",
    "TRAINING",
    "EMPLOYMENT",
    "HARDSHIP_FILE",
)


class Representation(msgspec.Struct):
    """Whom the hub asks for."""

    localId: str  # noqa: N815  # as the contract writes it


class Question(msgspec.Struct):
    """What the hub sends."""

    query: str
    variables: dict[str, list[Representation]] = {}


class Ask(msgspec.Struct, frozen=True):
    """One alias of a document.

    Attributes:
        alias: Under which its answer stands.
        variable: Which holds the workers.
        pieces: JSON of one worker, cut where the number of the worker stands.
    """

    alias: str
    variable: str
    pieces: tuple[bytes, ...]


_question = msgspec.json.Decoder(Question).decode


class Answering:
    """Answers for one province."""

    def __init__(self, province: str) -> None:
        self._province = province
        self._whole = worker(province)
        self._asks = lru_cache(maxsize=512)(self._read)
        self._probe = _probe(province)

    def answer(self, body: bytes) -> bytes:
        """Answer the body of a request with the body of a response."""
        question = _question(body)
        if not question.variables:
            return self._probe
        told = (self._told(ask, question) for ask in self._asks(question.query))
        return b'{"data":{' + b",".join(told) + b"}}"

    def _told(self, ask: Ask, question: Question) -> bytes:
        workers = (
            self._worker(ask.pieces, one.localId)
            for one in question.variables[ask.variable]
        )
        return b'"%s":[%s]' % (ask.alias.encode(), b",".join(workers))

    def _worker(self, pieces: tuple[bytes, ...], local_id: str) -> bytes:
        province, _, digits = local_id.partition("-")
        if province != self._province or len(digits) != DIGITS:
            return b"null"
        return digits.encode().join(pieces)

    def _read(self, query: str) -> tuple[Ask, ...]:
        operation: Any
        (operation,) = parse(query, no_location=True).definitions
        asks = []
        for field in operation.selection_set.selections:
            assert field.name.value == "_entities", field.name.value
            (fragment,) = field.selection_set.selections
            assert isinstance(fragment, InlineFragmentNode)
            shown = _select(self._whole, fragment)
            text = json.dumps(shown, ensure_ascii=False, separators=(",", ":"))
            pieces = tuple(text.encode().split(MARK.encode()))
            variable = field.arguments[0].value.name.value
            asks.append(Ask(field.alias.value, variable, pieces))
        return tuple(asks)


def _select(value: Any, node: Any) -> Any:
    """Show of a value what a selection asks for."""
    if node.selection_set is None or value is None:
        return value
    if isinstance(value, list):
        return [_select(one, node) for one in value]
    return {
        field.name.value: _select(value[field.name.value], field)
        for field in node.selection_set.selections
    }


def _probe(province: str) -> bytes:
    contract = {
        "version": "1.0",
        "province": province,
        "kinds": _KINDS,
        "asOf": "2026-10-31T08:00:00+08:00",
    }
    service = {"sdl": _SDL.read_text("utf-8")}
    return msgspec.json.encode({"data": {"contract": contract, "_service": service}})
