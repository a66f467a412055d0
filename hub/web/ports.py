"""Port: what the web asks of the rest of the hub."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from hub.clock import SystemClock
from hub.config.callers import TrustedSettings
from hub.config.streams import StreamSettings
from hub.reading.pace import Pace
from hub.tracing.spans import Untraced

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from graphql import GraphQLSchema

    from hub.access.caller import Caller
    from hub.clock import Clock
    from hub.config.server import LimitSettings, ServerSettings
    from hub.credential.publishing import Published
    from hub.following.file_ports import CaseFiles
    from hub.tracing.spans import Tracer
    from hub.transfer.uploading import Uploads
    from hub.web.documents import Prepared
    from hub.web.metrics import Figures
    from hub.web.negotiate import Language
    from schema.records.keys import ProvinceCode


class Verifier(Protocol):
    """Tells who holds a token (``hub.access.tokens.Verifier``)."""

    async def verify(self, token: str) -> Caller:
        """Tell who asks.

        Raises:
            hub.access.claims.InvalidToken: The token does not do.
        """
        ...


class ContextFactory(Protocol):
    """Makes what the resolvers of one request reach the hub through."""

    def __call__(
        self,
        caller: Caller,
        request_id: str,
        language: Language,
        purpose: str | None,
    ) -> Any:
        """Make the context of one request.

        Args:
            caller: Who asks.
            request_id: Id of the request; provinces and the trail get it too.
            language: In which language free text should be.
            purpose: The ``Purpose-Of-Use`` header as it was sent, if it was.
        """
        ...


class Documents(Protocol):
    """What anybody may fetch of the credentials (``hub.credential.publishing``)."""

    def keys(self) -> Published:
        """Give the public keys."""
        ...

    async def status_list(self, number: int) -> Published | None:
        """Give a status list; none if there is none of that number.

        Raises:
            hub.store.unavailable.StoreUnavailable: It cannot be read now.
        """
        ...


def no_extensions(_context: Any) -> Mapping[str, object]:
    """Add nothing to the answer's ``extensions``."""
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class WebParts:
    """What the web needs; the wiring hands it over.

    Attributes:
        schema: The graph, as graphql-core executes it.
        context_for: Makes the context of a request.
        verifier: Tells who holds a token.
        server: Where to listen and how long to wait.
        limits: How much a request may ask for.
        figures: Where calls are counted.
        checks: What must be well before the hub takes requests (``database``,
            ``provinces``, ``policy``, ...): each says whether it is, and may raise.
        trusted: Who may run registered documents only.
        registered: The registered documents, by hash.
        pace: Says when long work must give way.
        extensions_of: What a context adds to the answer's ``extensions``.
        clock: Tells when a token has expired.
        tracer: Begins the traces of requests.
        streams: How many streams there may be, and how long to wait for callers.
        credentials: What anybody may fetch of the membership credentials, where the
            hub issues any.
        uploads: Takes signed batches in; none where none are taken.
        case_files: Where what provinces tell of their case files is kept; without it
            none may push.
        callback_secrets: By which provinces sign what they push.
        settings_told: Tells what keeps settings of provinces from being taken.
        stopping: Set when the hub stops: streams end then, so that it can.
    """

    schema: GraphQLSchema
    context_for: ContextFactory
    verifier: Verifier
    server: ServerSettings
    limits: LimitSettings
    figures: Figures
    checks: Mapping[str, Callable[[], Awaitable[bool]]] = field(default_factory=dict)
    trusted: TrustedSettings = field(default_factory=TrustedSettings)
    registered: Mapping[str, Prepared] = field(default_factory=dict)
    pace: Pace = field(default_factory=Pace)
    extensions_of: Callable[[Any], Mapping[str, object]] = no_extensions
    clock: Clock = field(default_factory=SystemClock)
    tracer: Tracer = field(default_factory=Untraced)
    streams: StreamSettings = field(default_factory=StreamSettings)
    credentials: Documents | None = None
    uploads: Uploads | None = None
    case_files: CaseFiles | None = None
    callback_secrets: Mapping[ProvinceCode, Sequence[bytes]] = field(
        default_factory=dict
    )
    settings_told: Callable[[], Mapping[str, object]] | None = None
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
