"""Value: what the person who started the demo wants."""

from __future__ import annotations

from typing import NamedTuple


class Wishes(NamedTuple):
    """What the person who started the demo wants.

    Attributes:
        size: How many workers.
        seed: Of the population.
        port: Of the hub; 0 takes a free one.
        provinces: Their codes.
        once: Look up, check and stop.
    """

    size: int
    seed: int
    port: int
    provinces: tuple[str, ...]
    once: bool
