"""The only file that names every concrete class of the hub's inside."""

from __future__ import annotations

import contextlib
import os
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from importlib.resources import files
from time import monotonic
from typing import TYPE_CHECKING, Protocol

from hub.access.policy import CedarPolicy
from hub.access.tokens import Verifier
from hub.audit.before_showing import TrailBeside
from hub.audit.trail import GroupTrail
from hub.clock import SystemClock, new_request_id
from hub.connecting.opening import Watching, connected
from hub.feeds.broker import Broker
from hub.feeds.following import Feeds
from hub.feeds.province_change import status_of
from hub.feeds.reporting import ProvinceReporter
from hub.feeds.upkeep import running
from hub.following_wiring import following_side
from hub.identity.worker_key import Pseudonyms
from hub.linking.registrar import Registrar
from hub.moving_wiring import moving_side
from hub.reading.locator import Locator
from hub.reading.pace import Pace
from hub.reading.reader import Notes, Reader
from hub.reading.sentry import Sentry
from hub.reading.sightings import Sightings
from hub.reading.survivorship import Survivorship
from hub.reading.suspects import Thresholds
from hub.store.audit import AuditBook
from hub.store.confirmed import ConfirmedLinks
from hub.store.feeds import FeedStore
from hub.store.links import LinkStore
from hub.store.pool import open_pool
from hub.store.statements import ProvinceStatements
from hub.store.unavailable import StoreUnavailable
from hub.tracing.export import Exporter
from hub.tracing.spans import Sampling, Untraced

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence
    from pathlib import Path

    from connectors.registry import Registry
    from hub.clock import Clock
    from hub.config.settings import Settings
    from hub.connecting.standing import Standing
    from hub.credential.opening import Room
    from hub.following.doors import CaseDoors
    from hub.reading.ports import Reads
    from hub.store.case_changes import CaseChanges
    from hub.store.pool import Pool
    from hub.tracing.settings import TracingSettings
    from hub.tracing.spans import Tracer
    from hub.transfer.moving import Moving
    from schema.records.keys import ProvinceCode

