"""Decider: what the trail keeps of an answer: one entry for each worker whom it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.clock import day_in_china
from hub.transfer.sight import Sight, inspects_only, shown
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


def moved(actor: Actor, transfer: Transfer, timeline: Sequence[Milestone]) -> Moved:
    """Tell a worker's transfer with the day in China on which the home moved.

    Args:
        actor: Who asked; for inspection neither worker nor card are named.
        transfer: The transfer.
        timeline: What happened in it.
    """
    seen = Sight.WITHOUT_WORKER if inspects_only(actor) else Sight.WHOLE
    days = (day_in_china(at.at) for at in timeline if at.home != transfer.from_union)
    return Moved(shown(transfer, seen) or transfer, next(days, None))
