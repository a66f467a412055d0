"""Adapter: what a process counts of the settings that it follows, for Prometheus."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from prometheus_client import Counter, Gauge

if TYPE_CHECKING:
    from datetime import datetime

    from schema.records.keys import ProvinceCode


class SettingsFigures:
    """Counts changes, mistakes and secrets, and shows how old what was delivered is.

    It is the ``Notes`` of this room, and of ``Observer`` what all processes tell alike.
    """

    def __init__(self, own: dict[str, Any]) -> None:
        """Begin at nothing.

        Args:
            own: Where they belong: ``registry`` and ``namespace``.
        """
        self._settings_mistakes = Gauge(
            "settings_mistakes", "Mistakes that keep settings from being taken.", **own
        )
        self._province_changes = Counter(
            "province_changes", "Provinces added, changed, removed.", ["kind"], **own
        )
        self._secrets_failing = Gauge(
            "province_secrets_failing",
            "Secrets by reference that cannot be read now.",
            ["province"],
            **own,
        )
        self._batch_as_of = Gauge(
            "province_batch_as_of_timestamp_seconds",
            "Of which moment the batch in use is, for provinces that deliver files.",
            ["province"],
            **own,
        )

    def settings_read(self, mistakes: int) -> None:
        """Show how many mistakes there are."""
        self._settings_mistakes.set(mistakes)

    def province_changed(self, province: ProvinceCode, kind: str) -> None:
        """Count a change; which province it was stands in the log."""
        self._province_changes.labels(kind).inc()
        # It may have been paused, or deliver no more; the next probe tells.
        with suppress(KeyError):
            self._batch_as_of.remove(province)

    def dated(self, province: ProvinceCode, as_of: datetime) -> None:
        """Show of which moment the batch is that a province delivered last."""
        self._batch_as_of.labels(province).set(as_of.timestamp())

    def secrets_failing(self, province: ProvinceCode, count: int) -> None:
        """Show how many secrets of a province cannot be read."""
        self._secrets_failing.labels(province).set(count)
