from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from connectors.tracing import CURRENT, Told, part
from hub.tracing.export import Exporter
from hub.tracing.otlp import NAMES, body_of
from hub.tracing.settings import TracingSettings
from hub.tracing.spans import Kept, Sampling, Untraced
from tests.tracing.collector import collecting, told

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SPAN = "00f067aa0ba902b7"


class Clock:
    def now(self):
        return datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def kept():
    return []


@pytest.fixture
def tracer(kept):
    return Sampling(1.0, Clock(), kept.append)


def within(span):
    """Make a span the current one for the rest of the test."""
    return CURRENT.set(span)


def test_outside_of_a_trace_a_part_is_nothing():
    with part("gather") as span:
        assert span is None
        assert CURRENT.get() is None


def test_parts_nest_and_end_in_order(tracer, kept):
    root = tracer.begin("POST /graphql", [], [])
    token = within(root)
    with part("gather") as outer, part("ask province", client=True) as inner:
        inner.tell(province="44", workers=2)
    CURRENT.reset(token)
    root.end()

    assert [one.name for one in kept] == ["ask province", "gather", "POST /graphql"]
    assert [one.kind for one in kept] == [3, 1, 2]
    assert inner.parent == outer.id
    assert outer.parent == root.id
    assert root.parent == ""
    assert {one.trace for one in kept} == {root.trace}
    assert root.start <= outer.start <= inner.start <= inner.finish <= outer.finish
    assert datetime.fromtimestamp(root.start / 1e9, UTC).date() == Clock().now().date()


async def test_parts_of_tasks_side_by_side_have_the_same_parent(tracer, kept):
    async def ask():
        with part("ask province", client=True):
            await asyncio.sleep(0)

    root = tracer.begin("POST /graphql", [], [])
    within(root)
    with part("gather") as outer:
        async with asyncio.TaskGroup() as group:
            for _ in range(3):
                group.create_task(ask())

    assert [one.parent for one in kept[:3]] == [outer.id] * 3


def test_a_failed_part_tells_the_class_and_never_the_message(tracer, kept):
    within(tracer.begin("POST /graphql", [], []))
    with pytest.raises(ValueError, match="11010"), part("begin"):
        raise ValueError("110101199003078515 is wrong")

    body = body_of(kept, "hub").decode()
    assert kept[0].failed == "ValueError"
    assert "110101" not in body


def test_a_caller_s_trace_goes_on_and_its_choice_is_followed(kept):
    never = Sampling(0.0, Clock(), kept.append)
    followed = never.begin("POST /graphql", [f"00-{TRACE}-{SPAN}-01"], ["a=1"])
    dropped = Sampling(1.0, Clock(), kept.append).begin(
        "POST /graphql", [f"00-{TRACE}-{SPAN}-00"], ["a=1"]
    )

    assert (followed.trace, followed.parent, followed.recorded) == (TRACE, SPAN, True)
    assert followed.headers == {
        "traceparent": f"00-{TRACE}-{followed.id}-01",
        "tracestate": "a=1",
    }
    assert dropped.recorded is False
    assert dropped.headers == {
        "traceparent": f"00-{TRACE}-{SPAN}-00",
        "tracestate": "a=1",
    }


def test_what_is_not_kept_still_has_an_id_and_costs_no_span(kept):
    span = Sampling(0.0, Clock(), kept.append).begin("POST /graphql", [], [])
    within(span)
    with part("gather") as inner:
        inner.tell(province="44")

    assert inner is span
    assert span.headers["traceparent"].endswith("-00")
    assert kept == []


def test_without_a_collector_the_caller_s_headers_are_passed_on():
    assert Untraced().begin("POST /graphql", [], []) is None
    assert Untraced().begin("POST /graphql", ["nonsense"], []) is None

    span = Untraced().begin("POST /graphql", [f"00-{TRACE}-{SPAN}-01"], [])

    assert span.headers == {"traceparent": f"00-{TRACE}-{SPAN}-01"}
    assert span.recorded is False


