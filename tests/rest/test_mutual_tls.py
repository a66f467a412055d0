"""Mutual TLS: the hub's certificate opens the line, and only to whom the hub trusts."""

from __future__ import annotations

import asyncio

import pytest

from connectors.guard import Guard
from hub.clock import SystemClock
from schema.records.told import FaultCode
from tests.connectors.conftest import hostile
from tests.rest.conftest import ask
from tests.rest.foreign import mapping_text
from tests.rest.subjects import interface, opened

__all__ = ["hostile"]


def certificates(of, name):
    ours = dict(zip(("client_cert_file", "client_key_file"), of.client, strict=True))
    foreign = dict(zip(ours, of.foreign_client, strict=True))
    return {
        "ours": {**ours, "ca_file": of.trusted},
        "foreign": {**foreign, "ca_file": of.trusted},
        "none": {"ca_file": of.trusted},
        "no trust": ours,
    }[name]


#: Whoever gets through meets a server that speaks another tongue.
CODES = {
    "ours": FaultCode.MALFORMED,
    "foreign": FaultCode.UNAUTHORISED,
    "none": FaultCode.UNAUTHORISED,
    "no trust": FaultCode.UNTRUSTED,
}


@pytest.mark.parametrize(("name", "code"), CODES.items())
async def test_the_line_opens_by_certificate(hostile, tmp_path, name, code):
    url = hostile.url("/html", "mutual-threads")
    rest = interface(url)
    del rest["oauth"]
    settings, connector = opened(
        url, tmp_path, mapping_text(), interface_=rest, retry={"attempts": 1},
        **certificates(hostile, name),
    )  # fmt: skip
    guard = Guard(connector, settings, SystemClock())
    try:
        answer = await ask(guard)
    finally:
        await guard.close()
        await asyncio.sleep(0.05)
    assert [one.code for one in answer.faults] == [code]
