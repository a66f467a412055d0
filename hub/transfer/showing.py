"""Decider: what the trail keeps of an answer: one entry for each worker whom it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema.records.showing import Showing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hub.acting.actor import Actor
    from schema.records.showing import Shown

#: A worker's name (empty: it is not shown), and what of theirs is shown.
Named = tuple[str, str]


def showings(
    actor: Actor, shown: Shown, named: Iterable[Named], batch: str = ""
) -> Sequence[Showing]:
    """Make the entries of one answer, in the order in which it names the workers.

    Args:
        actor: Who asked.
        shown: By what it is shown.
        named: Whom and what it shows.
        batch: The batch that it shows them of, if any.
    """
    by_worker: dict[str, dict[str, None]] = {}
    for worker, about in named:
        by_worker.setdefault(worker, {})[about] = None
    return [
        Showing(
            shown=shown,
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
