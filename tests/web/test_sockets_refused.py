"""A WebSocket that is refused is told why as every request is, and logs no error."""

from __future__ import annotations

import json
import logging
import socket

import pytest

from tests.web.sockets import running, streaming
from tests.web.test_slow import opened
from tests.web.test_socket_turns import UPGRADE

REQUEST = "0af7651916cd43dd"


@pytest.fixture(scope="module")
def address():
    with running(streaming(streams={"sockets": 1})) as where:
        yield where


def refused(address, head):
    """Send a head, and read the answer to its end."""
    with socket.create_connection(tuple(address), timeout=5) as peer:
        peer.sendall(head)
        answer = b""
        while more := peer.recv(4096):
            answer += more
    lines, _, body = answer.partition(b"\r\n\r\n")
    first, *rest = lines.decode().split("\r\n")
    headers = {n.lower(): v for n, v in (one.split(": ", 1) for one in rest)}
    return int(first.split(" ")[1]), headers, json.loads(body)


def told(answer, request=None):
    """Check what every refusal has, and give its status and code."""
    status, headers, body = answer
    error = body["errors"][0]["extensions"]
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert headers["x-request-id"] == error["requestId"]
    assert request in (None, error["requestId"])
    assert error["zh"]
    assert error["en"]
    assert error["remedy"]["zh"]
    return status, error["code"]


def head(**change):
    """Write an upgrade, with other headers or further ones; ``_`` is a hyphen."""
    lines = UPGRADE.rstrip().split(b"\r\n")
    for name, value in change.items():
        shown = name.replace("_", "-").encode()
        lines = [one for one in lines if not one.startswith(shown + b":")]
        if value is not None:
            lines.append(shown + b": " + value)
    return b"\r\n".join(lines) + b"\r\n\r\n"


REFUSALS = {
    "a foreign origin": (head(Origin=b"https://evil.example"), (403, "FORBIDDEN")),
    "another path": (UPGRADE.replace(b"/graphql", b"/elsewhere"), (404, "NOT_FOUND")),
    "no key": (head(Sec_WebSocket_Key=None), (400, "BAD_REQUEST")),
    "a bad key": (head(Sec_WebSocket_Key=b"short"), (400, "BAD_REQUEST")),
    "an old version": (head(Sec_WebSocket_Version=b"8"), (400, "BAD_REQUEST")),
    "by POST": (UPGRADE.replace(b"GET", b"POST"), (405, "METHOD_NOT_ALLOWED")),
    "200 headers": (
        head(**{f"X{number}": b"y" for number in range(200)}),
        (431, "HEADERS_TOO_LARGE"),
    ),
    "a large head": (head(X=b"y" * 40_000), (431, "HEADERS_TOO_LARGE")),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_is_json_in_both_languages_with_an_id(address, name, caplog):
    sent, end = REFUSALS[name]
    with caplog.at_level(logging.DEBUG):
        assert told(refused(address, sent)) == end

    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []


@pytest.mark.parametrize("name", ["a foreign origin", "another path"])
def test_the_id_that_was_sent_comes_back(address, name):
    sent = REFUSALS[name][0].rstrip() + f"\r\nX-Request-Id: {REQUEST}\r\n\r\n".encode()

    told(refused(address, sent), REQUEST)


def test_where_all_are_taken_it_is_503_and_stands_in_the_log(address, caplog):
    with opened(address), caplog.at_level(logging.INFO):
        answer = refused(address, UPGRADE)

    assert told(answer) == (503, "BUSY")
    assert answer[1]["retry-after"] == "5"
    (line,) = [one for one in caplog.records if one.name == "hub.socket"][-1:]
    assert line.hub_fields["outcome"] in {"BUSY", "left"}
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []


def test_chinese_where_it_is_wished(address):
    sent = REFUSALS["a foreign origin"][0].rstrip() + b"\r\nAccept-Language: zh\r\n\r\n"
    error = refused(address, sent)[2]["errors"][0]

    assert error["message"] == error["extensions"]["zh"]
