"""Attacks by the connection: slow, idle, many, and callers that ask too much."""

from __future__ import annotations

import asyncio
import json
from time import perf_counter

from deploy.demo.issuer import Role
from hub.identity.resident_id import check_character
from tests.attacks.attack import Attack
from tests.attacks.documents import FILE, WELL, WHY
from tests.attacks.wire import Answer, asking, head, send

SLOW = frozenset({(408, "REQUEST_TIMED_OUT"), (0, "")})
_MANY = 200


def _at_once(count: int, *parts: bytes, pause: float = 0.0, patience: float = 8.0):
    """Make the run that does one thing on many sockets at once."""

    async def run(target):
        token = target.tokens[Role.INFLOW].encode()
        said = [part.replace(b"%", token) for part in parts]
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(
                    send(target.port, *said, pause=pause, patience=patience)
                )
                for _ in range(count)
            ]
        return [task.result() for task in tasks]

    return run


def guesses(count: int, start: int = 0) -> list[str]:
    """Make numbers that could be somebody's, of one place and one day."""
    found = []
    for number in range(start, start + count):
        first = f"11010119900307{number % 1000:03d}"
        found.append(first + check_character(first))
    return found


def look_up(token: str, numbers: list[str]) -> bytes:
    query = (
        f"query($b:[WorkerBy!]!){{workers(by:$b,{WHY}){{__typename ... on Workers{{"
        "items{__typename ... on Refusal{code}}} ... on Refusal{code}}}"
    )
    by = [{"residentId": one} for one in numbers]
    return asking(token, query, variables={"b": by})


async def _enumerate(target):
    """Guess 100 numbers at a time, ten requests at once; then one that is known."""
    token = target.tokens[Role.OUTFLOW]
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(
                send(target.port, look_up(token, guesses(100, 100 * turn)))
            )
            for turn in range(10)
        ]
    answers = [task.result() for task in tasks]
    known = await send(target.port, look_up(token, target.known[:1]))
    unknown = await send(target.port, look_up(token, guesses(1)))
    return [*answers, known, unknown]


async def _flood(target):
    """Ask 1,500 times as fast as can be, 50 at once."""
    token = target.tokens[Role.INSPECTOR]
    asked = asking(token, "{__typename}")
    answers: list[Answer] = []

    async def ask():
        answers.extend([await send(target.port, asked) for _ in range(30)])

    async with asyncio.TaskGroup() as group:
        for _ in range(50):
            group.create_task(ask())
    return answers


async def _heaviest(target):
    """The heaviest question that is allowed: a hundred people, all there is of them."""
    token = target.tokens[Role.INFLOW]
    query = (
        f"query($b:[WorkerBy!]!){{workers(by:$b,purpose:RIGHTS_PROTECTION){{__typename"
        f" ... on Workers{{items{{__typename ... on Worker{{{FILE}}}}}}}}}}}"
    )
    by = [{"residentId": one} for one in target.known[:100]]
    body = asking(token, query, variables={"b": by})
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(send(target.port, body)) for _ in range(4)]
    return [task.result() for task in tasks]


async def _abandon(target):
    """Ask for much and hang up at once, a hundred times."""
    token = target.tokens[Role.INFLOW]
    body = look_up(token, target.known[:100])
    began = perf_counter()
    for _ in range(100):
        _, writer = await asyncio.open_connection("127.0.0.1", target.port)
        writer.write(body)
        await writer.drain()
        writer.close()
    return [Answer(0, b"", b"", perf_counter() - began)]


async def _pipeline(target):
    """Send 500 requests on one connection without reading."""
    token = target.tokens[Role.INFLOW]
    body = json.dumps({"query": "{__typename}"}).encode()
    one = head(
        token, content_type="application/json", content_length=str(len(body)),
        connection="keep-alive",
    ) + body  # fmt: skip
    answer = await send(target.port, one * 500, patience=8.0)
    return [answer._replace(body=b"{}")]


_HEAD = b"POST /graphql HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer %\r\n"
_BODY = b"Content-Type: application/json\r\nContent-Length: 500\r\n\r\n"
_LIMITED = frozenset({(429, "RATE_LIMITED"), (200, "")})

ATTACKS = [
    Attack("slow heads, 200 sockets", _at_once(
        _MANY, b"GET /livez HTTP/1.1\r\n", *[b"a: b\r\n"] * 12, pause=0.3), SLOW, slow=True),
    Attack("slow bodies, 60 sockets", _at_once(
        60, _HEAD + _BODY, *[b" "] * 12, pause=0.3), SLOW, slow=True),
    Attack("silent connections, 400", _at_once(400), SLOW, slow=True),
    Attack("idle after an answer, 200", _at_once(
        _MANY, b"GET /livez HTTP/1.1\r\nHost: h\r\n\r\n"), WELL, slow=True),
    Attack("1,000 connections", _at_once(
        1000, b"GET /livez HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"), WELL,
        slow=True, crowd=True),
    Attack("500 requests in a pipeline", _pipeline, WELL, slow=True),
    Attack("callers that hang up", _abandon, frozenset({(0, "")}), slow=True),
    Attack("1,500 requests as fast as can be", _flood, _LIMITED, slow=True,
        crowd=True),
    Attack("the heaviest question that is allowed", _heaviest, WELL, slow=True),
    Attack("enumeration by number", _enumerate, frozenset(
        {(200, ""), (200, "ENUMERATION_SUSPECTED")}), slow=True),
]  # fmt: skip
