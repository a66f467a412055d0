"""Decider: what must hold of a transfer in every state and at every step.

RULEBOOK §2: (i) exactly one home, (ii) OUT and IN entries pair one to one, (iii) no
state without a responsible union, (iv) nothing lapses in transit; and the saga does
what the table of states says. Each function tells what is broken, in words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from hub.transfer.decision import Decision, Saga, Silent
from hub.transfer.events import (
    Accepted,
    Done,
    LimitPassed,
    Refused,
    Rejected,
    Withdrawn,
)
from hub.transfer.states import STATES, Effect, allowed, effect_of, owner
from hub.transfer.steps import step_of
from schema.records.command import UNREFUSABLE, Act
from schema.records.transfer import ENDED, Basis, TransferState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hub.transfer.events import Event
    from schema.records.refusal import Refusal

    #: The saga, or a broken one that a test gives.
    Decide = Callable[[Saga, Event], Decision | Refusal | Silent]

_ACTS_OF_PEOPLE: Final[tuple[Event, ...]] = (
    Accepted(office="o"),
    Rejected(office="o", reason="r"),
    Withdrawn(office="o", reason="r"),
)
#: The act of a register that each state waits for.
_AWAITED: Final = {
    TransferState.OUT_PENDING: Act.REGISTER_OUT,
    TransferState.IN_PENDING: Act.REGISTER_IN,
    TransferState.LANDING: Act.REGISTER_IN,
    TransferState.IN_CANCELLING: Act.CANCEL_IN,
    TransferState.CLOSING: Act.COMPLETE_OUT,
    TransferState.RETURNING: Act.CANCEL_OUT,
}
#: In silence a transfer waits for no more limits than these, one after the other.
_MOST_WAITS: Final = 8


class Standing(msgspec.Struct, frozen=True):
    """A transfer, with what its registers were asked and have done.

    Attributes:
        saga: As it stands.
        asked: Acts that registers were asked for.
        done: Acts that they did, as the saga heard.
        refused: Acts that they refused.
    """

    saga: Saga
    asked: frozenset[Act]
    done: frozenset[Act]
    refused: frozenset[Act] = frozenset()

    def then(self, event: Event, decision: Decision) -> Standing:
        """Go on by one step."""
        done = {event.act} if isinstance(event, Done) else set[Act]()
        refused = {event.act} if isinstance(event, Refused) else set[Act]()
        asked = {one.act for one in decision.asked}
        return Standing(
            decision.saga,
            self.asked | asked,
            self.done | done,
            self.refused | refused,
        )


def of_step(at: Standing, event: Event, decision: Decision) -> Iterator[str]:
    """Hold one step to the invariants."""
    before, after = at.saga, decision.saga
    name = f"{before.state} –{step_of(event)}→ {after.state}"
    if after.seq != before.seq + 1:
        yield f"{name}: the event is not counted"
    if before.state in ENDED and not (
        _only_pays(before, event, decision) or _only_clashes(before, event, decision)
    ):
        yield f"{name}: what is ended goes on"
    if isinstance(event, Done | Refused) and event.act not in at.asked:
        yield f"{name}: nobody asked for {event.act}"
    if isinstance(event, Refused) and event.act in UNREFUSABLE:
        yield f"{name}: a register may not refuse {event.act}"
    for broken in (*_of_home(before, after, event), *_of_asking(at, decision)):
        yield f"{name}: {broken}"


def _only_pays(before: Saga, event: Event, decision: Decision) -> bool:
    """Tell whether nothing happens but that a register does what it still owed."""
    if not isinstance(event, Done) or event.act not in before.owed or decision.asked:
        return False
    owed = tuple(act for act in before.owed if act is not event.act)
    paid = msgspec.structs.replace(
        before, seq=before.seq + 1, owed=owed, overdue=bool(owed)
    )
    return decision.saga == paid


def _only_clashes(before: Saga, event: Event, decision: Decision) -> bool:
    """Tell whether it is only noted that a register that was given up has an entry."""
    if not isinstance(event, Done) or event.act is not Act.REGISTER_IN:
        return False
    noted = msgspec.structs.replace(before, seq=before.seq + 1, clash=True)
    return before.keeps_in and not decision.asked and decision.saga == noted


def _of_home(before: Saga, after: Saga, event: Event) -> Iterator[str]:
    if after.home == before.home:
        return
    if before.home != before.opened.from_union:
        yield "the home moves twice"
    if after.home != after.to_union:
        yield "the home moves to neither union"
    pivot = Act.REGISTER_OUT if _is_duplicate(before) else Act.REGISTER_IN
    if not (isinstance(event, Done) and event.act is pivot):
        yield "the home moves without an IN entry"


def _of_asking(at: Standing, decision: Decision) -> Iterator[str]:
    for act in (one.act for one in decision.asked):
        if act in at.asked:
            yield f"{act} is asked twice under one key"
        if {act, *at.asked} >= {Act.CANCEL_OUT, Act.COMPLETE_OUT}:
            yield "an OUT entry is both taken back and completed"
        if act is Act.CANCEL_OUT and at.saga.home != at.saga.opened.from_union:
            yield "back, after the pivot"


def _is_duplicate(saga: Saga) -> bool:
    return saga.opened.basis is Basis.DUPLICATE


def of_standing(at: Standing, decided_by: Decide) -> Iterator[str]:
    """Hold one standing to the invariants and to the table of states."""
    saga, opened = at.saga, at.saga.opened
    old = (opened.from_union, opened.from_province)
    new = (saga.to_union, saga.to_province)
    moved = STATES[saga.state].home_moved
    if (saga.home, saga.home_province) != (new if moved else old):
        yield f"{saga.state}: the home is {saga.home}"
    for event in _ACTS_OF_PEOPLE:
        answer, step = decided_by(saga, event), step_of(event)
        if isinstance(answer, Decision) != (step in allowed(saga)):
            yield f"{saga.state}: {step} is allowed by the table or by decide only"
        if isinstance(answer, Silent):
            yield f"{saga.state}: {step} of people is not answered"
    yield from _of_end(at) if saga.state in ENDED else _of_wait(saga, decided_by)


def _of_end(at: Standing) -> Iterator[str]:
    """Where it ends, OUT and IN are paired, or neither stands.

    A register that owes its part has been asked for it, and the command waits.
    """
    name, done = at.saga.state, at.done | frozenset(at.saga.owed)
    if at.saga.overdue != bool(at.saga.owed):
        yield f"{name}: people do not see that a register owes its part"
    if not at.asked.issuperset(at.saga.owed) or not at.done.isdisjoint(at.saga.owed):
        yield f"{name}: a register owes what it was not asked, or has done"
    if at.saga.home != at.saga.opened.from_union:
        if Act.COMPLETE_OUT not in done:
            yield f"{name}: the OUT entry is not paired"
        if Act.REGISTER_IN not in at.done and not _is_duplicate(at.saga):
            yield f"{name}: there is no IN entry"
    elif _may_stand_in(at, done):
        yield f"{name}: an IN entry may stand without a home"
    elif Act.REGISTER_OUT in done and Act.CANCEL_OUT not in done:
        yield f"{name}: an OUT entry stands alone"


def _may_stand_in(at: Standing, done: frozenset[Act]) -> bool:
    """Tell whether an IN entry may stand that nobody takes back, and nobody sees."""
    if at.saga.keeps_in or Act.CANCEL_IN in done:
        return False
    return Act.REGISTER_IN in at.asked - at.refused


def _of_wait(saga: Saga, decided_by: Decide) -> Iterator[str]:
    """Where it waits, a passed limit has the effect of the table, and no other."""
    passed = decided_by(saga, LimitPassed(since=saga.since))
    if not isinstance(passed, Decision):
        yield f"{saga.state}: a passed limit does nothing"
        return
    after, effect = passed.saga, effect_of(saga)
    if (after.state, after.overdue) != _after_limit(saga):
        yield f"{saga.state}: a passed limit leads to {after.state}, not to {effect}"
    if after.since <= saga.since:
        yield f"{saga.state}: the wait after a passed limit is not a new one"
    if not isinstance(decided_by(saga, LimitPassed(since=saga.since - 1)), Silent):
        yield f"{saga.state}: the limit of a wait that is over does something"
    act = _AWAITED.get(saga.state)
    if act is not None:
        done = decided_by(saga, Done(act=act, province=owner(saga)[1]))
        if not isinstance(done, Decision):
            yield f"{saga.state}: {act} is done, and not heard"
    if not _ends_in_silence(saga, decided_by):
        yield f"{saga.state}: a register that is silent for ever keeps it from ending"


def _ends_in_silence(saga: Saga, decided_by: Decide) -> bool:
    """Tell whether clocks alone end it: no register and nobody answers any more."""
    for _ in range(_MOST_WAITS):
        if saga.state in ENDED:
            return True
        passed = decided_by(saga, LimitPassed(since=saga.since))
        if not isinstance(passed, Decision):
            return False
        saga = passed.saga
    return False


def _after_limit(saga: Saga) -> tuple[TransferState, bool]:
    """Tell where a passed limit leads, by the table, and whether it is overdue."""
    nowhere = saga.opened.fallback_union == saga.opened.from_union
    match effect_of(saga):
        case Effect.LAND if not nowhere:
            return TransferState.LANDING, False
        case Effect.CANCEL_IN:
            return TransferState.IN_CANCELLING, False
        case Effect.END:
            return saga.outcome or saga.state, True
        case Effect.RETURN | Effect.LAND:
            return TransferState.RETURNING, False
        case _:
            return saga.state, True
