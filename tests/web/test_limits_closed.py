"""What a closed graph keeps to itself, and what is told before there is a request."""

from __future__ import annotations

import asyncio
import json

import pytest

from tests.web.serving import NUMBER
from tests.web.test_sockets import tell

CLOSED = {"introspection": False}
PRIVATE = ("WorkerBy", "residentId", "workerId", "friends", "Colour", "GREEN", "hello")


@pytest.mark.parametrize(
    "query",
    [
        "{helo}",
        "{worker(purpose:RIGHTS_PROTECTION){id}}",
        '{worker(by:{residentID:"1"},purpose:RIGHTS_PROTECTION){id}}',
        "{worker(by:{},purpose:RIGHTS_PROTECTION){friend{id}}}",
        "{worker(by:1,purpose:RIGHTS_PROTECTION){id}}",
        "{paint(colour:REDD)}",
        "{paint(colour:1)}",
        "{worker}",
        "query($a:WorkerB){who}",
        "query($a:Int!){worker(by:$a,purpose:RIGHTS_PROTECTION){id}}",
        "{who @inclde(if:true)}",
    ],
)
async def test_a_closed_graph_names_nothing_that_was_not_written(ask_with, query):
    async with ask_with(server=CLOSED) as ask:
        answer = await ask(query, headers={"Accept-Language": "zh"})
        wrong = await ask(
            "query($b:X){who}", also={"variables": {"b": {"residentID": "1"}}}
        )

    assert answer.json["errors"]
    for told in (answer, wrong):
        text = told.body.decode()
        assert [name for name in PRIVATE if name in text and name not in query] == []


async def test_a_closed_graph_does_not_tell_how_large_it_is(ask_with):
    query = "{__schema{%s}}" % " ".join(f"a{i}:types{{name}}" for i in range(99))  # noqa: UP031
    async with ask_with(server=CLOSED, limits={"cost": 10}) as ask:
        answer = await ask(query)

    assert answer.code == "INTROSPECTION_OFF"


async def test_an_open_graph_names_what_helps(ask):
    answer = await ask("{worker(purpose:RIGHTS_PROTECTION){id}}")

    assert "by: WorkerBy!" in answer.error["extensions"]["remedy"]["en"]


async def test_variables_of_a_closed_graph_are_named_as_little(ask_with):
    query = "query($c:[WorkerBy!]!){workers(by:$c,purpose:RIGHTS_PROTECTION){id}}"
    async with ask_with(server=CLOSED) as ask:
        answer = await ask(query, also={"variables": {"c": [{"residentID": "1"}, 1]}})

    text = answer.body.decode()
    assert answer.code == "BAD_USER_INPUT"
    assert "residentId" not in text
    assert "workerId" not in text


@pytest.mark.parametrize(
    "query",
    [
        f"{{_{NUMBER}:hello}}",
        f"query Q{NUMBER}{{hello}}",
        f"query($n{NUMBER}:Int){{who}}",
    ],
)
async def test_a_number_in_a_name_is_refused_as_an_answer_would_repeat_it(ask, query):
    answer = await ask(query)

    assert (answer.status, answer.code) == (400, "BAD_REQUEST")
    assert NUMBER not in answer.body.decode()


async def test_a_number_in_a_literal_is_a_value_and_passes(ask):
    answer = await ask(
        f'{{worker(by:{{residentId:"{NUMBER}"}},purpose:MEMBERSHIP_SERVICE){{name}}}}'
    )

    assert answer.json == {"data": {"worker": {"name": "name"}}}


async def test_what_is_no_http_is_told_in_json_with_an_id(ask):
    answer = await tell(ask.address, b"nonsense\r\n\r\n")
    head, _, body = answer.partition(b"\r\n\r\n")
    (error,) = json.loads(body)["errors"]

    assert b"application/json" in head
    assert error["extensions"]["code"] == "BAD_REQUEST"
    assert error["extensions"]["zh"]
    assert error["extensions"]["requestId"].encode() in head


async def test_more_connections_than_allowed_are_told_to_come_back(ask_with):
    async with ask_with(server={"connections": 3}) as ask:
        idle = [await asyncio.open_connection(*ask.address) for _ in range(3)]
        answer = await tell(ask.address, b"GET /livez HTTP/1.1\r\nHost: h\r\n\r\n")
        for _, writer in idle:
            writer.close()

    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"retry-after: 2" in answer
    assert b'"BUSY"' in answer
