"""Decider (pure): a question becomes the body of one HTTP request.

One alias for each ask, so that everything that one request of ours wants of a
province is one call to it, and in it exactly the fields that are wanted.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from connectors.graphql.names import NAMES, ROWS
from schema.records.kinds import RecordKind

if TYPE_CHECKING:
    from connectors.port import Ask, Question
    from schema.records.selection import Selection

_ENCODER = msgspec.json.Encoder()


def body(question: Question) -> bytes:
    """Write the request body: document and variables, as JSON."""
    head = _head(tuple(ask.selection for ask in question.asks))
    variables = {
        f"k{place}": _representations(ask) for place, ask in enumerate(question.asks)
    }
    return b"".join((head, _ENCODER.encode(variables), b"}"))


@lru_cache(maxsize=512)
def document(selections: tuple[Selection, ...]) -> str:
    """Write the document for selections in this order.

    The same selections always give the same text, so that a province can keep
    what it parsed.
    """
    places = range(len(selections))
    variables = ",".join(f"$k{place}:[_Any!]!" for place in places)
    fields = " ".join(
        f"a{place}:_entities(representations:$k{place})"
        f"{{...on Worker{{{_worker(selection)}}}}}"
        for place, selection in zip(places, selections, strict=True)
    )
    return f"query Hub({variables}){{{fields}}}"


@lru_cache(maxsize=512)
def _head(selections: tuple[Selection, ...]) -> bytes:
    text = _ENCODER.encode(document(selections))
    return b'{"operationName":"Hub","query":' + text + b',"variables":'


def _representations(ask: Ask) -> list[dict[str, str]]:
    return [{"__typename": "Worker", "localId": key} for key in ask.keys]


def _worker(selection: Selection) -> str:
    own: list[str] = ["localId", "asOf"]
    rows: list[str] = []
    for kind, names in selection.parts:
        fields = [NAMES[kind][name].selected for name in sorted(names)]
        if kind is RecordKind.WORKER:
            own += fields
        else:
            rows.append(f"{ROWS[kind]}{{{' '.join(['id', 'asOf', *fields])}}}")
    return " ".join(own + rows)
