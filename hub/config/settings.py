"""Value: all settings of a hub, composed of the rooms' own."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from connectors.settings import ProvinceSettings
from connectors.settings_checks import between, milliseconds
from hub.access.settings import IssuerSettings, PolicySettings
from hub.config.callers import TrustedSettings
from hub.config.moving import RunnerSettings, TransferSettings, WebhookSettings
from hub.config.server import LimitSettings, ServerSettings
from hub.config.streams import StreamSettings
from hub.credential.settings import CredentialSettings
from hub.feeds.settings import FeedSettings
from hub.identity.settings import WorkerKeySettings
from hub.store.settings import DatabaseSettings
from hub.tracing.settings import TracingSettings
from schema.records.duration import Duration


class Settings(BaseModel):
    """Everything that an operator decides. Frozen.

    A change needs a restart, but for that of provinces (``hub.connecting``).

    Attributes:
        server: Where the hub listens.
        limits: How much one request may ask for.
        trusted: Documents that are known beforehand.
        streams: WebSockets and server-sent events.
        feeds: Live events.
        tracing: Whether requests are traced.
        database: The hub's own PostgreSQL.
        worker_keys: The keys of the pseudonyms.
        issuers: Whose tokens are believed.
        policy: Where the policy text lies.
        credentials: With which keys membership credentials are signed; without it
            none is issued.
        transfers: Moving memberships.
        runner: The process that delivers commands to provinces.
        webhooks: Offices' own systems that are told of their transfers.
        provinces_dir: Directory with one TOML file per province.
        provinces_every: How often is looked whether their files have changed, and
            whether an operator has paused one.
        provinces: The provinces, by code; from the files of ``provinces_dir``, with
            ``[defaults]`` filled in.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    server: ServerSettings = ServerSettings()
    limits: LimitSettings = LimitSettings()
    trusted: TrustedSettings = TrustedSettings()
    streams: StreamSettings = StreamSettings()
    feeds: FeedSettings = FeedSettings()
    tracing: TracingSettings = TracingSettings()
    database: DatabaseSettings
    worker_keys: WorkerKeySettings
    issuers: Annotated[tuple[IssuerSettings, ...], Field(min_length=1)]
    policy: PolicySettings
    credentials: CredentialSettings | None = None
    transfers: TransferSettings = TransferSettings()
    runner: RunnerSettings = RunnerSettings()
    webhooks: WebhookSettings = WebhookSettings()
    provinces_dir: Path = Path("provinces")
    provinces_every: Annotated[
        Duration, AfterValidator(between(milliseconds(100), timedelta(minutes=10)))
    ] = timedelta(seconds=2)
    provinces: tuple[ProvinceSettings, ...] = ()
