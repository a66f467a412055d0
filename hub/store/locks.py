"""Value: the advisory locks of the hub's database, in one place so that none meet.

No two transactions wait for each other, because all take what they need in this order,
and each kind at once, sorted: workers (``WORKERS``) · rows of ``transfer`` by id · rows
of ``credential`` by id · rows of ``transfer_command`` by number · of batches and
questions · rows of ``rights_case`` by number, then of ``case_statement`` and of
``case_file`` · employer groups (``ARREARS``) · ``REGISTER`` · the row of ``audit_head`` ·
``FEED`` · jobs by their queueing lock. (Jobs come after ``FEED``: whoever defers one
otherwise holds nothing else. And where a home moves, rows of ``credential`` come after
those of ``transfer_command``: nobody who holds such a row waits for a command that is
there.)
"""

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

# Of the locks with two numbers; the first of them is:
#: Held by whoever opens transfers for some workers. The second number is one of
#: ``WORKER_LOCKS``, by the worker's id: few enough that the server's table of locks
#: cannot overflow, however many workers a transaction is about.
WORKERS: Final = 0x4855_4205
WORKER_LOCKS: Final = 1024
#: Held by the session that delivers to a province; the second number is its code.
DELIVER: Final = 0x4855_4206
#: Held by whoever counts the reports of arrears on an employer group; the second number
#: is made of its name.
ARREARS: Final = 0x4855_4207
#: Held by whoever writes a version of a province's settings or pauses it; the second
#: number is its code. Taken first, and with nothing but ``audit_head`` after it.
PROVINCE: Final = 0x4855_4208
