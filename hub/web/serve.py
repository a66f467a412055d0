"""Adapter: runs the application under uvicorn, on a socket that it binds itself."""

from __future__ import annotations

import asyncio
import errno
import gc
import logging
import signal
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn

from hub.web.app import build
from hub.web.lag import metering
from hub.web.logs import fields
from hub.web.protocol import limited
from hub.web.socket_protocol import limited_socket
from hub.web.unsent import Unsent
from schema.records.refusal import Bilingual, Refusal, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hub.config.server import ServerSettings
    from hub.web.lag import Gauges
    from hub.web.ports import WebParts

_log = logging.getLogger("hub.serve")

#: The young generation is looked at when so many more objects were made than
#: freed; a request makes a few thousand, so the default of 700 looks too often. The
#: second after five such looks: after twenty it stood still for 100 ms (measured).
_GC = (20_000, 5, 200)


def bind(server: ServerSettings, section: str = "server") -> socket.socket:
    """Take the port before anything else is started.

    Args:
        server: Its ``host`` and ``port``.
        section: Where they stand in the settings, for who must change them.

    Raises:
        Refused: The port is taken, or may not be taken, or the address is not
            of this machine.
    """
    family = socket.AF_INET6 if ":" in server.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((server.host, server.port))
        listener.setblocking(False)  # noqa: FBT003  # socket's signature
    except OSError as error:
        listener.close()
        raise Refused(_why(error, server, section)) from error
    return listener


def _why(error: OSError, server: ServerSettings, section: str) -> Refusal:
    where = {"host": server.host, "port": server.port}
    named = {"section": section, "variable": f"HUB__{section.upper()}__PORT"}
    if error.errno == errno.EADDRINUSE:
        return Refusal(
            "PORT_IN_USE",
            f"{section}.port",
            Bilingual(
                "端口 {host}:{port} 已被占用。",
                "The port {host}:{port} is in use by another program.",
            ).format(**where),
            Bilingual(
                "请停止占用该端口的程序（可用 ss -ltnp 查看），或用 {variable}"
                " 换一个端口。",
                "Stop that program (ss -ltnp shows it), or choose another port with"
                " {variable}.",
            ).format(**named),
        )
    if error.errno == errno.EACCES:
        return Refusal(
            "PORT_NOT_ALLOWED",
            f"{section}.port",
            Bilingual(
                "没有权限使用端口 {port}。", "This user may not listen on port {port}."
            ).format(**where),
            Bilingual(
                "请使用 1024 以上的端口，或授予 CAP_NET_BIND_SERVICE。",
                "Use a port above 1023, or grant CAP_NET_BIND_SERVICE.",
            ),
        )
    return Refusal(
        "ADDRESS_NOT_USABLE",
        f"{section}.host",
        Bilingual(
            "无法在 {host}:{port} 监听。",
            "It is not possible to listen on {host}:{port}.",
        ).format(**where),
        Bilingual(
            "请把 {section}.host 改为本机的地址，例如 127.0.0.1 或 0.0.0.0。",
            "Set {section}.host to an address of this machine, e.g. 127.0.0.1 or"
            " 0.0.0.0.",
        ).format(**named),
    )


class Server(uvicorn.Server):
    """Stops at SIGINT or SIGTERM and then lets the program go on to its end.

    uvicorn's own raises the signal again when it is done, which would end the
    process before the trail and the pool are closed.
    """

    def __init__(
        self, config: uvicorn.Config, stopping: asyncio.Event, gauges: Gauges
    ) -> None:
        """Serve, and set ``stopping`` when that ends; tell ``gauges`` of hold-ups."""
        super().__init__(config)
        self._stopping = stopping
        self._gauges = gauges

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve, and measure how long the loop is held up."""
        with metering(self._gauges):
            await super().serve(sockets)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Tell the streams to end; then let what is under way finish."""
        self._stopping.set()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Listen to the two signals while serving."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, self.handle_exit, name, None)
        try:
            yield
        finally:
            for name in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(name)


def server_for(parts: WebParts) -> Server:
    """Make the server; ``serve`` runs it."""
    server, limits = parts.server, parts.limits
    # It would write whole addresses, and variables may stand in them.
    logging.getLogger("uvicorn.access").disabled = True
    unsent = Unsent(
        server.answer_timeout.total_seconds(),
        server.unsent_bytes,
        parts.figures.connection_dropped,
    )
    head = limited(server.head_timeout.total_seconds(), limits.head_bytes, unsent)
    return Server(
        uvicorn.Config(
            build(parts),
            http=head,
            ws=limited_socket(parts.streams.frame_bytes),
            # 270 bytes would become a message of 240,000, which is read as such.
            ws_per_message_deflate=False,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=server.connections,
            timeout_keep_alive=max(1, round(server.keep_alive.total_seconds())),
            timeout_graceful_shutdown=max(1, round(server.shutdown.total_seconds())),
        ),
        parts.stopping,
        parts.figures,
    )


async def serve(
    parts: WebParts,
    listener: socket.socket,
    announce: Callable[[str], None] | None = None,
) -> None:
    """Serve until the process is told to stop (SIGINT or SIGTERM).

    Running requests may finish within ``server.shutdown``.

    Args:
        parts: What the web needs.
        listener: From ``bind``.
        announce: Is told the address when the hub can be asked.
    """
    host, port = listener.getsockname()[:2]
    address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    # What is alive now stays: the collector need not look at it again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GC)
    listener.listen(2048)
    _log.info("serving", extra=fields(address=address))
    if announce is not None:
        announce(address)
    await server_for(parts).serve(sockets=[listener])
    _log.info("stopped")
