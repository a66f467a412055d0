"""Adapter: what the hub counts of itself, for Prometheus.

Labels are closed lists (codes, provinces, phases): nothing that a caller sends
becomes a label, so the number of series has a bound.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
)
from prometheus_client.exposition import choose_encoder

from connectors.tracing import CURRENT
from hub.connecting.figures import SettingsFigures

if TYPE_CHECKING:
    from connectors.breaker import Phase
    from schema.records.keys import ProvinceCode
    from schema.records.told import FaultCode

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_HELD_UP = (0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2, 5)
_ROWS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)


class Figures(SettingsFigures):
    """Counts requests, province calls, look-ups and audit batches.

    It is the connectors' ``Observer`` and the reader's ``Notes`` too.
    """

    def __init__(self) -> None:
        """Begin at nothing, in a registry of its own."""
        self.registry = CollectorRegistry()
        own: dict[str, Any] = {"registry": self.registry, "namespace": "hub"}
        super().__init__(own)
        self._requests = Counter(
            "requests", "Requests by route and outcome.", ["route", "outcome"], **own
        )
        self._seconds = Histogram(
            "request_seconds", "Time to answer.", ["route"], buckets=_SECONDS, **own
        )
        self.in_flight = Gauge(
            "requests_in_flight", "GraphQL requests under way.", **own
        )
        self.streams = Gauge("streams", "Streams that are open.", ["kind"], **own)
        self._calls = Counter(
            "province_calls", "Calls by province and code.", ["province", "code"], **own
        )
        self._call_seconds = Histogram(
            "province_call_seconds",
            "Time until a province answered.",
            ["province"],
            buckets=_SECONDS,
            **own,
        )
        self._attempts = Counter(
            "province_attempts", "Attempts, retries included.", ["province"], **own
        )
        self._breaker = Gauge(
            "province_breaker_open", "1 open, 0.5 half open.", ["province"], **own
        )
        self._audit = Histogram(
            "audit_batch_rows", "Entries in one commit.", buckets=_ROWS, **own
        )
        self._lookups = Counter(
            "lookups", "Workers looked up, by outcome.", ["outcome"], **own
        )
        self._stages = Histogram(
            "stage_seconds",
            "Where a look-up's time goes.",
            ["stage"],
            buckets=_SECONDS,
            **own,
        )
        self._alarms = Counter(
            "enumeration_alarms",
            "Look-ups by number that look like guessing, by subject or office.",
            ["whose"],
            **own,
        )
        # Nobody who reads them takes them away from another reader.
        self._lag = Histogram(
            "event_loop_lag_seconds",
            "For how long the event loop was held up, a hundred looks a second.",
            buckets=_HELD_UP,
            **own,
        )
        self._busy = Histogram(
            "event_loop_busy_seconds",
            "For how long it worked without a pause, a hundred looks a second.",
            buckets=_HELD_UP,
            **own,
        )
        self._dropped = Counter(
            "connections_dropped",
            "Connections whose callers did not take their answers.",
            ["why"],
            **own,
        )
        self._bugs = Counter("bugs", "Unexpected exceptions.", **own)
        self._spans = Counter(
            "spans", "Spans for the collector, by outcome.", ["outcome"], **own
        )

    def answered_request(self, route: str, outcome: str, seconds: float) -> None:
        """Count one request.

        Args:
            route: The path if it is one of ours, else ``other``.
            outcome: ``ok``, ``partial`` or a code of ``hub.web.errors``.
            seconds: From the first byte of it to the last of the answer.
        """
        self._requests.labels(route, outcome).inc()
        self._seconds.labels(route).observe(seconds, _exemplar())

    def answered(
        self,
        province: ProvinceCode,
        code: FaultCode | None,
        seconds: float,
        attempts: int,
    ) -> None:
        """Count one question to a province; the guard writes its line."""
        shown = code or "OK"
        self._calls.labels(province, shown).inc()
        self._call_seconds.labels(province).observe(seconds, _exemplar())
        self._attempts.labels(province).inc(attempts)

    def breaker_moved(self, province: ProvinceCode, phase: Phase) -> None:
        """Show where a province's breaker stands."""
        self._breaker.labels(province).set(phase.height)

    def audited(self, entries: int) -> None:
        """Count one commit of the audit trail."""
        self._audit.observe(entries)

    def looked_up(self, outcome: str, workers: int = 1) -> None:
        """Count workers that were looked up (``shown``, ``not-found``, ``refused``)."""
        self._lookups.labels(outcome).inc(workers)

    def stage(self, name: str, seconds: float) -> None:
        """Count how long one stage of the itinerary took (``hub.reading.reader``)."""
        self._stages.labels(name).observe(seconds, _exemplar())

    def enumeration_alarm(self, whose: str) -> None:
        """Count an alarm about a ``subject`` or an ``office``."""
        self._alarms.labels(whose).inc()

    def held_up(self, lag: float, worked: float) -> None:
        """Take note of one turn of the loop's timer (``hub.web.lag``)."""
        self._lag.observe(lag)
        self._busy.observe(worked)

    def connection_dropped(self, why: str) -> None:
        """Count a connection that was dropped as its caller takes no answer.

        Args:
            why: ``slow`` or ``crowded`` (``hub.web.unsent``).
        """
        self._dropped.labels(why).inc()

    def bug(self) -> None:
        """Count an exception that nobody expected."""
        self._bugs.inc()

    def traced(self, outcome: str, spans: int) -> None:
        """Count spans that were ``exported`` to the collector, or ``dropped``."""
        self._spans.labels(outcome).inc(spans)

    def text(self, accept: str = "") -> tuple[bytes, str]:
        """Write all figures.

        Args:
            accept: The header ``Accept``; OpenMetrics, which has exemplars, is
                written for who asks for it, else Prometheus' older text.

        Returns:
            The text and its media type.
        """
        write, media_type = choose_encoder(accept)
        return write(self.registry), media_type


def _exemplar() -> dict[str, str] | None:
    """Name the trace that a measurement belongs to, if it can be looked at."""
    span = CURRENT.get()
    return {"trace_id": span.trace} if span is not None and span.recorded else None
