"""Value: the advisory locks of the hub's database, in one place so that none meet."""

from __future__ import annotations

from typing import Final

#: Held by whoever migrates; two processes that start at once take turns.
MIGRATE: Final = 0x4855_4201
#: Held for one batch of registrations or of re-keying. They take turns, so that
#: what a batch has read still stands when it writes: two statements about the
#: same worker always come to one worker id. Look-ups take no lock.
REGISTER: Final = 0x4855_4202
