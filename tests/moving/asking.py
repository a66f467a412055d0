"""The whole hub over a real PostgreSQL, asked by GraphQL; only provinces are in memory."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib.resources import files
from types import SimpleNamespace

from graphql import execute, parse, subscribe, validate

from hub.access.caller import Caller
from hub.audit.before_showing import TrailBeside
from hub.audit.trail import GroupTrail
from hub.credential.batch import TYPE as BATCH_TYPE
from hub.credential.keys import Signer
from hub.credential.opening import open_room
from hub.feeds.broker import Broker
from hub.feeds.following import Feeds
from hub.feeds.upkeep import listen
from hub.following_wiring import following_side
from hub.reading.locator import Locator
from hub.reading.pace import Pace
from hub.reading.reader import Reader
from hub.reading.survivorship import Survivorship
from hub.store.audit import AuditBook
from hub.store.batches import BatchStore
from hub.store.credentials import CredentialStore
from hub.store.duplicates import QuestionStore
from hub.store.feeds import FeedStore
from hub.store.statements import ProvinceStatements
from hub.store.transfer_reading import TransferReading
from hub.transfer.bulk import Bulk
from hub.transfer.coordinator import Coordinator
from hub.transfer.duplicate_deciding import Terms
from hub.transfer.duplicates import Duplicates
from hub.transfer.merging import Merging
from hub.transfer.moving import Moving
from hub.transfer.opening import Openings
from hub.transfer.uploading import Uploads
from hub.web.context import RequestContext
from tests.builders.moving import ground, union
from tests.credential.forging import signed
from tests.credential.holding import ENVIRONMENT, OLD_KEY, settings
from tests.fakes.hub import Notes, graph, policy

OFFICER = ("transfers:write", "worker:read")
SIGNED = {"alg": "EdDSA", "kid": "k51", "typ": BATCH_TYPE}


def officer(office, *scopes, subject="clerk"):
    granted = frozenset(scopes or OFFICER)
    return Caller(subject, "https://issuer.test", office, office[1:3], granted, 1e12)


A51, B51, TOP51 = union("51", "a"), union("51", "b"), union("51", "top")
A44, B44, TOP44 = union("44", "a"), union("44", "b"), union("44", "top")
A37 = union("37", "a")


@dataclass
class Asking:
    """A hub, and a way to ask it."""

    ground: object
    parts: object
    calls: list
    room: object
    coordinator: Coordinator
    bulk: Bulk

    def context(self, who, language="en"):
        return RequestContext(
            self.parts, who, "request-1", language=language, purpose=None, most_workers=100
        )  # fmt: skip

    async def __call__(self, document, who, /, *, language="en", **variables):
        """Ask what must be answered without errors."""
        result = await self.whole(document, who, language=language, **variables)
        assert result.errors is None, result.errors
        (answer,) = result.data.values()
        return answer

    async def whole(self, document, who, /, *, language="en", **variables):
        parsed = parse(document)
        assert validate(graph(), parsed) == []
        context = self.context(who, language)
        result = execute(
            graph(), parsed, context_value=context, variable_values=variables
        )
        return await result if hasattr(result, "__await__") else result

    async def follow(self, document, who, **variables):
        stream = subscribe(
            graph(), parse(document), context_value=self.context(who),
            variable_values=variables,
        )  # fmt: skip
        return await stream if hasattr(stream, "__await__") else stream

    async def deliver(self):
        await self.ground.deliver()

    def batch(self, rows, *, basis="OFFER", old=A51, new=A44, nonce="n-00000001"):
        """Sign a batch as Sichuan's office."""
        payload = {
            "v": 1, "basis": basis, "union": old, "to": new, "rows": rows,
            "on": self.ground.clock.now().date().isoformat(), "nonce": nonce,
        }  # fmt: skip
        return signed(SIGNED, {k: v for k, v in payload.items() if v}, OLD_KEY)


@asynccontextmanager
async def asking(url):
    """Put the hub together, and take it apart."""
    async with AsyncExitStack() as stack:
        made = await stack.enter_async_context(ground(url))
        clock, directory = made.clock, lambda: made.directory
        room = open_room(settings(), ENVIRONMENT, CredentialStore(made.pool), clock)
        locator = Locator(made.links)
        coordinator = Coordinator(
            made.store, directory, locator,
            openings=Openings(
                directory, locator, room.credentials, made.registry, clock
            ),
            registers=made.registry,
            limits=made.limits, clock=clock,
        )  # fmt: skip
        made.delivery._receipts = coordinator
        batches = BatchStore(made.pool)
        signers = {"k51": Signer("51", OLD_KEY)}
        bulk = Bulk(coordinator, batches, signers, directory, clock)
        calls = []
        for connector in made.connectors.values():
            _note(connector, calls)
        rules = files("hub.rules")
        duplicates = Duplicates(
            Merging(coordinator, made.registry, directory, clock),
            QuestionStore(made.pool),
            Terms.load(rules.joinpath("duplicates.toml").read_bytes()),
            links=locator, directory=directory, clock=clock,
        )  # fmt: skip
        moving = Moving(
            coordinator=coordinator, reading=TransferReading(made.pool), batches=batches,
            uploads=Uploads(bulk, batches, signers, directory, clock),
            duplicates=duplicates, credentials=room.credentials, directory=directory,
            links=locator, provinces=made.registry, clock=clock,
        )  # fmt: skip
        book = AuditBook(made.pool)
        beside = TrailBeside(GroupTrail(book, clock))
        reader = Reader(
            pseudonyms=None, locator=locator, provinces=made.registry, policy=policy(),
            trail=beside, clock=clock, patience=2.0, notes=Notes(), pace=Pace(),
            rules=Survivorship.load(rules.joinpath("survivorship.toml").read_bytes()),
        )  # fmt: skip
        broker, feed = Broker(256), FeedStore(made.pool, url)
        feeds = Feeds(
            broker, feed, ProvinceStatements(made.pool), clock, timedelta(seconds=10)
        )
        following = await stack.enter_async_context(
            following_side(
                clock=clock,
                pool=made.pool,
                links=locator,
                provinces=made.registry,
                directory=directory,
            )
        )
        listening = asyncio.create_task(listen(broker, feed))
        parts = SimpleNamespace(
            reader=reader, provinces=made.registry, registrar=None, feeds=feeds,
            moving=moving, beside=beside, following=following.doors,
        )  # fmt: skip
        try:
            yield Asking(made, parts, calls, room, coordinator, bulk)
        finally:
            listening.cancel()
            await asyncio.wait([listening])
            await coordinator.close()


def _note(connector, calls):
    ask = connector.ask

    async def noted(question, deadline):
        calls.append((connector.province, question))
        return await ask(question, deadline)

    connector.ask = noted


def dumped(value):
    return json.dumps(value, ensure_ascii=False)
