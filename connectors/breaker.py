"""Decider (pure): may this province be asked just now?

Closed, every question goes through and its outcome is counted. When enough of
the last ones failed it opens: nothing is asked for a while. Then it is half
open: a few questions go through as probes; all of them well, it closes; one of
them badly, it opens again.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

#: The window is counted in so many parts: old outcomes leave it part by part,
#: and what is kept does not grow with the traffic.
_PARTS = 10


class Phase(StrEnum):
    """Where the breaker stands."""

    CLOSED = "CLOSED"
    OPEN = "OPEN"
    HALF_OPEN = "HALF_OPEN"

    @property
    def height(self) -> float:
        """How open it is, from 0 to 1: what figures show."""
        return {Phase.CLOSED: 0.0, Phase.HALF_OPEN: 0.5, Phase.OPEN: 1.0}[self]


class Outcome(StrEnum):
    """How a question that was let through ended."""

    GOOD = "GOOD"
    BAD = "BAD"
    #: It was given up by the one who asked; it says nothing of the province.
    UNKNOWN = "UNKNOWN"


class BreakerPolicy(msgspec.Struct, frozen=True):
    """When it opens, and how it closes again. Durations in seconds.

    Attributes:
        failures: At least so many failed within the window …
        rate: … and at least this part of all within it.
        window: How far back outcomes count.
        open_for: How long nothing is asked.
        probes: How many are let through at once when half open, and how many
            must end well before it closes.
    """

    failures: int
    rate: float
    window: float
    open_for: float
    probes: int


class Tally(msgspec.Struct, frozen=True):
    """Outcomes of one part of the window."""

    part: int
    good: int = 0
    bad: int = 0


class BreakerState(msgspec.Struct, frozen=True):
    """All that the breaker remembers.

    Attributes:
        phase: Where it stands.
        turn: Goes up with every change of phase: an outcome from before the
            last change says nothing of now.
        since: Moment of the last change.
        tallies: Closed: the outcomes within the window, oldest first.
        under_way: Half open: probes without an outcome yet.
        passed: Half open: probes that ended well.
    """

    phase: Phase = Phase.CLOSED
    turn: int = 0
    since: float = 0.0
    tallies: tuple[Tally, ...] = ()
    under_way: int = 0
    passed: int = 0


class Ticket(msgspec.Struct, frozen=True):
    """Leave to ask; it is handed back with the outcome.

    Attributes:
        turn: The breaker's turn when it was given.
        probe: Whether it is a probe.
    """

    turn: int
    probe: bool


def admit(
    policy: BreakerPolicy, state: BreakerState, now: float
) -> tuple[BreakerState, Ticket | None]:
    """Decide on one question.

    Args:
        policy: The rule.
        state: What is remembered.
        now: The moment, in seconds of any clock that never runs backwards.

    Returns:
        What to remember now, and leave to ask, or ``None``.
    """
    if state.phase is Phase.CLOSED:
        return state, Ticket(state.turn, probe=False)
    if state.phase is Phase.OPEN:
        if now - state.since < policy.open_for:
            return state, None
        state = BreakerState(Phase.HALF_OPEN, state.turn + 1, now)
    if state.under_way + state.passed >= policy.probes:
        return state, None
    state = msgspec.structs.replace(state, under_way=state.under_way + 1)
    return state, Ticket(state.turn, probe=True)


def note(
    policy: BreakerPolicy,
    state: BreakerState,
    ticket: Ticket,
    outcome: Outcome,
    now: float,
) -> BreakerState:
    """Take the outcome of a question that was let through; once for each ticket."""
    if ticket.turn != state.turn:
        return state
    if ticket.probe:
        return _note_probe(policy, state, outcome, now)
    if outcome is Outcome.UNKNOWN:
        return state
    return _note_closed(policy, state, outcome, now)


def _note_probe(
    policy: BreakerPolicy, state: BreakerState, outcome: Outcome, now: float
) -> BreakerState:
    if outcome is Outcome.BAD:
        return BreakerState(Phase.OPEN, state.turn + 1, now)
    passed = state.passed + (outcome is Outcome.GOOD)
    if passed >= policy.probes:
        return BreakerState(Phase.CLOSED, state.turn + 1, now)
    return msgspec.structs.replace(state, under_way=state.under_way - 1, passed=passed)


def _note_closed(
    policy: BreakerPolicy, state: BreakerState, outcome: Outcome, now: float
) -> BreakerState:
    part = int(now * _PARTS // policy.window)
    tallies = state.tallies
    if tallies and tallies[0].part <= part - _PARTS:
        tallies = tuple(t for t in tallies if t.part > part - _PARTS)
    if tallies and tallies[-1].part == part:
        last, tallies = tallies[-1], tallies[:-1]
    else:
        last = Tally(part)
    failed = outcome is Outcome.BAD
    last = Tally(part, last.good + (not failed), last.bad + failed)
    tallies = (*tallies, last)
    if failed and _too_many(policy, tallies):
        return BreakerState(Phase.OPEN, state.turn + 1, now)
    return msgspec.structs.replace(state, tallies=tallies)


def _too_many(policy: BreakerPolicy, tallies: tuple[Tally, ...]) -> bool:
    bad = sum(tally.bad for tally in tallies)
    good = sum(tally.good for tally in tallies)
    return bad >= policy.failures and bad >= policy.rate * (bad + good)
