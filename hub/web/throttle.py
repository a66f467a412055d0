"""Decider: may this request of a caller go ahead now, or when?

A token bucket: it holds up to ``burst`` tokens, ``rate`` come in each second, a
request takes one. A request that asks for much takes more, afterwards: then
the bucket may go below nothing, and the caller waits until it is above again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from hub.config.callers import PaceSettings

#: So many fields of an answer count as one more request.
FIELDS_A_TOKEN = 1_000


class Bucket(msgspec.Struct, frozen=True, gc=False):
    """What a caller has left.

    Attributes:
        level: Tokens.
        at: When it was so, in seconds of a clock that never goes back.
    """

    level: float
    at: float


def full(pace: PaceSettings, now: float) -> Bucket:
    """Start with a full bucket."""
    return Bucket(float(pace.burst), now)


def filled(bucket: Bucket, pace: PaceSettings, now: float) -> Bucket:
    """Let come in what is due since the last look."""
    gained = max(now - bucket.at, 0.0) * pace.rate
    return Bucket(min(bucket.level + gained, float(pace.burst)), now)


def wait(bucket: Bucket, pace: PaceSettings) -> float:
    """Tell in how many seconds there is a whole token; 0 if there is one now."""
    return max((1.0 - bucket.level) / pace.rate, 0.0)


def take(bucket: Bucket, tokens: float) -> Bucket:
    """Take tokens, also those that are not there yet."""
    return Bucket(bucket.level - tokens, bucket.at)


def surcharge(cost: int) -> float:
    """Tell how many tokens a request takes beyond its first one."""
    return float(cost // FIELDS_A_TOKEN)
