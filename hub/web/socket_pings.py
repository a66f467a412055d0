"""Decider with a memory: does a socket ping more often than anybody needs to?"""

from __future__ import annotations

from hub.config.callers import PaceSettings
from hub.web.socket_messages import too_many_pings
from hub.web.throttle import filled, full, take, wait

#: Clients send one every ten seconds or so.
_PACE = PaceSettings(rate=10, burst=100, at_once=1)


class Pings:
    """Those of one socket, and its pongs.

    They have a pace of their own, for the caller's may be used up by what is
    rightly asked for, and keeping a connection open must not fail for that.
    """

    def __init__(self, now: float) -> None:
        """Begin, at a time in seconds of a clock that never goes back."""
        self._left = full(_PACE, now)

    def count(self, now: float) -> None:
        """Take note of one.

        Raises:
            hub.web.socket_messages.Closing: It is one too many.
        """
        self._left = filled(self._left, _PACE, now)
        if wait(self._left, _PACE):
            raise too_many_pings()
        self._left = take(self._left, 1.0)
