"""Value: the settings of streams: WebSockets and server-sent events."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from schema.records.duration import Duration

Count = Annotated[int, Field(ge=1)]
_LEAST = timedelta(milliseconds=10)


def _network(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return ip_network(value, strict=False)
    except ValueError as error:
        raise ValueError(
            "应为 IP 地址或网段，例如 10.0.0.0/8 / "
            "an IP address or network is needed, e.g. 10.0.0.0/8"
        ) from error


Network = Annotated[IPv4Network | IPv6Network, BeforeValidator(_network)]
Wait = Annotated[Duration, Field(ge=_LEAST)]


class StreamSettings(BaseModel):
    """How many streams, how large, and how long the hub waits for their callers.

    Attributes:
        sockets: Initialised WebSockets at once; more are answered 503.
        event_streams: Subscriptions as server-sent events at once; more are
            answered 503.
        subject: Places of one subject, over all protocols: each initialised
            WebSocket takes one, each operation on it, and each event stream.
        office: The same for all of an office.
        waiting: WebSockets that have not sent ``connection_init``. Where there are
            more, the oldest of the address that has the most is closed.
        waiting_per_address: The same for one address; for IPv6, a /64 network.
        proxies: Proxies before the hub, as addresses or networks. From them, and from
            nobody else, ``X-Forwarded-For`` is believed.
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
    subject: Count = 128
    office: Count = 512
    waiting: Count = 256
    waiting_per_address: Count = 64
    proxies: tuple[Network, ...] = ()
    operations: Count = 100
    frame_bytes: Annotated[int, Field(ge=1024)] = 256 * 1024
    init_timeout: Wait = timedelta(seconds=10)
    ping_every: Wait = timedelta(seconds=15)
    pong_within: Wait = timedelta(seconds=15)
    send_within: Wait = timedelta(seconds=10)
    origins: tuple[str, ...] = ()
