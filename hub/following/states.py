"""Value: for each state of a case, whom it waits for and how it may be left.

It is checked when this module is imported: a state without somebody responsible or a
way out cannot be shipped. That ``decide`` does just this is what the model check looks
at (``hub/following/model.py``).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

import msgspec

from schema.records.case import ENDED, CaseState
from schema.records.case_powers import Party

if TYPE_CHECKING:
    from collections.abc import Mapping


class Wait(StrEnum):
    """Which answer a case waits for; how long is data (``hub/rules/clocks.toml``)."""

    ROUTE = "case-route"
    HAND_OVER = "case-hand-over"
    TAKING_OVER = "case-taking-over"


class Effect(StrEnum):
    """What follows when the union that is asked does not answer in time."""

    #: The union above is asked; where there is none, it is overdue.
    ESCALATE = "escalate"
    #: The lead keeps it.
    KEEP = "keep"


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What holds while a case is in a state.

    Attributes:
        acts: Who has to act; nobody in the end.
        wait: Which answer is waited for; an open case waits for its clocks.
        effect: What a passed limit does.
        unaccepted: Whether nobody may have accepted the lead yet.
        leads_to: The states that may come next.
    """

    acts: Party | None = None
    wait: Wait | None = None
    effect: Effect | None = None
    unaccepted: bool = False
    leads_to: frozenset[CaseState] = frozenset()


class StatesMistake(ValueError):
    """The table of states contradicts itself; the text says where."""


_S: Final = CaseState

STATES: Final[Mapping[CaseState, State]] = {
    _S.ROUTED: State(
        acts=Party.ASKED,
        wait=Wait.ROUTE,
        effect=Effect.ESCALATE,
        unaccepted=True,
        leads_to=frozenset({_S.OPEN, _S.ESCALATED, _S.WITHDRAWN}),
    ),
    _S.OPEN: State(
        acts=Party.LEAD,
        leads_to=frozenset({_S.HANDING_OVER, _S.ESCALATED, _S.CLOSED, _S.WITHDRAWN}),
    ),
    _S.HANDING_OVER: State(
        acts=Party.ASKED,
        wait=Wait.HAND_OVER,
        effect=Effect.KEEP,
        leads_to=frozenset({_S.OPEN, _S.ESCALATED, _S.WITHDRAWN}),
    ),
    _S.ESCALATED: State(
        acts=Party.SUPERIOR,
        wait=Wait.TAKING_OVER,
        effect=Effect.ESCALATE,
        unaccepted=True,
        leads_to=frozenset({_S.OPEN, _S.ROUTED, _S.WITHDRAWN}),
    ),
    _S.CLOSED: State(),
    _S.WITHDRAWN: State(unaccepted=True),
}


def check(states: Mapping[CaseState, State]) -> None:
    """Hold a table of states to what must be.

    Raises:
        StatesMistake: It breaks a rule.
    """
    for name in CaseState:
        state = states.get(name)
        if state is None:
            raise StatesMistake(f"{name} is not in the table")
        if {state.acts is None, not state.leads_to} != {name in ENDED}:
            raise StatesMistake(
                f"{name}: somebody has to act and there is a way out, or it has ended"
            )
        waits = {state.wait is None, state.effect is None}
        if waits != {state.acts in {None, Party.LEAD}}:
            raise StatesMistake(f"{name}: whoever is asked has a limit, and an effect")


check(STATES)
