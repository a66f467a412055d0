"""Value: for each state of a transfer, whose it is and how it may be left.

It is checked when this module is imported: a state without a responsible union, a
limit of its wait or a way out cannot be shipped (RULEBOOK §2 (iii)). That ``decide``
does just this is what the model check looks at (``hub/transfer/model.py``).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

import msgspec

from schema.records.transfer import ENDED, Basis, Step, TransferState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.transfer.decision import Saga
    from schema.records.keys import ProvinceCode


class Owner(StrEnum):
    """Which union has to act, or whose register is asked."""

    OLD = "OLD"
    #: The new union; the union of residence once the member lands.
    NEW = "NEW"
    #: Nothing is left to do: the home.
    HOME = "HOME"


class Wait(StrEnum):
    """What a transfer waits for; its limits are data (``hub/rules/transfer.toml``)."""

    OUT_REGISTRATION = "out-registration"
    ANSWER = "answer"
    IN_REGISTRATION = "in-registration"
    IN_REGISTRATION_OVERDUE = "in-registration-overdue"
    LANDING = "landing"
    LANDING_OVERDUE = "landing-overdue"
    IN_CANCELLATION = "in-cancellation"
    CLOSING = "closing"
    CLOSING_OVERDUE = "closing-overdue"
    RETURN = "return"
    RETURN_OVERDUE = "return-overdue"


class Effect(StrEnum):
    """What follows when the limit of a wait has passed."""

    RETURN = "return"
    LAND = "land"
    OVERDUE = "overdue"
    CANCEL_IN = "cancel-in"
    END = "end"


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What holds while a transfer is in a state.

    Attributes:
        owner: Who is responsible.
        wait: What is waited for; nothing in the end.
        effect: What a passed limit does.
        overdue_wait: What is waited for once it is overdue, if it can be.
        overdue_effect: What the limit of that wait does: it needs no register.
        home_moved: Whether the home is the new union.
        acts: What people may do.
        leads_to: The states that may come next.
    """

    owner: Owner
    wait: Wait | None = None
    effect: Effect | None = None
    overdue_wait: Wait | None = None
    overdue_effect: Effect | None = None
    home_moved: bool = False
    acts: frozenset[Step] = frozenset()
    leads_to: frozenset[TransferState] = frozenset()


class StatesMistake(ValueError):
    """The table of states contradicts the invariants; the text says where."""


_S: Final = TransferState
_END: Final = State(owner=Owner.HOME)
_MOVED_END: Final = State(owner=Owner.HOME, home_moved=True)

