"""Adapter: what a process counts of the settings that it follows, for Prometheus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prometheus_client import Counter, Gauge

if TYPE_CHECKING:
    from schema.records.keys import ProvinceCode


class SettingsFigures:
    """Counts changes, mistakes and secrets; it is the ``Notes`` of this room."""

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

    def settings_read(self, mistakes: int) -> None:
        """Show how many mistakes there are."""
        self._settings_mistakes.set(mistakes)

    def province_changed(self, _province: ProvinceCode, kind: str) -> None:
        """Count a change; which province it was stands in the log."""
        self._province_changes.labels(kind).inc()

    def secrets_failing(self, province: ProvinceCode, count: int) -> None:
        """Show how many secrets of a province cannot be read."""
        self._secrets_failing.labels(province).set(count)
