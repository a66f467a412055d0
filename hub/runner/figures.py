"""Adapter: what the runner counts of itself, for Prometheus.

Labels are closed lists (provinces, states, codes, endpoints of the settings).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import choose_encoder

from hub.connecting.figures import SettingsFigures
from schema.records.transfer import ENDED, TransferState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.breaker import Phase
    from hub.store.transfer_counts import OpenCount
    from hub.transfer.ports import Written
    from schema.records.keys import ProvinceCode
    from schema.records.told import FaultCode

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_LIFE = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600, 3600, 86400, 604800)


class RunnerFigures(SettingsFigures):
    """Counts commands, receipts, transfers and webhooks.

    It is the connectors' ``Observer`` and the runner's ``Notes``.
    """

    def __init__(self) -> None:
        """Begin at nothing, in a registry of its own."""
        self.registry = CollectorRegistry()
        own: dict[str, Any] = {"registry": self.registry, "namespace": "hub_runner"}
        super().__init__(own)
        self._commands = Counter(
            "commands",
            "Commands by province and outcome.",
            ["province", "outcome"],
            **own,
        )
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
        self._breaker = Gauge(
            "province_breaker_open", "1 open, 0.5 half open.", ["province"], **own
        )
        self._moved = Counter(
            "transfers_moved", "Transfers that came to a state.", ["state"], **own
        )
        self._life = Histogram(
            "transfer_seconds",
            "From opening to the end, both registers agreed.",
            ["state"],
            buckets=_LIFE,
            **own,
        )
        self._webhooks = Counter(
            "webhook_calls",
            "Calls by endpoint and outcome.",
            ["endpoint", "outcome"],
            **own,
        )
        self._polls = Counter(
            "case_polls",
            "Pages of case files by province and outcome.",
            ["province", "outcome"],
            **own,
        )
        self._changes = Counter(
            "case_changes", "New changes of case files.", ["province"], **own
        )
        self._open = Gauge("transfers_open", "Open transfers.", ["state"], **own)
        self._overdue = Gauge(
            "transfers_overdue", "Open transfers that are overdue.", ["state"], **own
        )
        self._waiting = Gauge(
            "commands_waiting", "Commands without a receipt.", ["province"], **own
        )
        self._oldest = Gauge(
            "command_oldest_seconds",
            "For how long the oldest command has waited.",
            ["province"],
            **own,
        )

    def delivered(self, province: ProvinceCode, outcome: str, commands: int) -> None:
        """Count commands by how they ended."""
        if commands:
            self._commands.labels(province, outcome).inc(commands)

    def moved(self, written: Sequence[Written]) -> None:
        """Count what came to a state, and how long it took to the end."""
        for one in written:
            transfer = one.transfer
            self._moved.labels(transfer.state).inc()
            if transfer.ended_at is not None:
                took = (transfer.ended_at - transfer.opened_at).total_seconds()
                self._life.labels(transfer.state).observe(took)

    def polled(self, province: ProvinceCode, outcome: str, changes: int) -> None:
        """Count a page of a province's case files, and what was new in it."""
        self._polls.labels(province, outcome).inc()
        if changes:
            self._changes.labels(province).inc(changes)

    def called(self, endpoint: str, outcome: str) -> None:
        """Count a call to an endpoint."""
        self._webhooks.labels(endpoint, outcome).inc()

    def answered(
        self,
        province: ProvinceCode,
        code: FaultCode | None,
        seconds: float,
        attempts: int,  # noqa: ARG002  # acts are tried once
    ) -> None:
        """Count one call to a province; the guard writes its line."""
        self._calls.labels(province, code or "OK").inc()
        self._call_seconds.labels(province).observe(seconds)

    def breaker_moved(self, province: ProvinceCode, phase: Phase) -> None:
        """Show where a province's breaker stands."""
        self._breaker.labels(province).set(phase.height)

    def show_open(self, counts: Sequence[OpenCount]) -> None:
        """Show how many transfers are open; a state without any shows 0."""
        found = {one.state: one for one in counts}
        for state in set(TransferState) - ENDED:
            one = found.get(state)
            self._open.labels(state).set(one.transfers if one else 0)
            self._overdue.labels(state).set(one.overdue if one else 0)

    def show_backlog(
        self, province: ProvinceCode, waiting: int, seconds: float
    ) -> None:
        """Show what waits for a province, and for how long."""
        self._waiting.labels(province).set(waiting)
        self._oldest.labels(province).set(seconds)

    def text(self, accept: str = "") -> tuple[bytes, str]:
        """Write all figures, and tell their media type.

        Args:
            accept: The header ``Accept``.
        """
        write, media_type = choose_encoder(accept)
        return write(self.registry), media_type
