"""Who hangs up stops their question; what is to be done is done to its end."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import pytest

from hub.web.context import RequestContext
from hub.web.graphql import GraphQLEndpoint
from hub.web.operations import Operations
from hub.web.respond import OUTCOME, REQUEST
from tests.builders.tellings import WORKER, worker
from tests.fakes.hub import Hub, caller, graph
from tests.web.serving import parts


class Line:
    """A caller's connection: one question, and then it hangs up when told to."""

    def __init__(self, document):
        body = json.dumps({"query": document}).encode()
        self._said = [{"type": "http.request", "body": body, "more_body": False}]
        self.hung_up = asyncio.Event()
        self.sent = []
        self.scope = {
            "type": "http", "method": "POST", "query_string": b"", REQUEST: "r",
            "headers": [
                (b"authorization", b"Bearer good"),
                (b"content-type", b"application/json"),
            ],
        }  # fmt: skip

    async def receive(self):
        if self._said:
            return self._said.pop()
        await self.hung_up.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        self.sent.append(message)

    @property
    def answer(self):
        return json.loads(self.sent[1]["body"])


class Serving:
    """The endpoint over a graph, in this loop."""

    def __init__(self, **more):
        self.parts = replace(parts(**more.pop("settings", {})), **more)
        self.endpoint = GraphQLEndpoint(self.parts, Operations(self.parts))

    def ask(self, document):
        line = Line(document)
        asked = asyncio.create_task(
            self.endpoint(line.scope, line.receive, line.send), name="request"
        )
        return line, asked

    @property
    def under_way(self):
        return self.parts.figures.in_flight._value.get()


async def soon(true):
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110  # it watches what it must not change
            await asyncio.sleep(0.005)


@pytest.fixture
def hub():
    """Two provinces that answer when they are let, and note who gives up."""
    made = Hub(patience=20)
    made.begun, made.given_up, made.let = [], [], asyncio.Event()
    for code in ("44", "51"):
        made.province(code, W1=worker(name="王芳"))
        _hold(made, made.provinces[code])
    made.link("44", "51")
    return made


def _hold(hub, connector):
    ask = connector.ask

    async def held(question, deadline):
        hub.begun.append(connector.province)
        try:
            await hub.let.wait()
        except asyncio.CancelledError:
            hub.given_up.append(connector.province)
            raise
        return await ask(question, deadline)

    connector.ask = held


#: What the real hub takes: one request at once, and time enough.
ROOM = {"server": {"requests": 1}, "limits": {"execution": "30s"}}
FILE = """{ worker(by: {id: "%s"}, purpose: RIGHTS_PROTECTION) {
  ... on Worker { id name memberships { id } } } }"""  # fmt: skip


def whole(hub):
    def context(_caller, request, language, purpose):
        return RequestContext(
            hub.parts, caller(), request,
            language=language, purpose=purpose, most_workers=100,
        )  # fmt: skip

    return Serving(settings=ROOM, schema=graph(), context_for=context)


async def test_who_hangs_up_stops_the_question_and_nothing_was_shown(hub):
    serving = whole(hub)

    line, asked = serving.ask(FILE % WORKER)
    await soon(lambda: len(hub.begun) == 2)
    busy, _ = serving.ask(FILE % WORKER)
    await soon(lambda: busy.sent)
    line.hung_up.set()
    async with asyncio.timeout(5):
        await asked  # it ends in good order, for the server

    assert busy.answer["errors"][0]["extensions"]["code"] == "BUSY"
    assert line.scope[OUTCOME] == "DISCONNECTED"
    assert line.sent == []
    await soon(lambda: sorted(hub.given_up) == ["44", "51"])
    assert serving.under_way == 0
    assert hub.trail.written == []
    # Its place is free for the next, whose question is answered and written down.
    hub.let.set()
    line, asked = serving.ask(FILE % WORKER)
    await asked
    assert line.answer["data"]["worker"]["name"] == "王芳"
    assert len(hub.trail.written) == 1


async def test_who_stays_is_answered_however_long_it_takes(hub):
    serving = whole(hub)

    line, asked = serving.ask(FILE % WORKER)
    await soon(lambda: len(hub.begun) == 2)
    await asyncio.sleep(0.1)  # the line is watched by now
    hub.let.set()
    await asked
    line.hung_up.set()
    await asyncio.sleep(0.05)

    assert line.answer["data"]["worker"]["name"] == "王芳"
    assert hub.given_up == []
    assert not [one for one in asyncio.all_tasks() if one.get_name() == "hang-up"]


async def test_an_act_is_done_to_its_end_though_nobody_stays():
    serving = Serving(settings=ROOM)
    begun, let, ended = asyncio.Event(), asyncio.Event(), []

    async def touch(*_):
        begun.set()
        try:
            await let.wait()
        except asyncio.CancelledError:
            ended.append("cut")
            raise
        ended.append("done")
        return 1

    serving.parts.schema.mutation_type.fields["touch"].resolve = touch
    line, asked = serving.ask("mutation { touch }")
    await begun.wait()
    line.hung_up.set()
    await asyncio.sleep(0.1)
    let.set()
    await asked

    assert ended == ["done"]
    assert line.answer == {"data": {"touch": 1}}


async def test_who_is_stopped_from_elsewhere_is_not_taken_for_one_who_hung_up(hub):
    serving = whole(hub)

    line, asked = serving.ask(FILE % WORKER)
    await soon(lambda: len(hub.begun) == 2)
    await asyncio.sleep(0.05)
    asked.cancel()
    await asyncio.wait([asked])

    assert asked.cancelled()
    assert OUTCOME not in line.scope
