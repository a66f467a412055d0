"""A province that misbehaves, in one way for each path. Raw sockets, real TLS.

The good answer is to a question for ``gd-1`` with the worker's name and the
state of the memberships. ``GET /seen`` tells how often each path was asked.
"""

from __future__ import annotations

import asyncio
import collections
import contextlib
import json
import socket
import ssl
import struct
import sys
import threading

from tests.provinces.answers import ANSWERS, GOOD, http
from tests.provinces.launch import end_with_parent, ready

SEEN: collections.Counter[str] = collections.Counter()
SWITCHED_OFF = False

#: The headers that the contract promises a province.
_DUE = (
    "Authorization: Bearer synthetic-token",
    "X-Request-Id: request-1",
    "Purpose-Of-Use: RIGHTS_CASE_HANDLING",
    "Content-Type: application/json",
)


async def hang(_writer, _times):
    await asyncio.sleep(3600)


async def drip(writer, _times):
    writer.write(http(b"", length=len(GOOD)))
    for byte in GOOD:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.05)


async def huge(writer, _times):
    writer.write(http(b"", length="none", Transfer_Encoding="chunked"))
    chunk = b"%x\r\n" % 65_536 + b" " * 65_536 + b"\r\n"
    for _ in range(1_600):  # 100 MB
        writer.write(chunk)
        await writer.drain()
    writer.write(b"0\r\n\r\n")


async def reset(writer, _times):
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


async def close(_writer, _times):
    """Send nothing and hang up."""


async def once_ill(writer, times):
    ill = times % 2 == 1
    writer.write(http(b"", "503 Service Unavailable") if ill else http(GOOD))


async def soon_again(writer, times):
    ill = times % 2 == 1
    answer = http(b"", "429 Too Many Requests", Retry_After="1")
    writer.write(answer if ill else http(GOOD))


async def switch(writer, _times):
    writer.write(ANSWERS["/500" if SWITCHED_OFF else "/ok"])


async def turn(writer, _times):
    global SWITCHED_OFF  # noqa: PLW0603
    SWITCHED_OFF = not SWITCHED_OFF
    writer.write(http(b"{}"))


async def seen(writer, _times):
    writer.write(http(json.dumps(SEEN).encode()))


BEHAVIOURS = {
    "/hang": hang,
    "/drip": drip,
    "/huge": huge,
    "/reset": reset,
    "/close": close,
    "/once-ill": once_ill,
    "/soon-again": soon_again,
    "/switch": switch,
    "/turn": turn,
    "/seen": seen,
}


async def _read_request(reader):
    first = await reader.readexactly(1)
    if first == b"\x16":  # a TLS hello on a plain port
        return "/404", ""
    head = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    length = next(
        (line.split(":")[1] for line in head.lower().splitlines()
         if line.startswith("content-length:")), 0,
    )  # fmt: skip
    await reader.readexactly(int(length))
    return head.split(" ")[1], head


async def serve(reader, writer):
    with contextlib.suppress(OSError, asyncio.IncompleteReadError):
        path, head = await _read_request(reader)
        SEEN[path] += 1
        # What follows the first part keeps the counts of two tests apart.
        way = "/" + path.split("/")[1]
        if way == "/headers-due":
            due = all(line in head.splitlines() for line in _DUE)
            writer.write(ANSWERS["/ok" if due else "/403"])
        elif way in ANSWERS:
            writer.write(ANSWERS[way])
        else:
            await BEHAVIOURS[way](writer, SEEN[path])
        await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


def _tls(certificate, key, clients=None):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    if clients:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(clients)
    return context


async def _listen(context=None):
    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    return server, server.sockets[0].getsockname()[1]


def _listen_in_threads(context):
    """Listen with blocking sockets.

    asyncio hangs up on a client without a good certificate; OpenSSL's own loop,
    as other servers have it, says why first.
    """
    listener = socket.create_server(("127.0.0.1", 0))

    def serve_all():
        while True:
            client, _ = listener.accept()
            threading.Thread(target=_serve_one, args=(context, client)).start()

    threading.Thread(target=serve_all, daemon=True).start()
    return listener, listener.getsockname()[1]


def _serve_one(context, client):
    client.settimeout(5)
    line = context.wrap_socket(client, server_side=True, do_handshake_on_connect=False)
    with contextlib.suppress(OSError), line:
        try:
            line.do_handshake()
            line.recv(65_536)
            line.sendall(ANSWERS["/ok"])
        except ssl.SSLError:
            # Take what is under way before closing, or the kernel resets the
            # connection and the alert is lost with it.
            line.shutdown(socket.SHUT_WR)
            while line.recv(65_536):
                pass


async def main(listeners):
    """Listen plainly, and with TLS as each name of ``listeners`` says."""
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)
    servers = {"plain": await _listen()}
    for name, (certificate, key, *clients) in listeners.items():
        context = _tls(certificate, key, *clients)
        servers[name] = await _listen(context)
        if clients:
            servers[f"{name}-threads"] = _listen_in_threads(context)
    # A port where nothing listens, kept from others by not being closed.
    free = socket.socket()
    free.bind(("127.0.0.1", 0))
    ports = {name: port for name, (_, port) in servers.items()}
    ready({**ports, "closed": free.getsockname()[1]})
    await asyncio.to_thread(end_with_parent)


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
