"""A province that misbehaves, in one way for each path. Raw sockets, real TLS.

The good answer is to a question for ``gd-1`` with the worker's name and the
state of the memberships. ``GET /seen`` tells how often each path was asked.
"""

from __future__ import annotations

import asyncio
import collections
import contextlib
import gzip
import json
import socket
import ssl
import struct
import sys
import threading

from tests.provinces.launch import end_with_parent, ready

AT = "2026-10-01T08:00:00Z"
SEEN: collections.Counter[str] = collections.Counter()
SWITCHED_OFF = False


def worker(**fields):
    rows = [{"id": "m1", "asOf": AT, "state": "ACTIVE"}]
    whole = {"localId": "gd-1", "asOf": AT, "name": "李四", "memberships": rows}
    return {**whole, **fields}


def told(*workers, **besides):
    return json.dumps(
        {"data": {"a0": list(workers)}, **besides}, ensure_ascii=False
    ).encode()


def http(body=b"", status="200 OK", kind="application/json", length=None, **headers):
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if length is None:
        length = len(body)
    if length != "none":
        lines.append(f"Content-Length: {length}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


GOOD = told(worker())
_NAME = '"李四"'.encode()
_MEMBER = {"id": "m1", "asOf": AT, "state": "ACTIVE"}
_DEEP = b'{"data":' + b'{"a":' * 10_000 + b"1" + b"}" * 10_001
_DEEP_ASIDE = b'{"aside":' + b"[" * 10_000 + b"]" * 10_000 + b',"data":{"a0":[]}}'
_PATH = ["a0", 0, "memberships"]


def refusing(message, **besides):
    return json.dumps({"errors": [{"message": message, **besides}]}).encode()


#: What is sent at once, whole.
ANSWERS = {
    "/ok": http(GOOD),
    "/gzip": http(gzip.compress(GOOD), Content_Encoding="gzip"),
    "/response-json": http(GOOD, kind="application/graphql-response+json"),
    "/extra": http(told(worker(unheardOf={"x": 1e300}), extensions={"cost": 1})),
    "/half": http(GOOD[:40], length=len(GOOD)),
    "/half-gzip": http(gzip.compress(GOOD)[:-20], Content_Encoding="gzip"),
    "/types": http(told(worker(name=5))),
    "/naive-moment": http(told(worker(asOf="2026-10-01T08:00:00"))),
    "/no-as-of": http(told({"localId": "gd-1", "name": "李四", "memberships": []})),
    "/beside": http(
        told(worker(memberships=None), errors=[{"message": "no", "path": _PATH}])
    ),
    "/field-beside": http(
        told(
            worker(memberships=[{**_MEMBER, "state": None}]),
            errors=[{"message": "no", "path": [*_PATH, 0, "state"]}],
        )
    ),
    "/entity-beside": http(told(None, errors=[{"message": "x", "path": ["a0", 0]}])),
    "/pathless-beside": http(told(worker(), errors=[{"message": "no"}])),
    "/silent-null": http(told(worker(memberships=None))),
    "/500": http(b"<h1>oops</h1>", "500 Internal Server Error", "text/html"),
    "/500-json": http(refusing("oops"), "500 Internal Server Error"),
    "/500-empty": http(b"", "500 Internal Server Error"),
    "/500-unknown": http(refusing('Cannot query field "x".'), "500 Oh"),
    "/500-with-data": http(GOOD, "500 Internal Server Error"),
    "/400-unknown": http(refusing('Cannot query field "x" on type "Worker".'), "400 No"),
    "/200-unknown": http(
        refusing("?", extensions={"code": "GRAPHQL_VALIDATION_FAILED"})
    ),
    "/400-json": http(b'{"detail":"no"}', "400 Bad Request"),
    "/404": http(b"not here", "404 Not Found", "text/plain"),
    "/graphql-401": http(refusing("?", extensions={"code": "UNAUTHENTICATED"})),
    "/errors": http(refusing("the table of 李四 is locked")),
    "/null-data": http(b'{"data":null}'),
    "/html": http(b"<html>log in</html>", kind="text/html"),
    "/utf8": http(GOOD.replace(b"ACTIVE", b"ACT\xff\xfe")),
    "/utf8-aside": http(GOOD[:-1] + b',"x":"\xc3"}'),
    "/latin1": http(GOOD, kind="application/json; charset=iso-8859-1"),
    "/redirect": http(b"", "302 Found", Location="/elsewhere"),
    "/307": http(b"", "307 Temporary Redirect", Location="/elsewhere"),
    "/401": http(b"", "401 Unauthorized"),
    "/403": http(b"", "403 Forbidden"),
    "/429": http(b"", "429 Too Many Requests", Retry_After="1"),
    "/other": http(told(worker(localId="gd-2"))),
    "/count": http(told(worker(), worker())),
    "/none": http(told()),
    "/deep": http(_DEEP),
    "/deep-aside": http(_DEEP_ASIDE),
    "/empty": http(b""),
    "/204": b"HTTP/1.1 204 No Content\r\n\r\n",
    "/twice": http(b'{"data":{"a0":[],' + GOOD.removeprefix(b'{"data": {')),
    "/nan": http(GOOD.replace(_NAME, b"NaN")),
    "/huge-number": http(GOOD.replace(_NAME, b"1e999")),
    "/unasked": http(told(worker(phone="13000000000"))),
    "/missing": http(told({"localId": "gd-1", "asOf": AT, "memberships": []})),
    "/same-id": http(told(worker(memberships=[_MEMBER, _MEMBER]))),
    "/rows": http(
        told(worker(memberships=[{**_MEMBER, "id": f"m{n}"} for n in range(1_001)]))
    ),
    "/declared-huge": http(b"{", length=100_000_000),
    "/br": http(GOOD, Content_Encoding="br"),
    "/not-gzip": http(GOOD, Content_Encoding="gzip"),
    "/bomb": http(gzip.compress(b" " * 100_000_000), Content_Encoding="gzip"),
    "/not-http": b"SSH-2.0-OpenSSH_9.6\r\n",
    "/headers": b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
}  # fmt: skip


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
        return "/404"
    head = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    length = next(
        (line.split(":")[1] for line in head.lower().splitlines()
         if line.startswith("content-length:")), 0,
    )  # fmt: skip
    await reader.readexactly(int(length))
    return head.split(" ")[1]


async def serve(reader, writer):
    with contextlib.suppress(OSError, asyncio.IncompleteReadError):
        path = await _read_request(reader)
        SEEN[path] += 1
        # What follows the first part keeps the counts of two tests apart.
        way = "/" + path.split("/")[1]
        if way in ANSWERS:
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
