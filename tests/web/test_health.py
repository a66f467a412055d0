"""Whether the hub lives, may be asked, and what it counts."""

from __future__ import annotations

import asyncio

import pytest

from connectors.breaker import Phase
from hub.web.metrics import Figures
from schema.records.told import FaultCode

NO_TOKEN = {"Authorization": None}


async def get(ask, path, **named):
    return await ask(method="GET", path=path, headers=NO_TOKEN, **named)


async def test_the_hub_lives_and_is_ready_without_a_token(ask):
    live = await get(ask, "/livez")
    ready = await get(ask, "/readyz")

    assert (live.status, live.json) == (200, {"live": True})
    assert ready.json == {"ready": True, "checks": {"database": "ok"}}


async def test_a_failing_check_is_named_and_makes_503_but_the_hub_lives(ask_with):
    async def well():
        return True

    async def raises():
        raise ConnectionError

    async def hangs():
        await asyncio.sleep(60)

    checks = {"database": raises, "provinces": hangs, "policy": well}
    async with ask_with(checks=checks) as ask:
        ready = await get(ask, "/readyz")
        live = await get(ask, "/livez")

    assert ready.status == 503
    assert ready.json == {
        "ready": False,
        "checks": {"database": "failing", "provinces": "failing", "policy": "ok"},
    }
    assert live.status == 200


async def test_figures_are_counted_by_outcome(ask_with):
    async with ask_with() as ask:
        await ask("{hello}")
        await ask("{helo}")
        await ask(path="/somewhere")
        ask.parts.figures.answered("44", FaultCode.TIMED_OUT, 2.0, 2)
        ask.parts.figures.answered("33", None, 0.01, 1)
        ask.parts.figures.breaker_moved("44", Phase.OPEN)
        text = (await get(ask, "/metrics")).body.decode()

    assert 'hub_requests_total{outcome="ok",route="/graphql"} 1.0' in text
    failed = 'hub_requests_total{outcome="GRAPHQL_VALIDATION_FAILED",route="/graphql"}'
    assert f"{failed} 1.0" in text
    assert 'hub_requests_total{outcome="NOT_FOUND",route="other"} 1.0' in text
    assert 'hub_province_calls_total{code="TIMED_OUT",province="44"} 1.0' in text
    assert 'hub_province_calls_total{code="OK",province="33"} 1.0' in text
    assert 'hub_province_breaker_open{province="44"} 1.0' in text
    assert "hub_request_seconds_bucket" in text


async def test_figures_may_be_closed(ask_with):
    async with ask_with(server={"metrics_public": False}) as ask:
        closed = await get(ask, "/metrics")
        shown = await ask(method="GET", path="/metrics")

    assert closed.status == 401
    assert shown.status == 200


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics"])
async def test_health_is_asked_by_get_only(ask, path):
    answer = await ask(method="POST", path=path)

    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")


def test_two_hubs_in_one_process_count_apart():
    one, two = Figures(), Figures()
    one.looked_up("shown", 3)

    assert b'hub_lookups_total{outcome="shown"} 3.0' in one.text()[0]
    assert b"shown" not in two.text()[0]
