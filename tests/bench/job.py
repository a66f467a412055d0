"""Value: what the load generator is told to do, and what it tells back."""

from __future__ import annotations

import msgspec


class Target(msgspec.Struct, frozen=True):
    """A hub that runs.

    Attributes:
        port: Where it listens.
        pid: Its process.
        workers: How many workers its links name.
        stubs: Port of each stub province that it asks, by code.
    """

    port: int
    pid: int
    workers: int
    stubs: dict[str, int]


class Step(msgspec.Struct, frozen=True):
    """One slice of load.

    Attributes:
        target: Name of the hub.
        question: Name of the question.
        concurrency: How many requests are under way at once.
        seconds: For how long.
        latency: Seconds that each stub takes, by code; none means at once.
        paired: After each look-up put the hub's own question to the slowest
            province directly: the difference is what the hub adds.
        label: Under which the results are gathered.
    """

    target: str
    question: str
    concurrency: int
    seconds: float
    latency: dict[str, float] = {}
    paired: bool = False
    label: str = ""


class Job(msgspec.Struct, frozen=True):
    """All slices, in their order.

    Attributes:
        token: Bearer token for the hubs.
        targets: The hubs by name.
        steps: What to do.
        turn: Turn at which to begin visiting workers.
    """

    token: str
    targets: dict[str, Target]
    steps: tuple[Step, ...]
    turn: int = 1


class Slice(msgspec.Struct, frozen=True):
    """What one step came to.

    Attributes:
        step: The step.
        took: Seconds of each request, in the order in which they ended.
        direct: For paired steps, seconds of each direct question.
        elapsed: Seconds of the whole slice.
        errors: How many answers were wrong.
        error: What was wrong with the first of them.
        cpu: Seconds of processor that the hub used.
        rss: Bytes of memory that the hub holds at the end.
        before: The hub's figures before, as Prometheus' text.
        after: And after.
        bytes: Size of one answer.
    """

    step: Step
    took: list[float]
    direct: list[float]
    elapsed: float
    errors: int
    error: str
    cpu: float
    rss: int
    before: str
    after: str
    bytes: int
