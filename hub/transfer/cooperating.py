"""Decider: what happened in transfers → how unions work together (RULEBOOK §10).

An offer asks the new union from the moment on at which it is to answer: when the old
register has written the OUT entry. No day is agreed for the answer to an offer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema.records.cooperation import CooperationEvent, CooperationStep
from schema.records.transfer import Basis, Step

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.transfer.ports import Written
    from schema.records.transfer import Milestone, Transfer


def offers(written: Iterable[Written]) -> list[CooperationEvent]:
    """Tell the steps of offers among what happened in transfers, in order."""
    found: list[CooperationEvent] = []
    for one in written:
        found += steps(one.transfer, one.milestone)
    return found


def steps(transfer: Transfer, line: Milestone) -> tuple[CooperationEvent, ...]:
    """Tell which steps of an offer a line of its timeline is; none of other transfers.

    Args:
        transfer: As it stands after it.
        line: What happened.
    """
    if transfer.basis is not Basis.OFFER:
        return ()
    match line.step:
        case Step.OUT_REGISTERED:
            asked = CooperationEvent(
                id=transfer.id,
                step=CooperationStep.ASKED,
                at=line.at,
                asker=transfer.from_union,
                asker_province=transfer.from_province,
                asked=transfer.to_union,
                asked_province=transfer.to_province,
            )
            return (asked,)
        case Step.ACCEPTED:
            return (_of(transfer, line, CooperationStep.ACCEPTED),
                    _of(transfer, line, CooperationStep.ANSWERED))  # fmt: skip
        case Step.REJECTED:
            return (_of(transfer, line, CooperationStep.ANSWERED),)
        case Step.WITHDRAWN:
            return (_of(transfer, line, CooperationStep.WITHDRAWN),)
        case _:
            return ()


def _of(transfer: Transfer, line: Milestone, step: CooperationStep) -> CooperationEvent:
    return CooperationEvent(id=transfer.id, step=step, at=line.at)
