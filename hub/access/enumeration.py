"""Decider: do somebody's look-ups by resident ID number look like guessing?

Whoever works with people has their papers: their look-ups mostly find somebody.
Whoever guesses misses. So misses are counted over a sliding window. Hits are
counted only to tell how much may be under way at once: a look-up that has not
ended yet may turn out a miss, and somebody without any hits must not have more of
them under way than they may miss.
"""

from __future__ import annotations

import msgspec

#: The window slides in so many steps: a count may hold on for a step too long.
_STEPS = 20


class Tally(msgspec.Struct, frozen=True, gc=False):
    """What somebody's look-ups by number came to, lately.

    Attributes:
        steps: Number of the step of the window, misses and hits in it; oldest first,
            at most as many as the window has.
    """

    steps: tuple[tuple[int, int, int], ...] = ()


def noted(tally: Tally, misses: int, hits: int, now: float, window: float) -> Tally:
    """Add what look-ups came to.

    Args:
        tally: Up to now.
        misses: Look-ups that found nobody, or whose number can be nobody's.
        hits: Look-ups that found somebody.
        now: Seconds of a clock that never goes back.
        window: Seconds over which is counted.
    """
    step = _step(now, window)
    kept = list(_kept(tally, step))
    if kept and kept[-1][0] == step:
        _, before, found = kept.pop()
        misses, hits = misses + before, hits + found
    return Tally((*kept, (step, misses, hits)))


def counts(tally: Tally, now: float, window: float) -> tuple[int, int]:
    """Tell the misses and the hits within the window."""
    kept = _kept(tally, _step(now, window))
    return sum(misses for _, misses, _ in kept), sum(hits for *_, hits in kept)


def surely(window: float) -> float:
    """Tell for how many seconds a miss counts at the least, as the window has steps."""
    return window * (_STEPS - 1) / _STEPS


def suspected(misses: int, limit: int) -> bool:
    """Tell whether so many misses are too many to be mistakes."""
    return misses >= limit


def must_wait(misses: int, hits: int, under_way: int, limit: int) -> bool:
    """Tell whether a look-up must wait until others of the same caller have ended.

    Args:
        misses: Within the window.
        hits: Within the window.
        under_way: Look-ups by number that have not ended; each may be a miss.
        limit: Misses after which look-ups are refused.
    """
    return under_way > 0 and misses + under_way >= limit + hits


def _step(now: float, window: float) -> int:
    return int(now * _STEPS / window)


def _kept(tally: Tally, step: int) -> tuple[tuple[int, int, int], ...]:
    return tuple(one for one in tally.steps if one[0] > step - _STEPS)
