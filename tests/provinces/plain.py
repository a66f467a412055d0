"""A province that serves the committed contract: graphql-core under uvicorn.

``PUT /`` sets what it keeps and declares; ``POST /graphql`` is the contract.
"""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import json
import socket
import threading
from pathlib import Path

import uvicorn
from graphql import (
    ObjectTypeDefinitionNode,
    build_ast_schema,
    concat_ast,
    graphql_sync,
    parse,
    print_ast,
)

from tests.provinces.launch import end_with_parent, ready

_SDL = (Path(__file__).parents[2] / "schema" / "province.graphql").read_text("utf-8")
_FEDERATION = """
scalar _Any
union _Entity = Worker
type _Service { sdl: String! }
directive @link(url: String!, import: [String]) repeatable on SCHEMA
directive @key(fields: String!) repeatable on OBJECT
extend type Query {
  _entities(representations: [_Any!]!): [_Entity]!
  _service: _Service!
}
"""


def _cut(node, without):
    """Leave fields out of a type."""
    if not isinstance(node, ObjectTypeDefinitionNode):
        return node
    fields = tuple(
        f for f in node.fields if (node.name.value, f.name.value) not in without
    )
    return dataclasses.replace(node, fields=fields)


@functools.cache
def _serve(without):
    """Make SDL and schema of the contract without some fields."""
    cut = {tuple(name.split(".")) for name in without}
    parsed = parse(_SDL)
    document = dataclasses.replace(
        parsed, definitions=tuple(_cut(node, cut) for node in parsed.definitions)
    )
    whole = concat_ast([document, parse(_FEDERATION)])
    schema = build_ast_schema(whole, assume_valid=True)
    schema.type_map["_Entity"].resolve_type = lambda *_: "Worker"
    return print_ast(document), schema


class Kept:
    """What the province keeps and declares."""

    def __init__(self, told: dict) -> None:
        self.code = told.get("code", "44")
        self.version = told.get("version", "1.0")
        self.kinds = told.get("kinds", [])
        self.workers = told.get("workers", {})
        self.untold = set(told.get("untold", ()))
        self.sdl, self.schema = _serve(frozenset(told.get("without", ())))

    @property
    def root(self) -> dict:
        return {
            "contract": {
                "version": self.version,
                "province": self.code,
                "kinds": self.kinds,
                "asOf": "2026-11-01T00:00:00Z",
            },
            "_service": {"sdl": self.sdl},
            "_entities": self._entities,
        }

    def _entities(self, _info, representations):
        return [self._worker(one["localId"]) for one in representations]

    def _worker(self, key):
        found = self.workers.get(key)
        return found and {**found, **dict.fromkeys(self.untold, self._fail)}

    def _fail(self, _info):
        raise RuntimeError("the table is locked")


KEPT = Kept({})


async def _body(receive):
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return json.loads(b"".join(parts))


async def app(scope, receive, send):
    global KEPT
    told = await _body(receive)
    if scope["method"] == "PUT":
        KEPT, answer = Kept(told), {}
    else:
        result = graphql_sync(
            KEPT.schema, told["query"], KEPT.root, variable_values=told.get("variables")
        )
        answer = result.formatted
        if result.data is None:
            del answer["data"]
    status = 400 if "errors" in answer and "data" not in answer else 200
    content = json.dumps(answer).encode()
    headers = [
        (b"content-type", b"application/graphql-response+json"),
        (b"content-length", str(len(content)).encode()),
    ]
    start = {"type": "http.response.start", "status": status, "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": content})


class _Server(uvicorn.Server):
    async def startup(self, sockets=None):
        await super().startup(sockets)
        port = sockets[0].getsockname()[1]
        ready({"url": f"http://127.0.0.1:{port}/graphql"})


def main() -> None:
    # Named TCP, so that asyncio sends at once what is written (TCP_NODELAY); else each
    # answer waits 40 ms for the acknowledgement of its head.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    settings = uvicorn.Config(app, lifespan="off", log_level="warning")
    server = _Server(settings)

    def watch():
        end_with_parent()
        server.should_exit = True

    threading.Thread(target=watch, daemon=True).start()
    asyncio.run(server.serve([listener]))


if __name__ == "__main__":
    main()
