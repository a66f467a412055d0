"""Adapter: the only place that reads the time or makes an identifier."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Tell the present moment, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Tell the present moment, in UTC."""
        return datetime.now(UTC)


def new_request_id() -> str:
    """Make a request id: random, so that it tells nothing."""
    return uuid.uuid4().hex
