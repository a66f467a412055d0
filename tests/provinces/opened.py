"""Provinces as settings say, each in its guard, without a store and what follows files."""

from __future__ import annotations

from connectors.guard import Guard
from connectors.opening import at_hand
from connectors.registry import Registry
from hub.clock import SystemClock


def registry_of(provinces, environ):
    """Connect as ``LiveProvinces.begin`` does; nothing is asked yet."""
    clock = SystemClock()
    return Registry(
        [Guard(at_hand(one, environ, clock), one, clock) for one in provinces]
    )
