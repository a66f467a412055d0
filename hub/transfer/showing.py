"""Decider: what the trail keeps of an answer: one entry for each worker whom it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.access.caller import Scope
from hub.clock import day_in_china
from hub.transfer.sight import Sight, shown
from schema.records.arriving import Moved
from schema.records.showing import Showing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hub.acting.actor import Actor
    from schema.records.showing import Shown
    from schema.records.transfer import Milestone, Transfer

#: A worker's name (empty: it is not shown), and what of theirs is shown.
Named = tuple[str, str]


def showings(
    actor: Actor, by: Shown, named: Iterable[Named], batch: str = ""
) -> Sequence[Showing]:
    """Make the entries of one answer, in the order in which it names the workers.

    Args:
        actor: Who asked.
        by: By what it is shown.
        named: Whom and what it shows.
        batch: The batch that it shows them of, if any.
    """
    by_worker: dict[str, dict[str, None]] = {}
    for worker, about in named:
        by_worker.setdefault(worker, {})[about] = None
    return [
        Showing(
            shown=by,
            worker=worker,
            about=tuple(about),
            subject=actor.subject,
            office=actor.office,
            province=actor.province,
            request=actor.request,
            batch=batch,
        )
        for worker, about in by_worker.items()
    ]


def moved(
    actor: Actor, seen: Sight, transfer: Transfer, timeline: Sequence[Milestone]
) -> Moved:
    """Tell a worker's transfer with the day in China on which the home moved.

    Args:
        actor: Who asked. To whoever may inspect, neither worker nor card are named,
            but of transfers that they see for another reason, and of their own.
        seen: How much of the transfer they see by the unions that it concerns.
        transfer: The transfer.
        timeline: What happened in it.
    """
    inspects = Scope.AUDIT_READ.value in actor.scopes
    own = Scope.SELF_READ.value in actor.scopes and actor.subject == transfer.worker
    whole = not inspects or own or seen is Sight.WHOLE
    days = (day_in_china(at.at) for at in timeline if at.home != transfer.from_union)
    told = shown(transfer, Sight.WHOLE if whole else Sight.WITHOUT_WORKER)
    return Moved(told or transfer, next(days, None))