STATES: Final[Mapping[TransferState, State]] = {
    _S.OUT_PENDING: State(
        owner=Owner.OLD,
        wait=Wait.OUT_REGISTRATION,
        effect=Effect.RETURN,
        acts=frozenset({Step.WITHDRAWN, Step.REJECTED}),
        leads_to=frozenset(
            {
                _S.IN_TRANSIT,
                _S.IN_PENDING,
                _S.LANDING,
                _S.CLOSING,
                _S.RETURNING,
                _S.REFUSED,
            }
        ),
    ),
    _S.IN_TRANSIT: State(
        owner=Owner.NEW,
        wait=Wait.ANSWER,
        effect=Effect.LAND,
        acts=frozenset({Step.ACCEPTED, Step.REJECTED, Step.WITHDRAWN}),
        leads_to=frozenset({_S.IN_PENDING, _S.LANDING, _S.RETURNING}),
    ),
    _S.IN_PENDING: State(
        owner=Owner.NEW,
        wait=Wait.IN_REGISTRATION,
        effect=Effect.OVERDUE,
        overdue_wait=Wait.IN_REGISTRATION_OVERDUE,
        overdue_effect=Effect.CANCEL_IN,
        leads_to=frozenset({_S.CLOSING, _S.RETURNING, _S.IN_CANCELLING}),
    ),
    _S.LANDING: State(
        owner=Owner.NEW,
        wait=Wait.LANDING,
        effect=Effect.OVERDUE,
        overdue_wait=Wait.LANDING_OVERDUE,
        overdue_effect=Effect.CANCEL_IN,
        leads_to=frozenset({_S.CLOSING, _S.RETURNING, _S.IN_CANCELLING}),
    ),
    _S.IN_CANCELLING: State(
        owner=Owner.NEW,
        wait=Wait.IN_CANCELLATION,
        effect=Effect.RETURN,
        leads_to=frozenset({_S.RETURNING}),
    ),
    _S.CLOSING: State(
        owner=Owner.OLD,
        wait=Wait.CLOSING,
        effect=Effect.OVERDUE,
        overdue_wait=Wait.CLOSING_OVERDUE,
        overdue_effect=Effect.END,
        home_moved=True,
        leads_to=frozenset({_S.COMPLETED, _S.LANDED}),
    ),
    _S.RETURNING: State(
        owner=Owner.OLD,
        wait=Wait.RETURN,
        effect=Effect.OVERDUE,
        overdue_wait=Wait.RETURN_OVERDUE,
        overdue_effect=Effect.END,
        leads_to=frozenset({_S.REJECTED, _S.WITHDRAWN, _S.REFUSED, _S.EXPIRED}),
    ),
    _S.COMPLETED: _MOVED_END,
    _S.LANDED: _MOVED_END,
    _S.REJECTED: _END,
    _S.WITHDRAWN: _END,
    _S.REFUSED: _END,
    _S.EXPIRED: _END,
}


def check(states: Mapping[TransferState, State]) -> None:
    """Hold a table of states to the invariants of RULEBOOK §2.

    Raises:
        StatesMistake: It breaks one.
    """
    for name in TransferState:
        state = states.get(name)
        if state is None:
            raise StatesMistake(f"{name} is not in the table")
        if (name in ENDED) != (state.owner is Owner.HOME):
            raise StatesMistake(f"{name}: the home owns what is ended, and no more")
        waits = (state.wait is not None, state.effect is not None, bool(state.leads_to))
        if set(waits) != {name not in ENDED}:
            raise StatesMistake(
                f"{name}: a state that is not ended has a wait, its effect and a way"
                " out; one that is ended has none"
            )
        last = (state.overdue_wait is not None, state.overdue_effect is not None)
        if set(last) != {state.effect is Effect.OVERDUE} or (
            state.overdue_effect is Effect.OVERDUE
        ):
            raise StatesMistake(
                f"{name}: what may be overdue has a last wait, and a way out after it"
                " that needs no register; nothing else has"
            )
        for following in state.leads_to:
            if state.home_moved and not states[following].home_moved:
                raise StatesMistake(f"{name} → {following}: the home never moves back")


check(STATES)


def owner(saga: Saga) -> tuple[str, ProvinceCode]:
    """Tell which union is responsible now, and its province."""
    match STATES[saga.state].owner:
        case Owner.OLD:
            return saga.opened.from_union, saga.opened.from_province
        case Owner.NEW:
            return saga.to_union, saga.to_province
        case Owner.HOME:
            return saga.home, saga.home_province


def wait_of(saga: Saga) -> Wait | None:
    """Tell what a transfer waits for now; nothing where it has ended."""
    state = STATES[saga.state]
    return state.overdue_wait if saga.overdue and state.overdue_wait else state.wait


def effect_of(saga: Saga) -> Effect | None:
    """Tell what the limit of its present wait does."""
    state = STATES[saga.state]
    late = saga.overdue and state.overdue_effect is not None
    return state.overdue_effect if late else state.effect


def allowed(saga: Saga) -> frozenset[Step]:
    """Tell what people may do now."""
    acts = STATES[saga.state].acts
    if saga.state is _S.OUT_PENDING and saga.opened.basis is not Basis.OFFER:
        return acts - {Step.REJECTED}  # nobody was asked, so nobody can say no
    return acts