def test_everything_that_can_be_told_has_a_name():
    assert set(NAMES) == set(Told.__annotations__)


def test_a_body_is_what_otlp_wants(tracer, kept):
    root = tracer.begin("POST /graphql", [f"00-{TRACE}-{SPAN}-01"], ["a=1"])
    root.tell(status=500, outcome="INTERNAL")
    root.end("INTERNAL")

    (resource,) = json.loads(body_of(kept, "hub-test"))["resourceSpans"]
    (span,) = resource["scopeSpans"][0]["spans"]
    assert resource["resource"]["attributes"][0]["value"] == {"stringValue": "hub-test"}
    assert (span["traceId"], span["parentSpanId"], span["traceState"]) == (
        TRACE,
        SPAN,
        "a=1",
    )
    assert len(span["spanId"]) == 16
    assert span["startTimeUnixNano"].isdecimal()
    assert int(span["endTimeUnixNano"]) >= int(span["startTimeUnixNano"])
    assert span["status"] == {"code": 2, "message": "INTERNAL"}
    assert told(span) == {
        "http.response.status_code": "500",
        "hub.outcome": "INTERNAL",
    }


def span_of(taken):
    root = Sampling(1.0, Clock(), taken).begin("POST /graphql", [], [])
    assert isinstance(root, Kept)
    return root


class Counted:
    def __init__(self):
        self.seen = {"exported": 0, "dropped": 0}

    def __call__(self, outcome, spans):
        self.seen[outcome] += spans


def settings(url, **named):
    return TracingSettings(endpoint=url, sample=1, every="50ms", **named)


async def test_spans_arrive_and_the_token_with_them():
    counted = Counted()
    with collecting() as collector:
        environ = {"OTLP_TOKEN": "secret"}
        at = settings(f"{collector.url}/", bearer_env="OTLP_TOKEN")
        async with Exporter(at, environ, counted) as exporter:
            for _ in range(700):
                span_of(exporter.take).end()
            # Counted once the collector has answered, which is after it received.
            while counted.seen["exported"] < 700:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        path, headers = collector.headers[0]

    assert path == "/v1/traces"
    assert headers["Authorization"] == "Bearer secret"
    assert headers["Content-Type"] == "application/json"
    assert counted.seen == {"exported": 700, "dropped": 0}


async def test_what_is_left_is_sent_at_the_end():
    with collecting() as collector:
        async with Exporter(settings(collector.url), {}, Counted()) as exporter:
            span_of(exporter.take).end()

        assert len(collector.spans) == 1


async def test_spans_wait_while_the_collector_is_busy_and_are_dropped_if_refused():
    counted = Counted()
    with collecting() as collector:
        collector.answers = [503, 200, 400]
        async with Exporter(settings(collector.url), {}, counted) as exporter:
            span_of(exporter.take).end()
            while counted.seen["exported"] < 1:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
            span_of(exporter.take).end()
            while counted.seen["dropped"] < 1:  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    assert counted.seen == {"exported": 1, "dropped": 1}


async def test_without_a_collector_the_oldest_are_dropped_and_nobody_waits():
    counted = Counted()
    at = settings("http://127.0.0.1:9", waiting=10)
    async with Exporter(at, {}, counted) as exporter:
        for _ in range(50):
            span_of(exporter.take).end()
        await asyncio.sleep(0.2)
        loop = asyncio.get_running_loop()
        began = loop.time()

    assert loop.time() - began < 2
    assert counted.seen["exported"] == 0
    assert counted.seen["dropped"] >= 40


@pytest.mark.parametrize("endpoint", ["127.0.0.1:4318", "file:///etc", "localhost"])
def test_an_endpoint_must_be_an_address(endpoint):
    with pytest.raises(ValidationError, match="must be an address"):
        TracingSettings(endpoint=endpoint)


def test_tracing_is_off_by_default():
    assert TracingSettings().endpoint is None
