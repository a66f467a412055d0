"""Decider with a memory: how many streams one subject, and one office, may have.

A place is taken by each WebSocket that is initialised, by each operation under way
on one, and by each subscription that is answered as server-sent events. They are
counted together, so that to speak another protocol wins nothing. What stands in
``limits.callers`` is another count: there a subscription is under way only while it
begins, else streams, which last for days, would leave no request a chance.
"""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec

from hub.web import stream_sentences
from hub.web.errors import BadRequest, Code, problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hub.access.caller import Caller
    from hub.config.streams import StreamSettings

#: Who has all their places taken may try again after so many seconds.
_LATER = 5


class Places:
    """Counts the places of subjects and offices, over all protocols."""

    def __init__(self, settings: StreamSettings) -> None:
        """Start with all places free."""
        self._settings = settings
        self._taken: Counter[tuple[str, ...]] = Counter()

    def __len__(self) -> int:
        return len(self._taken)

    @contextmanager
    def take(self, caller: Caller) -> Iterator[None]:
        """Take a place until the block ends.

        Raises:
            BadRequest: ``RATE_LIMITED``: the subject or the office has none left.
        """
        counted = (
            (("subject", caller.issuer, caller.subject), self._settings.subject),
            (("office", caller.issuer, caller.office), self._settings.office),
        )
        for who, most in counted:
            if self._taken[who] >= most:
                raise _none_left(most)
        for who, _ in counted:
            self._taken[who] += 1
        try:
            yield
        finally:
            for who, _ in counted:
                self._taken[who] -= 1
                if not self._taken[who]:
                    del self._taken[who]


def _none_left(most: int) -> BadRequest:
    made = problem(Code.RATE_LIMITED, stream_sentences.NO_PLACE_LEFT, limit=most)
    return BadRequest(msgspec.structs.replace(made, retry_after=_LATER))
