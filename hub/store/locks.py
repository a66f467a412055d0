"""Value: the advisory locks of the hub's database, in one place so that none meet."""

from __future__ import annotations

from typing import Final

#: Held by whoever migrates; two processes that start at once take turns.
MIGRATE: Final = 0x4855_4201
#: Held for one batch of registrations or of re-keying. They take turns, so that
#: what a batch has read still stands when it writes: two statements about the
#: same worker always come to one worker id. Look-ups take no lock.
REGISTER: Final = 0x4855_4202
#: Held by whoever publishes an event, from before the insert until the commit: so
#: cursors become visible in their order. The last lock that a transaction takes.
FEED: Final = 0x4855_4203
#: Held by whoever removes old events.
FEED_PRUNE: Final = 0x4855_4204
