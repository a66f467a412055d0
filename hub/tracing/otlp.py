"""Decider: spans as OTLP wants them in JSON (opentelemetry-proto, trace.v1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hub.tracing.spans import Kept

#: How what a span tells is called; OpenTelemetry's own names where it has them.
NAMES: Final[Mapping[str, str]] = {
    "attempts": "hub.attempts",
    "commands": "hub.commands",
    "entries": "hub.entries",
    "fault": "hub.fault",
    "faults": "hub.faults",
    "kinds": "hub.kinds",
    "method": "http.request.method",
    "operation": "graphql.operation.name",
    "outcome": "hub.outcome",
    "province": "hub.province",
    "provinces": "hub.provinces",
    "request": "hub.request",
    "route": "http.route",
    "status": "http.response.status_code",
    "workers": "hub.workers",
}
_FAILED = 2


def body_of(spans: Iterable[Kept], service: str) -> bytes:
    """Write the body of one export."""
    resource = {"attributes": [_pair("service.name", service)]}
    scope = {"scope": {"name": "hub"}, "spans": [_span(one) for one in spans]}
    return orjson.dumps(
        {"resourceSpans": [{"resource": resource, "scopeSpans": [scope]}]}
    )


def _span(span: Kept) -> dict[str, Any]:
    written: dict[str, Any] = {
        "traceId": span.trace,
        "spanId": span.id,
        "name": span.name,
        "kind": span.kind,
        # 64-bit integers are strings in the JSON of protobuf.
        "startTimeUnixNano": str(span.start),
        "endTimeUnixNano": str(span.finish),
        "attributes": [
            _pair(NAMES[name], value)
            for name, value in span.told.items()
            if value != ""  # a fault that there was not
        ],
    }
    if span.parent:
        written["parentSpanId"] = span.parent
    if span.state:
        written["traceState"] = span.state
    if span.failed:
        written["status"] = {"code": _FAILED, "message": span.failed}
    return written


def _pair(key: str, value: object) -> dict[str, Any]:
    kind = "intValue" if isinstance(value, int) else "stringValue"
    return {"key": key, "value": {kind: str(value)}}
