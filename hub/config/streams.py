"""Value: the settings of streams: WebSockets and server-sent events."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from schema.records.duration import Duration

Count = Annotated[int, Field(ge=1)]
_LEAST = timedelta(milliseconds=10)
Wait = Annotated[Duration, Field(ge=_LEAST)]


class StreamSettings(BaseModel):
    """How many streams, how large, and how long the hub waits for their callers.

    Attributes:
        sockets: WebSockets at once; more are answered 503.
        event_streams: Streams of server-sent events at once; more are answered 503.
        operations: Operations at once on one WebSocket.
        frame_bytes: Size of one message on a WebSocket.
        init_timeout: How long a WebSocket may take to send ``connection_init``.
        ping_every: How often the hub asks on a silent WebSocket whether the caller
            is there; server-sent events get a comment as often.
        pong_within: How long the caller may take to say anything after that.
        send_within: How long the caller may take to receive what is sent; then it
            is cut off as too slow.
        origins: Web origins besides the hub's own whose pages may open WebSockets,
            e.g. ``https://desk.example.cn``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sockets: Count = 1024
    event_streams: Count = 1024
    operations: Count = 100
    frame_bytes: Annotated[int, Field(ge=1024)] = 256 * 1024
    init_timeout: Wait = timedelta(seconds=10)
    ping_every: Wait = timedelta(seconds=15)
    pong_within: Wait = timedelta(seconds=15)
    send_within: Wait = timedelta(seconds=10)
    origins: tuple[str, ...] = ()
