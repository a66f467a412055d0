"""What an answer leaves behind is gone at once: nothing waits for the collector."""

from __future__ import annotations

import dataclasses
import gc
import json
from datetime import timedelta
from types import SimpleNamespace

from hub.access.caller import Caller
from hub.web.operation import Asker
from hub.web.operations import Operations
from hub.web.payload import from_body
from schema.graph.build import build_schema
from tests.web.serving import parts

BAD = json.dumps(
    {
        "query": "query($r: [_Any!]!) { _entities(representations: $r) { __typename } }",
        "variables": {"r": [1] * 500},
    }
).encode()


async def test_errors_by_the_hundred_leave_no_cycles():
    made = dataclasses.replace(
        parts(limits={"execution": timedelta(seconds=10)}),
        schema=build_schema()._schema,
        context_for=lambda *_, **__: SimpleNamespace(purpose=None, loaders=None),
    )
    operations = Operations(made)
    caller = Caller("officer", "issuer", "4401", "44", frozenset(), 2e9)
    asker = Asker(caller, "request-1", "en", None)

    async def ask() -> int:
        operation = await operations.take_in(from_body(BAD, made.limits), caller)
        answer = await operations.answer(operation, asker)
        return len(answer.body["errors"])

    await ask()
    gc.collect()
    gc.disable()
    try:
        assert await ask() == 500
        # Once it was some 18 objects for each error, with a traceback each.
        assert gc.collect() < 250
    finally:
        gc.enable()
