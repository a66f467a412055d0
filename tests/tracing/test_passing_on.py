from __future__ import annotations

import asyncio

import pytest

from connectors.credentials import Credentials
from connectors.settings import ProvinceSettings
from connectors.tracing import CURRENT, Unspanned
from connectors.transport import Transport
from hub.clock import SystemClock
from hub.tracing.spans import Sampling
from tests.tracing.collector import collecting

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"


@pytest.fixture
def province():
    """A province that takes note of the headers of each question."""
    with collecting() as kept:
        yield kept


async def asked(province):
    settings = ProvinceSettings(
        code="44", name_zh="广东", name_en="Guangdong", kind="graphql", url=province.url
    )
    transport = Transport(settings, Credentials(None, None), SystemClock())
    try:
        deadline = asyncio.get_running_loop().time() + 5
        with pytest.raises(Exception, match="MALFORMED"):  # it is no real province
            await transport.post(b"{}", {"X-Request-Id": "r"}, deadline)
    finally:
        await transport.close()
    ((_, headers),) = province.headers
    return {name.lower(): value for name, value in headers.items()}


async def test_a_province_is_sent_the_span_that_asks_it(province):
    kept = []
    root = Sampling(0, SystemClock(), kept.append).begin("POST", [PARENT], ["a=1"])
    token = CURRENT.set(root.part("ask province", client=True))
    headers = await asked(province)

    assert headers["traceparent"] == f"00-{TRACE}-{CURRENT.get().id}-01"
    assert headers["tracestate"] == "a=1"
    assert headers["x-request-id"] == "r"
    CURRENT.reset(token)


async def test_what_is_not_kept_is_passed_on_as_not_kept(province):
    token = CURRENT.set(Unspanned(TRACE, {"traceparent": PARENT[:-1] + "0"}))

    headers = await asked(province)
    CURRENT.reset(token)

    assert headers["traceparent"] == PARENT[:-1] + "0"


async def test_outside_of_a_trace_nothing_is_sent(province):
    # The runner keeps one context for tests that follow one another.
    token = CURRENT.set(None)
    headers = await asked(province)
    CURRENT.reset(token)

    assert "traceparent" not in headers