#: Sightings that are kept for each caller that is kept in mind, on the average:
#: at the default, 100,000 of some 200 bytes.
_NUMBERS_EACH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The hub's inside, put together. Each caller takes the part it needs.

    Attributes:
        clock: Tells the time.
        pool: Connections to the hub's own PostgreSQL.
        provinces: The connectors, each behind its berth.
        standing: What keeps settings of provinces from being taken.
        reader: Answers look-ups; the sentry stands before it.
        registrar: Registers links.
        verifier: Tells who holds a token.
        policy: Says who may see what.
        trail: The audit trail.
        beside: The same, written beside the work of putting an answer together.
        feeds: Live events.
        pace: Says when long work must give way.
        tracer: Begins the traces of requests.
        moving: Moves memberships.
        following: Follows rights cases.
        case_files: What provinces told of their files of cases.
        callback_secrets: By which provinces sign what they push.
        credentials: What there is of credentials.
    """

    clock: Clock
    pool: Pool
    provinces: Registry
    standing: Standing
    reader: Reads
    registrar: Registrar
    verifier: Verifier
    policy: CedarPolicy
    trail: GroupTrail
    beside: TrailBeside
    feeds: Feeds
    pace: Pace
    tracer: Tracer
    moving: Moving
    following: CaseDoors
    case_files: CaseChanges
    callback_secrets: Mapping[ProvinceCode, Sequence[bytes]]
    credentials: Room


class Watch(Watching, Notes, Protocol):
    """Whoever counts: for the metrics."""

    def audited(self, entries: int) -> None:
        """Take note of one commit of the audit trail."""
        ...

    def enumeration_alarm(self, whose: str) -> None:
        """Take note that look-ups of a ``subject`` or an ``office`` look like guessing."""
        ...

    def traced(self, outcome: str, spans: int) -> None:
        """Take note of spans that were exported or dropped."""
        ...


@asynccontextmanager
async def build(
    settings: Settings,
    watch: Watch,
    environment: Mapping[str, str] | None = None,
    source: Path | None = None,
) -> AsyncIterator[Parts]:
    """Put the hub together, and take it apart at the end.

    Neither the database nor any province need be there yet: the hub starts, says
    in ``/readyz`` what is missing, and heals by itself.

    Args:
        settings: What the files say.
        watch: Is told of province calls, stages, look-ups and audit commits.
        environment: Where the secrets are; the process's own if not given.
        source: The main file; provinces follow it and their own files, if given.

    Raises:
        ValueError: A secret that the settings name is missing or unusable.
        schema.records.refusal.Refused: The policy or the rules are unusable, or a
            worker key is not the one that was used before.
    """
    environ = os.environ if environment is None else environment
    clock = SystemClock()
    policy = CedarPolicy(
        settings.policy.directory, remembered=settings.policy.remembered
    )
    pseudonyms = Pseudonyms(settings.worker_keys, environ)
    rules = Survivorship.load(
        files("hub.rules").joinpath("survivorship.toml").read_bytes()
    )
    async with AsyncExitStack() as stack:
        tracer = await stack.enter_async_context(
            _tracer(settings.tracing, environ, clock, watch)
        )
        pool = await open_pool(settings.database, environ)
        stack.push_async_callback(pool.close)
        trail = GroupTrail(AuditBook(pool), clock, committed=watch.audited)
        stack.push_async_callback(trail.close)
        beside = TrailBeside(trail)
        verifier = await stack.enter_async_context(Verifier(settings.issuers, clock))
        provinces, live = await stack.enter_async_context(
            connected(
                settings,
                environ,
                source=source,
                pool=pool,
                clock=clock,
                watch=watch,
                role="hub",
            )
        )
        links = ConfirmedLinks(
            LinkStore(pool, clock),
            pool,
            pseudonyms,
            settings.database.statement_timeout.total_seconds(),
        )
        with contextlib.suppress(StoreUnavailable):
            await links.confirm()
        feeds = await stack.enter_async_context(
            _feeds(settings, environ, clock, pool, provinces)
        )
        pace = Pace()
        locator = Locator(links)
        moving = await stack.enter_async_context(
            moving_side(
                settings,
                environ,
                clock=clock,
                pool=pool,
                links=locator,
                provinces=provinces,
            )
        )
        following = await stack.enter_async_context(
            following_side(
                clock=clock,
                pool=pool,
                links=locator,
                provinces=provinces,
                directory=moving.directory,
            )
        )
        reader = Reader(
            pseudonyms=pseudonyms,
            locator=locator,
            provinces=provinces,
            policy=policy,
            trail=beside,
            rules=rules,
            clock=clock,
            patience=settings.limits.patience.total_seconds(),
            notes=watch,
            pace=pace,
        )
        yield Parts(
            clock=clock,
            pool=pool,
            provinces=provinces,
            standing=live.standing,
            reader=_sentry(settings, reader, trail, watch, clock),
            registrar=Registrar(pseudonyms, links, provinces.codes, clock, pace),
            verifier=verifier,
            policy=policy,
            trail=trail,
            beside=beside,
            feeds=feeds,
            pace=pace,
            tracer=tracer,
            moving=moving.doors,
            following=following.doors,
            case_files=following.changes,
            callback_secrets=live.callback_secrets,
            credentials=moving.room,
        )


def _sentry(
    settings: Settings, reader: Reads, trail: GroupTrail, watch: Watch, clock: Clock
) -> Sentry:
    """Put the sentry before the reader."""
    given = settings.limits.enumeration
    thresholds = Thresholds(
        given.window.total_seconds(), given.subject, given.office, given.remembered
    )
    sightings = Sightings(clock, _NUMBERS_EACH * given.remembered)
    return Sentry(reader, trail, watch, thresholds, monotonic, sightings=sightings)


@asynccontextmanager
async def _feeds(
    settings: Settings,
    environ: Mapping[str, str],
    clock: Clock,
    pool: Pool,
    provinces: Registry,
) -> AsyncIterator[Feeds]:
    """Make the feeds live until the context is left."""
    broker = Broker(settings.feeds.waiting)
    store = FeedStore(pool, settings.database.address(environ))
    statements = ProvinceStatements(pool)
    reporter = ProvinceReporter(
        lambda: [status_of(guard.health()) for guard in provinces.all()],
        statements,
        clock,
        settings.feeds,
        name=f"hub-{new_request_id()[:6]}",
    )
    async with running(broker, store, reporter, settings.feeds):
        yield Feeds(broker, store, statements, clock, settings.feeds.catch_up)


@asynccontextmanager
async def _tracer(
    settings: TracingSettings, environ: Mapping[str, str], clock: Clock, watch: Watch
) -> AsyncIterator[Tracer]:
    """Begin traces, and send what is kept of them until the very end."""
    if settings.endpoint is None:
        yield Untraced()
        return
    async with Exporter(settings, environ, watch.traced) as exporter:
        yield Sampling(settings.sample, clock, exporter.take)
