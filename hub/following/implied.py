"""Decider: facts that an act is by itself, so that nobody has to state them besides.

Clocks of RULEBOOK §6 wait for acts of unions: a report of arrears is accepted or
forwarded, confirmed by the union above and followed up; a question is answered; a
letter of the union's supervision is served, and its reply is due (``letters``). Which
fact an act is, is said here; whether a clock waits for it, the case's due dates say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hub.following.letters import SERVED, served
from schema.records.case import ActKind
from schema.records.case_wish import (
    AcceptLead,
    FactWish,
    FollowUp,
    ForwardLead,
    RecordAct,
    TakeOver,
)
from schema.records.clock import Phase
from schema.records.rights_case import CaseMatter

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from schema.records.case import Case
    from schema.records.case_wish import CaseWish, IntakeWish

#: The fact from which the clocks of a report of arrears run; it is about the report.
REPORTED: Final = "arrears-reported"
#: The fact from which the reply to a question is due.
ASKED: Final = "consultation-asked"

_ACCEPTED: Final = {"arrears-acceptance": "arrears-accepted"}
_FORWARDED: Final = {"arrears-acceptance": "arrears-forwarded"}
_RECEIPT: Final = {"arrears-receipt-superior": "superior-receipt"}
_FOLLOWED: Final = {**_RECEIPT, "arrears-follow-up": "superior-followed-up"}
_TAKEN: Final = {**_ACCEPTED, **_FOLLOWED}
_REPLIED: Final = {"consultation-reply": "consultation-answered"}
_NOTHING: Final[Mapping[str, str]] = {}
_OF_LEADING: Final = {AcceptLead: _ACCEPTED, ForwardLead: _FORWARDED, TakeOver: _TAKEN}
_OF_ACTS: Final = {
    ActKind.ACCEPTANCE: _ACCEPTED,
    ActKind.CONSULTATION_REPLY: _REPLIED,
}


def at_opening(wish: IntakeWish) -> tuple[FactWish, ...]:
    """Name the facts that taking a request in is: a question is asked."""
    stated = any(fact.kind == ASKED for fact in wish.facts)
    if wish.matter is not CaseMatter.CONSULTATION or stated:
        return ()
    return (FactWish(kind=ASKED, on=wish.received_on),)


def implied(case: Case, wish: CaseWish, today: date) -> tuple[FactWish, ...]:
    """Name the facts that an act is, where a clock waits for them or begins by them.

    Args:
        case: Before the act.
        wish: The act.
        today: The day in China, where the act names none.
    """
    if isinstance(wish, RecordAct) and wish.kind in SERVED:
        return served(case, wish)
    facts, on = _facts_of(wish), getattr(wish, "on", today)
    stated = {(one.kind, one.about) for one in getattr(wish, "facts", ())}
    return tuple(
        FactWish(kind=facts[due.clock], on=on, about=due.about)
        for due in case.dues
        if due.clock in facts
        and due.phase is Phase.RUNNING
        and (facts[due.clock], due.about) not in stated
    )


def _facts_of(wish: CaseWish) -> Mapping[str, str]:
    """Tell which fact an act is, by the clock that waits for it."""
    if isinstance(wish, RecordAct):
        return _OF_ACTS.get(wish.kind, _NOTHING)
    if isinstance(wish, FollowUp):
        return _RECEIPT if wish.receipt else _FOLLOWED
    return _OF_LEADING.get(type(wish), _NOTHING)
