"""Adapter: what each part of a look-up costs alone, in a process of its own.

``python -m tests.bench.parts HUB_TOML TOKENS WORKERS ROUNDS`` writes one line of JSON
for each part. Everything is the real thing: settings, keys, policy, tables, trail.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any, Final

import msgspec
import orjson
import uvloop
from graphql import execute

from connectors.graphql.decode import answer
from connectors.graphql.document import body
from hub.access.masking import mask
from hub.access.policy import CedarPolicy
from hub.access.tokens import Verifier
from hub.audit.trail import GroupTrail
from hub.clock import SystemClock, today_in_china
from hub.config.load import load
from hub.identity.resident_id import parse
from hub.identity.worker_key import Pseudonyms
from hub.reading.merge import merge
from hub.reading.ports import ByKeys
from hub.reading.survivorship import Survivorship
from hub.store.audit import AuditBook
from hub.store.links import LinkStore
from hub.store.pool import open_pool
from hub.web.documents import Documents
from hub.web.payload import from_body
from schema.graph.build import build_schema
from schema.records.keys import ProvinceCode, WorkerId
from schema.records.purpose import PurposeOfUse
from schema.records.told import Gathered
from schema.records.verdict import Permit, Relation
from tests.bench.calls import calls
from tests.bench.people import PROVINCES, resident_id, visit
from tests.bench.questions import FILE
from tests.bench.samples import DISCLOSURE, NUMBER, WHOLE, conversation, told_by
from tests.bench.timing import Part, Timing

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator, Sequence

    from hub.access.caller import Caller
    from hub.config.settings import Settings

_RULES: Final = Path(__file__).parents[2] / "hub" / "rules" / "survivorship.toml"
_CROWD: Final = 64


def deciders(timing: Timing) -> Iterator[Part]:
    """Time what only computes."""
    question, reply = conversation("44")
    now = SystemClock().now()
    code = ProvinceCode("44")
    yield timing.plain(
        "province call: write the question", "question", lambda: body(question)
    )
    yield timing.plain(
        "province call: read the answer (10 rows, all fields)",
        "answer",
        lambda: answer(code, question, reply, now),
    )
    told = tuple(map(told_by, PROVINCES))
    gathered = Gathered(told, (), tuple(one.source.province for one in told))
    rules = Survivorship.load(_RULES.read_bytes())
    worker = WorkerId("00000000-0000-4000-8000-000000000001")
    judgement = {one: Permit("bench") for one in WHOLE.classes}

    def join() -> object:
        joined = merge(worker, gathered, WHOLE, rules)
        return mask(joined, WHOLE, judgement)

    yield timing.plain("merge and mask 4 provinces (40 rows)", "worker", join, 50)


def _drive(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine that waits for nothing, without a loop."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value
    raise RuntimeError("it waits")


def graph(timing: Timing, settings: Settings) -> list[Part]:
    """Time the GraphQL of one file from two provinces, without any asking."""
    told = tuple(told_by(code) for code in PROVINCES[:2])
    gathered = Gathered(told, (), tuple(one.source.province for one in told))
    rules = Survivorship.load(_RULES.read_bytes())
    joined = merge(WorkerId("bench"), gathered, WHOLE, rules)
    schema = build_schema()._schema
    documents = Documents(schema, settings.limits)
    request = FILE.body([NUMBER])
    asked = from_body(request, settings.limits)
    prepared = documents.prepare(asked.query, asked.variables, closed=True)

    class Loaders:
        async def worker(self, *_: object) -> object:
            return joined

    class Context:
        language = "zh"
        loaders = Loaders()

        def say(self, words: Any) -> str:
            return str(words.zh)

    async def run() -> Any:
        result = execute(
            schema,
            prepared.document,
            context_value=Context(),
            variable_values=asked.variables,
        )
        return await result  # type: ignore[misc]

    def whole() -> Any:
        return _drive(run()).data

    data = whole()
    assert data["worker"]["__typename"] == "Worker", data

    def again() -> object:
        return documents.prepare(asked.query, asked.variables, closed=True)

    def read() -> object:
        return from_body(request, settings.limits)

    def first_time() -> object:
        fresh = Documents(schema, settings.limits)
        return fresh.prepare(asked.query, asked.variables, closed=True)

    return [
        timing.plain("read the body", "request", read),
        timing.plain("document: parse, weigh, validate", "new document", first_time, 5),
        timing.plain("document: remembered", "request", again),
        timing.plain("execute a file of 2 provinces", "request", whole, 20),
        timing.plain("serialise it", "request", lambda: orjson.dumps(data)),
    ]


async def access(
    timing: Timing, settings: Settings, tokens: Sequence[str]
) -> list[Part]:
    """Time who asks, and what they may see."""
    clock = SystemClock()
    parts = []
    async with Verifier(settings.issuers, clock) as verifier:
        unseen = tokens[1:]
        start = process_time()
        for token in unseen:
            await verifier.verify(token)
        cold = (process_time() - start) / len(unseen)
        parts.append(Part("token: first seen (ES256)", cold * 1e6, "token"))
        hot = await timing.waiting(
            "token: seen before", "request", lambda: verifier.verify(tokens[0]), 500
        )
        parts.append(hot)
        caller: Caller = await verifier.verify(tokens[0])
    policy = CedarPolicy(settings.policy.directory)
    classes = WHOLE.classes
    purpose = PurposeOfUse.MEMBERSHIP_SERVICE

    def judge() -> object:
        policy.may_begin(caller, purpose)
        return policy.judge(caller, Relation.LINKED, purpose, classes)

    parts.append(timing.plain("policy: judged before", "look-up", judge, 500))
    pseudonyms = Pseudonyms(settings.worker_keys, os.environ)
    today = today_in_china(clock)
    number = resident_id(NUMBER)
    parts.append(
        timing.plain(
            "resident ID number: check, pseudonym",
            "number",
            lambda: pseudonyms.live(parse(number, today)),
        )
    )
    return parts


async def store(timing: Timing, settings: Settings, workers: int) -> list[Part]:
    """Time what PostgreSQL does: finding links, and the audit trail's commit."""
    clock = SystemClock()
    pseudonyms = Pseudonyms(settings.worker_keys, os.environ)
    today = today_in_china(clock)
    turn = iter(range(1, 1 << 62))

    def wanted() -> ByKeys:
        number = parse(resident_id(visit(next(turn), workers)), today)
        return ByKeys(tuple(key for _, key in pseudonyms.live(number)))

    async with AsyncExitStack() as stack:
        pool = await open_pool(settings.database, os.environ)
        stack.push_async_callback(pool.close)
        links = LinkStore(pool, clock)
        trail = GroupTrail(AuditBook(pool), clock)
        stack.push_async_callback(trail.close)

        async def locate(count: int) -> None:
            found = await links.locate([wanted() for _ in range(count)])
            assert all(found), "a worker was not found"

        async def record(count: int) -> None:
            async with asyncio.TaskGroup() as group:
                for _ in range(count):
                    group.create_task(trail.record([DISCLOSURE]))

        parts = [
            await timing.waiting(
                "locate 1 worker", "statement", lambda: locate(1), 100
            ),
            await timing.waiting(
                f"locate {_CROWD} workers", "worker", lambda: locate(_CROWD), 10, _CROWD
            ),
            await timing.waiting(
                "audit: 1 entry on disk", "commit", lambda: record(1), 20
            ),
        ]
        before = trail.commits, trail.entries
        many = await timing.waiting(
            f"audit: {_CROWD} at the same moment",
            "entry",
            lambda: record(_CROWD),
            5,
            _CROWD,
        )
        commits, entries = trail.commits - before[0], trail.entries - before[1]
        assert commits * 8 < entries, f"{commits} commits for {entries} entries"
        return [*parts, many]


async def _run(config: Path, tokens: list[str], workers: int, rounds: int) -> None:
    settings = load(config, os.environ)
    timing = Timing(rounds)
    # As in the hub (``hub.web.serve``).
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    for part in [
        *deciders(timing),
        *await calls(timing),
        *graph(timing, settings),
        *await access(timing, settings, tokens),
        *await store(timing, settings, workers),
    ]:
        sys.stdout.write(msgspec.json.encode(part).decode() + "\n")


def main() -> None:
    """Time all parts."""
    config, tokens, workers, rounds = sys.argv[1:]
    read = msgspec.json.decode(Path(tokens).read_bytes(), type=list[str])
    uvloop.run(_run(Path(config), read, int(workers), int(rounds)))


if __name__ == "__main__":
    main()
