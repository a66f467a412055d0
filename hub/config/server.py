"""Value: the settings of the hub's own server: where it listens and its limits."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from hub.config.callers import CallerSettings, EnumerationSettings
from schema.records.duration import Duration

Count = Annotated[int, Field(ge=1)]


class ServerSettings(BaseModel):
    """Where the hub listens, and how long it waits for slow or idle peers.

    Attributes:
        host: Address to listen on; ``0.0.0.0`` for every interface.
        port: TCP port; 0 lets the system choose one.
        introspection: Whether callers may ask for the graph itself. Off, names
            are not suggested in errors either.
        explorer: Whether ``/explorer`` serves a page to ask the graph from.
        introspection_scopes: Callers with one of these scopes may ask for the graph
            although ``introspection`` is off (a gateway that composes it).
        metrics_public: Whether ``/metrics`` answers without a token.
        head_timeout: For the whole request line and headers.
        body_timeout: For the whole request body.
        answer_timeout: How long an answer may wait until its caller takes it; then the
            connection is dropped.
        unsent_bytes: How much of answers may wait so, in bytes, of all connections
            together; the connection that waits longest is dropped then.
        keep_alive: How long an idle connection stays open.
        shutdown: How long running requests may finish when the hub stops.
        connections: How many connections at once; more are answered 503.
        requests: How many GraphQL requests at once; more are answered 503.
        log_level: The least severe lines that are written.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    introspection: bool = False
    explorer: bool = False
    introspection_scopes: tuple[str, ...] = ()
    metrics_public: bool = True
    head_timeout: Duration = timedelta(seconds=10)
    body_timeout: Duration = timedelta(seconds=10)
    answer_timeout: Duration = timedelta(seconds=30)
    unsent_bytes: Annotated[int, Field(ge=1024 * 1024)] = 64 * 1024 * 1024
    keep_alive: Duration = timedelta(seconds=75)
    shutdown: Duration = timedelta(seconds=15)
    connections: Count = 4096
    requests: Count = 512
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


class LimitSettings(BaseModel):
    """How much one request may ask for.

    Attributes:
        body_bytes: Size of a request body.
        batch_bytes: Size of a signed batch of transfers (``/transfers/batches``).
        callback_bytes: Size of a message that a province pushes (``/callbacks``).
        head_bytes: Size of request line and headers together.
        json_depth: How deep the JSON of a request may nest.
        values: How many values the JSON of a request may hold, over all levels.
        document_chars: Length of a GraphQL document, in characters.
        tokens: Lexical tokens of a document; comments are counted apart and
            may be as many.
        depth: How deep selections may nest, fragments spread out. A full
            introspection needs about 15.
        root_fields: Fields on the root, fragments spread out.
        aliases: Aliases in the document.
        repeats: Fields that stand in their selection a second time or more. They
            are never needed, and validation compares each with each other.
        operations: Operations in the document; one of them runs.
        fragments: Fragment definitions in the document, for the same reason.
        variable_uses: Uses of variables, those in fragments once for each operation,
            since validation looks at them as often.
        introspections: How often a document may ask for the whole graph
            (``__schema``, ``_service``), where it may at all.
        literals: Values inside the literals of a document: items of lists and fields
            of objects.
        list_items: The length of any list that is given to an argument.
        cost: Fields that an answer may have: lists of arguments multiplied out,
            other lists with the length that the graph says to assume.
        documents: How many valid documents are remembered.
        execution: How long the execution of one request may take.
        workers: Workers that one request may ask for, over all its fields.
        patience: How long a request waits for provinces; each province's own
            deadline may be shorter.
        callers: How fast one caller may ask.
        enumeration: When look-ups by number look like guessing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    body_bytes: Count = 256 * 1024
    batch_bytes: Annotated[int, Field(ge=1024, le=6_000_000)] = 4 * 1024 * 1024
    callback_bytes: Annotated[int, Field(ge=1024, le=8 * 1024 * 1024)] = 1024 * 1024
    head_bytes: Count = 32 * 1024
    json_depth: Annotated[int, Field(ge=4, le=512)] = 32
    values: Count = 15_000
    document_chars: Count = 32 * 1024
    tokens: Count = 2500
    depth: Count = 18
    root_fields: Count = 20
    aliases: Count = 100
    repeats: Annotated[int, Field(ge=0)] = 50
    operations: Count = 20
    fragments: Count = 30
    variable_uses: Count = 2000
    introspections: Count = 2
    literals: Count = 400
    list_items: Count = 1000
    cost: Count = 200_000
    documents: Count = 500
    execution: Duration = timedelta(seconds=15)
    workers: Annotated[int, Field(ge=1, le=1000)] = 100
    patience: Duration = timedelta(seconds=5)
    callers: CallerSettings = CallerSettings()
    enumeration: EnumerationSettings = EnumerationSettings()
