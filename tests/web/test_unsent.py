"""Answers that nobody takes: dropped in time, with a bound on what waits."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from datetime import timedelta

from tests.web.serving import parts, running
from tests.web.test_slow import reluctant

#: 18 MB of answer for 1 MB of request: the kernel keeps a few of them.
_ALIASES = "{" + "".join(f"a{i}: echo(text: $t) " for i in range(18)) + "}"
BODY = json.dumps(
    {"query": "query($t: String!)" + _ALIASES, "variables": {"t": "x" * 1_000_000}}
).encode()
LIMITS = {"body_bytes": 1_100_000}


def asked(address, token=b"good"):
    peer = reluctant(address)
    peer.sendall(
        b"POST /graphql HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
        b"Authorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s"
        % (token, len(BODY), BODY)
    )
    return peer


def read_to_the_end(peer):
    heard = 0
    with contextlib.suppress(ConnectionError):
        while more := len(peer.recv(1 << 20)):
            heard += more
    return heard


def dropped(made, why):
    value = made.figures.registry.get_sample_value
    return value("hub_connections_dropped_total", {"why": why}) or 0


def until(condition, within=10.0):
    end = time.monotonic() + within
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_an_answer_that_is_not_taken_is_dropped_in_time():
    made = parts(server={"answer_timeout": timedelta(seconds=0.5)}, limits=LIMITS)
    with running(made) as address:
        peers = [asked(address) for _ in range(3)]
        until(lambda: dropped(made, "slow") == 3)
        for peer in peers:
            assert read_to_the_end(peer) < len(BODY) * 18
            peer.close()


def test_what_waits_has_a_bound_and_the_oldest_makes_way():
    most = 40 * 1024 * 1024
    made = parts(server={"unsent_bytes": most}, limits=LIMITS)
    with running(made) as address:
        peers = []
        for _ in range(4):  # one after the other: some 13 to 17 MB wait in each
            peers.append(asked(address))
            time.sleep(0.3)
        until(lambda: dropped(made, "crowded") >= 1)
        assert dropped(made, "slow") == 0
        newest = peers[-1]
        newest.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        assert len(newest.recv(1024)) > 0, "who came last is served"
        for peer in peers:
            peer.close()


def test_who_reads_slowly_but_reads_is_served_to_the_end():
    made = parts(server={"answer_timeout": timedelta(seconds=0.6)}, limits=LIMITS)
    with running(made) as address:
        peer = asked(address)
        heard = b""
        while b"\r\n\r\n" not in heard:
            heard += peer.recv(1 << 16)
        head, _, body = heard.partition(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        left = length - len(body)
        began = time.monotonic()
        while left:
            left -= len(peer.recv(min(left, 1 << 20)))
        took = time.monotonic() - began
        peer.close()
        assert dropped(made, "slow") == 0, took
